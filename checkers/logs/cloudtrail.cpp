// CloudTrail's data events of S3 objects, as its log files or one a line.
#include <fmt/format.h>

#include "checkers/logs/json_records.hpp"
#include "checkers/logs/log_readers.hpp"

namespace lockstorm::checkers::logs {
namespace {

std::optional<LogAct> cloudtrail_act(std::string_view name, bool is_lock) {
  if (name == "PutObject" || name == "CompleteMultipartUpload" || name == "CopyObject")
    return is_lock ? LogAct::take_lock : LogAct::write_state;
  if (name == "DeleteObject") return is_lock ? LogAct::free_lock : LogAct::delete_state;
  const bool reads = name == "GetObject" || name == "HeadObject";
  return reads && !is_lock ? std::optional(LogAct::read_state) : std::nullopt;
}

bool says_absent(std::string_view error) {
  return error == "NoSuchKey" || error == "NotFound" || error == "404";
}

// What the server did wrong it may have done all the same.
LogOutcome cloudtrail_outcome(std::string_view error) {
  if (error.empty()) return LogOutcome::done;
  const bool of_server = error == "InternalError" || error == "ServiceUnavailable" ||
                         error == "RequestTimeout" || error == "OperationAborted" ||
                         error == "ServerException";
  return of_server ? LogOutcome::unknown : LogOutcome::refused;
}

LogResult add_event(const Value& record, RecordPlace place, std::uint32_t file, LogReading& reading) {
  const auto wrong = [&](std::string_view message) {
    return std::unexpected(HistoryError{place.line, place.column, std::string(message)});
  };
  const std::string name = text_at(record, {"eventName"}), time_text = text_at(record, {"eventTime"});
  if (name.empty() || time_text.empty())
    return wrong("expected a CloudTrail event with \"eventName\" and \"eventTime\"");
  const auto time = time_of_rfc3339(time_text);
  if (!time) return wrong("expected \"eventTime\" such as \"2026-11-02T10:00:05Z\"");
  const auto named = named_object(text_at(record, {"requestParameters", "key"}));
  const auto act = named && text_at(record, {"eventSource"}) == "s3.amazonaws.com"
                       ? cloudtrail_act(name, named->is_lock)
                       : std::nullopt;
  const std::string error = text_at(record, {"errorCode"});
  const bool is_absent = act == LogAct::read_state && says_absent(error);
  // What is done to an old version is nothing that happens to the state.
  const bool has_version = !text_at(record, {"requestParameters", "versionId"}).empty();
  if (!act || has_version || (name == "HeadObject" && !is_absent)) {
    ++reading.ignored;
    return {};
  }
  LogEntry entry{.file = file, .line = place.line, .column = place.column};
  // It ended in that second, and is taken to have begun at most a second before.
  entry.at = *time;
  entry.earliest = *time - std::chrono::seconds(1);
  entry.latest = *time + std::chrono::milliseconds(999);
  entry.act = *act;
  entry.found_none = is_absent;
  entry.outcome = is_absent ? LogOutcome::done : cloudtrail_outcome(error);
  entry.object = fmt::format("{}/{}", text_at(record, {"requestParameters", "bucketName"}), named->state);
  std::string who = text_at(record, {"userIdentity", "arn"});
  if (who.empty()) who = text_at(record, {"userIdentity", "invokedBy"});
  if (who.empty()) who = text_at(record, {"userIdentity", "principalId"});
  entry.who = who_from(who, text_at(record, {"sourceIPAddress"}));
  // Each session of a role has a key of its own: it tells runs apart, and is not printed.
  entry.run = fmt::format("{} {} {}", entry.who, text_at(record, {"userIdentity", "principalId"}),
                          text_at(record, {"userIdentity", "accessKeyId"}));
  entry.operation = error.empty() ? name : fmt::format("{} {}", name, error);
  entry.version = text_at(record, {"responseElements", "x-amz-version-id"});
  entry.request_id = text_at(record, {"eventID"});
  reading.entries.push_back(std::move(entry));
  return {};
}

}  // namespace

LogResult read_cloudtrail(std::string_view text, std::uint32_t file, LogReading& reading) {
  return each_json_record(
      text, [&](const Value& record, RecordPlace place) { return add_event(record, place, file, reading); });
}

}  // namespace lockstorm::checkers::logs
