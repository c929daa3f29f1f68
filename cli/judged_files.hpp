// Reads recorded histories and judges them: while they are read where that is possible, as a whole else, and
// while they are still written.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "checkers/judge.hpp"
#include "reports/judge/judge_report.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/data/input_file.hpp"

namespace lockstorm::cli {

struct JudgeOptions {
  std::vector<std::string> files;
  std::string model;
  std::string from;
  std::string html_file;
  bool follows = false;
  checkers::Initial initial;
  std::size_t max_states = checkers::JudgeBudget{}.max_states;
  /// --memory
  std::size_t memory_bytes = 0;
};

/// Where in `file` a history is wrong, and how.
[[nodiscard]] scenarios::InputError located(const std::string& file, const checkers::HistoryError& error);

/// A history of such size can be judged as a whole.
[[nodiscard]] scenarios::InputKind history_within(std::size_t memory_bytes);

/// What has been read of the first file to see what it is, or what is read now; `begun` is used up.
[[nodiscard]] std::expected<std::string, scenarios::InputError> text_of(const std::string& file,
                                                                        const scenarios::InputKind& kind,
                                                                        std::string& begun);

/// A history of locks that nothing is to be searched for, which takes no memory; nothing for any other file,
/// one with errors among them.
[[nodiscard]] std::optional<reports::JudgedFile> judge_while_reading(const std::string& file,
                                                                     const JudgeOptions& options);

/// `begun`: as for `text_of`; `first`: the judgement of the first file where there is one already.
[[nodiscard]] std::expected<std::vector<reports::JudgedFile>, scenarios::InputError> judge_all(
    const JudgeOptions& options, std::string begun, std::optional<reports::JudgedFile> first);

/// Returns when the history is violated by what has been written of it so far, however long that takes.
[[nodiscard]] std::expected<reports::JudgedFile, scenarios::InputError> judge_until_violated(
    const std::string& file, const JudgeOptions& options);

}  // namespace lockstorm::cli
