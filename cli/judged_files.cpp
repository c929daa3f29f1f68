#include "cli/judged_files.hpp"

#include <fmt/format.h>

#include <thread>
#include <utility>

#include "checkers/formats/format.hpp"
#include "checkers/locks/lock_stream.hpp"
#include "cli/progress.hpp"

namespace lockstorm::cli {
namespace {

using reports::JudgedFile;
using scenarios::InputError;
using scenarios::InputLines;

bool may_be_locks(const JudgeOptions& options) {
  const bool is_of_model =
      options.model.empty() || checkers::model_named(options.model) == checkers::Model::lock;
  // Only the page draws the history itself.
  return is_of_model && options.html_file.empty() && options.from.empty() &&
         options.initial.lock.kind != checkers::InitialPart::Kind::given;
}

std::expected<JudgedFile, InputError> judge_text(const std::string& file, std::string_view text,
                                                 const JudgeOptions& options) {
  const auto format = checkers::recognise(text);
  auto history = checkers::read_history(text, format);
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
  auto verdicts = checkers::judge(judged.history, judged.model, {options.max_states, options.memory_bytes},
                                  options.initial);
  if (!verdicts) return std::unexpected(located(file, verdicts.error()));
  judged.verdicts = *std::move(verdicts);
  if (options.html_file.empty()) judged.history = {};
  return judged;
}

// Of a file that is still written: the lines that are whole.
std::expected<JudgedFile, InputError> judge_whole_lines(const std::string& file, std::uint64_t bytes,
                                                        const JudgeOptions& options) {
  auto text = read_input_file(file, history_within(options.memory_bytes));
  if (!text) return std::unexpected(std::move(text).error());
  return judge_text(file, std::string_view(*text).substr(0, bytes), options);
}

// The next lines; where there are none yet it has waited a while.
std::expected<std::string_view, InputError> lines_in_time(InputLines& lines) {
  auto more = lines.next();
  if (more && more->empty()) {
    constexpr std::chrono::milliseconds kLook{100};
    std::this_thread::sleep_for(kLook);
  }
  return more;
}

}  // namespace

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

std::expected<std::string, InputError> text_of(const std::string& file, const scenarios::InputKind& kind,
                                               std::string& begun) {
  if (!begun.empty()) return std::exchange(begun, {});
  return read_input_file(file, kind);
}

std::optional<JudgedFile> judge_while_reading(const std::string& file, const JudgeOptions& options) {
  if (!may_be_locks(options)) return std::nullopt;
  checkers::LockStream locks;
  InputLines lines(file, scenarios::kHistoryFile);
  auto more = lines.next();
  for (; more && !more->empty(); more = lines.next())
    if (!locks.add(*more)) return std::nullopt;
  if (!more || !locks.add(lines.rest())) return std::nullopt;
  const auto ended = locks.end();
  if (ended.locks.empty()) return std::nullopt;
  return JudgedFile{.file = file,
                    .format = checkers::Format::json_lines,
                    .model = checkers::Model::lock,
                    .history = {},
                    .verdicts = checkers::judged(ended)};
}

std::expected<std::vector<JudgedFile>, InputError> judge_all(const JudgeOptions& options, std::string begun,
                                                             std::optional<JudgedFile> first) {
  std::vector<JudgedFile> all;
  Progress progress(options.files.size(), "histories");
  for (const std::string& file : options.files) {
    progress.started(file);
    auto locks = all.empty() ? std::exchange(first, std::nullopt) : judge_while_reading(file, options);
    if (locks) {
      all.push_back(*std::move(locks));
    } else {
      const auto text = text_of(file, history_within(options.memory_bytes), begun);
      if (!text) return std::unexpected(text.error());
      auto judged = judge_text(file, *text, options);
      if (!judged) return std::unexpected(std::move(judged).error());
      all.push_back(*std::move(judged));
    }
    progress.finished();
  }
  return all;
}

std::expected<JudgedFile, InputError> judge_until_violated(const std::string& file,
                                                           const JudgeOptions& options) {
  // A whole history is judged again when an eighth has come, or nothing does: that costs a few times as much
  // as once.
  constexpr std::uint64_t kPart = 8;
  checkers::LockStream locks;
  InputLines lines(file, scenarios::kHistoryFile);
  bool is_plain = may_be_locks(options);
  std::uint64_t judged_bytes = 0;
  while (true) {
    const auto more = lines_in_time(lines);
    if (!more) return std::unexpected(more.error());
    if (is_plain) is_plain = locks.add(*more);
    const bool is_enough = more->empty() || lines.bytes() >= judged_bytes + judged_bytes / kPart;
    if (is_plain || !is_enough || lines.bytes() == judged_bytes) continue;
    auto judged = judge_whole_lines(file, lines.bytes(), options);
    if (!judged || checkers::worst(judged->verdicts) == checkers::Judgement::violated) return judged;
    judged_bytes = lines.bytes();
  }
}

}  // namespace lockstorm::cli
