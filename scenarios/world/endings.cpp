#include "scenarios/world/endings.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "models/cloud/cloud.hpp"
#include "models/terraform/outcome.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/forwarding_service.hpp"

namespace lockstorm::scenarios {
namespace {

// Endings are looked for in worlds of a few jobs only.
constexpr std::size_t kMostStates = std::size_t{1} << 20U;

// A server that begins with what an earlier world has left there.
class Inheriting final : public sim::ForwardingService {
 public:
  Inheriting(std::shared_ptr<const sim::AnyService> model, sim::InheritedValue value)
      : ForwardingService(std::move(model)), value_(std::move(value)) {}
  sim::ValueId initial(sim::ValuePool& pool) const override { return pool.intern_inherited(value_); }

 private:
  sim::InheritedValue value_;
};

// Of the first job, whose own values say "me".
models::StateSnapshot errored_of(const sim::ValuePool& values, const sim::EndState& end) {
  const sim::ValueId outcome = end.processes.front().outcome;
  if (outcome == 0) return {};
  models::StateSnapshot file = values.get<models::Outcome>(outcome).errored;
  sim::visit_who(file, [](sim::Who& who) { who = who.absolute(0); });
  return file;
}

class EndingCollector {
 public:
  EndingCollector(const Scenario& scenario, const World& world, bool long_ago)
      : scenario_(scenario), world_(world), long_ago_(long_ago) {
    works_on_file_ =
        std::ranges::any_of(scenario.all_fleets(), [](const Fleet& fleet) { return fleet.client.inherits; });
  }

  void add(sim::ValuePool& values, const sim::EndState& end) {
    std::vector<sim::ValueId> services = end.services;
    if (long_ago_) {
      for (std::size_t i = 0; i < services.size(); ++i)
        services[i] = world_.spec.services[i]->settled(values, services[i]);
    }
    WorldEnding ending;
    ending.left = {scenario_.name, 0, long_ago_, {}, {}};
    sim::EarlierNames names;
    for (std::size_t i = 0; i < services.size(); ++i)
      ending.left.services.push_back(
          {std::string(world_.spec.services[i]->name()), values.inherited(services[i], names)});
    ending.errored = errored_of(values, end);
    if (keeps_file(end) && !ending.errored.is_file()) ending.errored = scenario_.begins->errored;
    ending.left.errored = ending.errored;
    sim::visit_who(ending.left.errored, [&names](sim::Who& who) { who = names(who); });
    pass_on(ending.left.services);
    const auto [position, is_new] = endings_.try_emplace(canonical_text(ending.left), std::move(ending));
    if (!is_new) return;
    position->second.found = find_aftermath(world_, *world_.backends.front(), values, services);
    position->second.locked = locked_by_record(world_, values, services);
    for (std::size_t i = 0; i < services.size(); ++i) {
      if (world_.spec.services[i]->name() == models::Cloud::kName)
        position->second.live = values.get<models::Cloud::Value>(services[i]).live;
    }
  }

  std::vector<WorldEnding> take() && {
    std::vector<WorldEnding> all;
    for (auto& [text, ending] : endings_) {
      ending.left.ending = static_cast<std::uint32_t>(all.size());
      all.push_back(std::move(ending));
    }
    return all;
  }

 private:
  // An errored.tfstate from before is there as long as nobody works on it, and who dies leaves it where it
  // is.
  [[nodiscard]] bool keeps_file(const sim::EndState& end) const {
    return scenario_.begins && (!works_on_file_ || end.processes.front().outcome == 0);
  }

  // What this world has no use for is still there afterwards.
  void pass_on(std::vector<InheritedService>& services) const {
    if (!scenario_.begins) return;
    const std::vector<InheritedService> own = services;
    std::map<std::string, std::size_t> seen;
    for (const InheritedService& inherited : scenario_.begins->services) {
      const std::size_t nth = seen[inherited.name]++;
      const auto here =
          static_cast<std::size_t>(std::ranges::count(own, inherited.name, &InheritedService::name));
      if (nth >= here) services.push_back(inherited);
    }
  }

  const Scenario& scenario_;
  const World& world_;
  bool long_ago_;
  bool works_on_file_ = false;  ///< somebody pushes the errored.tfstate from before
  std::map<std::string, WorldEnding> endings_;
};

template <int W>
std::expected<std::vector<WorldEnding>, std::string> explore(const Scenario& scenario, const World& world,
                                                             bool long_ago) {
  sim::StateTables tables(world.spec, sim::Automaton::Mode::compressed);
  sim::ExploreOptions options;
  options.max_states = kMostStates;
  sim::Explorer<W> explorer(tables, world.monitors, world.end_check, options);
  const sim::ExploreResult result = explorer.run();
  if (!result.complete) return std::unexpected(result.why_incomplete);
  EndingCollector collector(scenario, world, long_ago);
  for (const auto& [end, violated] : explorer.end_states()) collector.add(tables.values(), end);
  return std::move(collector).take();
}

}  // namespace

std::expected<std::vector<WorldEnding>, std::string> endings_of(const Scenario& scenario, bool long_ago) {
  const auto world = build_world(scenario);
  try {
    return explore<2>(scenario, *world, long_ago);
  } catch (const sim::KeyTooNarrow&) {
    // The next wider keys.
  } catch (const sim::LimitExceeded& error) {
    return std::unexpected(std::string(error.what()));
  }
  try {
    return explore<4>(scenario, *world, long_ago);
  } catch (const sim::LimitExceeded& error) {
    return std::unexpected(std::string(error.what()));
  }
}

std::shared_ptr<const sim::AnyService> beginning_with(std::shared_ptr<const sim::AnyService> service,
                                                      sim::InheritedValue value) {
  return std::make_shared<Inheriting>(std::move(service), std::move(value));
}

void begin_as(const Beginning& beginning, World& world) {
  std::map<std::string, unsigned> seen;
  for (std::size_t i = 0; i < world.spec.services.size(); ++i) {
    if (world.places.is_destination(i)) continue;
    std::shared_ptr<const sim::AnyService>& service = world.spec.services[i];
    unsigned nth = seen[std::string(service->name())]++;
    const auto found = std::ranges::find_if(beginning.services, [&](const InheritedService& one) {
      return one.name == service->name() && nth-- == 0;
    });
    if (found != beginning.services.end()) service = beginning_with(service, found->value);
  }
}

}  // namespace lockstorm::scenarios
