#include "checkers/linearizability_judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "checkers/beginnings.hpp"
#include "checkers/linearizability/linearizability.hpp"
#include "checkers/linearizability/shared_budget.hpp"
#include "checkers/locks/lock_reader.hpp"
#include "checkers/models/cell.hpp"
#include "checkers/models/key_value.hpp"
#include "checkers/models/lock_models.hpp"
#include "checkers/models/terraform_state.hpp"

namespace lockstorm::checkers {
namespace {

// More of them no reader goes through.
constexpr std::size_t kShownNext = 8;

struct Keyed {
  Value key;
  std::vector<Call> calls;
};

std::vector<Keyed> by_key(const History& history, std::span<const Call> calls) {
  std::vector<Keyed> keyed;
  boost::unordered_flat_map<std::string, std::size_t> numbers;
  for (const Call& call : calls) {
    const Value& key = history[call.invoked].key;
    const auto [found, is_new] = numbers.try_emplace(to_text(key), keyed.size());
    if (is_new) keyed.push_back({key, {}});
    keyed[found->second].calls.push_back(call);
  }
  return keyed;
}

// Numbers for values, as a model compares them; the first is the object's first value.
class Names {
 public:
  explicit Names(std::string first) { of(std::move(first)); }
  std::uint32_t of(std::string name) {
    const auto [found, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (is_new) names_.push_back(std::move(name));
    return found->second;
  }
  [[nodiscard]] const std::vector<std::string>& all() const { return names_; }

 private:
  std::vector<std::string> names_;
  boost::unordered_flat_map<std::string, std::uint32_t> numbers_;
};

template <class Operation>
using Made = std::expected<std::optional<Operation>, HistoryError>;

std::unexpected<HistoryError> wrong(const Event& event, std::string_view expected) {
  return std::unexpected(
      HistoryError{event.line, 1,
                   fmt::format("expected {}, not {} of {}", expected, event.function, to_text(event.value))});
}

// What happened: the completion's value where there is one, else the invocation's. Nothing where it cannot
// have had an effect or shown anything: what failed, and reads whose results are unknown.
class CellReader {
 public:
  using Model = models::Cell;

  Made<models::CellOperation> make(const Event& invoked, const Event* completed, EventType outcome) {
    using Kind = models::CellOperation::Kind;
    const bool is_ok = outcome == EventType::ok;
    if (invoked.function == "read") {
      if (!is_ok) return std::nullopt;
      return models::CellOperation{Kind::read, 0, names_.of(to_text(completed->value))};
    }
    if (invoked.function == "write") {
      const std::uint32_t value = names_.of(to_text(invoked.value));
      written_.insert(value);
      if (outcome == EventType::fail) return std::nullopt;
      return models::CellOperation{Kind::write, 0, value};
    }
    const auto* pair = invoked.value.list();
    if (invoked.function != "cas" || pair == nullptr || pair->size() != 2)
      return wrong(invoked, "read, write or cas of [expected new]");
    const std::uint32_t expected = names_.of(to_text((*pair)[0])), value = names_.of(to_text((*pair)[1]));
    written_.insert(value);
    // A cas that failed has compared unequal.
    return models::CellOperation{outcome == EventType::fail ? Kind::failed_cas : Kind::cas, expected, value};
  }

  /// One for each value that it may have had at the beginning.
  [[nodiscard]] std::vector<Model> models(const InitialPart& initial, std::span<const Interval<Model>> all) {
    std::vector<std::uint32_t> beginnings{0};
    if (initial.kind == InitialPart::Kind::given) beginnings = {names_.of(to_text(initial.value))};
    if (initial.kind == InitialPart::Kind::unknown)
      beginnings = cell_beginnings(all, written_, names_.of("a value that nobody names"));
    std::vector<Model> models;
    for (const std::uint32_t value : beginnings) models.emplace_back(names_.all(), value);
    return models;
  }

 private:
  Names names_{"nil"};
  boost::unordered_flat_set<std::uint32_t> written_;
};

class KeyValueReader {
 public:
  using Model = models::KeyValue;

  Made<models::KeyValueOperation> make(const Event& invoked, const Event* completed, EventType outcome) {
    using Kind = models::KeyValueOperation::Kind;
    const bool is_get = invoked.function == "get";
    if (!is_get && invoked.function != "put" && invoked.function != "append")
      return wrong(invoked, "get, put or append");
    if (is_get && outcome != EventType::ok) return std::nullopt;
    const Event& source = is_get ? *completed : invoked;
    const Value& value = source.value;
    if (value.text() == nullptr && !value.is_nil()) return wrong(source, "a text");
    std::string text = value.is_nil() ? "" : *value.text();
    if (!is_get && !text.empty()) written_.push_back(text);
    if (outcome == EventType::fail) return std::nullopt;
    return models::KeyValueOperation{is_get                      ? Kind::get
                                     : invoked.function == "put" ? Kind::put
                                                                 : Kind::append,
                                     std::move(text)};
  }

