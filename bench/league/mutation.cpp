#include "bench/league/mutation.hpp"

#include "models/terraform/operator.hpp"

namespace lockstorm::league {
namespace {

using models::Backend;

class EditedClient final : public models::ForwardingBackend {
 public:
  /// `edit` may be settled later, before anything runs.
  EditedClient(std::shared_ptr<const Backend> real, std::shared_ptr<const ClientEdit> edit)
      : ForwardingBackend(std::move(real)), edit_(std::move(edit)) {}

  models::DoneResult open(sim::Process& self) const override {
    return edit_->open ? edit_->open(real(), self) : real().open(self);
  }
  models::LockResult lock(sim::Process& self, const models::LockInfo& info) const override {
    return edit_->lock ? edit_->lock(real(), self, info) : real().lock(self, info);
  }
  models::GetResult get(sim::Process& self) const override {
    return edit_->get ? edit_->get(real(), self) : real().get(self);
  }
  models::DoneResult put(sim::Process& self, const models::StateSnapshot& snapshot,
                         const models::StateSnapshot& read) const override {
    return edit_->put ? edit_->put(real(), self, snapshot, read) : real().put(self, snapshot, read);
  }
  models::DoneResult unlock(sim::Process& self, const models::LockId& id) const override {
    return edit_->unlock ? edit_->unlock(real(), self, id) : real().unlock(self, id);
  }
  models::DoneResult evict(sim::Process& self, const models::LockId& id) const override {
    return edit_->evict ? edit_->evict(real(), self, id) : real().evict(self, id);
  }

 private:
  std::shared_ptr<const ClientEdit> edit_;
};

// Puts operators with another backend into the places of the scenario's. While a counterexample is shrunk
// there may be none.
void replace_operators(const scenarios::Scenario& scenario, const ClientEdit& edit, scenarios::World& world) {
  if (!world.operators) return;
  const auto backend =
      std::make_shared<const EditedClient>(world.backend, std::make_shared<const ClientEdit>(edit));
  const models::UnlockTarget target = scenario.force_unlock.target;
  const auto jobs = target == models::UnlockTarget::any ? sim::ServiceRef<models::Jobs>{}
                                                        : Servers(world.spec).of<models::Jobs>();
  world.spec.classes[*world.operators].body = [backend, jobs, target](sim::Process& self) {
    models::run_force_unlock(self, *backend, jobs, target);
  };
}

}  // namespace

std::unique_ptr<scenarios::World> Mutation::build(const scenarios::Scenario& original) const {
  scenarios::Scenario changed = original;
  if (scenario) scenario(changed);
  const auto edit = std::make_shared<ClientEdit>(client);
  auto world = scenarios::build_world(changed, [&edit](std::shared_ptr<const Backend> real) {
    return std::make_shared<const EditedClient>(std::move(real), edit);
  });
  if (client_of) *edit = client_of(Servers(world->spec));
  if (operators) replace_operators(changed, operators(Servers(world->spec)), *world);
  for (const auto& change : servers) change(world->spec);
  return world;
}

}  // namespace lockstorm::league
