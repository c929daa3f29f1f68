#include "reports/campaigns/matrix_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "reports/ci/json_report.hpp"
#include "reports/format/layout.hpp"
#include "reports/html/html_page.hpp"
#include "reports/html/page_data.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::MatrixCell;
using scenarios::Verdict;
using scenarios::VerifyResult;

constexpr std::string_view kExplanation =
    "Each row: 3 jobs without any adverse event, then 2 jobs in each trouble of the table that `audit` goes "
    "through, too (docs/troubles.md); every reachable state. A number is how few adverse events it takes to "
    "violate the property.";

const VerifyResult& result_of(const MatrixAnswer& answer, const MatrixCell& cell) {
  return answer.results[cell.configuration];
}

const scenarios::Counterexample* counterexample_of(const MatrixAnswer& answer, const MatrixCell& cell) {
  return result_of(answer, cell).counterexample_of(cell.property);
}

// Of the counterexample, where it could be told: what its configuration declares may be more.
unsigned events_of(const MatrixAnswer& answer, const MatrixCell& cell) {
  const auto* counterexample = counterexample_of(answer, cell);
  return counterexample != nullptr ? counterexample->adverse_events
                                   : adverse_events(result_of(answer, cell).scenario);
}

// The cell in one word or two.
std::string cell_text(const MatrixAnswer& answer, const MatrixCell& cell) {
  if (!cell.applies) return "-";
  if (cell.verdict == Verdict::held) return "proved";
  if (cell.verdict == Verdict::violated) return fmt::format("{}", events_of(answer, cell));
  return std::string(scenarios::verdict_name(cell.verdict));
}

// "progress: lose_response, 22 steps", or why nothing is known.
std::string cell_reason(const MatrixAnswer& answer, const MatrixCell& cell) {
  const VerifyResult& result = result_of(answer, cell);
  std::string out =
      fmt::format("{}: {}", checkers::property_name(cell.property), adversity_text(result.scenario));
  if (cell.verdict != Verdict::violated)
    return out + ": " + (result.why.empty() ? "not complete" : result.why);
  if (const auto* counterexample = counterexample_of(answer, cell))
    out += fmt::format(", {}", counted(counterexample->schedule.size(), "step"));
  return out;
}

bool needs_reason(const MatrixCell& cell) { return cell.applies && cell.verdict != Verdict::held; }

std::size_t states_of(std::span<const MatrixAnswer> answers) {
  std::size_t states = 0;
  for (const MatrixAnswer& answer : answers) {
    for (const VerifyResult& result : answer.results) states += result.explored.states;
  }
  return states;
}

std::string coverage_text(std::span<const MatrixAnswer> answers) {
  return fmt::format("{} in all; odds of a hash collision: 0, states are compared exactly",
                     counted(states_of(answers), "state"));
}

// [text, verdict, reason, run], as page/page.js reads it; null where the property means nothing.
PageData::Json page_cell(PageData& data, const MatrixAnswer& answer, const MatrixCell& cell) {
  if (!cell.applies) return nullptr;
  const auto* counterexample = cell.verdict == Verdict::violated ? counterexample_of(answer, cell) : nullptr;
  PageData::Json run = nullptr;
  if (counterexample != nullptr) run = data.add_run(result_of(answer, cell), *counterexample);
  const std::string reason =
      needs_reason(cell) ? cell_reason(answer, cell) : "Proved in every configuration of this row.";
  return {data.text(cell_text(answer, cell)), data.text(verdict_name(cell.verdict)), data.text(reason), run};
}

std::string table_row(const MatrixAnswer& answer, const Style& style) {
  std::string out = pad(answer.row.backend, 24) + pad(std::string(scenarios::tool_key(answer.row.tool)), 10);
  for (const MatrixCell& cell : answer.cells) {
    const std::string text = pad(cell_text(answer, cell), 6) + " ";
    out += cell.applies ? style(Style::ink_of(cell.verdict), text) : text;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out + "\n";
}

std::string reasons(const MatrixAnswer& answer, const Style& style) {
  std::string out;
  for (const MatrixCell& cell : answer.cells) {
    if (!needs_reason(cell)) continue;
    out += "  " + cell_reason(answer, cell) + "\n";
    if (const auto* counterexample = counterexample_of(answer, cell))
      out += fmt::format("    lockstorm replay {}\n", counterexample->replay);
  }
  if (out.empty()) return out;
  return style(Ink::bold, fmt::format("{}, {}", answer.row.backend, scenarios::tool_key(answer.row.tool))) +
         "\n" + out;
}

}  // namespace

std::string text_matrix(std::span<const MatrixAnswer> answers, const Style& style) {
  // Two lines, so that nine properties fit a screen.
  constexpr std::array<std::array<std::string_view, 2>, checkers::PropertySet::of_backends().size()> kHeads{{
      {"mutual", "excl."},
      {"excl.", "effect"},
      {"lost", "update"},
      {"state", "integ."},
      {"own", "lock"},
      {"stale", "lock"},
      {"prog-", "ress"},
      {"no", "drift"},
      {"lock", "freed"},
  }};
  static_assert(std::ranges::none_of(kHeads, [](const auto& head) { return head.front().empty(); }));
  std::string out;
  for (std::size_t line = 0; line < 2; ++line) {
    std::string heads = pad(line == 0 ? "" : "backend", 24) + pad(line == 0 ? "" : "tool", 10);
    for (const auto& head : kHeads) heads += pad(std::string(head[line]), 7);
    while (heads.ends_with(' ')) heads.pop_back();
    out += style(Ink::bold, heads) + "\n";
  }
  for (const MatrixAnswer& answer : answers) out += table_row(answer, style);
  out += "\n" + paragraph(kExplanation, style);
  out += coverage_text(answers) + "\n\n";
  for (const MatrixAnswer& answer : answers) out += reasons(answer, style);
  return out;
}

