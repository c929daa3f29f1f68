// TF_LOG=trace of Terraform and OpenTofu: what one run did to its state and lock, by its own account.
#include <fmt/format.h>

#include <boost/unordered/unordered_flat_map.hpp>
#include <utility>
#include <vector>

#include "checkers/formats/readers.hpp"
#include "checkers/logs/log_readers.hpp"

namespace lockstorm::checkers::logs {
namespace {

using std::chrono::nanoseconds;

// The value of NAME=VALUE, which is in quotes where it has blanks.
std::string_view value_of(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t start = at + name.size();
    const bool is_whole = (at == 0 || text[at - 1] == ' ') && start < text.size() && text[start] == '=';
    if (!is_whole) continue;
    std::string_view value = text.substr(start + 1);
    return value.starts_with('"') ? value.substr(1, value.find('"', 1) - 1)
                                  : value.substr(0, value.find(' '));
  }
  return {};
}

// "terraform apply" of []string{"terraform", "apply", ...}: further words may be secrets.
std::string command_of(std::string_view args) {
  std::string command;
  for (int words = 0; words < 2;) {
    const std::size_t start = args.find('"');
    if (start == std::string_view::npos) break;
    const std::size_t end = args.find('"', start + 1);
    if (end == std::string_view::npos) break;
    std::string_view word = args.substr(start + 1, end - start - 1);
    args.remove_prefix(end + 1);
    if (word.starts_with('-')) continue;
    if (words == 0) word = word.substr(word.rfind('/') + 1);
    command += (words++ == 0 ? "" : " ") + std::string(word);
  }
  return command;
}

// Without user, password and query.
std::string bare_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?# "));
  const std::size_t host = url.find("://");
  if (host == std::string_view::npos) return std::string(url);
  const std::string_view rest = url.substr(host + 3);
  const std::size_t at = rest.substr(0, rest.find('/')).rfind('@');
  return std::string(url.substr(0, host + 3)) +
         std::string(at == std::string_view::npos ? rest : rest.substr(at + 1));
}

class TfLogReader {
 public:
  TfLogReader(std::uint32_t file, LogReading& reading) : file_(file), reading_(reading) {}

  LogResult take(std::string_view line, std::uint32_t number) {
    const auto time = time_of_rfc3339(line.substr(0, line.find(' ')));
    if (!time) {
      // More of the line before, such as the body of an answer.
      if (number_ == 0)
        return std::unexpected(
            HistoryError{number, 1, "expected a log of TF_LOG=trace: 2026-11-02T10:00:05.123Z [TRACE] ..."});
      if (has_received_) settle_received(line);
      return {};
    }
    number_ = number;
    now_ = *time;
    close_line();
    const std::size_t level = line.find("] ");
    take_message(level == std::string_view::npos ? std::string_view()
                                                 : line.substr(line.find_first_not_of(' ', level + 1)));
    return {};
  }

  void end() {
    close_line();
    end_run();
  }

 private:
  struct Sent {
    LogEntry entry;
    std::string method;
  };

  void take_message(std::string_view message) {
    const auto rest_after = [&](std::string_view start) -> std::optional<std::string_view> {
      if (!message.starts_with(start)) return std::nullopt;
      return message.substr(start.size());
    };
    if (message.starts_with("Terraform version: ") || message.starts_with("OpenTofu version: ")) {
      end_run();
      ++run_;
      command_.clear();
      is_http_ = false;
    } else if (const auto args = rest_after("CLI args: ")) {
      command_ = command_of(*args);
    } else if (message.find("backend of type *http.Backend") != std::string_view::npos) {
      is_http_ = true;
    } else if (const auto local = rest_after("statemgr.Filesystem: ")) {
      take_local(*local);
    } else if (message.starts_with("backend-s3: ")) {
      take_s3(message);
    } else if (is_http_) {
      take_http(message);
    }
  }

