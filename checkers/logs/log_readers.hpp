// What the reader of each format offers to log_format.cpp, and what the readers share.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "checkers/history/history.hpp"
#include "checkers/history/value.hpp"
#include "checkers/logs/log_entry.hpp"

namespace lockstorm::checkers::logs {

using LogResult = std::expected<void, HistoryError>;

// Amazon S3 User Guide, "Amazon S3 server access log format".
[[nodiscard]] LogResult read_s3_access_log(std::string_view text, std::uint32_t file, LogReading& reading);
// AWS CloudTrail User Guide, "CloudTrail record contents"; data events of S3 objects.
[[nodiscard]] LogResult read_cloudtrail(std::string_view text, std::uint32_t file, LogReading& reading);
// Azure Storage REST API, "Storage Analytics log format", version 2.0 (1.0 has the same first 30 fields).
[[nodiscard]] LogResult read_azure_storage_log(std::string_view text, std::uint32_t file,
                                               LogReading& reading);
// Google Cloud, "Understanding audit logs" and "Cloud Audit Logs with Cloud Storage": LogEntry as JSON.
[[nodiscard]] LogResult read_gcs_audit_log(std::string_view text, std::uint32_t file, LogReading& reading);
// GitLab administration, "Log system": production_json.log, api_json.log.
[[nodiscard]] LogResult read_gitlab_log(std::string_view text, std::uint32_t file, LogReading& reading);
// TF_LOG=trace of Terraform 1.11 (recorded): statemgr.Filesystem, backend-s3, the http backend.
[[nodiscard]] LogResult read_tf_log(std::string_view text, std::uint32_t file, LogReading& reading);

/// Complains about text that is not UTF-8 and about lines that are too long, then hands over each line that
/// is not blank, with its number; stops at the first complaint.
[[nodiscard]] LogResult each_line(
    std::string_view text, const std::function<LogResult(std::string_view line, std::uint32_t number)>& take);

/// 2026-11-02T10:00:05.123456789Z, with or without fraction, with Z or an offset; since 1970.
[[nodiscard]] std::optional<std::chrono::nanoseconds> time_of_rfc3339(std::string_view text);
/// 02/Nov/2026:10:00:05 +0000.
[[nodiscard]] std::optional<std::chrono::nanoseconds> time_of_access_log(std::string_view text);
/// A whole number of decimal digits, or a number with a fraction of which whole units are taken.
[[nodiscard]] std::optional<std::int64_t> whole_of(std::string_view text);

/// The text of fields within fields; empty where there is none. Numbers are as they are written.
[[nodiscard]] std::string text_at(const Value& value, std::initializer_list<std::string_view> path);

/// Of a name such as "prod/app.tfstate.tflock".
struct NamedObject {
  std::string state;
  bool is_lock = false;
};
/// Nothing where the name is of neither a state nor a lock. `default.tflock` belongs to `default.tfstate`.
[[nodiscard]] std::optional<NamedObject> named_object(std::string_view name);

/// What %41 and + stand for in names of a log.
[[nodiscard]] std::string percent_decoded(std::string_view text);

/// "ARN from ADDRESS"; either may be "-" or empty.
[[nodiscard]] std::string who_from(std::string_view who, std::string_view address);

}  // namespace lockstorm::checkers::logs
