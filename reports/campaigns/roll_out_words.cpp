#include "reports/campaigns/roll_out_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/campaigns/finding_words.hpp"
#include "reports/format/layout.hpp"
#include "scenarios/data/backend_type.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Crossing;
using scenarios::JudgedCrossing;
using scenarios::Relation;
using scenarios::RollOutPlan;
using scenarios::Safety;
using scenarios::Way;

// What is asked first of jobs that meet.
std::string what_holds(const JudgedCrossing& judged) {
  std::vector<std::string_view> held;
  for (const auto property : {checkers::Property::mutual_exclusion, checkers::Property::no_lost_update}) {
    const bool is_checked = std::ranges::any_of(judged.results, [&](const scenarios::VerifyResult& result) {
      return result.properties.contains(property);
    });
    if (is_checked && !judged.violated.contains(property)) held.push_back(checkers::property_name(property));
  }
  if (held.empty()) return {};
  return fmt::format("; {} hold{}", fmt::join(held, " and "), held.size() == 1 ? "s" : "");
}

std::string verdict_text(const Crossing& crossing, const JudgedCrossing& judged) {
  if (crossing.worlds.empty())
    return fmt::format("not proved: {}",
                       crossing.why_not.empty() ? "there is no world of it" : crossing.why_not);
  std::string text;
  if (!judged.opens.empty())
    text = fmt::format("violates {}{}", properties_text(judged.opens), what_holds(judged));
  if (!judged.opens_when_killed.empty())
    text += fmt::format("{}when a job is killed meanwhile also {}", text.empty() ? "" : "; ",
                        properties_text(judged.opens_when_killed));
  if (!text.empty()) return text;
  if (judged.safety == Safety::unknown) return "some world is too large to exhaust";
  std::size_t states = 0;
  for (const scenarios::VerifyResult& result : judged.results) states += result.explored.states;
  text = fmt::format("proved in {}, {}", counted(judged.results.size(), "world"), counted(states, "state"));
  // A block that is unsafe by itself makes no mixture of it safe.
  if (!judged.violated.empty())
    text += fmt::format("; violates {}, as jobs with one of the blocks do alone",
                        properties_text(judged.violated));
  return text;
}

std::string blocks_text(const RollOutPlan& plan, const Style& style) {
  std::string out;
  const bool tools_differ = plan.blocks[0].tool != plan.blocks[1].tool;
  for (const scenarios::RollOutBlock& block : plan.blocks) {
    const std::string tool =
        tools_differ ? std::string(scenarios::tool_name(block.tool)) + ", " : std::string();
    out += paragraph(tool + block.backend->summary(), style, 9, "    " + pad(block.name, 5));
  }
  return out;
}

std::string relation_text(const RollOutPlan& plan) {
  switch (plan.relation) {
    case Relation::same:
      return "A and B lock and store in the same way and the same place: jobs with the one may run beside "
             "jobs with the other.";
    case Relation::one_state:
      return "Both blocks are about the same state, in another way.";
    case Relation::other_lock:
      return "Both blocks are about the same state; their locks are in different places.";
    case Relation::other_place:
      return fmt::format(
          "The blocks name different states ({}): somebody has to copy the state with `init "
          "-migrate-state`, and jobs of A beside jobs of B write two states.",
          fmt::join(plan.differ, ", "));
    case Relation::other_type:
      return fmt::format(
          "The state moves from {} to {}: somebody has to copy it with `init -migrate-state`, "
          "and jobs of A beside jobs of B write two states.",
          plan.blocks[0].backend->type().name, plan.blocks[1].backend->type().name);
  }
  return {};
}

std::string safety_column(Safety safety, const Style& style) {
  constexpr auto kInks = sim::one_for_each<Safety, Ink>({Ink::green, Ink::yellow, Ink::yellow, Ink::red});
  return style(kInks[static_cast<std::size_t>(safety)], pad(std::string(safety_word(safety)), 11));
}

std::string verdict_lines(const ComparedPair& pair, const Style& style) {
  std::string out;
  const RollOutPlan& plan = *pair.plan;
  for (std::size_t i = 0; i < plan.crossings.size(); ++i) {
    const JudgedCrossing& judged = pair.judged.crossings[i];
    std::string text = crossing_text(plan, plan.crossings[i]);
    if (plan.way_back == i) text = "the way back: " + text;
    out += "    " + safety_column(judged.safety, style) + text + "\n";
    out += paragraph(verdict_text(plan.crossings[i], judged), style, 15);
  }
  return out;
}

