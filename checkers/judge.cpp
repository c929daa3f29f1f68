#include "checkers/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "checkers/linearizability_judge.hpp"
#include "checkers/locks/lock_reader.hpp"
#include "checkers/versions/version_checker.hpp"

namespace lockstorm::checkers {
namespace {

constexpr std::array<std::string_view, 9> kModelNames{"register",        "cas-register", "mutex",
                                                      "reentrant-mutex", "fencing-lock", "key-value",
                                                      "terraform-state", "lock",         "states"};

// Which functions a history has, and what its reads return.
struct Signs {
  bool has_lock = false, has_cas = false, has_read_or_write = false, has_get_or_put = false,
       has_append = false;
  bool has_txn = false, has_states = false, has_lineage = false;
};

bool note(Signs& signs, const Event& event) {
  const std::string& f = event.function;
  if (lock_step_named(f)) {
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

std::optional<Model> model_of(const Signs& signs) {
  const bool is_cell = signs.has_cas || signs.has_read_or_write;
  if (signs.has_lock) {
    return is_cell || signs.has_get_or_put || signs.has_append || signs.has_txn ? std::nullopt
                                                                                : std::optional(Model::lock);
  }
  if (signs.has_get_or_put) return is_cell || signs.has_txn ? std::nullopt : std::optional(Model::key_value);
  if (signs.has_cas)
    return signs.has_append || signs.has_txn ? std::nullopt : std::optional(Model::cas_register);
  if (signs.has_lineage) return Model::terraform_state;
  if (signs.has_append || signs.has_txn || signs.has_states) return Model::states;
  return Model::register_cell;
}

std::expected<std::vector<KeyVerdict>, HistoryError> judge_locks(const History& history) {
  auto locks = locks_of(history);
  if (!locks) return std::unexpected(std::move(locks).error());
  std::vector<KeyVerdict> verdicts;
  for (const LockHistory& lock : *locks) {
    KeyVerdict verdict{.key = lock.key};
    verdict.operations = static_cast<std::uint64_t>(std::ranges::count(
        lock.events, EventType::invoke, [](const LockEvent& event) { return event.type; }));
    verdict.lock = check_lock_history(lock.events);
    verdict.findings = verdict.lock->findings;
    if (!verdict.findings.empty()) verdict.judgement = Judgement::violated;
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

// Not by key: an anomaly may be of two states together.
std::expected<std::vector<KeyVerdict>, HistoryError> judge_states(const History& history,
                                                                  std::span<const Call> calls,
                                                                  const JudgeBudget& budget) {
  const auto versions = versions_of(history, calls);
  if (!versions) return std::unexpected(versions.error());
  KeyVerdict verdict{.operations = calls.size()};
  if (const std::size_t bytes = bytes_to_check(*versions); bytes > budget.max_bytes) {
    verdict.judgement = Judgement::unknown;
    verdict.why_unknown = fmt::format("its versions may take {} MB, more than --memory allows", bytes >> 20U);
    return std::vector{std::move(verdict)};
  }
  verdict.findings = check_versions(*versions);
  if (!verdict.findings.empty()) verdict.judgement = Judgement::violated;
  return std::vector{std::move(verdict)};
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
                                                           const JudgeBudget& budget) {
  const auto calls = calls_of(history);
  if (!calls) return std::unexpected(calls.error());
  switch (model) {
    case Model::lock:
      return judge_locks(history);
    case Model::states:
      return judge_states(history, *calls, budget);
    default:
      return judge_linearizability(history, *calls, model, budget);
  }
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
