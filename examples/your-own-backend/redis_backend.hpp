// The client side: what Terraform would send to Redis, as straight-line code.
#pragma once

#include "models/terraform/backend.hpp"
#include "redis.hpp"

namespace mine {

using lockstorm::models::DoneResult;
using lockstorm::models::GetResult;
using lockstorm::models::LockId;
using lockstorm::models::LockResult;

struct RedisProtocol {
  bool compares_on_delete = false;  ///< the unlock is a script that compares the lock first
  bool fenced_put = false;          ///< the state is written by a script that compares the lock first
};

class RedisBackend final : public lockstorm::models::Backend {
 public:
  RedisBackend(RedisProtocol protocol, sim::ServiceRef<Redis> redis) : protocol_(protocol), redis_(redis) {}

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  LockInfo shown_lock(sim::Process& self) const override;

 private:
  RedisProtocol protocol_;
  sim::ServiceRef<Redis> redis_;
};

}  // namespace mine
