#include "scenarios/acceptance/client_edges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "scenarios/search/limits.hpp"
#include "sim/random.hpp"

namespace lockstorm::scenarios {
namespace {

using sim::MoveKind;
using sim::ProcessStatus;

// What a fiber has asked last, and what came of it.
struct Last {
  std::string asked;
  std::string answer;
};

class EdgeReader {
 public:
  EdgeReader(const World& world, const sim::ValuePool& values, const std::vector<std::string>& served,
             const std::vector<std::string>& commands, ClientEdges& edges)
      : world_(world), values_(values), served_(served), commands_(commands), edges_(edges) {}

  void read(const sim::StepRecord& record) {
    if (record.step.is_tick || record.step.slot >= commands_.size()) return;
    const auto fiber = std::pair(record.step.slot, record.step.move.fiber);
    if (record.step.move.kind == MoveKind::send && is_served(record.service)) {
      const std::string asked = name_of(record);
      add(fiber, asked);
      last_[fiber] = {asked, ""};
    }
    if (record.step.move.kind == MoveKind::deliver && is_served(record.service))
      last_[fiber].answer =
          record.response == 0
              ? "no answer"
              : service(record).told(values_, record.step.slot, record.request, record.response).status;
    if (record.status_before == ProcessStatus::alive && record.status_after == ProcessStatus::ended)
      add(std::pair(record.step.slot, sim::FiberIndex{0}), "ends");
  }

 private:
  [[nodiscard]] const sim::AnyService& service(const sim::StepRecord& record) const {
    return *world_.spec.services[record.service];
  }
  [[nodiscard]] bool is_served(std::size_t service) const {
    return service < world_.spec.services.size() &&
           std::ranges::find(served_, world_.spec.services[service]->name()) != served_.end();
  }
  [[nodiscard]] std::string name_of(const sim::StepRecord& record) const {
    const sim::AnyService& asked = service(record);
    return fmt::format("{} {} {}", asked.name(), asked.operation(values_, record.request),
                       asked.about(values_, record.step.slot, record.request).object);
  }
  void add(std::pair<sim::Slot, sim::FiberIndex> fiber, const std::string& then) {
    const Last& last = last_[fiber];
    edges_.insert({commands_[fiber.first], last.asked, last.answer, then});
  }

  const World& world_;
  const sim::ValuePool& values_;
  const std::vector<std::string>& served_;
  const std::vector<std::string>& commands_;
  ClientEdges& edges_;
  std::map<std::pair<sim::Slot, sim::FiberIndex>, Last> last_;
};

}  // namespace

void add_client_edges(const World& world, const sim::ValuePool& values,
                      std::span<const sim::StepRecord> records, const std::vector<std::string>& served,
                      const std::vector<std::string>& commands, ClientEdges& edges) {
  EdgeReader reader(world, values, served, commands, edges);
  for (const sim::StepRecord& record : records) reader.read(record);
}

std::vector<std::string> commands_by_slot(const Scenario& scenario) {
  std::vector<std::string> commands;
  for (const Fleet& fleet : scenario.all_fleets())
    commands.insert(commands.end(), fleet.client.count, commands_text(fleet.client));
  return commands;
}

ClientEdges edges_of_runs(const Scenario& scenario, const std::vector<std::string>& served, std::size_t runs,
                          std::uint64_t seed) {
  const auto world = build_world(scenario);
  const std::vector<std::string> commands = commands_by_slot(scenario);
  sim::ValuePool values;
  sim::Simulator simulator(world->spec, values, world->monitors);
  sim::Random random(seed);
  ClientEdges edges;
  for (std::size_t run = 0; run < runs; ++run) {
    simulator.restart();
    for (std::size_t step = 0; step < limits::kStepsOfASimulation && !simulator.finished(); ++step)
      simulator.take(random.below(static_cast<std::uint32_t>(simulator.enabled().size())));
    add_client_edges(*world, values, simulator.records(), served, commands, edges);
  }
  return edges;
}

}  // namespace lockstorm::scenarios