  /// One for each text that it may have had at the beginning.
  [[nodiscard]] std::vector<Model> models(const InitialPart& initial, std::span<const Interval<Model>> all) {
    if (initial.kind == InitialPart::Kind::given)
      return {Model(initial.value.text() != nullptr ? *initial.value.text() : to_text(initial.value))};
    if (initial.kind == InitialPart::Kind::absent) return {Model()};
    std::vector<Model> models;
    for (std::string& text : key_beginnings(all, std::move(written_))) models.emplace_back(std::move(text));
    return models;
  }

 private:
  std::vector<std::string> written_;
};

template <class LockModel>
class LockOperationReader {
 public:
  using Model = LockModel;

  static Made<models::LockOperation> make(const Event& invoked, const Event* completed, EventType outcome) {
    if (outcome == EventType::fail) return std::nullopt;
    const auto step = lock_step_named(invoked.function);
    if (step != LockStep::acquire && step != LockStep::release) return wrong(invoked, "acquire or release");
    models::LockOperation operation{*step == LockStep::acquire, invoked.process, std::nullopt};
    if (completed != nullptr && outcome == EventType::ok) {
      const Value* token = completed->value.field("token");
      if (token == nullptr) token = &completed->value;
      if (token->number() != nullptr) operation.token = *token->number();
    }
    return operation;
  }
  /// Nothing but ids tells that a lock was there before, and these locks have none.
  [[nodiscard]] static std::vector<Model> models(const InitialPart& /*initial*/,
                                                 std::span<const Interval<Model>> /*all*/) {
    return {Model()};
  }
};

class TerraformStateReader {
 public:
  using Model = models::TerraformState;

  Made<models::TerraformStateOperation> make(const Event& invoked, const Event* completed,
                                             EventType outcome) {
    const bool is_write = invoked.function == "write";
    if (!is_write && invoked.function != "read") return wrong(invoked, "read or write");
    if (!is_write && outcome != EventType::ok) return std::nullopt;
    const Event& source = is_write ? invoked : *completed;
    if (source.value.is_nil() && !is_write) return models::TerraformStateOperation{};
    const auto said = stated(source.value);
    if (!said) return wrong(source, "{lineage, serial}");
    if (is_write) written_.insert({said->lineage, said->serial});
    if (outcome == EventType::fail) return std::nullopt;
    return models::TerraformStateOperation{is_write, said->lineage, said->serial};
  }

  [[nodiscard]] std::vector<Model> models(const InitialPart& initial, std::span<const Interval<Model>> all) {
    if (initial.kind == InitialPart::Kind::given) {
      if (const auto said = stated(initial.value)) return {Model(*said)};
    }
    if (initial.kind == InitialPart::Kind::unknown) return {Model(state_beginning(all, written_))};
    return {Model()};
  }

 private:
  std::optional<Model::State> stated(const Value& value) {
    const Value *lineage = value.field("lineage"), *serial = value.field("serial");
    if (lineage == nullptr || serial == nullptr || serial->number() == nullptr) return std::nullopt;
    return Model::State{lineages_.of(to_text(*lineage)), *serial->number()};
  }

