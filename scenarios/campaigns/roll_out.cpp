#include "scenarios/campaigns/roll_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "scenarios/campaigns/troubles.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/split.hpp"
#include "scenarios/data/state_places.hpp"
#include "scenarios/files/world_name.hpp"
#include "scenarios/world/endings.hpp"

namespace lockstorm::scenarios {
namespace {

using Arguments = std::map<std::string, Attribute>;

// As `init` sees them: -backend-config wins. Empty texts and null say nothing.
Arguments effective_arguments(const RollOutSide& side) {
  Arguments arguments;
  if (side.configuration.backend) arguments = side.configuration.backend->arguments;
  if (side.configuration.cloud) arguments = side.configuration.cloud->arguments;
  for (const auto& [name, value] : side.plan.options.settings)
    arguments[name] = Attribute{value, {"--set", 0, 0}};
  std::erase_if(arguments, [](const auto& entry) {
    const auto* text = std::get_if<std::string>(&entry.second.value);
    return text != nullptr && text->empty();
  });
  return arguments;
}

bool is_off(const Attribute& attribute) {
  const auto* flag = std::get_if<bool>(&attribute.value);
  const auto* text = std::get_if<std::string>(&attribute.value);
  return (flag != nullptr && !*flag) || (text != nullptr && *text == "false");
}

// Both blocks' arguments; where they differ, the first one's count, unless it switches something off.
Arguments joined(const Arguments& first, const Arguments& second) {
  Arguments both = second;
  for (const auto& [name, attribute] : first) {
    if (!is_off(attribute) || !both.contains(name)) both.insert_or_assign(name, attribute);
  }
  return both;
}

bool differs(const Arguments& a, const Arguments& b, const std::string& name) {
  const auto in_a = a.find(name);
  const auto in_b = b.find(name);
  if (in_a == a.end() || in_b == b.end()) return in_a != in_b && !(in_a == a.end() && in_b == b.end());
  return in_a->second.value != in_b->second.value;
}

// Where a store is, besides what its states are called. No store keeps a promise for some jobs only.
constexpr std::array<std::string_view, 4> kServers{"endpoint", "endpoints", "storage_custom_endpoint",
                                                   "environment"};

std::string canonical(const AnyBackend& backend, models::Dialect tool) {
  return fmt::format("{} {}", tool_key(tool), backend->canonical_text());
}

constexpr unsigned kKilledJob = 2;  // number of the trouble

class Planner {
 public:
  Planner(const RollOutSide& a, const RollOutSide& b)
      : a_(a), b_(b), arguments_a_(effective_arguments(a)), arguments_b_(effective_arguments(b)) {}

  RollOutPlan plan() {
    plan_.relation = relation();
    add_block("A", a_.plan.backend, a_.plan.tool);
    add_block("B", b_.plan.backend, b_.plan.tool);
    if (plan_.relation == Relation::same) return std::move(plan_);
    if (!a_.plan.backend->traits().runs_commands || !b_.plan.backend->traits().runs_commands) {
      plan_.why_not = "jobs of this backend cannot be mixed in a world";
    } else if (plan_.relation == Relation::other_lock) {
      plan_.why_not = fmt::format(
          "{} names another place in A than in B: jobs of A and of B take different locks, and "
          "nothing keeps them apart while both run",
          plan_.differ.front());
    } else if (plan_.relation == Relation::one_state) {
      plan_one_state();
    } else {
      plan_move();
    }
    return std::move(plan_);
  }

 private:
  Relation relation() {
    const BackendType& type = a_.plan.backend->type();
    if (&type != &b_.plan.backend->type()) return Relation::other_type;
    add_differing(kStatePlaces, type, [](const std::string&) { return true; });
    add_differing(kServers, type, [](const std::string&) { return true; });
    const bool is_one_store =
        a_.plan.options.store == b_.plan.options.store && a_.plan.premise == b_.plan.premise;
    if (!is_one_store && plan_.differ.empty()) plan_.differ.emplace_back("store");
    if (!plan_.differ.empty()) return Relation::other_place;
    add_differing(kLockPlaces, type, [&](const std::string& name) {
      return arguments_a_.contains(name) && arguments_b_.contains(name);
    });
    if (!plan_.differ.empty()) return Relation::other_lock;
    return canonical(a_.plan.backend, a_.plan.tool) == canonical(b_.plan.backend, b_.plan.tool)
               ? Relation::same
               : Relation::one_state;
  }

