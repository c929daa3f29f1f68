#include "scenarios/world/alone.hpp"

#include "sim/forwarding_service.hpp"

namespace lockstorm::scenarios {
namespace {

// A service whose initial state is one of another world's.
class Settled final : public sim::ForwardingService {
 public:
  Settled(std::shared_ptr<const sim::AnyService> model, sim::ValueId value)
      : ForwardingService(std::move(model)), value_(value) {}
  sim::ValueId initial(sim::ValuePool&) const override { return value_; }
  unsigned alternatives(const sim::ValuePool&, sim::ValueId, sim::Slot, sim::ValueId) const override {
    return 1;
  }
  bool can_refuse() const override { return false; }
  sim::ValueId process_ended(sim::ValuePool&, sim::ValueId value, sim::Slot) const override { return value; }
  sim::ValueId process_paused(sim::ValuePool&, sim::ValueId value, sim::Slot, bool) const override {
    return value;
  }
  bool has_connections() const override { return false; }
  bool has_process_hooks() const override { return false; }
  sim::ValueId tick(sim::ValuePool&, sim::ValueId value) const override { return value; }

 private:
  sim::ValueId value_;
};

// The others keep their slots and do nothing.
sim::WorldSpec spec_with(const World& world, const Newcomer& who, const sim::Process::Body& body) {
  sim::WorldSpec spec;
  for (sim::ProcessClass other : world.spec.classes) {
    other.body = [](sim::Process&) {};
    spec.classes.push_back(std::move(other));
  }
  if (who.number > 0) spec.classes.push_back({"nobody", [](sim::Process&) {}, who.number, 0});
  spec.classes.push_back({who.name, body, 1, 0});
  return spec;
}

}  // namespace

std::vector<sim::ValueId> run_alone(const World& world, sim::ValuePool& values,
                                    const std::vector<sim::ValueId>& services, const Newcomer& who,
                                    const sim::Process::Body& body, const StepVisitor& visitor) {
  sim::WorldSpec spec = spec_with(world, who, body);
  for (std::size_t i = 0; i < services.size(); ++i)
    spec.services.push_back(std::make_shared<Settled>(world.spec.services[i], services[i]));
  const sim::MonitorOf<sim::NoMonitor> nothing;
  sim::Simulator simulator(spec, values, nothing);
  std::vector<sim::ValueId> now = services;
  while (!simulator.finished()) {
    const sim::StepRecord& record = simulator.take(0);
    for (std::size_t i = 0; i < now.size(); ++i) now[i] = simulator.service_value(i);
    if (visitor) visitor(record, now);
  }
  return now;
}

sim::SpecNames names_with(const World& world, const Newcomer& who) {
  return sim::SpecNames(spec_with(world, who, {}),
                        static_cast<sim::Slot>(world.spec.process_count() + who.number));
}

}  // namespace lockstorm::scenarios
