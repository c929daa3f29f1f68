#include "scenarios/world/lock_sharers.hpp"

#include "models/backends/forwarding_backend.hpp"

namespace lockstorm::scenarios {
namespace {

class NoticesSharers final : public models::ForwardingBackend {
 public:
  NoticesSharers(std::shared_ptr<const models::Backend> backend, std::shared_ptr<const LockSharers> sharers,
                 bool alone)
      : ForwardingBackend(std::move(backend)), sharers_(std::move(sharers)), alone_(alone) {}

  models::LockResult lock(sim::Process& self, const models::LockInfo& info) const override {
    models::LockResult result = real().lock(self, info);
    if (models::is_refusal(result.status) && is_theirs(result.info.id.owner)) result.elsewhere = 1;
    return result;
  }

 private:
  [[nodiscard]] bool is_theirs(sim::Who owner) const {
    if (owner.is_nobody() || owner.is_me()) return alone_;
    return !owner.is_predecessor() && owner.slot() >= sharers_->first &&
           owner.slot() < sharers_->first + sharers_->count;
  }

  std::shared_ptr<const LockSharers> sharers_;
  bool alone_;
};

}  // namespace

BackendWrap noticing_sharers(std::shared_ptr<const LockSharers> sharers, bool alone, BackendWrap wrap) {
  return [sharers = std::move(sharers), alone, wrap = std::move(wrap)](
             std::shared_ptr<const models::Backend> backend) -> std::shared_ptr<const models::Backend> {
    if (wrap) backend = wrap(std::move(backend));
    return std::make_shared<const NoticesSharers>(std::move(backend), sharers, alone);
  };
}

// They lock, plan and unlock; what they do to states and resources of their own is nothing to this world.
void add_lock_sharers(std::uint8_t count, LockSharers& sharers, World& world) {
  const auto backend = world.locking_backend ? world.locking_backend : world.backend;
  sharers = {static_cast<sim::Slot>(world.spec.process_count()), count};
  const auto body = [backend](sim::Process& self) {
    const models::LockResult locked = self.scope<models::LockResult>(models::scope_tag::lock, [&] {
      return backend->lock(self, {{sim::Who::me(), 0}, models::LockOperation::plan});
    });
    if (locked.status != models::LockStatus::granted) return;
    self.work();
    self.scope<models::DoneResult>(models::scope_tag::unlock,
                                   [&] { return backend->unlock(self, locked.info.id); });
  };
  world.spec.classes.push_back({"neighbour", body, count, 0});
}

}  // namespace lockstorm::scenarios