  void add_differing(const auto& names, const BackendType& type, const auto& counts) {
    const auto known = split(type.arguments, ' ');
    for (const std::string_view name : names) {
      const std::string text(name);
      const bool is_known = std::ranges::find(known, name) != known.end();
      if (is_known && counts(text) && differs(arguments_a_, arguments_b_, text)) plan_.differ.push_back(text);
    }
  }

  std::size_t add_block(std::string name, const AnyBackend& backend, models::Dialect tool) {
    RollOutBlock block{std::move(name), backend, tool, {}};
    block.at_rest.push_back(of_block(block, 3, Trouble{}));
    block.at_rest.push_back(of_block(block, 2, *trouble_numbered(kKilledJob)));
    // What moves to another place finds none there.
    if (plan_.relation == Relation::other_place || plan_.relation == Relation::other_type) {
      for (std::size_t i = 0; i < 2; ++i) {
        Scenario first_apply = block.at_rest[i];
        first_apply.initial = InitialState::empty;
        first_apply.name = world_name(first_apply);
        block.at_rest.push_back(std::move(first_apply));
      }
    }
    plan_.blocks.push_back(std::move(block));
    return plan_.blocks.size() - 1;
  }

  [[nodiscard]] ClientSettings jobs_of(const RollOutBlock& block, std::uint16_t count) const {
    ClientSettings client;
    client.tool = block.tool;
    client.count = count;
    client.lock_timeout = b_.plan.options.lock_timeout;
    client.runner = b_.plan.options.runner;
    return client;
  }

  [[nodiscard]] Scenario of_block(const RollOutBlock& block, std::uint16_t count,
                                  const Trouble& trouble) const {
    Scenario scenario;
    scenario.backend = block.backend;
    scenario.client = jobs_of(block, count);
    return audit_configuration(std::move(scenario), trouble);
  }

  static Scenario of_fleets(std::vector<Fleet> fleets, unsigned kills) {
    Scenario scenario;
    scenario.client = fleets.front().client;
    scenario.backend = fleets.front().backend;
    scenario.fleets = std::move(fleets);
    scenario.faults[sim::Fault::crash] = static_cast<std::uint8_t>(kills);
    scenario.name = world_name(scenario);
    return scenario;
  }

  // One state, another way: jobs of both blocks meet, or none runs while they change.
  void plan_one_state() {
    add_both("A+B", joined(arguments_a_, arguments_b_));
    add_both("B+A", joined(arguments_b_, arguments_a_));
    const std::size_t direct = add_mixture(0, 1);
    plan_.orders.push_back({{direct}});
    std::vector<RollOutOrder> with_stops;
    for (std::size_t between = 2; between < plan_.blocks.size(); ++between) {
      const std::size_t there = add_mixture(0, between);
      const std::size_t away = add_mixture(between, 1);
      const std::size_t there_stopped = add_stop(0, between);
      const std::size_t away_stopped = add_stop(between, 1);
      plan_.orders.push_back({{there, away}});
      with_stops.push_back({{there, away_stopped}});
      with_stops.push_back({{there_stopped, away}});
    }
    const std::size_t stopped = add_stop(0, 1);
    plan_.orders.push_back({{stopped}});
    plan_.orders.insert(plan_.orders.end(), with_stops.begin(), with_stops.end());
    plan_.way_back = add_way_back(stopped);
  }

  // The arguments of both, where the tool takes them together and that is another way than either.
  void add_both(std::string name, const Arguments& arguments) {
    TerraformConfiguration configuration;
    configuration.backend = BackendBlock{std::string(b_.plan.backend->type().name), arguments, b_.plan.where};
    AuditOptions options = b_.plan.options;
    options.tool = b_.plan.tool;
    options.settings.clear();
    const auto plans = plan_audits(configuration, options);
    if (!plans) return;
    const auto same_premise = std::ranges::find_if(*plans, [&](const AuditPlan& one) {
      return one.premise == b_.plan.premise || one.premise == a_.plan.premise;
    });
    const AuditPlan& plan = same_premise == plans->end() ? plans->front() : *same_premise;
    const std::string text = canonical(plan.backend, plan.tool);
    const bool is_known = std::ranges::any_of(plan_.blocks, [&](const RollOutBlock& block) {
      return canonical(block.backend, block.tool) == text ||
             block.backend->canonical_text() == plan.backend->canonical_text();
    });
    if (!is_known) add_block(std::move(name), plan.backend, plan.tool);
  }

