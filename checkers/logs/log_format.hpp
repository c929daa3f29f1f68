// Which logs can be read, how each is recognised, and what none of its lines can say.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "checkers/history/history.hpp"
#include "checkers/logs/log_entry.hpp"

namespace lockstorm::checkers::logs {

/// In the order of `log_format_names`.
enum class LogFormat : std::uint8_t {
  s3_access_log,
  cloudtrail,
  azure_storage_log,
  gcs_audit_log,
  gitlab_state_api_log,
  tf_log,
};

/// What a log cannot say, so that a verdict takes it for granted.
enum class LogLimit : std::uint8_t {
  entries_may_be_missing,  ///< delivery is best effort
  whole_seconds,
  no_durations,        ///< when a request ended, but not when it began
  one_run_per_client,  ///< runs are told apart by client and address only
  no_contents,         ///< which version is read or replaced follows from the order of requests
  unlock_or_force_unlock,
  clocks_of_clients,
  same_path_same_state,
  no_answers,  ///< what the http backend was answered
};

/// Names of `--from`.
[[nodiscard]] std::span<const std::string_view> log_format_names();
[[nodiscard]] std::string_view name_of(LogFormat format);
[[nodiscard]] std::optional<LogFormat> log_format_named(std::string_view name);
[[nodiscard]] std::span<const LogLimit> limits_of(LogFormat format);

/// By the first line that is not blank; nothing where no format claims it beyond doubt.
[[nodiscard]] std::optional<LogFormat> recognise_log(std::string_view text);

/// A line, or an object of JSON, may be as long as this; a longer one is an error.
inline constexpr std::size_t kLongestRecordBytes = std::size_t{1} << 20U;

/// Adds the entries of one file, the `file`th; what is wrong with it, where, and what was expected.
[[nodiscard]] std::expected<void, HistoryError> read_log(std::string_view text, LogFormat format,
                                                         std::uint32_t file, LogReading& reading);

}  // namespace lockstorm::checkers::logs
