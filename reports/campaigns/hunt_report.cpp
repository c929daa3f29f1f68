#include "reports/campaigns/hunt_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/ci/campaign_part.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/format/layout.hpp"
#include "reports/html/html_page.hpp"
#include "reports/html/page_data.hpp"
#include "reports/story/search_words.hpp"
#include "reports/story/words.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::HuntResult;

constexpr std::size_t kIndent = 12;

std::string distinct(const sim::DistinctCount& count, std::string_view noun) {
  return (count.is_exact() ? "" : "about ") + counted(count.count(), noun);
}

std::string searched(const HuntResult& hunted) {
  std::string text =
      fmt::format("{} and {}", counted(hunted.counts.runs, "run"), counted(hunted.counts.steps, "step"));
  if (hunted.replayed > 0) text += fmt::format(", after {} of the corpus", counted(hunted.replayed, "run"));
  text +=
      fmt::format("; {}, {} (counted in every 16th run)", distinct(hunted.counts.ends, "distinct end state"),
                  distinct(hunted.counts.states, "distinct state"));
  if (hunted.counts.violating > 0)
    text += fmt::format("; {} violated something", counted(hunted.counts.violating, "run"));
  if (hunted.counts.out_of_time > 0)
    text += fmt::format("; {} cut off by the end of time", counted(hunted.counts.out_of_time, "run"));
  if (hunted.counts.cut_off > 0)
    text += fmt::format("; {} had not ended after {} times the usual number of steps",
                        counted(hunted.counts.cut_off, "run"), 20);
  if (hunted.counts.undecided > 0)
    text += fmt::format(" (whether {} of them hang is not known)", grouped(hunted.counts.undecided));
  return text;
}

std::string strategies(const HuntResult& hunted) {
  std::string text;
  for (std::size_t i = 0; i < hunted.strategies.size(); ++i) {
    const std::uint64_t runs = i < hunted.counts.runs_of.size() ? hunted.counts.runs_of[i] : 0;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", hunted.strategies[i], grouped(runs));
  }
  return text;
}

std::string fired(const HuntResult& hunted) {
  std::string text;
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (hunted.result.scenario.faults.count[kind] == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", sim::kFaultNames[kind],
                        grouped(hunted.counts.fired[kind]));
  }
  return text.empty() ? "none declared" : text;
}

std::string missed(const HuntResult& hunted, const Style& style) {
  if (hunted.result.verdict != scenarios::Verdict::held) return {};
  std::string text;
  for (unsigned depth = 1; depth < hunted.pct.runs.size(); ++depth)
    text += fmt::format("{}depth {}: {}", text.empty() ? "" : ", ", depth,
                        percent(chance_missed(hunted.pct, depth)));
  std::string out;
  if (!text.empty()) {
    out += paragraph(
        fmt::format("a bug of {} or less was missed with at most this probability (a lower bound on what PCT "
                    "finds; {}, runs of up to {}; each fault that a bug needs counts as one of its depth)",
                    text, fmt::format("{} processes", hunted.pct.processes),
                    counted(hunted.pct.steps, "step")),
        style, kIndent, "Missed:");
  }
  return out +
         paragraph(fmt::format(
                       "with confidence 95 %, fewer than {} of such runs{} violate anything (rule of three)",
                       percent(scenarios::rule_of_three(hunted.counts.seen_through())),
                       hunted.counts.cut_off > 0 ? " that end" : ""),
                   style, kIndent);
}

std::string examples(const HuntResult& hunted, const Style& style) {
  std::string out;
  for (const scenarios::HuntedExample& example : hunted.examples) {
    std::string text = fmt::format(
        "counterexample {} by {}, {}: {} made {}, {}", example.counterexample + 1, example.found_by,
        example.run == 0 && example.found_by == "corpus" ? "kept from before"
                                                         : fmt::format("run {}", grouped(example.run)),
        counted(example.steps_found, "step"), grouped(example.steps),
        example.proved_smallest
            ? "proved smallest: fewest adverse events, then fewest clients, then fewest steps"
            : "not proved smallest");
    if (!example.drawn.empty()) text += " (" + example.drawn + ")";
    out += paragraph(text, style, kIndent, out.empty() ? "Found:" : "");
  }
  return out;
}

