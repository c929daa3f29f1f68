// Walks a script: lets each request of the real processes take effect, be lost or wait when its turn comes
// (confirm.md 6).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "wire/confirm/gate.hpp"
#include "wire/confirm/player.hpp"
#include "wire/confirm/script.hpp"

namespace lockstorm::wire::confirm {

/// What became of a step on the real processes.
struct StepEvidence {
  enum class Kind : std::uint8_t {
    forced,    ///< it happened
    by_hand,   ///< what a person does before anything is run: looking at a lock, asking whether a job runs
    off_wire,  ///< it does not pass the network: timers, work, reading resources
    not_sent,  ///< the real tool does without this request, which only reads
    differs,   ///< something else happened; the last one
  };
  std::size_t number = 0;  ///< of the step
  Kind kind = Kind::forced;
  std::string real;  ///< what happened in detail, or instead, a clause; may be empty
};

enum class Outcome : std::uint8_t {
  confirmed,       ///< every step happened, and every answer was the model's
  not_reproduced,  ///< every request came, and a server answered one otherwise
  different,       ///< a request did not come, or another one came instead
};

struct Direction {
  Outcome outcome = Outcome::confirmed;
  std::vector<StepEvidence> steps;
  std::vector<std::string> extra;  ///< reads that the model does not have, which were let pass
  std::string difference;          ///< unless confirmed: what, a sentence
};

struct DirectorOptions {
  /// How a connection ends on which no answer comes, where the script leaves it open.
  Drop drop = Drop::close;
  /// For a request; AWS clients wait up to 20 s by themselves.
  std::chrono::milliseconds longest_wait{25'000};
};

class Director {
 public:
  /// `players`: of the script's actors, in their order. `services`: those behind the gate. `lock_id`: of the
  /// lock that stands now, as force-unlock is given it; empty: there is none.
  Director(Loop& loop, Gate& gate, const Script& script, std::vector<Player*> players,
           std::set<std::string> services, std::function<std::string()> lock_id, DirectorOptions options);

  /// Where no command of the tool frees a lock: what a person does instead, given the lock's id.
  void evict_by(std::function<void(const std::string& lock)> evict) { evict_ = std::move(evict); }

  Direction run();
  /// Everything that is held goes on, whoever is frozen wakes up, and all processes end. What was lost stays
  /// lost. False: some did not end in time.
  bool let_go(std::chrono::milliseconds longest);

 private:
  struct ActorState {
    bool acts = false;     ///< it runs a tool by now; an operator looks around before
    bool unlocks = false;  ///< an operator's force-unlock has been started
    bool is_frozen = false;
    const Held* dropped = nullptr;  ///< the last request whose connection has ended without an answer
    Held* working = nullptr;        ///< a provider's call that goes on until the lock's monitor has acted
  };

  // Each returns false when the script cannot go on.
  bool take(const ScriptStep& step);
  bool take_call(const ScriptStep& step);
  bool take_by_hand(const ScriptStep& step);
  bool take_message(const ScriptStep& step, Held& held);
  bool take_process_step(const ScriptStep& step);
  bool take_send(const ScriptStep& step);
  bool take_effect(const ScriptStep& step, Held& held);
  bool take_answer(const ScriptStep& step, Held& held);
  bool start(const ScriptStep& step);
  /// The request that the step sends; null: it did not come (then it is told why), or is done without.
  Held* request_of(const ScriptStep& step);
  [[nodiscard]] bool is_early(const ScriptStep& step, const Held& held) const;
  std::vector<Held*> impatient(std::size_t actor);
  std::string instead_of(const ScriptStep& step, const Held& held);
  bool let_pass(const ScriptStep& step, Held& held);
  bool compare(const ScriptStep& step, const Held& held);

  [[nodiscard]] bool is_on_wire(const ScriptStep& step) const;
  [[nodiscard]] bool fits(const ScriptStep& step, const Held& held) const;
  [[nodiscard]] const ScriptStep* next_step(const ScriptStep& after) const;
  [[nodiscard]] const ScriptStep* next_send(const ScriptStep& after) const;
  [[nodiscard]] bool changes_something(const ScriptStep& send) const;
  [[nodiscard]] Drop drop_at(const ScriptStep& step) const;
  void settle(std::size_t actor);
  [[nodiscard]] bool monitor_acts_next(const ScriptStep& answered) const;
  void end_work(const ScriptStep& send);
  /// Its locks are nobody's who would renew them.
  void falls_silent(std::size_t actor);
  Player& player(const ScriptStep& step) { return *players_[step.actor]; }
  bool note(const ScriptStep& step, StepEvidence::Kind kind, std::string real = "");
  bool differ(const ScriptStep& step, Outcome outcome, std::string sentence);

  Loop& loop_;
  Gate& gate_;
  const Script& script_;
  std::vector<Player*> players_;
  std::set<std::string> services_;
  std::function<std::string()> lock_id_;
  std::function<void(const std::string&)> evict_;
  DirectorOptions options_;
  Direction direction_;
  std::vector<ActorState> actors_;
  std::map<std::size_t, Held*> sent_;  // by the number of the step that sends; null: it was done without
  std::set<const Held*> lost_;         // requests that never arrive
  std::string seen_lock_;              // the id that the operator has seen
  std::optional<std::int64_t> serials_ahead_;  // a real serial minus the model's
};

}  // namespace lockstorm::wire::confirm