  LogEntry made(LogAct act, std::string object, std::string operation) const {
    LogEntry entry{.file = file_, .line = number_};
    entry.at = entry.earliest = now_;
    entry.latest = now_ + std::chrono::milliseconds(1);
    entry.act = act;
    entry.object = std::move(object);
    entry.who =
        fmt::format("run {} of the log{}{}", std::max(run_, 1U), command_.empty() ? "" : ", ", command_);
    entry.run = fmt::format("{} {}", file_, run_);
    entry.operation = std::move(operation);
    if (act == LogAct::free_lock && !command_.empty())
      entry.purpose = command_.ends_with(" force-unlock") ? LogPurpose::that_lock : LogPurpose::own_lock;
    return entry;
  }

  // A line tells what is done next: it was done when the next line was written.
  void close_line() {
    if (open_) {
      open_->latest = std::max(open_->latest, now_ + std::chrono::milliseconds(1));
      reading_.entries.push_back(*std::move(open_));
      open_.reset();
    }
    has_received_ = false;
  }

  void end_run() {
    if (locking_) add_locking(LogOutcome::refused);
    for (auto& [key, sent] : sent_) add_unanswered(std::move(sent));
    sent_.clear();
    for (LogEntry& entry : http_) reading_.entries.push_back(std::move(entry));
    http_.clear();
  }

  void take_local(std::string_view what) {
    constexpr std::string_view kLocking = "locking ", kUnlocking = "unlocking ", kUsing = " using ";
    constexpr std::string_view kManage = "preparing to manage state snapshots at ";
    // Whether the lock was got is told by what comes next.
    if (locking_)
      add_locking(what.starts_with("writing lock metadata") ? LogOutcome::done : LogOutcome::refused);
    if (what.starts_with(kManage)) {
      path_ = what.substr(kManage.size());
    } else if (what.starts_with(kLocking)) {
      path_ = what.substr(kLocking.size(), what.rfind(kUsing) - kLocking.size());
      locking_ = made(LogAct::take_lock, path_, "locks the file");
    } else if (what.starts_with(kUnlocking)) {
      open_ = made(LogAct::free_lock,
                   std::string(what.substr(kUnlocking.size(), what.rfind(kUsing) - kUnlocking.size())),
                   "unlocks the file");
    } else if (what.starts_with("read snapshot with lineage ")) {
      open_ = made(LogAct::read_state, path_, "reads the file");
    } else if (what == "read nil snapshot") {
      open_ = made(LogAct::read_state, path_, "reads no state");
      open_->found_none = true;
    } else if (what.starts_with("no state changes since last snapshot")) {
      is_unchanged_ = true;
    } else if (what.starts_with("writing snapshot at ")) {
      if (!std::exchange(is_unchanged_, false)) open_ = made(LogAct::write_state, path_, "writes the file");
    }
  }

  void add_locking(LogOutcome outcome) {
    locking_->outcome = outcome;
    locking_->latest = now_ + std::chrono::milliseconds(1);
    reading_.entries.push_back(*std::move(locking_));
    locking_.reset();
  }

  void take_s3(std::string_view message) {
    const std::string_view key = value_of(message, "aws.s3.key"), method = value_of(message, "rpc.method");
    if (key.empty() || method.empty()) return;
    const std::string id = fmt::format("{} {} {}", value_of(message, "tf_backend.req_id"), method, key);
    if (message.starts_with("backend-s3: HTTP Request Sent")) {
      if (const auto before = sent_.find(id); before != sent_.end()) {
        add_unanswered(std::move(before->second));
        sent_.erase(before);
      }
      if (auto entry = s3_request(message, key, method))
        sent_.emplace(id, Sent{*std::move(entry), std::string(method)});
    } else if (message.starts_with("backend-s3: HTTP Response Received")) {
      has_received_ = true;
      received_ = id;
      settle_received(message);
    }
  }

