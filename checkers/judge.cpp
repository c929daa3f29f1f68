#include "checkers/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "checkers/linearizability_judge.hpp"
#include "checkers/locks/guarded_writes.hpp"
#include "checkers/locks/lock_reader.hpp"
#include "checkers/versions/version_checker.hpp"

namespace lockstorm::checkers {
namespace {

constexpr auto kModelNames =
    std::to_array<std::string_view>({"register", "cas-register", "mutex", "reentrant-mutex", "fencing-lock",
                                     "key-value", "terraform-state", "lock", "states", "lock-and-state"});
static_assert(kModelNames.size() == static_cast<std::size_t>(Model::lock_and_state) + 1);

// Which functions a history has, and what its reads return.
struct Signs {
  bool has_lock = false, has_cas = false, has_read_or_write = false, has_get_or_put = false,
       has_append = false;
  bool has_txn = false, has_states = false, has_lineage = false, has_crash = false;
};

bool note(Signs& signs, const Event& event) {
  const std::string& f = event.function;
  if (f == kCrash) {
    signs.has_crash = true;
  } else if (lock_step_named(f)) {
    signs.has_lock = true;
  } else if (f == "cas") {
    signs.has_cas = true;
  } else if (f == "read" || f == "write") {
    signs.has_read_or_write = true;
    signs.has_states =
        signs.has_states || event.value.list() != nullptr || event.value.field("writer") != nullptr;
    signs.has_lineage = signs.has_lineage || event.value.field("lineage") != nullptr;
  } else if (f == "get" || f == "put") {
    signs.has_get_or_put = true;
  } else if (f == "append") {
    signs.has_append = true;
  } else if (f == "txn") {
    signs.has_txn = true;
  } else {
    return false;
  }
  return true;
}

// Of what is not the lock; nothing where it is of two models.
std::optional<Model> state_model_of(const Signs& signs) {
  const bool is_cell = signs.has_cas || signs.has_read_or_write;
  if (signs.has_get_or_put) return is_cell || signs.has_txn ? std::nullopt : std::optional(Model::key_value);
  if (signs.has_cas)
    return signs.has_append || signs.has_txn ? std::nullopt : std::optional(Model::cas_register);
  if (signs.has_append || signs.has_txn || signs.has_states) return Model::states;
  return signs.has_lineage ? Model::terraform_state : Model::register_cell;
}

bool has_state(const Signs& signs) {
  return signs.has_cas || signs.has_read_or_write || signs.has_get_or_put || signs.has_append ||
         signs.has_txn;
}

// A crash is an event of any model; alone it is a lock's.
std::optional<Model> model_of(const Signs& signs) {
  if (!has_state(signs)) return Model::lock;
  const auto state = state_model_of(signs);
  return signs.has_lock && state ? std::optional(Model::lock_and_state) : state;
}

std::vector<KeyVerdict> judge_locks(const std::vector<LockHistory>& locks, const JudgeBudget& limits) {
  const SearchBudget budget{limits.max_states, limits.max_bytes, {}};
  std::vector<KeyVerdict> verdicts;
  for (const LockHistory& lock : locks) {
    KeyVerdict verdict{.key = lock.key};
    verdict.operations = static_cast<std::uint64_t>(std::ranges::count(
        lock.events, EventType::invoke, [](const LockEvent& event) { return event.type; }));
    verdict.lock = check_lock_history(lock.events, lock.beginning, budget);
    verdict.findings = verdict.lock->findings;
    verdict.states_searched = verdict.lock->states;
    if (!verdict.findings.empty()) {
      verdict.judgement = Judgement::violated;
    } else if (!verdict.lock->why_unknown.empty()) {
      verdict.judgement = Judgement::unknown;
      verdict.why_unknown = verdict.lock->why_unknown;
    }
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

// Not by key: an anomaly may be of two states together.
std::expected<std::vector<KeyVerdict>, HistoryError> judge_states(const History& history,
                                                                  std::span<const Call> calls,
                                                                  const JudgeBudget& budget,
                                                                  const InitialPart& initial) {
  const auto versions = versions_of(history, calls, initial);
  if (!versions) return std::unexpected(versions.error());
  KeyVerdict verdict{.operations = calls.size()};
  if (const std::size_t bytes = bytes_to_check(*versions); bytes > budget.max_bytes) {
    verdict.judgement = Judgement::unknown;
    verdict.why_unknown = fmt::format("its versions may take {} MB, more than --memory allows", bytes >> 20U);
    return std::vector{std::move(verdict)};
  }
  verdict.findings = check_versions(*versions, initial);
  if (!verdict.findings.empty()) verdict.judgement = Judgement::violated;
  return std::vector{std::move(verdict)};
}

std::expected<std::vector<KeyVerdict>, HistoryError> judge_alone(const History& history,
                                                                 std::span<const Call> calls, Model model,
                                                                 const JudgeBudget& budget,
                                                                 const Initial& initial) {
  if (model == Model::lock) {
    const auto locks = locks_of(history, initial.lock, false);
    if (!locks) return std::unexpected(locks.error());
    return judge_locks(*locks, budget);
  }
  if (model == Model::states) return judge_states(history, calls, budget, initial.state);
  if (model == Model::terraform_state && initial.state.kind == InitialPart::Kind::given) {
    const Value* serial = initial.state.value.field("serial");
    if (serial == nullptr || serial->number() == nullptr || initial.state.value.field("lineage") == nullptr)
      return std::unexpected(
          HistoryError{1, 1,
                       fmt::format("expected the state at the beginning to be {{lineage, serial}}, not {}",
                                   to_text(initial.state.value))});
  }
  return judge_linearizability(history, calls, model, budget, initial.state);
}

// The lock that guards what is written: the one of the same key, or the only one where it has none.
const KeyVerdict* guard_of(const Value& key, const std::vector<KeyVerdict>& locks) {
  if (locks.size() == 1 && locks.front().key.is_nil()) return &locks.front();
  const auto found = std::ranges::find(locks, key, &KeyVerdict::key);
  return found == locks.end() ? nullptr : &*found;
}

// Only under locks whose histories are in order: who holds one of the others, nobody knows. `verdicts` are
// those of the locks.
void judge_guard(const History& history, std::span<const Call> calls, const std::vector<LockHistory>& locks,
                 const JudgeBudget& limits, std::vector<KeyVerdict>& verdicts) {
  const SearchBudget budget{limits.max_states, limits.max_bytes, {}};
  const std::vector<KeyVerdict> of_locks = verdicts;
  for (std::size_t i = 0; i < locks.size(); ++i) {
    const KeyVerdict& lock = of_locks[i];
    if (lock.judgement != Judgement::holds) continue;
    std::vector<Call> writes;
    for (const Call& call : calls) {
      const KeyVerdict* guard = guard_of(history[call.invoked].key, of_locks);
      if (guard != nullptr && guard->key == lock.key && is_write(history, call)) writes.push_back(call);
    }
    if (writes.empty()) continue;
    LockOrder order = find_guarded_order(history, writes, locks[i], lock.lock->certain_holds, budget);
    if (order.verdict == Linearizable::yes) continue;
    KeyVerdict verdict{.key = lock.key, .part = Model::lock_and_state};
    verdict.operations = writes.size();
    verdict.states_searched = order.states;
    if (order.verdict == Linearizable::no) {
      verdict.judgement = Judgement::violated;
      verdict.findings.push_back(*std::move(order.finding));
    } else {
      verdict.judgement = Judgement::unknown;
      verdict.why_unknown = order.why_unknown;
    }
    verdicts.push_back(std::move(verdict));
  }
}

std::expected<std::vector<KeyVerdict>, HistoryError> judge_together(const History& history,
                                                                    std::span<const Call> calls,
                                                                    const JudgeBudget& budget,
                                                                    const Initial& initial) {
  Signs signs;
  std::vector<Call> of_state;
  for (const Call& call : calls) {
    const Event& invoked = history[call.invoked];
    if (lock_step_named(invoked.function)) continue;
    note(signs, invoked);
    if (call.completed != kNever) note(signs, history[call.completed]);
    of_state.push_back(call);
  }
  const Model state_model = state_model_of(signs).value_or(Model::states);
  const auto locks = locks_of(history, initial.lock, true);
  if (!locks) return std::unexpected(locks.error());
  auto verdicts = judge_locks(*locks, budget);
  for (KeyVerdict& verdict : verdicts) verdict.part = Model::lock;
  judge_guard(history, of_state, *locks, budget, verdicts);
  auto states = judge_alone(history, of_state, state_model, budget, initial);
  if (!states) return states;
  for (KeyVerdict& verdict : *states) {
    verdict.part = state_model;
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

// Without an operation that succeeded only a violation stands.
std::vector<KeyVerdict> unless_nothing_is_shown(std::vector<KeyVerdict> verdicts, std::uint64_t calls,
                                                bool some_completed, bool some_succeeded) {
  if (some_succeeded || worst(verdicts) == Judgement::violated) return verdicts;
  KeyVerdict verdict{.judgement = Judgement::unknown, .operations = calls};
  verdict.why_unknown = calls == 0       ? "the history has no operation"
                        : some_completed ? "no operation succeeded, so that the history shows nothing"
                                         : "no operation completed, so that the history shows nothing";
  return {std::move(verdict)};
}

}  // namespace

std::vector<std::string_view> model_names() { return {kModelNames.begin(), kModelNames.end()}; }

std::string_view name_of(Model model) { return kModelNames[static_cast<std::size_t>(model)]; }

std::optional<Model> model_named(std::string_view name) {
  const auto found = std::ranges::find(kModelNames, name);
  if (found == kModelNames.end()) return std::nullopt;
  return static_cast<Model>(found - kModelNames.begin());
}

std::string_view name_of(Judgement judgement) {
  switch (judgement) {
    case Judgement::holds:
      return "holds";
    case Judgement::violated:
      return "violated";
    case Judgement::unknown:
      return "unknown";
  }
  return {};
}

std::expected<Model, HistoryError> recognise_model(const History& history) {
  Signs signs;
  for (const Event& event : history) {
    if (!note(signs, event)) {
      return std::unexpected(HistoryError{
          event.line, 1,
          fmt::format(
              "expected read, write, cas, get, put, append, txn, acquire, release, evict or crash, not {}",
              event.function)});
    }
    if (!model_of(signs)) {
      return std::unexpected(HistoryError{
          event.line, 1,
          fmt::format(
              "expected the operations of one model, but {} belongs to another one than those before it",
              event.function)});
    }
  }
  return *model_of(signs);
}

std::expected<std::vector<KeyVerdict>, HistoryError> judge(const History& history, Model model,
                                                           const JudgeBudget& budget,
                                                           const Initial& initial) {
  const auto calls = calls_of(history);
  if (!calls) return std::unexpected(calls.error());
  auto verdicts = model == Model::lock_and_state ? judge_together(history, *calls, budget, initial)
                                                 : judge_alone(history, *calls, model, budget, initial);
  if (!verdicts) return verdicts;
  const auto has = [&](auto is_so) { return std::ranges::any_of(*calls, is_so); };
  return unless_nothing_is_shown(*std::move(verdicts), calls->size(),
                                 has([](const Call& call) { return call.completed != kNever; }),
                                 has([](const Call& call) { return call.outcome == EventType::ok; }));
}

std::vector<KeyVerdict> judged(const StreamedLocks& locks) {
  std::vector<KeyVerdict> verdicts;
  std::uint64_t calls = 0;
  for (const StreamedLocks::Lock& lock : locks.locks) {
    verdicts.push_back({.key = lock.key, .operations = lock.calls, .lock = lock.report});
    calls += lock.calls;
  }
  return unless_nothing_is_shown(std::move(verdicts), calls, locks.some_completed, locks.some_succeeded);
}

Judgement worst(const std::vector<KeyVerdict>& verdicts) {
  const auto any = [&](Judgement judgement) {
    return std::ranges::any_of(verdicts,
                               [&](const KeyVerdict& verdict) { return verdict.judgement == judgement; });
  };
  return any(Judgement::violated)  ? Judgement::violated
         : any(Judgement::unknown) ? Judgement::unknown
                                   : Judgement::holds;
}

}  // namespace lockstorm::checkers
