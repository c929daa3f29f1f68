// `lockstorm judge FILE...`: recorded histories, whoever recorded them.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "cli/command.hpp"
#include "cli/judged_files.hpp"
#include "cli/progress.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/judge/judge_page.hpp"
#include "reports/judge/judge_report.hpp"
#include "reports/judge/log_report.hpp"
#include "scenarios/data/input_file.hpp"

namespace lockstorm::cli {
namespace {

using checkers::logs::LogFormat;
using reports::JudgedFile;
using scenarios::InputError;

// The format of all files where they are logs: as --from says, or as the first one looks.
std::expected<std::optional<LogFormat>, InputError> log_format_of(const JudgeOptions& options,
                                                                  std::string& begun) {
  if (!options.from.empty()) return checkers::logs::log_format_named(options.from);
  auto text = read_input_file(options.files.front(), history_within(options.memory_bytes));
  if (!text) return std::unexpected(text.error());
  begun = *std::move(text);
  return checkers::logs::recognise_log(begun);
}

std::expected<checkers::LogJudgement, InputError> judge_logs(const JudgeOptions& options, LogFormat format,
                                                             std::string begun) {
  checkers::logs::LogReading reading;
  Progress progress(options.files.size(), "logs");
  auto kind = history_within(options.memory_bytes);
  for (std::uint32_t number = 0; number < options.files.size(); ++number) {
    const std::string& file = options.files[number];
    progress.started(file);
    const auto text = text_of(file, kind, begun);
    if (!text) return std::unexpected(text.error());
    // All of them together are one history.
    kind.max_bytes -= text->size();
    const auto other = checkers::logs::recognise_log(*text);
    if (other && *other != format)
      return std::unexpected(
          InputError{{file, 0, 0},
                     fmt::format("is a log of {}, not of {}", name_of(*other), name_of(format)),
                     "logs of one format, which are judged together",
                     "--from says which format they have"});
    if (auto read = read_log(*text, format, number, reading); !read)
      return std::unexpected(located(file, read.error()));
    progress.finished();
  }
  return checkers::judge_log(format, std::move(reading), {options.max_states, options.memory_bytes});
}

// Of logs the models are known, and they are not drawn.
std::optional<InputError> not_for_logs(const JudgeOptions& options, LogFormat format,
                                       const std::string& said_initial) {
  const std::string_view option = !options.html_file.empty()  ? "--html"
                                  : !options.model.empty()    ? "--model"
                                  : said_initial != "unknown" ? "--initial"
                                                              : "";
  if (option.empty()) return std::nullopt;
  return InputError{
      {std::string(option), 0, 0},
      fmt::format("is for histories, and {} is a log of {}", options.files.front(), name_of(format)),
      "",
      "leave it out"};
}

int run_judge_logs(const JudgeOptions& options, LogFormat format, const Global& global, std::string begun) {
  const auto judged = judge_logs(options, format, std::move(begun));
  if (!judged) return bad_input(judged.error());
  Results written(global);
  written.write(global.json_file,
                [&] { return reports::json_text(reports::json_log_judgement(*judged, options.files)); });
  return written.end(reports::text_log_judgement(*judged, options.files, stdout_style()),
                     scenarios::exit_status(reports::verdict_of(checkers::worst(*judged))));
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

int publish(const JudgeOptions& options, const std::vector<JudgedFile>& judged, const Global& global) {
  std::string text;
  for (const JudgedFile& file : judged) text += text_judgement(file, stdout_style());
  Results written(global);
  written.write(options.html_file, [&] { return html_judgements(judged); });
  written.write(global.json_file, [&] { return reports::json_text(json_judgements(judged)); });
  return written.end(text, exit_status(worst(judged)));
}

int run_judge_follow(const JudgeOptions& options, const Global& global) {
  if (options.files.size() > 1 || !options.from.empty())
    return bad_input(
        InputError{{"--follow", 0, 0},
                   options.from.empty() ? "is given several files" : "is for histories, not for logs",
                   "one recorded history",
                   ""});
  auto judged = judge_until_violated(options.files.front(), options);
  if (!judged) return bad_input(judged.error());
  return publish(options, {*std::move(judged)}, global);
}

int run_judge(JudgeOptions options, const std::string& said_initial, const Global& global) {
  const auto initial = initial_of(said_initial);
  if (!initial) return bad_input(initial.error());
  options.initial = *initial;
  options.memory_bytes = global.memory_bytes;
  std::vector<std::string> inputs = options.files;
  if (!is_said(said_initial)) inputs.push_back(said_initial);
  if (const auto error = check_published(global, {options.html_file}, inputs)) return bad_input(*error);
  if (options.follows) return run_judge_follow(options, global);
  auto first = judge_while_reading(options.files.front(), options);
  std::string begun;
  const auto log_format = first ? std::nullopt : log_format_of(options, begun);
  if (!log_format) return bad_input(log_format.error());
  if (*log_format) {
    if (const auto error = not_for_logs(options, **log_format, said_initial)) return bad_input(*error);
    return run_judge_logs(options, **log_format, global, std::move(begun));
  }
  const auto judged = judge_all(options, std::move(begun), std::move(first));
  if (!judged) return bad_input(judged.error());
  return publish(options, *judged, global);
}

std::string must_be_model(const std::string& name) {
  if (checkers::model_named(name)) return {};
  const auto names = checkers::model_names();
  const std::string_view nearest = scenarios::nearest_name(name, names);
  return fmt::format("there is no model '{}'; {}", name,
                     nearest.empty() ? fmt::format("one of {}", fmt::join(names, ", "))
                                     : fmt::format("did you mean '{}'?", nearest));
}

std::string must_be_log_format(const std::string& name) {
  if (checkers::logs::log_format_named(name)) return {};
  const auto names = checkers::logs::log_format_names();
  const std::string_view nearest = scenarios::nearest_name(name, names);
  return fmt::format("there is no log format '{}'; {}", name,
                     nearest.empty() ? fmt::format("one of {}", fmt::join(names, ", "))
                                     : fmt::format("did you mean '{}'?", nearest));
}

}  // namespace

Action add_judge(CommandLine command) {
  auto options = std::make_shared<JudgeOptions>();
  auto initial = std::make_shared<std::string>("unknown");
  command
      .add_option("FILE", options->files,
                  "Histories in JSON Lines, Jepsen EDN or as a Jepsen log, or logs of one cloud "
                  "(docs/histories.md)")
      .required();
  command
      .add_option("--from", options->from,
                  fmt::format("What wrote the logs: {} (default: told from the first line)",
                              fmt::join(checkers::logs::log_format_names(), ", ")))
      .type_name("FORMAT")
      .check(must_be_log_format);
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
  command.add_flag(
      "--follow", options->follows,
      "Go on as lines are added to FILE, and end when what is there violates: the verdict as soon "
      "as it is certain");
  command
      .add_option("--max-states", options->max_states,
                  "Configurations the search for an order may visit for each key")
      .type_name("N")
      .check(whole_number(1, std::uint64_t{1} << 50U));
  return [options, initial](const Global& global) { return run_judge(*options, *initial, global); };
}

}  // namespace lockstorm::cli
