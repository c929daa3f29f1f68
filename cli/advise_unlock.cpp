// `lockstorm advise unlock`: may this lock be removed now, and how?
#include <fmt/format.h>

#include <chrono>

#include "cli/advise.hpp"
#include "cli/clock.hpp"
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

std::expected<LockRecord, InputError> read_lock_info(const AdviseArguments& arguments) {
  if (arguments.lock_info.empty()) return LockRecord{};
  const bool is_stream = arguments.lock_info == "-";
  const auto text = is_stream ? scenarios::read_standard_input(scenarios::kLockInfoFile)
                              : read_input_file(arguments.lock_info, scenarios::kLockInfoFile);
  if (!text) return std::unexpected(text.error());
  return scenarios::parse_lock_record(
      *text, is_stream ? std::string(scenarios::kStandardInput) : arguments.lock_info);
}

std::optional<std::chrono::seconds> age_of(const AdviseArguments& arguments) {
  if (arguments.age.empty()) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(scenarios::parse_duration(arguments.age).value());
}

scenarios::Timestamp as_of(const AdviseArguments& arguments) {
  if (!arguments.as_of.empty()) return scenarios::parse_timestamp(arguments.as_of).value();
  return time_now();
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

int unlock_status(const UnlockAnswer& answer) {
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

std::optional<InputError> verify_removal(UnlockAnswer& answer, const Global& global,
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

}  // namespace

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
  if (const auto error = verify_removal(answer, global, arguments.state.backend)) return bad_input(*error);
  Results written(global);
  written.write(global.json_file, [&] { return json_unlock(answer); });
  return written.end(text_unlock(answer, stdout_style()), unlock_status(answer));
}

}  // namespace lockstorm::cli