  std::size_t add_mixture(std::size_t from, std::size_t to) {
    Crossing crossing{from, to, Way::while_jobs_run, {}, {}};
    const RollOutBlock& old_block = plan_.blocks[from];
    const RollOutBlock& new_block = plan_.blocks[to];
    const auto mixed = [&](std::uint16_t old_jobs, std::uint16_t new_jobs, unsigned kills) {
      crossing.worlds.push_back(of_fleets({{jobs_of(old_block, old_jobs), old_block.backend},
                                           {jobs_of(new_block, new_jobs), new_block.backend}},
                                          kills));
    };
    mixed(1, 1, 0);
    mixed(2, 1, 0);
    mixed(1, 2, 0);
    mixed(1, 1, 1);
    return add(std::move(crossing));
  }

  // Jobs with the new block begin on whatever jobs with the old one may leave behind.
  std::size_t add_stop(std::size_t from, std::size_t to) {
    Crossing crossing{from, to, Way::all_stopped, {}, {}};
    begin_after(of_block(plan_.blocks[from], 2, {}), plan_.blocks[to], crossing);
    return add(std::move(crossing));
  }

  std::size_t add_way_back(std::size_t stopped) {
    Crossing crossing{1, 0, Way::all_stopped, {}, {}};
    const std::vector<Scenario> there = plan_.crossings[stopped].worlds;
    for (const Scenario& world : there) begin_after(world, plan_.blocks[0], crossing);
    if (there.empty()) crossing.why_not = plan_.crossings[stopped].why_not;
    return add(std::move(crossing));
  }

  void begin_after(const Scenario& earlier, const RollOutBlock& block, Crossing& crossing) const {
    const auto endings = endings_of(earlier);
    if (!endings) {
      crossing.why_not = endings.error();
      return;
    }
    for (const WorldEnding& ending : *endings) {
      Scenario scenario = of_block(block, 2, {});
      scenario.begins = std::make_shared<const Beginning>(ending.left);
      scenario.name = world_name(scenario);
      const bool is_known = std::ranges::any_of(
          crossing.worlds, [&](const Scenario& one) { return fingerprint(one) == fingerprint(scenario); });
      if (!is_known) crossing.worlds.push_back(std::move(scenario));
    }
  }

  // Another place: somebody has to copy the state there, with `init -migrate-state`.
  void plan_move() {
    Fleet mover{jobs_of(plan_.blocks[0], 1), plan_.blocks[0].backend};
    mover.client.commands = {models::Command::init_migrate, models::Command::apply};
    mover.client.migrate_to = MigrationTarget{plan_.blocks[1].backend, false};
    const Fleet old_job{jobs_of(plan_.blocks[0], 1), plan_.blocks[0].backend};
    Fleet new_job = old_job;
    new_job.client.migrated = true;
    const Scenario alone = of_fleets({mover}, 0);
    if (const auto objection = objection_to(alone)) {
      plan_.why_not = objection->problem;
      return;
    }
    const std::size_t stopped = add({0, 1, Way::all_stopped, {alone, of_fleets({mover}, 1)}, {}});
    const std::size_t late = add({0, 1, Way::old_jobs_go_on, {of_fleets({mover, old_job}, 0)}, {}});
    const std::size_t early = add({0, 1, Way::new_jobs_too_early, {of_fleets({mover, new_job}, 0)}, {}});
    plan_.orders = {{{late}}, {{early}}, {{stopped}}};
  }

  std::size_t add(Crossing crossing) {
    std::erase_if(crossing.worlds, [&](const Scenario& world) {
      const auto objection = objection_to(world);
      if (objection) crossing.why_not = objection->problem;
      return objection.has_value();
    });
    plan_.crossings.push_back(std::move(crossing));
    return plan_.crossings.size() - 1;
  }

  const RollOutSide& a_;
  const RollOutSide& b_;
  Arguments arguments_a_;
  Arguments arguments_b_;
  RollOutPlan plan_;
};

}  // namespace

RollOutPlan plan_roll_out(const RollOutSide& a, const RollOutSide& b) { return Planner(a, b).plan(); }

std::vector<Scenario> roll_out_scenarios(const RollOutPlan& plan) {
  std::vector<Scenario> all;
  for (const RollOutBlock& block : plan.blocks)
    all.insert(all.end(), block.at_rest.begin(), block.at_rest.end());
  for (const Crossing& crossing : plan.crossings)
    all.insert(all.end(), crossing.worlds.begin(), crossing.worlds.end());
  return all;
}

}  // namespace lockstorm::scenarios
