// A client that cleans up after a lock request that was refused, as if it had been granted.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "models/backends/by_hand.hpp"
#include "models/backends/forwarding_backend.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {

/// The stores of a world, once it has been built.
using LateStores = std::shared_ptr<std::optional<models::Stores>>;

class CleansUpRefused final : public models::ForwardingBackend {
 public:
  CleansUpRefused(std::shared_ptr<const models::Backend> backend, LateStores stores)
      : ForwardingBackend(std::move(backend)), stores_(std::move(stores)) {}

  models::LockResult lock(sim::Process& self, const models::LockInfo& info) const override {
    const models::LockResult result = real().lock(self, info);
    if (models::is_refusal(result.status)) (*stores_)->remove_lock(self, info.id);
    return result;
  }

 private:
  LateStores stores_;
};

/// Around what `wrap` puts around a backend.
inline BackendWrap cleaning_up(LateStores stores, BackendWrap wrap) {
  return [stores = std::move(stores), wrap = std::move(wrap)](
             std::shared_ptr<const models::Backend> backend) -> std::shared_ptr<const models::Backend> {
    if (wrap) backend = wrap(std::move(backend));
    return std::make_shared<const CleansUpRefused>(std::move(backend), stores);
  };
}

}  // namespace lockstorm::scenarios
