#include "checkers/logs/log_format.hpp"

#include <algorithm>
#include <array>

#include "checkers/formats/readers.hpp"
#include "checkers/logs/log_readers.hpp"

namespace lockstorm::checkers::logs {
namespace {

constexpr auto kNames = std::to_array<std::string_view>(
    {"s3-access-log", "cloudtrail", "azure-storage-log", "gcs-audit-log", "gitlab-state-api-log", "tf-log"});
static_assert(kNames.size() == static_cast<std::size_t>(LogFormat::tf_log) + 1);

constexpr std::array kOfS3AccessLog{LogLimit::entries_may_be_missing, LogLimit::whole_seconds,
                                    LogLimit::one_run_per_client, LogLimit::no_contents,
                                    LogLimit::unlock_or_force_unlock};
constexpr std::array kOfCloudTrail{LogLimit::whole_seconds, LogLimit::no_durations,
                                   LogLimit::one_run_per_client, LogLimit::no_contents,
                                   LogLimit::unlock_or_force_unlock};
constexpr std::array kOfAzureStorageLog{LogLimit::entries_may_be_missing, LogLimit::one_run_per_client,
                                        LogLimit::no_contents, LogLimit::unlock_or_force_unlock};
constexpr std::array kOfGcsAuditLog{LogLimit::no_durations, LogLimit::one_run_per_client,
                                    LogLimit::no_contents, LogLimit::unlock_or_force_unlock};
constexpr std::array kOfGitlabLog{LogLimit::one_run_per_client, LogLimit::no_contents};
constexpr std::array kOfTfLog{LogLimit::clocks_of_clients, LogLimit::same_path_same_state,
                              LogLimit::no_contents, LogLimit::no_answers};

bool looks_like_s3(std::string_view line) {
  const std::size_t open = line.find(" [");
  if (open == std::string_view::npos) return false;
  const std::size_t close = line.find("] ", open);
  return close != std::string_view::npos &&
         time_of_access_log(line.substr(open + 2, close - open - 2)).has_value() &&
         (line.find(" REST.", close) != std::string_view::npos ||
          line.find(" S3.", close) != std::string_view::npos ||
          line.find(" BATCH.", close) != std::string_view::npos);
}

bool looks_like_azure(std::string_view line) {
  if (!line.starts_with("2.0;") && !line.starts_with("1.0;")) return false;
  return time_of_rfc3339(line.substr(4, line.find(';', 4) - 4)).has_value();
}

bool looks_like_tf(std::string_view line) {
  const std::size_t blank = line.find(' ');
  return blank != std::string_view::npos && line.substr(blank + 1).starts_with('[') &&
         time_of_rfc3339(line.substr(0, blank)).has_value();
}

// Of the first bytes: a record may be spread over lines.
std::optional<LogFormat> json_log(std::string_view text) {
  const std::string_view head = text.substr(0, std::size_t{1} << 16U);
  const auto has = [&](std::string_view name) { return head.find(name) != std::string_view::npos; };
  if (has("\"eventSource\"") && has("\"eventName\"") && has("\"eventTime\"")) return LogFormat::cloudtrail;
  if (has("\"protoPayload\"") && has("\"timestamp\"")) return LogFormat::gcs_audit_log;
  if (has("\"method\"") && has("\"path\"") && has("\"status\"") && has("\"remote_ip\""))
    return LogFormat::gitlab_state_api_log;
  return std::nullopt;
}

}  // namespace

std::span<const std::string_view> log_format_names() { return kNames; }

std::string_view name_of(LogFormat format) { return kNames[static_cast<std::size_t>(format)]; }

std::optional<LogFormat> log_format_named(std::string_view name) {
  const auto* const found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<LogFormat>(found - kNames.begin());
}

std::span<const LogLimit> limits_of(LogFormat format) {
  switch (format) {
    case LogFormat::s3_access_log:
      return kOfS3AccessLog;
    case LogFormat::cloudtrail:
      return kOfCloudTrail;
    case LogFormat::azure_storage_log:
      return kOfAzureStorageLog;
    case LogFormat::gcs_audit_log:
      return kOfGcsAuditLog;
    case LogFormat::gitlab_state_api_log:
      return kOfGitlabLog;
    case LogFormat::tf_log:
      return kOfTfLog;
  }
  return {};
}

std::optional<LogFormat> recognise_log(std::string_view text) {
  formats::Lines lines(text);
  while (lines.next()) {
    const std::string_view line = lines.line();
    if (formats::is_blank(line)) continue;
    if (looks_like_s3(line)) return LogFormat::s3_access_log;
    if (looks_like_azure(line)) return LogFormat::azure_storage_log;
    if (looks_like_tf(line)) return LogFormat::tf_log;
    const char first = line[line.find_first_not_of(" \t")];
    // A history in JSON Lines has "process" in its first line.
    const bool is_json = first == '{' || first == '[';
    if (!is_json || line.find("\"process\"") != std::string_view::npos) return std::nullopt;
    return json_log(text);
  }
  return std::nullopt;
}

std::expected<void, HistoryError> read_log(std::string_view text, LogFormat format, std::uint32_t file,
                                           LogReading& reading) {
  switch (format) {
    case LogFormat::s3_access_log:
      return read_s3_access_log(text, file, reading);
    case LogFormat::cloudtrail:
      return read_cloudtrail(text, file, reading);
    case LogFormat::azure_storage_log:
      return read_azure_storage_log(text, file, reading);
    case LogFormat::gcs_audit_log:
      return read_gcs_audit_log(text, file, reading);
    case LogFormat::gitlab_state_api_log:
      return read_gitlab_log(text, file, reading);
    case LogFormat::tf_log:
      return read_tf_log(text, file, reading);
  }
  return {};
}

}  // namespace lockstorm::checkers::logs
