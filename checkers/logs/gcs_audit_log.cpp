// Cloud Audit Logs of Cloud Storage, as entries of Cloud Logging in JSON.
#include <fmt/format.h>

#include <algorithm>

#include "checkers/logs/json_records.hpp"
#include "checkers/logs/log_readers.hpp"

namespace lockstorm::checkers::logs {
namespace {

std::optional<LogAct> gcs_act(std::string_view method, bool is_lock) {
  if (method == "storage.objects.create") return is_lock ? LogAct::take_lock : LogAct::write_state;
  if (method == "storage.objects.delete") return is_lock ? LogAct::free_lock : LogAct::delete_state;
  return method == "storage.objects.get" && !is_lock ? std::optional(LogAct::read_state) : std::nullopt;
}

// google.rpc.Code: 5 is NOT_FOUND; 2 UNKNOWN, 4 DEADLINE_EXCEEDED, 13 INTERNAL and 14 UNAVAILABLE leave open
// what happened.
LogOutcome gcs_outcome(std::int64_t code) {
  if (code == 0) return LogOutcome::done;
  return code == 2 || code == 4 || code == 13 || code == 14 ? LogOutcome::unknown : LogOutcome::refused;
}

// projects/_/buckets/BUCKET/objects/NAME
std::string bucket_and_name(std::string_view resource) {
  constexpr std::string_view kBuckets = "/buckets/", kObjects = "/objects/";
  const std::size_t bucket = resource.find(kBuckets), object = resource.find(kObjects);
  if (bucket == std::string_view::npos || object == std::string_view::npos || object < bucket) return {};
  const std::size_t start = bucket + kBuckets.size();
  return fmt::format("{}/{}", resource.substr(start, object - start),
                     resource.substr(object + kObjects.size()));
}

LogResult add_audit(const Value& record, RecordPlace place, std::uint32_t file, LogReading& reading) {
  const auto wrong = [&](std::string_view message) {
    return std::unexpected(HistoryError{place.line, place.column, std::string(message)});
  };
  const std::string time_text = text_at(record, {"timestamp"});
  if (record.field("protoPayload") == nullptr || time_text.empty())
    return wrong("expected an entry of Cloud Logging with \"protoPayload\" and \"timestamp\"");
  const auto time = time_of_rfc3339(time_text);
  if (!time) return wrong("expected \"timestamp\" such as \"2026-11-02T10:00:05.123456789Z\"");
  const auto named = named_object(bucket_and_name(text_at(record, {"protoPayload", "resourceName"})));
  const std::string method = text_at(record, {"protoPayload", "methodName"});
  const auto act = named ? gcs_act(method, named->is_lock) : std::nullopt;
  if (!act) {
    ++reading.ignored;
    return {};
  }
  const std::string code_text = text_at(record, {"protoPayload", "status", "code"});
  const auto code = code_text.empty() ? std::optional<std::int64_t>(0) : whole_of(code_text);
  if (!code) return wrong("expected \"status\" with a \"code\", a whole number");
  LogEntry entry{.file = file, .line = place.line, .column = place.column};
  const auto asked =
      time_of_rfc3339(text_at(record, {"protoPayload", "requestMetadata", "requestAttributes", "time"}))
          .value_or(*time);
  // When it began; it is taken to have ended within a second.
  entry.at = *time;
  entry.earliest = std::min(asked, *time);
  entry.latest = std::max(asked, *time) + std::chrono::seconds(1);
  entry.act = *act;
  entry.found_none = *act == LogAct::read_state && *code == 5;
  entry.outcome = entry.found_none ? LogOutcome::done : gcs_outcome(*code);
  entry.object = named->state;
  entry.who = who_from(text_at(record, {"protoPayload", "authenticationInfo", "principalEmail"}),
                       text_at(record, {"protoPayload", "requestMetadata", "callerIp"}));
  entry.run = fmt::format("{} {}", entry.who,
                          text_at(record, {"protoPayload", "requestMetadata", "callerSuppliedUserAgent"}));
  entry.operation = *code == 0 ? method : fmt::format("{} code {}", method, *code);
  entry.request_id = text_at(record, {"insertId"});
  reading.entries.push_back(std::move(entry));
  return {};
}

}  // namespace

LogResult read_gcs_audit_log(std::string_view text, std::uint32_t file, LogReading& reading) {
  return each_json_record(
      text, [&](const Value& record, RecordPlace place) { return add_audit(record, place, file, reading); });
}

}  // namespace lockstorm::checkers::logs