  std::optional<LogEntry> s3_request(std::string_view message, std::string_view key,
                                     std::string_view method) const {
    const auto named = named_object(key);
    // A key may have any name; only a lock file's must end as it does.
    const bool is_lock = named && named->is_lock;
    std::optional<LogAct> act;
    if (method == "PutObject" || method == "CompleteMultipartUpload")
      act = is_lock ? LogAct::take_lock : LogAct::write_state;
    if (method == "DeleteObject") act = is_lock ? LogAct::free_lock : LogAct::delete_state;
    if ((method == "GetObject" || method == "HeadObject") && !is_lock) act = LogAct::read_state;
    if (!act) return std::nullopt;
    const std::string state =
        is_lock ? std::string(key.substr(0, key.size() - std::string_view(".tflock").size()))
                : std::string(key);
    LogEntry entry =
        made(*act, fmt::format("{}/{}", value_of(message, "aws.s3.bucket"), state), std::string(method));
    // A store does not compare what a client takes the lock for that it removes.
    if (*act == LogAct::take_lock) entry.lock_id = value_of(message, "tf_backend.lock.id");
    return entry;
  }

  void settle_received(std::string_view text) {
    const auto status = whole_of(value_of(text, "http.status_code"));
    if (!status) return;
    has_received_ = false;
    const auto found = sent_.find(received_);
    if (found == sent_.end()) return;
    Sent sent = std::move(found->second);
    sent_.erase(found);
    LogEntry& entry = sent.entry;
    const bool is_read = entry.act == LogAct::read_state;
    if (is_read && *status != 404 && sent.method == "HeadObject") return;
    entry.latest = now_ + std::chrono::milliseconds(1);
    entry.operation += fmt::format(" {}", *status);
    entry.found_none = is_read && *status == 404;
    entry.outcome = *status < 300 || entry.found_none ? LogOutcome::done
                    : *status >= 500                  ? LogOutcome::unknown
                                                      : LogOutcome::refused;
    reading_.entries.push_back(std::move(entry));
  }

  void add_unanswered(Sent sent) {
    if (sent.entry.act == LogAct::read_state) return;
    sent.entry.outcome = LogOutcome::unknown;
    sent.entry.operation += ", no answer";
    reading_.entries.push_back(std::move(sent.entry));
  }

  // METHOD URL, and never what was answered: who goes on after it asked for the lock has got it.
  void take_http(std::string_view message) {
    const std::size_t blank = message.find(' ');
    const std::string_view method = message.substr(0, blank);
    const std::string_view url = blank == std::string_view::npos ? "" : message.substr(blank + 1);
    if (!url.starts_with("http://") && !url.starts_with("https://")) return;
    std::string object = bare_url(url);
    constexpr std::string_view kLock = "/lock";
    const bool is_lock_url = object.ends_with(kLock);
    if (is_lock_url) object.resize(object.size() - kLock.size());
    std::optional<LogAct> act;
    if (method == "LOCK" || (is_lock_url && (method == "POST" || method == "PUT"))) act = LogAct::take_lock;
    if (method == "UNLOCK" || (is_lock_url && method == "DELETE")) act = LogAct::free_lock;
    if (!act && method == "GET") act = LogAct::read_state;
    if (!act && (method == "POST" || method == "PUT")) act = LogAct::write_state;
    if (!act) return;
    for (LogEntry& before : http_) {
      if (before.act != LogAct::take_lock || before.object != object) continue;
      if (before.outcome == LogOutcome::done) continue;
      before.outcome = LogOutcome::done;
      before.latest = now_;
    }
    LogEntry entry = made(*act, std::move(object), std::string(method));
    // What a read found is not told; that it read what there was is.
    entry.outcome = *act == LogAct::read_state ? LogOutcome::done : LogOutcome::unknown;
    http_.push_back(std::move(entry));
  }

  std::uint32_t file_;
  LogReading& reading_;
  std::uint32_t number_ = 0, run_ = 0;
  nanoseconds now_{};
  std::string command_, path_ = "terraform.tfstate", received_;
  bool is_http_ = false, is_unchanged_ = false, has_received_ = false;
  std::optional<LogEntry> open_, locking_;
  boost::unordered_flat_map<std::string, Sent> sent_;
  std::vector<LogEntry> http_;
};

}  // namespace

LogResult read_tf_log(std::string_view text, std::uint32_t file, LogReading& reading) {
  TfLogReader reader(file, reading);
  auto read =
      each_line(text, [&](std::string_view line, std::uint32_t number) { return reader.take(line, number); });
  reader.end();
  return read;
}

}  // namespace lockstorm::checkers::logs
