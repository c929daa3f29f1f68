// Terraform's and OpenTofu's http backend (backend-protocols.md 3.9).
#pragma once

#include "models/services/http_state.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

struct HttpBackendOptions {
  Dialect dialect = Dialect::terraform;
  bool lock_address = true;    ///< without: nothing is locked
  bool unlock_address = true;  ///< without: nothing is ever unlocked
  unsigned retry_max = 2;
};

class HttpBackend final : public Backend {
 public:
  /// `memory`: for the lock's id, which the client names with every write.
  HttpBackend(HttpBackendOptions options, sim::ServiceRef<HttpState> server, sim::Cell memory = {})
      : options_(options), server_(server), memory_(memory) {}

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  LockInfo shown_lock(sim::Process& self) const override;
  DoneResult force_unlock(sim::Process& self, const LockId& id) const override;

 private:
  /// The last attempt's answer. Not answered: every attempt ended in a connection error.
  struct Answer {
    HttpState::Response response;
    std::uint16_t answered = 0;

    [[nodiscard]] bool is(HttpState::Status status) const {
      return answered != 0 && response.status == status;
    }
  };
  Answer call(sim::Process& self, const HttpState::Request& request) const;
  [[nodiscard]] LockId remembered_lock(const sim::Process& self) const;

  HttpBackendOptions options_;
  sim::ServiceRef<HttpState> server_;
  sim::Cell memory_;
};

}  // namespace lockstorm::models
