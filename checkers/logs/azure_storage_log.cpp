// Azure Storage Analytics logs: fields between semicolons; leases of blobs are the locks.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "checkers/logs/log_readers.hpp"

namespace lockstorm::checkers::logs {
namespace {

enum : std::size_t {
  kVersion = 0,
  kStart = 1,
  kOperation = 2,
  kRequestStatus = 3,
  kHttpStatus = 4,
  kLatency = 5,
  kRequester = 8,
  kUrl = 11,
  kObject = 12,
  kRequestId = 13,
  kAddress = 15,
  kContentLength = 21,
  kEtag = 24,
  kUserAgent = 27,
  kPrincipal = 35,
};
// Of version 1.0, which 2.0 begins with.
constexpr std::size_t kLeastFields = 30;

struct AzureField {
  std::string text;
  std::uint32_t column = 1;
};

std::string html_decoded(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kCodes[] = {
      {"&quot;", '"'}, {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&#59;", ';'}, {"&#39;", '\''}};
  std::string decoded;
  for (std::size_t i = 0; i < text.size();) {
    const auto* found = std::ranges::find_if(
        kCodes, [&](const auto& code) { return text.substr(i).starts_with(code.first); });
    if (found == std::end(kCodes)) {
      decoded += text[i++];
    } else {
      decoded += found->second;
      i += found->first.size();
    }
  }
  return decoded;
}

std::expected<std::vector<AzureField>, std::uint32_t> azure_fields(std::string_view line) {
  std::vector<AzureField> fields;
  for (std::size_t at = 0; at <= line.size();) {
    const auto column = static_cast<std::uint32_t>(at + 1);
    const bool is_quoted = at < line.size() && line[at] == '"';
    std::size_t end = is_quoted ? line.find('"', at + 1) : line.find(';', at);
    if (is_quoted && end == std::string_view::npos) return std::unexpected(column);
    if (end == std::string_view::npos) end = line.size();
    const std::size_t start = is_quoted ? at + 1 : at;
    fields.push_back({html_decoded(line.substr(start, end - start)), column});
    at = is_quoted ? end + 1 : end;
    if (at < line.size() && line[at] != ';') return std::unexpected(static_cast<std::uint32_t>(at + 1));
    ++at;
  }
  return fields;
}

std::optional<LogAct> azure_act(std::string_view operation) {
  if (operation == "AcquireBlobLease") return LogAct::take_lock;
  if (operation == "ReleaseBlobLease") return LogAct::free_lock;
  if (operation == "BreakBlobLease") return LogAct::break_lock;
  if (operation == "GetBlob") return LogAct::read_state;
  if (operation == "PutBlob" || operation == "PutBlockList") return LogAct::write_state;
  if (operation == "DeleteBlob") return LogAct::delete_state;
  return std::nullopt;
}

// "/account/container/blob", whose name is what follows the container.
bool is_state_blob(std::string_view object) { return object.find(".tfstate") != std::string_view::npos; }

LogResult add_azure_line(std::string_view line, std::uint32_t number, std::uint32_t file,
                         LogReading& reading) {
  const auto wrong = [&](std::uint32_t column, std::string_view message) {
    return std::unexpected(HistoryError{number, column, std::string(message)});
  };
  const auto fields = azure_fields(line);
  if (!fields) return wrong(fields.error(), "expected the end of a quoted field, and a semicolon after it");
  const auto field = [&](std::size_t which) {
    return which < fields->size() ? std::string_view((*fields)[which].text) : std::string_view();
  };
  if (field(kVersion) != "2.0" && field(kVersion) != "1.0")
    return wrong(1,
                 "expected a line of an Azure Storage log of version 2.0 or 1.0: "
                 "2.0;REQUEST-START-TIME;OPERATION-TYPE;REQUEST-STATUS;...");
  if (fields->size() < kLeastFields)
    return wrong(1, fmt::format("expected at least {} fields between semicolons, not {}", kLeastFields,
                                fields->size()));
  const auto time = time_of_rfc3339(field(kStart));
  if (!time) return wrong((*fields)[kStart].column, "expected a time such as 2026-11-02T10:00:05.1234567Z");
  const auto status = whole_of(field(kHttpStatus));
  if (!status) return wrong((*fields)[kHttpStatus].column, "expected an HTTP status, such as 201");
  const auto act = azure_act(field(kOperation));
  const std::string object = percent_decoded(field(kObject));
  // The backend makes an empty blob before its first lease: that is no state.
  const bool is_empty = act == LogAct::write_state && field(kContentLength) == "0";
  const std::string_view url = field(kUrl);
  // What is done to an old version is nothing that happens to the state.
  const bool is_old =
      url.find("versionid=") != std::string_view::npos || url.find("snapshot=") != std::string_view::npos;
  if (!act || is_empty || is_old || !is_state_blob(object)) {
    ++reading.ignored;
    return {};
  }
  LogEntry entry{.file = file, .line = number};
  entry.at = entry.earliest = *time;
  entry.latest =
      *time + std::chrono::milliseconds(
                  1 + std::clamp<std::int64_t>(whole_of(field(kLatency)).value_or(0), 0, 86'400'000));
  entry.act = *act;
  const bool timed_out = field(kRequestStatus).find("Timeout") != std::string_view::npos;
  entry.outcome = *status < 300                 ? LogOutcome::done
                  : *status >= 500 || timed_out ? LogOutcome::unknown
                                                : LogOutcome::refused;
  if (*act == LogAct::read_state && *status == 404) {
    entry.found_none = true;
    entry.outcome = LogOutcome::done;
  }
  entry.object = object;
  // The address has a port, which is another for each connection.
  std::string_view address = field(kAddress);
  address = address.substr(0, address.rfind(':'));
  const std::string_view principal = field(kPrincipal);
  entry.who = who_from(principal.empty() ? field(kRequester) : principal, address);
  entry.run = fmt::format("{} {}", entry.who, field(kUserAgent));
  entry.operation = fmt::format("{} {}", field(kOperation), field(kHttpStatus));
  entry.version = field(kEtag);
  entry.request_id = field(kRequestId);
  reading.entries.push_back(std::move(entry));
  return {};
}

}  // namespace

LogResult read_azure_storage_log(std::string_view text, std::uint32_t file, LogReading& reading) {
  return each_line(text, [&](std::string_view line, std::uint32_t number) {
    return add_azure_line(line, number, file, reading);
  });
}

}  // namespace lockstorm::checkers::logs