  Names lineages_{"none"};
  boost::unordered_flat_set<std::pair<std::uint32_t, std::int64_t>> written_;
};

std::string describe(const History& history, const Call& call) {
  const Event& invoked = history[call.invoked];
  const bool is_known = call.completed != kNever;
  const Value& value = is_known && invoked.value.is_nil() ? history[call.completed].value : invoked.value;
  return fmt::format("process {}'s {}{} (line {})", invoked.process, invoked.function,
                     value.is_nil() ? "" : " " + to_text(value), invoked.line);
}

template <class Model>
Finding prove(const History& history, const std::vector<Call>& calls,
              const std::vector<Interval<Model>>& intervals, const LinearizabilityResult& result) {
  Finding finding{Anomaly::not_linearizable, {}, {}, 1};
  std::string& proof = finding.proof;
  const auto& prefix = result.longest_prefix;
  if (prefix.empty()) {
    proof = fmt::format("None of the {} operations can come first.", intervals.size());
  } else {
    proof = fmt::format("At most {} of {} operations can be put in an order, the last of them {}.",
                        prefix.size(), intervals.size(), describe(history, calls[prefix.back()]));
    finding.lines.push_back(history[calls[prefix.back()].invoked].line);
  }
  for (std::size_t i = 0; i < result.next.size(); ++i) {
    if (i == kShownNext) {
      fmt::format_to(std::back_inserter(proof), " So it is with {} more.", result.next.size() - i);
      break;
    }
    const Call& call = calls[result.next[i].operation];
    finding.lines.push_back(history[call.invoked].line);
    fmt::format_to(std::back_inserter(proof), " Next cannot be {}: {}.", describe(history, call),
                   result.next[i].why_not);
  }
  return finding;
}

template <class Reader>
std::expected<KeyVerdict, HistoryError> judge_key(const History& history, const Keyed& keyed, Reader reader,
                                                  const InitialPart& initial, const SearchBudget& budget) {
  using Model = typename Reader::Model;
  std::vector<Interval<Model>> intervals;
  std::vector<Call> calls;
  for (const Call& call : keyed.calls) {
    const Event* completed = call.completed == kNever ? nullptr : &history[call.completed];
    auto operation = reader.make(history[call.invoked], completed, call.outcome);
    if (!operation) return std::unexpected(std::move(operation).error());
    if (!*operation) continue;
    intervals.push_back({call.invoked, call.completed, **std::move(operation)});
    calls.push_back(call);
  }
  // One beginning that explains it is enough; else the first is told.
  LinearizabilityResult result;
  std::size_t states = 0;
  bool is_first = true;
  const std::vector<Model> models = reader.models(initial, std::span<const Interval<Model>>(intervals));
  linearizability::SharedBudget shared(budget, models.size());
  for (const Model& model : models) {
    LinearizabilityResult of_this = check_linearizable<Model>(intervals, model, shared.next());
    shared.spent(of_this.states);
    states += of_this.states;
    const bool is_better = of_this.verdict == Linearizable::yes ||
                           (of_this.verdict == Linearizable::unknown && result.verdict == Linearizable::no);
    if (is_first || is_better) result = std::move(of_this);
    is_first = false;
    if (result.verdict == Linearizable::yes) break;
  }
  KeyVerdict verdict{.key = keyed.key};
  verdict.operations = keyed.calls.size();
  verdict.states_searched = states;
  if (result.verdict == Linearizable::no) {
    verdict.judgement = Judgement::violated;
    verdict.findings.push_back(prove(history, calls, intervals, result));
  } else if (result.verdict == Linearizable::unknown) {
    verdict.judgement = Judgement::unknown;
    verdict.why_unknown = shared.told(result.why_unknown);
  }
  return verdict;
}

template <class Reader>
std::expected<std::vector<KeyVerdict>, HistoryError> judge_keys(const History& history,
                                                                std::span<const Call> calls,
                                                                const JudgeBudget& limits,
                                                                const InitialPart& initial) {
  const SearchBudget budget{limits.max_states, limits.max_bytes, {}};
  std::vector<KeyVerdict> verdicts;
  for (const Keyed& keyed : by_key(history, calls)) {
    auto verdict = judge_key(history, keyed, Reader(), initial, budget);
    if (!verdict) return std::unexpected(std::move(verdict).error());
    verdicts.push_back(*std::move(verdict));
  }
  return verdicts;
}

}  // namespace

std::expected<std::vector<KeyVerdict>, HistoryError> judge_linearizability(const History& history,
                                                                           std::span<const Call> calls,
                                                                           Model model,
                                                                           const JudgeBudget& budget,
                                                                           const InitialPart& initial) {
  switch (model) {
    case Model::register_cell:
    case Model::cas_register:
      return judge_keys<CellReader>(history, calls, budget, initial);
    case Model::key_value:
      return judge_keys<KeyValueReader>(history, calls, budget, initial);
    case Model::mutex:
      return judge_keys<LockOperationReader<models::Mutex>>(history, calls, budget, initial);
    case Model::reentrant_mutex:
      return judge_keys<LockOperationReader<models::ReentrantMutex>>(history, calls, budget, initial);
    case Model::fencing_lock:
      return judge_keys<LockOperationReader<models::FencingLock>>(history, calls, budget, initial);
    case Model::terraform_state:
      return judge_keys<TerraformStateReader>(history, calls, budget, initial);
    case Model::lock:
    case Model::states:
    case Model::lock_and_state:
      break;
  }
  return std::vector<KeyVerdict>{};
}

}  // namespace lockstorm::checkers
