// `lockstorm matrix`: every backend in both dialects under the standard budgets, as one table.
#include <fmt/format.h>

#include <algorithm>

#include "cli/command.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "cli/verify_all.hpp"
#include "cli/verify_waves.hpp"
#include "reports/campaigns/matrix_report.hpp"
#include "scenarios/data/backend_type.hpp"

namespace lockstorm::cli {
namespace {

struct MatrixArguments {
  std::vector<std::string> backends;
  std::string tool;
  bool markdown = false;
  std::string html_file;
};

std::string must_be_backend(const std::string& name) {
  std::vector<std::string_view> known;
  for (const scenarios::BackendType* type : scenarios::backend_types()) known.push_back(type->name);
  if (std::ranges::find(known, name) != known.end()) return "";
  const std::string_view nearest = scenarios::nearest_name(name, known);
  return fmt::format(
      "'{}' is no backend that is modelled{}", name,
      nearest.empty() ? "; `lockstorm list` names them" : fmt::format("; did you mean '{}'?", nearest));
}

// Of the counterexamples that cells lead to; a page shows them.
void complete_stories_of(std::vector<reports::MatrixAnswer>& answers, const Global& global) {
  std::vector<OpenQuestion> open;
  for (reports::MatrixAnswer& answer : answers) {
    for (const scenarios::MatrixCell& cell : answer.cells) {
      if (!cell.applies || cell.verdict != scenarios::Verdict::violated) continue;
      scenarios::VerifyResult& result = answer.results[cell.configuration];
      for (scenarios::Counterexample& counterexample : result.counterexamples) {
        if (counterexample.property == cell.property) open.push_back({&result.scenario, &counterexample});
      }
    }
  }
  complete_stories(open, global);
}

int run_matrix(const MatrixArguments& options, const Global& global) {
  if (const auto error = check_published(global, {options.html_file})) return bad_input(*error);
  scenarios::MatrixChoice choice{options.backends, std::nullopt};
  if (!options.tool.empty())
    choice.tool = options.tool == "opentofu" ? models::Dialect::opentofu : models::Dialect::terraform;
  std::vector<scenarios::MatrixRow> rows = scenarios::plan_matrix(choice);
  std::vector<std::vector<scenarios::Scenario>*> families;
  for (scenarios::MatrixRow& row : rows) families.push_back(&row.configurations);
  std::vector<std::vector<scenarios::VerifyResult>> results = verify_in_waves(families, global, Again::never);

  std::vector<reports::MatrixAnswer> answers;
  auto verdict = scenarios::Verdict::held;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<scenarios::MatrixCell> cells = scenarios::conclude_row(results[i]);
    for (const scenarios::MatrixCell& cell : cells) verdict = scenarios::worse(verdict, cell.verdict);
    answers.push_back({std::move(rows[i]), std::move(results[i]), std::move(cells)});
  }
  if (!options.html_file.empty()) complete_stories_of(answers, global);
  Results written(global);
  written.write(global.json_file, [&] { return reports::json_matrix(answers); });
  std::vector<scenarios::VerifyResult> published;
  for (const reports::MatrixAnswer& answer : answers) {
    for (scenarios::VerifyResult& one : first_of_each(answer.results)) published.push_back(std::move(one));
  }
  publish(written, global, published);
  written.write(options.html_file, [&] { return reports::html_matrix(answers); });
  return written.end(
      options.markdown ? reports::markdown_matrix(answers) : reports::text_matrix(answers, stdout_style()),
      scenarios::exit_status(verdict));
}

}  // namespace

Action add_matrix(CommandLine command) {
  auto options = std::make_shared<MatrixArguments>();
  command.add_option("--backend", options->backends, "Only this backend; may be repeated")
      .type_name("BACKEND")
      .repeatable()
      .check(must_be_backend);
  command.add_option("--tool", options->tool, "terraform or opentofu (default: both)")
      .one_of({"terraform", "opentofu"})
      .type_name("TOOL");
  command.add_flag("--markdown", options->markdown, "Print Markdown, for a README or a CI summary");
  add_html_option(command, options->html_file);
  return [options](const Global& global) { return run_matrix(*options, global); };
}

}  // namespace lockstorm::cli