std::string markdown_matrix(std::span<const MatrixAnswer> answers) {
  std::string out = "| backend | tool |";
  std::string rule = "|---|---|";
  for (const checkers::Property property : checkers::PropertySet::of_backends()) {
    out += fmt::format(" {} |", checkers::property_name(property));
    rule += "---|";
  }
  out += "\n" + rule + "\n";
  for (const MatrixAnswer& answer : answers) {
    out += fmt::format("| {} | {} |", answer.row.backend, scenarios::tool_key(answer.row.tool));
    for (const MatrixCell& cell : answer.cells) {
      const bool violated = cell.applies && cell.verdict == Verdict::violated;
      const std::string_view mark = violated ? "**" : "";
      out += fmt::format(" {0}{1}{0} |", mark, cell_text(answer, cell));
    }
    out += "\n";
  }
  out += fmt::format("\n{}\n", kExplanation);
  for (const MatrixAnswer& answer : answers) {
    for (const MatrixCell& cell : answer.cells) {
      if (!needs_reason(cell)) continue;
      out += fmt::format("\n- {}, {}: {}", answer.row.backend, scenarios::tool_key(answer.row.tool),
                         cell_reason(answer, cell));
      if (const auto* counterexample = counterexample_of(answer, cell))
        out += fmt::format(" (`lockstorm replay {}`)", counterexample->replay);
    }
  }
  return out + "\n";
}

std::string html_matrix(std::span<const MatrixAnswer> answers) {
  PageData data;
  PageData::Json columns = PageData::Json::array();
  for (const checkers::Property property : checkers::PropertySet::of_backends())
    columns.push_back(data.text(checkers::property_name(property)));
  PageData::Json rows = PageData::Json::array();
  auto verdict = Verdict::held;
  for (const MatrixAnswer& answer : answers) {
    PageData::Json cells = PageData::Json::array();
    for (const MatrixCell& cell : answer.cells) {
      if (cell.applies) verdict = scenarios::worse(verdict, cell.verdict);
      cells.push_back(page_cell(data, answer, cell));
    }
    PageData::Json configurations = PageData::Json::array();
    for (const VerifyResult& result : answer.results)
      configurations.push_back({data.text(adversity_text(result.scenario)),
                                data.text(outcome_text(result, answer.results.front())),
                                result.explored.states, result.explored.complete ? 1 : 0});
    rows.push_back({{"backend", data.text(answer.row.backend)},
                    {"tool", data.text(scenarios::tool_key(answer.row.tool))},
                    {"cells", std::move(cells)},
                    {"configurations", std::move(configurations)}});
  }
  return html_page("lockstorm matrix", data.document("matrix", {{"matrix",
                                                                 {{"verdict", verdict_name(verdict)},
                                                                  {"explanation", kExplanation},
                                                                  {"coverage", coverage_text(answers)},
                                                                  {"columns", std::move(columns)},
                                                                  {"rows", std::move(rows)}}}}));
}

std::string json_matrix(std::span<const MatrixAnswer> answers) {
  using Json = nlohmann::ordered_json;
  Json results = Json::array();
  Json rows = Json::array();
  for (const MatrixAnswer& answer : answers) {
    Json properties = Json::object();
    for (const MatrixCell& cell : answer.cells) {
      if (!cell.applies) continue;
      Json entry{{"verdict", scenarios::verdict_name(cell.verdict)}};
      if (needs_reason(cell)) {
        const VerifyResult& result = result_of(answer, cell);
        entry["events"] = events_of(answer, cell);
        entry["with"] = adversity_text(result.scenario);
        entry["configuration"] = result.scenario.name;
        if (cell.verdict != Verdict::violated) entry["why"] = result.why;
        if (const auto* counterexample = counterexample_of(answer, cell)) {
          entry["steps"] = counterexample->schedule.size();
          entry["replay"] = counterexample->replay;
        }
      }
      properties[std::string(checkers::property_name(cell.property))] = std::move(entry);
    }
    Json configurations = Json::array();
    for (const VerifyResult& result : answer.results) {
      configurations.push_back({{"name", result.scenario.name},
                                {"verdict", scenarios::verdict_name(result.verdict)},
                                {"complete", result.explored.complete},
                                {"states", result.explored.states}});
      results.push_back(json_result(result, "matrix"));
    }
    rows.push_back({{"backend", answer.row.backend},
                    {"tool", scenarios::tool_key(answer.row.tool)},
                    {"properties", std::move(properties)},
                    {"configurations", std::move(configurations)}});
  }
  return json_text(Json{{"results", std::move(results)}, {"matrix", std::move(rows)}});
}

}  // namespace lockstorm::reports
