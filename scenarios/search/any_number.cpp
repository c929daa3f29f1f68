#include "scenarios/search/any_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "checkers/monitors.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/story/step_words.hpp"
#include "sim/limits.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using checkers::PropertySet;

constexpr unsigned kOthers = 4;  ///< names of others that one view keeps apart
constexpr std::uint16_t kSlots = 2 * kOthers + 4;
constexpr unsigned kMostJobs = 4;  ///< that are tried one by one

// What makes jobs unequal, or adds somebody who is no job, or depends on how many jobs there are.
std::string why_no_views(const Scenario& scenario) {
  const ClientSettings& client = scenario.client;
  if (!scenario.fleets.empty()) return "the jobs are not all equal";
  if (scenario.force_unlock.people() > 0) return "somebody interferes by hand, which is no job";
  if (client.restarts > 0) return "the CI system starts further jobs, which are not equal to the first ones";
  if (!client.lacks.empty() || !client.loses.empty())
    return "the rights of jobs are counted for each of them";
  if (scenario.time.ticks > 0) return "time is a clock, whose ticks are everybody's at once";
  if (scenario.initial_lock != InitialLock::none || scenario.lock_sharers > 0 || scenario.begins)
    return "the lock is somebody else's at first";
  // Backends whose models are not the same for every number of jobs (scenarios/backends/consul.cpp, pg.cpp).
  const std::string_view backend = scenario.backend->type().name;
  if (backend == "consul") return "its sessions are numbered, and kept to the end: the more jobs, the more";
  if (backend == "pg")
    return "every session is kept in a list, and what a pooler remembers depends on how many jobs there are";
  Scenario many = scenario;
  many.client.count = kSlots;
  if (const auto objection = scenarios::objection_to(many))
    return fmt::format("its model has no room for many jobs: {}", objection->problem);
  return {};
}

/// Writes the closed views and their steps down.
class Certificate {
 public:
  Certificate(const Scenario& scenario, const AnyNumberWorld& searched, const sim::ViewSearchResult& views)
      : scenario_(scenario), search_(*searched.search), views_(views) {}

  std::string text(const std::vector<AnyNumberVerdict>& verdicts) {
    for (std::size_t view = 0; view < views_.views.size(); ++view) add_view(view);
    std::string out = "lockstorm-views 1\n";
    out += fmt::format("scenario {:016x} {}\n", fingerprint(scenario_), printable(scenario_.name));
    for (const AnyNumberVerdict& verdict : verdicts) {
      if (verdict.held) out += fmt::format("held {}\n", checkers::property_name(verdict.property));
    }
    add_orders(out, "services", search_.orders_of_services());
    add_orders(out, "process", search_.orders_of_processes());
    return out + lines_ + "end\n";
  }

 private:
  static void add_orders(std::string& out, std::string_view what,
                         const std::vector<std::vector<sim::Shape>>& orders) {
    for (std::size_t number = 0; number < orders.size(); ++number) {
      fmt::format_to(std::back_inserter(out), "{} {} {}", what, number, orders[number].front().names.size());
      for (const sim::Shape& order : orders[number])
        fmt::format_to(std::back_inserter(out), " ({})", fmt::join(order.names, " "));
      out += '\n';
    }
  }

  std::string shapes_of(const sim::View& view) {
    const sim::Shape services = search_.services_of(view);
    const sim::Shape process = search_.process_of(view);
    return fmt::format("{} ({}) {} ({})", services.number, fmt::join(services.names, " "), process.number,
                       fmt::join(process.names, " "));
  }

  void add_view(std::size_t number) {
    const sim::View& view = views_.views[number];
    fmt::format_to(std::back_inserter(lines_), "view {} {} {}\n", number, shapes_of(view),
                   search_.is_exclusive(view.local) ? "holds" : "-");
    for (const sim::ViewStep& step : views_.steps[number]) {
      fmt::format_to(std::back_inserter(lines_), "step {} {}", shapes_of(step.after),
                     step.enters ? "takes" : "-");
      for (const Property property : kAnyNumberProperties) {
        if (PropertySet::from_bits(step.violations).contains(property))
          fmt::format_to(std::back_inserter(lines_), " {}", checkers::property_name(property));
      }
      lines_ += '\n';
    }
  }

  const Scenario& scenario_;
  sim::ViewSearch& search_;
  const sim::ViewSearchResult& views_;
  std::string lines_;
};

// "a job that is to make UpdateItem (effect)": what the step is, without names.
std::string step_text(const AnyNumberWorld& searched, const sim::View& view, const sim::ViewStep& step) {
  const sim::Move move = searched.tables->move(view.local, step.move).move;
  std::string text(event_name(move.kind));
  std::uint32_t request = move.argument;
  std::uint8_t service = move.service;
  if (move.kind == sim::MoveKind::deliver) {
    const sim::Action& call = searched.tables->actions(view.local)[move.fiber];
    request = call.argument;
    service = call.service;
  } else if (!move.is_effect() && move.kind != sim::MoveKind::send) {
    return text;
  }
  return text + " " + searched.world->spec.services[service]->operation(searched.tables->pool(), request);
}

