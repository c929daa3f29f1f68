#include "checkers/logs/version_weave.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <string>

namespace lockstorm::checkers::logs {
namespace {

/// A version that may be the newest: the write with that place among the writes, none yet, or what was there
/// before the log.
constexpr std::size_t kAbsent = static_cast<std::size_t>(-1), kBefore = static_cast<std::size_t>(-2);

class VersionWeave {
 public:
  explicit VersionWeave(LoggedState& state) : state_(state) {}

  void run(const std::vector<Numbered>& entries) {
    for (const Numbered& one : entries) {
      if (one->act == LogAct::write_state && one->outcome != LogOutcome::refused) all_writes_.push_back(one);
    }
    for (const Numbered& one : entries) {
      if (one->act == LogAct::read_state && one->outcome == LogOutcome::done) read(one);
      if (one->act == LogAct::write_state) write(one);
      if (one->act == LogAct::delete_state && one->outcome != LogOutcome::refused) end_generation();
    }
    end_generation();
  }

 private:
  void read(const Numbered& one) {
    ++state_.reads;
    known_[one->run] = one->found_none ? std::optional(kAbsent) : seen_by(one);
  }

  // The only version that a read can have seen, or nothing where there may be several.
  [[nodiscard]] std::optional<std::size_t> seen_by(const Numbered& one) const {
    if (!one->version.empty()) {
      for (std::size_t i = 0; i < writes_.size(); ++i)
        if (writes_[i]->version == one->version) return i;
    }
    std::optional<std::size_t> seen;
    bool is_certain = true;
    // From the newest on: what was over before a later one began, which was over before the read, is gone.
    std::optional<std::chrono::nanoseconds> newer_began;
    for (std::size_t i = writes_.size(); i-- > 0;) {
      const Numbered& write = writes_[i];
      const bool is_own = write->run == one->run;
      const bool is_over = write->outcome == LogOutcome::done && (is_own || write->latest < one->earliest);
      if (newer_began && write->latest < *newer_began && write->outcome == LogOutcome::done) continue;
      if (seen) is_certain = false;
      seen = i;
      if (is_over) newer_began = newer_began ? std::max(*newer_began, write->earliest) : write->earliest;
    }
    // One that begins later in the list may still have been before the end of the read.
    bool may_be_newer = false;
    for (std::size_t i = begun_; i < all_writes_.size() && all_writes_[i]->earliest <= one->latest; ++i)
      may_be_newer = may_be_newer || all_writes_[i]->run != one->run;
    if (!is_certain || may_be_newer) return std::nullopt;
    if (!seen) return kBefore;
    return newer_began ? seen : std::nullopt;
  }

  void write(const Numbered& one) {
    if (one->outcome == LogOutcome::refused) {
      ++state_.refused_writes;
      return;
    }
    ++begun_;
    ++state_.writes;
    const auto known = known_.find(one->run);
    const auto base = known == known_.end() ? std::nullopt : known->second;
    if (!base && !writes_.empty()) ++state_.unknown_bases;
    bases_.push_back(base);
    // A run goes on from what it wrote, also where it was told that this failed: nobody knows.
    known_[one->run] = one->outcome == LogOutcome::done ? std::optional(writes_.size()) : std::nullopt;
    writes_.push_back(one);
  }

  [[nodiscard]] Value version(std::size_t which) const {
    if (which == kBefore) return Value(Value::Fields{{"writer", "before the log"}, {"serial", 0}});
    return Value(Value::Fields{{"writer", "entry " + std::to_string(writes_[which].number)},
                               {"serial", static_cast<std::int64_t>(which + 1)}});
  }

  // Each write is a process of its own: what a run does one after the other is in what they replace.
  void end_generation() {
    std::vector<TimedEvent> events;
    for (std::size_t i = 0; i < writes_.size(); ++i) {
      Value::Fields fields = *version(i).fields();
      if (bases_[i]) fields.emplace_back("base", *bases_[i] == kAbsent ? Value() : version(*bases_[i]));
      Event event{.type = EventType::invoke,
                  .process = static_cast<std::uint32_t>(i),
                  .line = writes_[i].number,
                  .function = "write"};
      event.value = Value(std::move(fields));
      Event answer = event;
      answer.type = writes_[i]->outcome == LogOutcome::done ? EventType::ok : EventType::unknown;
      events.push_back({writes_[i]->earliest, 0, std::move(event)});
      events.push_back({writes_[i]->latest, kAnswers, std::move(answer)});
    }
    if (!events.empty()) state_.versions.push_back(in_order(std::move(events)));
    writes_.clear(), bases_.clear(), known_.clear();
  }

  LoggedState& state_;
  std::vector<Numbered> all_writes_;
  std::size_t begun_ = 0;  ///< of them
  /// Of the generation; and what each replaced, where that is known.
  std::vector<Numbered> writes_;
  std::vector<std::optional<std::size_t>> bases_;
  /// [run]: the version that it read or wrote last.
  boost::unordered_flat_map<std::string, std::optional<std::size_t>> known_;
};

}  // namespace

void weave_versions(const std::vector<Numbered>& entries, LoggedState& state) {
  VersionWeave(state).run(entries);
}

}  // namespace lockstorm::checkers::logs
