// Amazon S3 server access logs: fields between spaces, times in brackets, texts in quotes.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "checkers/logs/log_readers.hpp"

namespace lockstorm::checkers::logs {
namespace {

constexpr std::string_view kExpected =
    "expected a line of an S3 server access log: BUCKET_OWNER BUCKET [TIME] REMOTE_IP REQUESTER REQUEST_ID "
    "OPERATION KEY \"REQUEST-URI\" STATUS ...";

struct Field {
  std::string_view text;
  std::uint32_t column = 1;
};

// Those that are looked at, and how many the format had at first.
constexpr std::size_t kFields = 18, kLeastFields = 16;
enum : std::size_t {
  kBucket = 1,
  kTime = 2,
  kAddress = 3,
  kRequester = 4,
  kRequestId = 5,
  kOperation = 6,
  kKey = 7,
  kStatus = 9,
  kTotalTime = 13,
  kVersionId = 17,
};

std::expected<std::vector<Field>, std::uint32_t> fields_of(std::string_view line) {
  std::vector<Field> fields;
  for (std::size_t at = 0; at < line.size() && fields.size() < kFields;) {
    if (line[at] == ' ') {
      ++at;
      continue;
    }
    const auto column = static_cast<std::uint32_t>(at + 1);
    const char closing = line[at] == '[' ? ']' : line[at] == '"' ? '"' : ' ';
    const std::size_t start = closing == ' ' ? at : at + 1;
    // A quote within a quoted field is written as it came, so the field ends where a blank follows.
    std::size_t end = line.find(closing, start);
    while (closing == '"' && end != std::string_view::npos && end + 1 < line.size() && line[end + 1] != ' ')
      end = line.find(closing, end + 1);
    if (end == std::string_view::npos) {
      if (closing != ' ') return std::unexpected(column);
      end = line.size();
    }
    fields.push_back({line.substr(start, end - start), column});
    at = end + 1;
  }
  return fields;
}

std::optional<LogAct> act_of(std::string_view operation, bool is_lock) {
  const bool writes =
      operation == "REST.PUT.OBJECT" || operation == "REST.POST.UPLOAD" || operation == "REST.COPY.OBJECT";
  const bool removes = operation == "REST.DELETE.OBJECT" || operation == "BATCH.DELETE.OBJECT" ||
                       operation == "S3.EXPIRE.OBJECT" || operation == "S3.CREATE.DELETEMARKER";
  if (writes) return is_lock ? LogAct::take_lock : LogAct::write_state;
  if (removes) return is_lock ? LogAct::free_lock : LogAct::delete_state;
  const bool reads = operation == "REST.GET.OBJECT" || operation == "REST.HEAD.OBJECT";
  return reads && !is_lock ? std::optional(LogAct::read_state) : std::nullopt;
}

LogOutcome outcome_of(std::int64_t status) {
  return status < 300 ? LogOutcome::done : status >= 500 ? LogOutcome::unknown : LogOutcome::refused;
}

LogResult add_line(std::string_view line, std::uint32_t number, std::uint32_t file, LogReading& reading) {
  const auto wrong = [&](std::uint32_t column, std::string_view message) {
    return std::unexpected(HistoryError{number, column, std::string(message)});
  };
  const auto fields = fields_of(line);
  if (!fields) return wrong(fields.error(), "expected the end of a field in brackets or quotes");
  if (fields->size() < kLeastFields) return wrong(1, kExpected);
  const auto field = [&](std::size_t which) { return (*fields)[which].text; };
  const auto time = time_of_access_log(field(kTime));
  if (!time) return wrong((*fields)[kTime].column, "expected a time such as [02/Nov/2026:10:00:05 +0000]");
  const auto status = whole_of(field(kStatus));
  const bool has_status = status && *status >= 100 && *status < 600;
  if (!has_status && field(kStatus) != "-")
    return wrong((*fields)[kStatus].column, "expected an HTTP status, such as 200, or -");
  const auto named = named_object(percent_decoded(percent_decoded(field(kKey))));
  const auto act = named ? act_of(field(kOperation), named->is_lock) : std::nullopt;
  // What is done to an old version, such as its expiry, is nothing that happens to the state.
  const bool has_version = fields->size() > kVersionId && field(kVersionId) != "-";
  if (!act || (has_version && *act != LogAct::write_state && *act != LogAct::take_lock)) {
    ++reading.ignored;
    return {};
  }
  const auto total_ms = whole_of(field(kTotalTime)).value_or(0);
  LogEntry entry{.file = file, .line = number};
  entry.at = entry.earliest = *time;
  // The second in which it was received, and however long it took.
  entry.latest = *time + std::chrono::milliseconds(999 + std::clamp<std::int64_t>(total_ms, 0, 86'400'000));
  entry.act = *act;
  // Acts of S3 itself, such as expiry, have no status.
  entry.outcome = has_status ? outcome_of(*status) : LogOutcome::done;
  if (*act == LogAct::read_state) {
    entry.found_none = has_status && *status == 404;
    // A HEAD that finds a state reads nothing of it.
    if (entry.found_none) entry.outcome = LogOutcome::done;
    if (!entry.found_none && field(kOperation) == "REST.HEAD.OBJECT") {
      ++reading.ignored;
      return {};
    }
  }
  entry.object = fmt::format("{}/{}", field(kBucket), named->state);
  entry.who = who_from(field(kRequester), field(kAddress));
  entry.run = entry.who;
  entry.operation = fmt::format("{} {}", field(kOperation), field(kStatus));
  if (field(kRequestId) != "-") entry.request_id = fmt::format("{} {}", field(kRequestId), field(kKey));
  reading.entries.push_back(std::move(entry));
  return {};
}

}  // namespace

LogResult read_s3_access_log(std::string_view text, std::uint32_t file, LogReading& reading) {
  return each_line(text, [&](std::string_view line, std::uint32_t number) {
    return add_line(line, number, file, reading);
  });
}

}  // namespace lockstorm::checkers::logs