/// The job is "a job", others that are named are "another job", "a third job", ...
class ViewNames final : public sim::ProcessNames {
 public:
  [[nodiscard]] std::string name(sim::Who who) const override {
    static constexpr std::array kNames{"the job", "another job", "a third job", "a fourth job",
                                       "a fifth job"};
    if (who.is_nobody()) return "nobody";
    if (who.is_predecessor()) return "an earlier run";
    if (who.is_me()) return "the job";
    return who.slot() < kNames.size() ? kNames[who.slot()] : "some job";
  }
};

std::string too_coarse(const AnyNumberWorld& searched, const sim::ViewSearchResult& views,
                       const sim::CoarsePair& pair) {
  const sim::View& view = views.views[pair.actor];
  std::string text = fmt::format("where a job takes the step \"{}\"",
                                 step_text(searched, view, views.steps[pair.actor][pair.step]));
  if (pair.other != pair.actor) text += " beside one that believes in its lock";
  text += ", while";
  const ViewNames names;
  bool is_first = true;
  for (std::size_t s = 0; s < view.services.size(); ++s) {
    const std::string held =
        searched.tables->pool().describe(searched.tables->service_value(s, view.services[s]), names);
    if (held.empty()) continue;
    text += fmt::format("{} {} has {}", is_first ? "" : ",", searched.world->spec.services[s]->name(), held);
    is_first = false;
  }
  return text;
}

// Where there is no proof, as many jobs as can be looked at one by one.
void try_numbers(const Scenario& scenario, const AnyNumberOptions& options, AnyNumberVerdict& verdict) {
  for (unsigned jobs = 2; jobs <= kMostJobs; ++jobs) {
    Scenario some = scenario;
    some.client.count = static_cast<std::uint16_t>(jobs);
    const Refutation tried = refute(*build_world(some), verdict.property, options.max_states);
    if (tried.verdict == Verdict::violated) verdict.violated_by = jobs;
    if (tried.verdict != Verdict::held) return;
    verdict.held_up_to = jobs;
  }
}

}  // namespace

AnyNumberWorld any_number_world(const Scenario& scenario, const AnyNumberOptions& options) {
  AnyNumberWorld searched;
  searched.why_not = why_no_views(scenario);
  if (!searched.why_not.empty()) return searched;
  Scenario many = scenario;
  many.client.count = kSlots;
  searched.world = build_world(many);
  if (searched.world->spec.classes.size() != 1) {
    searched.why_not = "somebody is there who is no job";
    return searched;
  }
  searched.tables =
      std::make_unique<sim::StateTables>(searched.world->spec, sim::Automaton::Mode::compressed);
  searched.search = std::make_unique<sim::ViewSearch>(
      *searched.tables, searched.world->monitors,
      sim::ViewSearchOptions{.max_views = options.max_views,
                             .max_others = kOthers,
                             .exclusive_flag = checkers::kInCriticalSection,
                             .exclusive_property = PropertySet{Property::mutual_exclusion}.bits(),
                             .wanted = (searched.world->checked & kAnyNumberProperties).bits()});
  return searched;
}

AnyNumberResult prove_for_any_number(const Scenario& scenario, const AnyNumberOptions& options) {
  AnyNumberResult result;
  const std::unique_ptr<World> given = build_world(scenario);
  const PropertySet wanted = given->checked & kAnyNumberProperties;
  for (const Property property : wanted)
    result.properties.push_back({.property = property, .too_coarse = {}});
  AnyNumberWorld searched;
  sim::ViewSearchResult views;
  try {
    searched = any_number_world(scenario, options);
    result.why_not = searched.why_not;
    if (searched.search) {
      views = searched.search->run();
      searched.tables->check_promises();
      result.why_not = views.why_incomplete;
      result.views = views.views.size();
      for (const auto& steps : views.steps) result.steps += steps.size();
    }
  } catch (const sim::LimitExceeded& limit) {
    views.complete = false;
    result.why_not = fmt::format("beyond a limit of the engine: {}", limit.what());
  }
  bool any = false;
  for (AnyNumberVerdict& verdict : result.properties) {
    verdict.held = views.complete && !PropertySet::from_bits(views.violated).contains(verdict.property);
    any |= verdict.held;
    if (verdict.held) continue;
    for (const sim::CoarsePair& pair : views.coarse) {
      if (PropertySet::from_bits(pair.violations).contains(verdict.property))
        verdict.too_coarse = too_coarse(searched, views, pair);
    }
    try_numbers(scenario, options, verdict);
  }
  if (any) result.certificate = Certificate(scenario, searched, views).text(result.properties);
  return result;
}

}  // namespace lockstorm::scenarios
