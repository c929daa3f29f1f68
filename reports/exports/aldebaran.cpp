#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

#include "checkers/property_set.hpp"
#include "reports/exports/exports.hpp"
#include "scenarios/story/step_words.hpp"

namespace lockstorm::reports {
namespace {

// Labels stand in quotes and know no escapes.
std::string label_in_quotes(std::string text) {
  std::ranges::replace(text, '"', '\'');
  std::ranges::replace(text, '\\', '/');
  return "\"" + text + "\"";
}

std::string violated_text(sim::Violations violations, checkers::PropertySet checked) {
  std::string text;
  for (const checkers::Property property : checked) {
    if (checkers::PropertySet::from_bits(violations).contains(property))
      text += fmt::format(" VIOLATES {}", checkers::property_name(property));
  }
  return text;
}

/// What steps are called: "client-1 effect s3 PutObject", "client-2 crash", "time".
class Labels {
 public:
  Labels(const scenarios::World& world, const sim::StateTables& tables)
      : world_(world), tables_(tables), names_(world.spec) {}

  const std::string& of(const sim::PlainGraph::Step& step) {
    const auto key = std::make_tuple(step.slot, step.local, step.move, step.violations);
    const auto [known, is_new] = known_.try_emplace(key);
    if (is_new)
      known->second = label_in_quotes(text_of(step) + violated_text(step.violations, world_.checked));
    return known->second;
  }

 private:
  [[nodiscard]] std::string text_of(const sim::PlainGraph::Step& step) const {
    if (step.slot >= world_.spec.process_count()) return "time";
    const sim::Move move = tables_.move(step.local, step.move).move;
    std::string text = fmt::format("{} {}", names_.slot_name(step.slot), scenarios::event_name(move.kind));
    if (concerns_call(move.kind)) {
      std::uint32_t request = move.argument;
      std::uint8_t service = move.service;
      if (move.kind == sim::MoveKind::deliver) {
        const sim::Action& call = tables_.actions(step.local)[move.fiber];
        request = call.argument;
        service = call.service;
      }
      const sim::AnyService& asked = *world_.spec.services[service];
      text += fmt::format(" {} {}", asked.name(), asked.operation(tables_.pool(), request));
    } else if (move.kind == sim::MoveKind::choose) {
      text += fmt::format(" {}", move.argument);
    }
    if (move.fault != sim::kNoFault) text += fmt::format(" ({})", sim::kFaultNames[move.fault]);
    return text;
  }

  static bool concerns_call(sim::MoveKind kind) {
    using enum sim::MoveKind;
    switch (kind) {
      case send:
      case effect:
      case effect_lost_response:
      case effect_duplicated:
      case effect_refused:
      case effect_dropped:
      case stray_effect:
      case lose_request:
      case give_up:
      case refuse:
      case throttle:
      case deliver:
        return true;
      default:
        return false;
    }
  }

  const scenarios::World& world_;
  const sim::StateTables& tables_;
  sim::SpecNames names_;
  std::map<std::tuple<sim::Slot, sim::LocalId, std::uint16_t, sim::Violations>, std::string> known_;
};

}  // namespace

std::string aldebaran_graph(const scenarios::World& world, const sim::StateTables& tables,
                            const sim::PlainGraph& graph) {
  std::string out = fmt::format("des (0, {}, {})\n", graph.transitions + graph.ends.size(), graph.states);
  Labels labels(world, tables);
  for (const sim::PlainGraph::Step& step : graph.steps)
    fmt::format_to(std::back_inserter(out), "({}, {}, {})\n", step.from, labels.of(step), step.to);
  for (const sim::PlainGraph::End& end : graph.ends)
    fmt::format_to(std::back_inserter(out), "({0}, {1}, {0})\n", end.state,
                   label_in_quotes("end" + violated_text(end.violations, world.checked)));
  return out;
}

}  // namespace lockstorm::reports