std::string order_lines(const ComparedPair& pair, const Style& style) {
  std::string out;
  const RollOutPlan& plan = *pair.plan;
  for (std::size_t i = 0; i < plan.orders.size(); ++i) {
    const std::string text = order_text(plan, plan.orders[i]);
    const std::vector<std::string> lines = wrap(text, style.width > 30 ? style.width - 15 : 15);
    for (std::size_t line = 0; line < lines.size(); ++line) {
      out += "    " + (line == 0 ? safety_column(pair.judged.orders[i], style) : std::string(11, ' '));
      out += lines[line] + "\n";
    }
  }
  return out;
}

}  // namespace

std::string_view relation_name(Relation relation) {
  constexpr auto kNames =
      sim::text_for_each<Relation>({"same", "one-state", "other-lock", "other-place", "other-type"});
  return kNames[static_cast<std::size_t>(relation)];
}

std::string_view way_name(Way way) {
  constexpr auto kNames =
      sim::text_for_each<Way>({"while-jobs-run", "all-stopped", "old-jobs-go-on", "new-jobs-too-early"});
  return kNames[static_cast<std::size_t>(way)];
}

std::string_view safety_word(Safety safety) {
  constexpr auto kWords = sim::text_for_each<Safety>({"safe", "no worse", "not known", "unsafe"});
  return kWords[static_cast<std::size_t>(safety)];
}

std::string crossing_text(const RollOutPlan& plan, const Crossing& crossing) {
  const std::string& from = plan.blocks[crossing.from].name;
  const std::string& to = plan.blocks[crossing.to].name;
  const bool moves = plan.relation == Relation::other_place || plan.relation == Relation::other_type;
  switch (crossing.way) {
    case Way::while_jobs_run:
      return fmt::format("jobs with {} beside jobs with {}", from, to);
    case Way::all_stopped:
      return moves ? fmt::format("all jobs stop, the state is moved, jobs start with {}", to)
                   : fmt::format("all jobs with {} have ended before the first one with {} starts", from, to);
    case Way::old_jobs_go_on:
      return fmt::format("the state is moved while jobs with {} still run", from);
    case Way::new_jobs_too_early:
      return fmt::format("jobs with {} run before the state has been moved", to);
  }
  return {};
}

std::string order_text(const RollOutPlan& plan, const scenarios::RollOutOrder& order) {
  std::vector<std::string> steps;
  for (const std::size_t number : order.crossings) {
    const Crossing& crossing = plan.crossings[number];
    const std::string& from = plan.blocks[crossing.from].name;
    const std::string& to = plan.blocks[crossing.to].name;
    const bool moves = plan.relation == Relation::other_place || plan.relation == Relation::other_type;
    if (moves) {
      steps.push_back(crossing_text(plan, crossing));
    } else {
      steps.push_back(
          fmt::format("from {} to {} {}", from, to,
                      crossing.way == Way::while_jobs_run ? "while jobs run" : "with all jobs stopped"));
    }
  }
  return fmt::format("{}", fmt::join(steps, ", then "));
}

std::string text_roll_out(const ComparedPair& pair, const Style& style) {
  const RollOutPlan& plan = *pair.plan;
  std::string out = style(Ink::bold, "The roll-out") + "\n" + paragraph(relation_text(plan), style, 2);
  if (plan.relation == Relation::same) return out;
  out += blocks_text(plan, style);
  if (!plan.why_not.empty()) return out + paragraph("No order is proved: " + plan.why_not + ".", style, 2);
  out += "  Which jobs may meet\n" + verdict_lines(pair, style);
  out += "  Orders\n" + order_lines(pair, style);
  if (!pair.judged.best) return out + paragraph("None of these orders is proved safe.", style, 2);
  const bool is_safe = pair.judged.orders[*pair.judged.best] == Safety::safe;
  out += paragraph(fmt::format("Take this one: {}{}.", order_text(plan, plan.orders[*pair.judged.best]),
                               is_safe ? "" : "; it opens nothing that A or B does not have by itself"),
                   style, 2);
  return out;
}

}  // namespace lockstorm::reports
