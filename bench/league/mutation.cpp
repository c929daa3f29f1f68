#include "bench/league/mutation.hpp"

namespace lockstorm::league {
namespace {

using models::Backend;

class EditedClient final : public models::ForwardingBackend {
 public:
  EditedClient(std::shared_ptr<const Backend> real, ClientEdit edit)
      : ForwardingBackend(std::move(real)), edit_(std::move(edit)) {}

  models::LockResult lock(sim::Process& self, const models::LockInfo& info) const override {
    return edit_.lock ? edit_.lock(real(), self, info) : real().lock(self, info);
  }
  models::GetResult get(sim::Process& self) const override {
    return edit_.get ? edit_.get(real(), self) : real().get(self);
  }
  models::DoneResult put(sim::Process& self, const models::StateSnapshot& snapshot,
                         const models::StateSnapshot& read) const override {
    return edit_.put ? edit_.put(real(), self, snapshot, read) : real().put(self, snapshot, read);
  }
  models::DoneResult unlock(sim::Process& self, const models::LockId& id) const override {
    return edit_.unlock ? edit_.unlock(real(), self, id) : real().unlock(self, id);
  }

 private:
  ClientEdit edit_;
};

}  // namespace

std::unique_ptr<scenarios::World> Mutation::build(const scenarios::Scenario& original) const {
  scenarios::Scenario changed = original;
  if (scenario) scenario(changed);
  auto world = scenarios::build_world(changed, [this](std::shared_ptr<const Backend> real) {
    return std::make_shared<const EditedClient>(std::move(real), client);
  });
  for (const auto& change : servers) change(world->spec);
  return world;
}

}  // namespace lockstorm::league