// What was searched, and how likely it is that something was missed.
std::string search_lines(const HuntResult& hunted, const Style& style) {
  std::string out = paragraph("random search, no proof: " + searched(hunted), style, kIndent, "Searched:");
  out += missed(hunted, style) + examples(hunted, style);
  out += paragraph(fired(hunted), style, kIndent, "Faults:");
  out += paragraph(reached_text(hunted.result), style, kIndent, "Reached:");
  out += paragraph(strategies(hunted), style, kIndent, "Strategies:");
  if (hunted.shard.count > 1)
    out += paragraph(
        fmt::format("{} of {}; `lockstorm merge` joins them", hunted.shard.number + 1, hunted.shard.count),
        style, kIndent, "Shard:");
  if (!hunted.missing.empty())
    out += paragraph(fmt::format("{} of {} parts; nothing is known of the others",
                                 hunted.joined - hunted.missing.size(), hunted.joined),
                     style, kIndent, "Joined:");
  return out;
}

nlohmann::ordered_json distinct_json(const sim::DistinctCount& count, bool whole) {
  nlohmann::ordered_json json{{"count", count.count()}, {"exact", count.is_exact()}};
  if (whole) json["smallest"] = count.smallest();
  return json;
}

}  // namespace

std::string hunt_text(const HuntResult& hunted, const Style& style) {
  const std::string& why = hunted.result.why;
  return text_findings(hunted.result, style) + (why.empty() ? "" : paragraph(why, style, 2)) + "\n" +
         paragraph(bounds_text(hunted.result.scenario), style, kIndent, "Bounds:") +
         search_lines(hunted, style) +
         fmt::format("{}{:.1f} s\n", pad("Time:", kIndent), hunted.result.explored.seconds);
}

std::string html_hunts(std::span<const HuntResult> hunts) {
  PageData data;
  PageData::Json results = PageData::Json::array();
  for (const HuntResult& hunted : hunts)
    results.push_back(data.result(hunted.result, search_lines(hunted, Style{})));
  const std::string title =
      hunts.size() == 1 ? hunts.front().result.scenario.name : counted(hunts.size(), "scenario");
  return html_page("lockstorm hunt: " + title, data.document("hunt", {{"results", std::move(results)}}));
}

nlohmann::ordered_json hunt_json(const HuntResult& hunted) {
  nlohmann::ordered_json json = json_result(hunted.result, "hunt");
  const bool shard = hunted.shard.count > 1;
  nlohmann::ordered_json hunt{{"seed", hunted.seed},
                              {"runs", hunted.counts.runs},
                              {"steps", hunted.counts.steps},
                              {"violating_runs", hunted.counts.violating},
                              {"cut_off", hunted.counts.cut_off},
                              {"undecided", hunted.counts.undecided},
                              {"out_of_time", hunted.counts.out_of_time},
                              {"replayed", hunted.replayed}};
  hunt["end_states"] = distinct_json(hunted.counts.ends, shard);
  hunt["states"] = distinct_json(hunted.counts.states, shard);
  nlohmann::ordered_json per_strategy = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < hunted.strategies.size(); ++i) {
    per_strategy[hunted.strategies[i]] = {{"runs", hunted.counts.runs_of.at(i)},
                                          {"violating", hunted.counts.violating_of.at(i)}};
  }
  hunt["strategies"] = std::move(per_strategy);
  nlohmann::ordered_json chances = nlohmann::ordered_json::array();
  for (unsigned depth = 1; depth < hunted.pct.runs.size(); ++depth)
    chances.push_back({{"depth", depth}, {"missed_at_most", chance_missed(hunted.pct, depth)}});
  hunt["missed"] = std::move(chances);
  hunt["rule_of_three"] = scenarios::rule_of_three(hunted.counts.seen_through());
  nlohmann::ordered_json found = nlohmann::ordered_json::array();
  for (const scenarios::HuntedExample& example : hunted.examples) {
    found.push_back({{"counterexample", example.counterexample},
                     {"strategy", example.found_by},
                     {"drawn", example.drawn},
                     {"run", example.run},
                     {"steps_found", example.steps_found},
                     {"steps", example.steps},
                     {"proved_smallest", example.proved_smallest}});
    if (shard) found.back()["clients"] = example.clients;
  }
  hunt["found"] = std::move(found);
  if (hunted.joined > 1) hunt["joined"] = {{"parts", hunted.joined}, {"missing", hunted.missing}};
  hunt["summary"] = searched_text(hunted.result);
  json["hunt"] = std::move(hunt);
  if (shard) add_part(json, hunted);
  return json;
}

}  // namespace lockstorm::reports
