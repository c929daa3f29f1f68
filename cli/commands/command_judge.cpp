// `lockstorm judge FILE...`: recorded histories, whoever recorded them.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/judge/judge_page.hpp"
#include "reports/judge/judge_report.hpp"
#include "scenarios/data/input_file.hpp"

namespace lockstorm::cli {
namespace {

using reports::JudgedFile;
using scenarios::InputError;

struct JudgeArguments {
  std::vector<std::string> files;
  std::string model;
  std::string html_file;
  checkers::Initial initial;
  std::size_t max_states = checkers::JudgeBudget{}.max_states;
};

InputError located(const std::string& file, const checkers::HistoryError& error) {
  return {{file, error.line, error.column}, error.message, "", "docs/histories.md describes the formats"};
}

// What a history takes of the memory, to be read and to be judged, is in proportion to its text: four to
// eight times as much, measured with JSON Lines and EDN, long lines and short ones, and each kind of
// operation.
scenarios::InputKind history_within(std::size_t memory_bytes) {
  constexpr std::size_t kTimesText = 10;
  scenarios::InputKind kind = scenarios::kHistoryFile;
  if (memory_bytes / kTimesText >= kind.max_bytes) return kind;
  kind.max_bytes = memory_bytes / kTimesText;
  kind.what_to_do = "judging takes several times its size: allow more with --memory";
  return kind;
}

std::expected<JudgedFile, InputError> judge_file(const std::string& file, const JudgeArguments& options,
                                                 const Global& global) {
  const auto text = read_input_file(file, history_within(global.memory_bytes));
  if (!text) return std::unexpected(text.error());
  const auto format = checkers::recognise(*text);
  auto history = checkers::read_history(*text, format);
  if (!history) return std::unexpected(located(file, history.error()));
  JudgedFile judged{
      .file = file, .format = *format, .model = {}, .history = *std::move(history), .verdicts = {}};
  if (options.model.empty()) {
    const auto model = checkers::recognise_model(judged.history);
    if (!model) return std::unexpected(located(file, model.error()));
    judged.model = *model;
  } else {
    judged.model = *checkers::model_named(options.model);
  }
  auto verdicts = checkers::judge(judged.history, judged.model, {options.max_states, global.memory_bytes},
                                  options.initial);
  if (!verdicts) return std::unexpected(located(file, verdicts.error()));
  judged.verdicts = *std::move(verdicts);
  return judged;
}

std::expected<std::vector<JudgedFile>, InputError> judge_all(const JudgeArguments& options,
                                                             const Global& global) {
  std::vector<JudgedFile> all;
  Progress progress(options.files.size(), "histories");
  for (const std::string& file : options.files) {
    progress.started(file);
    auto judged = judge_file(file, options, global);
    if (!judged) return std::unexpected(std::move(judged).error());
    // Only the page draws the history itself.
    if (options.html_file.empty()) judged->history = {};
    all.push_back(*std::move(judged));
    progress.finished();
  }
  return all;
}

bool is_said(const std::string& initial) {
  return initial == "absent" || initial == "unknown" || initial.starts_with('{');
}

// What --initial says, in words, in JSON, or as the name of a file with JSON in it.
std::expected<checkers::Initial, InputError> initial_of(const std::string& said) {
  const bool is_text = is_said(said);
  const auto text =
      is_text ? std::expected<std::string, InputError>(said) : read_input_file(said, scenarios::kInitialFile);
  if (!text) return std::unexpected(text.error());
  auto initial = checkers::read_initial(*text);
  if (!initial)
    return std::unexpected(InputError{{is_text ? "--initial" : said, is_text ? 0U : 1U, is_text ? 0U : 1U},
                                      initial.error(),
                                      "",
                                      "docs/histories.md describes --initial"});
  return *initial;
}

int run_judge(JudgeArguments options, const std::string& said_initial, const Global& global) {
  const auto initial = initial_of(said_initial);
  if (!initial) return bad_input(initial.error());
  options.initial = *initial;
  std::vector<std::string> inputs = options.files;
  if (!is_said(said_initial)) inputs.push_back(said_initial);
  if (const auto error = check_published(global, {options.html_file}, inputs)) return bad_input(*error);
  const auto judged = judge_all(options, global);
  if (!judged) return bad_input(judged.error());
  std::string text;
  for (const JudgedFile& file : *judged) text += text_judgement(file, stdout_style());
  Results written(global);
  written.write(options.html_file, [&] { return html_judgements(*judged); });
  written.write(global.json_file, [&] { return reports::json_text(json_judgements(*judged)); });
  return written.end(text, exit_status(worst(*judged)));
}

std::string must_be_model(const std::string& name) {
  if (checkers::model_named(name)) return {};
  const auto names = checkers::model_names();
  const std::string_view nearest = scenarios::nearest_name(name, names);
  return fmt::format("there is no model '{}'; {}", name,
                     nearest.empty() ? fmt::format("one of {}", fmt::join(names, ", "))
                                     : fmt::format("did you mean '{}'?", nearest));
}

}  // namespace

Action add_judge(CommandLine command) {
  auto options = std::make_shared<JudgeArguments>();
  auto initial = std::make_shared<std::string>("unknown");
  command
      .add_option("FILE", options->files,
                  "Histories in JSON Lines, Jepsen EDN or as a Jepsen log (docs/histories.md)")
      .required();
  command
      .add_option("--model", options->model,
                  fmt::format("What they should be histories of: {} (default: told from the operations)",
                              fmt::join(checkers::model_names(), ", ")))
      .type_name("MODEL")
      .check(must_be_model);
  command
      .add_option(
          "--initial", *initial,
          "What was there before the recording began: unknown (default; the first read decides, and a lock "
          "that is named but never acquired was held), absent (nothing was), or "
          "{\"state\": ..., \"lock\": ...} in JSON or in a file (docs/histories.md)")
      .type_name("WHAT");
  command
      .add_option("--html", options->html_file, "Write one HTML page with a diagram of each history to FILE")
      .type_name("FILE")
      .check(must_be_file_beside_report);
  command
      .add_option("--max-states", options->max_states,
                  "Configurations the search for an order may visit for each key")
      .type_name("N")
      .check(whole_number(1, std::uint64_t{1} << 50U));
  return [options, initial](const Global& global) { return run_judge(*options, *initial, global); };
}

}  // namespace lockstorm::cli
