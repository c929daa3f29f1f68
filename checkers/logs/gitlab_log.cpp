// GitLab's logs of requests, production_json.log and api_json.log: those to the Terraform state API.
#include <fmt/format.h>

#include <algorithm>

#include "checkers/logs/json_records.hpp"
#include "checkers/logs/log_readers.hpp"

namespace lockstorm::checkers::logs {
namespace {

using std::chrono::nanoseconds;

struct StatePath {
  std::string state;
  bool is_lock = false;
};

// /api/v4/projects/ID/terraform/state/NAME[/lock]
std::optional<StatePath> state_path(std::string_view path) {
  constexpr std::string_view kProjects = "/projects/", kState = "/terraform/state/", kLock = "/lock";
  path = path.substr(0, path.find('?'));
  const std::size_t project = path.find(kProjects), state = path.find(kState);
  if (project == std::string_view::npos || state == std::string_view::npos || state < project)
    return std::nullopt;
  std::string_view name = path.substr(state + kState.size());
  const bool is_lock = name.ends_with(kLock);
  if (is_lock) name.remove_suffix(kLock.size());
  // Versions of a state, /versions/N, are other requests.
  if (name.empty() || name.find('/') != std::string_view::npos) return std::nullopt;
  const std::size_t start = project + kProjects.size();
  return StatePath{
      fmt::format("project {}/{}", percent_decoded(path.substr(start, state - start)), percent_decoded(name)),
      is_lock};
}

std::optional<LogAct> gitlab_act(std::string_view method, bool is_lock) {
  if (is_lock) {
    if (method == "POST" || method == "LOCK") return LogAct::take_lock;
    if (method == "DELETE" || method == "UNLOCK") return LogAct::free_lock;
    return std::nullopt;
  }
  if (method == "GET") return LogAct::read_state;
  if (method == "POST") return LogAct::write_state;
  return method == "DELETE" ? std::optional(LogAct::delete_state) : std::nullopt;
}

// [{"key": "ID", "value": "..."}, ...]
std::string parameter(const Value& record, std::string_view name) {
  const Value* all = record.field("params");
  if (all == nullptr || all->list() == nullptr) return {};
  for (const Value& one : *all->list())
    if (text_at(one, {"key"}) == name) return text_at(one, {"value"});
  return {};
}

// Seconds with a fraction, or milliseconds in older versions.
nanoseconds duration_of(const Value& record) {
  const auto number = [&](std::string_view name) {
    const std::string text = text_at(record, {name});
    double value = 0;
    std::size_t at = 0;
    // Digits and a point: as exact as needed, and the same everywhere.
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
      value = value * 10 + (text[at] - '0');
    if (at < text.size() && text[at] == '.') {
      double unit = 0.1;
      for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
        value += unit * (text[at] - '0');
    }
    return std::min(value, 86'400'000.0);
  };
  const double ms = (number("duration_s") + number("queue_duration_s")) * 1000 + number("duration") +
                    number("queue_duration");
  return std::chrono::milliseconds(static_cast<std::int64_t>(ms) + 1);
}

LogResult add_request(const Value& record, RecordPlace place, std::uint32_t file, LogReading& reading) {
  const auto wrong = [&](std::string_view message) {
    return std::unexpected(HistoryError{place.line, place.column, std::string(message)});
  };
  const std::string method = text_at(record, {"method"}), path = text_at(record, {"path"});
  if (method.empty() || path.empty())
    return wrong(
        "expected a line of production_json.log or api_json.log with \"method\", \"path\", \"status\" "
        "and \"time\"");
  const auto state = state_path(path);
  const auto act = state ? gitlab_act(method, state->is_lock) : std::nullopt;
  if (!act) {
    ++reading.ignored;
    return {};
  }
  const auto time = time_of_rfc3339(text_at(record, {"time"}));
  if (!time) return wrong("expected \"time\" such as \"2026-11-02T10:00:05.123Z\"");
  const auto status = whole_of(text_at(record, {"status"}));
  if (!status) return wrong("expected \"status\", an HTTP status such as 200");
  LogEntry entry{.file = file, .line = place.line, .column = place.column};
  entry.at = *time;
  entry.earliest = *time - duration_of(record);
  entry.latest = *time + std::chrono::milliseconds(1);
  entry.act = *act;
  entry.outcome = *status < 300    ? LogOutcome::done
                  : *status >= 500 ? LogOutcome::unknown
                                   : LogOutcome::refused;
  if (*act == LogAct::read_state && (*status == 404 || *status == 204)) {
    entry.found_none = true;
    entry.outcome = LogOutcome::done;
  }
  entry.object = state->state;
  std::string who = text_at(record, {"username"});
  if (who.empty()) who = text_at(record, {"user_id"});
  // The first address is the client's, those of proxies follow.
  std::string address = text_at(record, {"remote_ip"});
  address = address.substr(0, address.find(','));
  entry.who = who_from(who, address);
  entry.run = entry.who;
  entry.operation = fmt::format("{} {} {}", method, state->is_lock ? "lock" : "state", *status);
  entry.lock_id = parameter(record, "ID");
  // The server compares the id.
  if (*act == LogAct::free_lock && !entry.lock_id.empty()) entry.purpose = LogPurpose::that_lock;
  entry.request_id = text_at(record, {"correlation_id"});
  // One request of a client may make several of the server's.
  if (!entry.request_id.empty()) entry.request_id += fmt::format(" {} {}", method, path);
  reading.entries.push_back(std::move(entry));
  return {};
}

}  // namespace

LogResult read_gitlab_log(std::string_view text, std::uint32_t file, LogReading& reading) {
  return each_json_record(text, [&](const Value& record, RecordPlace place) {
    return add_request(record, place, file, reading);
  });
}

}  // namespace lockstorm::checkers::logs
