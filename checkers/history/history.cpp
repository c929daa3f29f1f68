#include "checkers/history/history.hpp"

#include <fmt/format.h>

#include <boost/unordered/unordered_flat_map.hpp>

namespace lockstorm::checkers {
namespace {

class Pairing {
 public:
  explicit Pairing(const History& history) : history_(history) {}

  std::expected<std::vector<Call>, HistoryError> run() {
    calls_.reserve(history_.size() / 2);
    for (std::uint32_t index = 0; index < history_.size(); ++index) {
      if (auto error = add(index)) return std::unexpected(*std::move(error));
    }
    return std::move(calls_);
  }

 private:
  std::optional<HistoryError> add(std::uint32_t index) {
    const Event& event = history_[index];
    if (event.time) {
      if (latest_ && *event.time < *latest_) {
        return wrong(
            event,
            fmt::format("time {} ns is before the previous event's {} ns: events must be in order of time",
                        event.time->count(), latest_->count()));
      }
      latest_ = event.time;
    }
    if (event.function == kCrash) {
      // Whatever the process waited for, it will not hear of it.
      waiting_.erase(event.process);
      return std::nullopt;
    }
    return event.type == EventType::invoke ? invoke(index) : respond(index);
  }

  std::optional<HistoryError> invoke(std::uint32_t index) {
    const Event& event = history_[index];
    const auto [waiting, is_new] =
        waiting_.try_emplace(event.process, static_cast<std::uint32_t>(calls_.size()));
    if (!is_new) {
      return wrong(
          event,
          fmt::format("process {} invokes {} while its {} of line {} waits: expected the response first",
                      event.process, event.function, invocation(waiting->second).function,
                      invocation(waiting->second).line));
    }
    calls_.push_back({.invoked = index});
    return std::nullopt;
  }

  std::optional<HistoryError> respond(std::uint32_t index) {
    const Event& event = history_[index];
    const auto waiting = waiting_.find(event.process);
    if (waiting == waiting_.end()) {
      return wrong(event,
                   fmt::format("process {} has a response to {} but invoked nothing: expected an invocation",
                               event.process, event.function));
    }
    Call& call = calls_[waiting->second];
    const Event& invoked = history_[call.invoked];
    if (event.function != invoked.function || event.key != invoked.key) {
      return wrong(event, fmt::format("process {} has a response to {}{} but invoked {}{} in line {}",
                                      event.process, event.function, key_text(event), invoked.function,
                                      key_text(invoked), invoked.line));
    }
    call.outcome = event.type;
    if (event.type != EventType::unknown) call.completed = index;
    waiting_.erase(waiting);
    return std::nullopt;
  }

  [[nodiscard]] const Event& invocation(std::uint32_t call) const { return history_[calls_[call].invoked]; }

  static std::string key_text(const Event& event) {
    return event.key.is_nil() ? "" : " of " + to_text(event.key);
  }

  static HistoryError wrong(const Event& event, std::string message) {
    return {.line = event.line, .column = 1, .message = std::move(message)};
  }

  const History& history_;
  std::vector<Call> calls_;
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> waiting_;
  std::optional<std::chrono::nanoseconds> latest_;
};

}  // namespace

std::string to_text(const HistoryError& error, std::string_view file) {
  return fmt::format("{}:{}:{}: {}", file, error.line, error.column, error.message);
}

std::expected<std::vector<Call>, HistoryError> calls_of(const History& history) {
  return Pairing(history).run();
}

}  // namespace lockstorm::checkers
