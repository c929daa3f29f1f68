#include "checkers/locks/lock_reader.hpp"

#include <fmt/format.h>

#include <boost/unordered/unordered_flat_map.hpp>

#include "checkers/history/value_hash.hpp"

namespace lockstorm::checkers {
namespace {

class LockReader {
 public:
  std::expected<std::vector<LockHistory>, HistoryError> run(const History& history,
                                                            const InitialPart& beginning,
                                                            bool may_have_others) {
    for (; position_ < history.size(); ++position_) {
      const Event& event = history[position_];
      const auto step = lock_step_named(event.function);
      if (!step && may_have_others) continue;
      if (!step) {
        return std::unexpected(HistoryError{
            event.line, 1, fmt::format("expected acquire, release, evict or crash, not {}", event.function)});
      }
      auto made = make(event, *step);
      if (!made) return std::unexpected(std::move(made).error());
      if (*step == LockStep::crash) {
        crashes_.push_back(*made);
        for (LockHistory& lock : locks_) lock.events.push_back(*made);
      } else {
        lock_named(event.key).events.push_back(*made);
      }
    }
    LockBeginning of_each{.kind = beginning.kind, .id = 0};
    if (beginning.kind == InitialPart::Kind::given) of_each.id = id_named(beginning.value);
    for (LockHistory& lock : locks_) lock.beginning = of_each;
    return std::move(locks_);
  }

 private:
  LockHistory& lock_named(const Value& key) {
    const auto [found, is_new] = numbers_.try_emplace(key, locks_.size());
    // Who died before the lock was first asked for may have held it at the beginning.
    if (is_new) locks_.push_back({.key = key, .events = crashes_});
    return locks_[found->second];
  }
  std::uint64_t id_named(const Value& value) {
    return ids_.try_emplace(value, ids_.size() + 1).first->second;
  }

  std::expected<LockEvent, HistoryError> make(const Event& event, LockStep step) {
    LockEvent made{.type = event.type,
                   .step = step,
                   .process = event.process,
                   .line = event.line,
                   .id = 0,
                   .token = std::nullopt,
                   .time = event.time,
                   .lease = std::nullopt,
                   .position = position_};
    const auto wrong = [&] {
      return std::unexpected(
          HistoryError{event.line, 1,
                       fmt::format("expected a token or {{id, token, lease_ns}}, lease_ns from 0 on, not {}",
                                   to_text(event.value))});
    };
    if (event.value.number() != nullptr) {
      made.token = *event.value.number();
    } else if (const auto* fields = event.value.fields()) {
      for (const auto& [name, value] : *fields) {
        if (name == "id") {
          made.id = id_named(value);
        } else if (name == "token" && value.number() != nullptr) {
          made.token = *value.number();
        } else if (name == "lease_ns" && value.number() != nullptr && *value.number() >= 0) {
          made.lease = std::chrono::nanoseconds(*value.number());
        } else {
          return wrong();
        }
      }
    } else if (!event.value.is_nil() && event.type != EventType::fail && event.type != EventType::unknown) {
      return wrong();
    }
    return made;
  }

  std::uint32_t position_ = 0;
  std::vector<LockHistory> locks_;
  std::vector<LockEvent> crashes_;
  boost::unordered_flat_map<Value, std::size_t, ValueHash> numbers_;
  boost::unordered_flat_map<Value, std::uint64_t, ValueHash> ids_;
};

}  // namespace

std::optional<LockStep> lock_step_named(std::string_view function) {
  if (function == "acquire" || function == "lock") return LockStep::acquire;
  if (function == "release" || function == "unlock") return LockStep::release;
  if (function == "evict" || function == "force-unlock") return LockStep::evict;
  if (function == kCrash) return LockStep::crash;
  return std::nullopt;
}

std::expected<std::vector<LockHistory>, HistoryError> locks_of(const History& history,
                                                               const InitialPart& beginning,
                                                               bool may_have_others) {
  return LockReader().run(history, beginning, may_have_others);
}

}  // namespace lockstorm::checkers
