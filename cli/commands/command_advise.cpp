// `lockstorm advise unlock`: may this lock be removed now, and how?
#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <iterator>

#include "cli/advised_state.hpp"
#include "cli/command.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "cli/verify_all.hpp"
#include "reports/campaigns/unlock_report.hpp"
#include "scenarios/data/duration.hpp"
#include "scenarios/data/input_file.hpp"

namespace lockstorm::cli {
namespace {

using reports::UnlockAnswer;
using scenarios::InputError;
using scenarios::JobState;
using scenarios::LockRecord;
using scenarios::UnlockVerdict;

struct AdviseArguments {
  std::string what;
  AdvisedStateOptions state;
  std::string lock_info;
  std::string job = "unknown";
  std::string age;
  std::string as_of;
};

std::string must_be_timestamp(const std::string& text) {
  return scenarios::parse_timestamp(text) ? "" : "a time such as 2026-11-29T10:11:12Z";
}

// Lock infos are small; what is larger is none.
std::expected<std::string, InputError> standard_input() {
  std::string text;
  for (std::istreambuf_iterator<char> next(std::cin), end; next != end; ++next) {
    text += *next;
    if (text.size() > scenarios::kLockInfoFile.max_bytes)
      return std::unexpected(InputError{
          {"standard input", 0, 0}, "is too large", std::string(scenarios::kLockInfoFile.expected), ""});
  }
  return text;
}

std::expected<LockRecord, InputError> read_lock_info(const AdviseArguments& arguments) {
  if (arguments.lock_info.empty()) return LockRecord{};
  const bool is_stream = arguments.lock_info == "-";
  const auto text =
      is_stream ? standard_input() : read_input_file(arguments.lock_info, scenarios::kLockInfoFile);
  if (!text) return std::unexpected(text.error());
  return scenarios::parse_lock_record(*text, is_stream ? "standard input" : arguments.lock_info);
}

std::optional<std::chrono::seconds> age_of(const AdviseArguments& arguments) {
  if (arguments.age.empty()) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(scenarios::parse_duration(arguments.age).value());
}

scenarios::Timestamp as_of(const AdviseArguments& arguments) {
  if (!arguments.as_of.empty()) return scenarios::parse_timestamp(arguments.as_of).value();
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// No job ends before it has taken its lock.
std::optional<InputError> contradiction(const UnlockAnswer& answer) {
  if (!answer.record.created || !answer.age || answer.question.job != JobState::dead) return std::nullopt;
  if (answer.as_of - *answer.age >= *answer.record.created) return std::nullopt;
  return InputError{{"--age", 0, 0},
                    fmt::format("the job would have ended before it took the lock, which was at {}",
                                scenarios::timestamp_text(*answer.record.created)),
                    "how long ago the job that has this lock has ended",
                    "--as-of says at what time it is asked"};
}

std::string other_state(const UnlockAnswer& answer) {
  const auto own = path_in_lock_info(answer.names);
  return own && !answer.record.path.empty() && *own != answer.record.path ? answer.record.path : "";
}

int status_of(const UnlockAnswer& answer) {
  if (!answer.other_state.empty()) return 1;
  switch (answer.decision.verdict) {
    case UnlockVerdict::safe:
    case UnlockVerdict::nothing_to_do:
      return 0;
    case UnlockVerdict::wait:
    case UnlockVerdict::dangerous:
      return 1;
    case UnlockVerdict::unknown:
      break;
  }
  return 2;
}

std::optional<InputError> verify_worlds(UnlockAnswer& answer, const Global& global,
                                        const std::string& backend) {
  auto plan = plan_unlock(answer.question);
  if (!plan) return InputError{{backend, 0, 0}, plan.error(), "a block whose jobs take a lock", ""};
  answer.plan = *std::move(plan);
  answer.results = verify_all(unlock_scenarios(answer.plan), global, "worlds", {.explain = false});
  answer.judgement = judge_unlock(answer.plan, answer.question, answer.results);
  if (answer.judgement.shown) {
    scenarios::VerifyResult& shown = answer.results[*answer.judgement.shown];
    if (scenarios::Counterexample* found = shown.counterexample_of(answer.judgement.property))
      complete_stories({{&shown.scenario, found}}, global);
  }
  answer.bound = request_bound(*answer.question.backend);
  answer.decision = decide_unlock(answer.judgement, answer.bound, answer.age);
  return std::nullopt;
}

int advise_unlock(const AdviseArguments& arguments, const Global& global) {
  const auto state = find_advised_state(arguments.state);
  if (!state) return bad_input(state.error());
  auto record = read_lock_info(arguments);
  if (!record) return bad_input(record.error());
  UnlockAnswer answer;
  answer.question = {state->backend, state->tool, record->command().value_or(models::Command::apply),
                     arguments.job == "dead"    ? JobState::dead
                     : arguments.job == "alive" ? JobState::alive
                                                : JobState::unknown,
                     scenarios::Runner::ephemeral};
  answer.directory = state->directory;
  answer.where = state->where;
  answer.names = state->names;
  answer.record = *std::move(record);
  answer.as_of = as_of(arguments);
  answer.age = age_of(arguments);
  answer.other_state = other_state(answer);
  if (const auto error = contradiction(answer)) return bad_input(*error);
  std::vector<std::string> read = state->files;
  if (!arguments.lock_info.empty() && arguments.lock_info != "-") read.push_back(arguments.lock_info);
  if (const auto error = check_published(global, {}, read)) return bad_input(*error);
  if (const auto error = verify_worlds(answer, global, arguments.state.backend)) return bad_input(*error);
  Results written(global);
  written.write(global.json_file, [&] { return json_unlock(answer); });
  return written.end(text_unlock(answer, stdout_style()), status_of(answer));
}

}  // namespace

Action add_advise(CommandLine command) {
  auto options = std::make_shared<AdviseArguments>();
  command.add_option("WHAT", options->what, "unlock: whether a lock may be removed by force, and how")
      .required()
      .one_of({"unlock"});
  add_advised_state_options(command, options->state);
  command
      .add_option(
          "--lock-info", options->lock_info,
          "What is known of the lock: the text that a refused command printed, or its record as JSON; - "
          "is standard input")
      .type_name("FILE")
      .check(must_be_file_name);
  command
      .add_option("--job", options->job,
                  "The job that has the lock is dead, alive, or nobody knows (default unknown)")
      .one_of({"dead", "unknown", "alive"})
      .type_name("STATE");
  command
      .add_option("--age", options->age,
                  "How long ago a dead job has ended, e.g. 20m (default: perhaps just now)")
      .type_name("DURATION")
      .check(must_be_duration);
  command
      .add_option("--as-of,--now", options->as_of,
                  "At what time it is asked, e.g. 2026-11-29T10:11:12Z (default: now)")
      .type_name("TIME")
      .check(must_be_timestamp);
  return [options](const Global& global) { return advise_unlock(*options, global); };
}

}  // namespace lockstorm::cli
