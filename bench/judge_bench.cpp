// Speed of the checkers of recorded histories, on generated ones.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "checkers/formats/format.hpp"
#include "checkers/judge.hpp"
#include "checkers/linearizability.hpp"
#include "checkers/linearizability_judge.hpp"
#include "checkers/locks/lock_history.hpp"
#include "checkers/models/cell.hpp"
#include "checkers/models/key_value.hpp"
#include "checkers/versions/version_checker.hpp"

namespace lockstorm::checkers {
namespace {

using models::Cell;
using Kind = models::CellOperation::Kind;

class Random {
 public:
  std::uint32_t below(std::uint32_t limit) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::uint32_t>(state_ >> 33U) % limit;
  }

 private:
  std::uint64_t state_ = 7;
};

// Clients of a CAS register with five values; each operation takes effect at a moment within its time.
std::vector<Interval<Cell>> cas_history(std::uint32_t clients, std::size_t count, bool with_error) {
  Random random;
  std::vector<Interval<Cell>> operations;
  std::vector<std::size_t> waiting(clients, count);
  std::vector<bool> effective(clients);
  std::uint32_t now = 0, cell = 0;
  for (std::size_t completed = 0; completed < count;) {
    const std::uint32_t client = random.below(clients);
    if (waiting[client] == count) {
      if (operations.size() == count) continue;
      waiting[client] = operations.size();
      effective[client] = false;
      operations.push_back(
          {now++, kNever, {static_cast<Kind>(random.below(3)), random.below(5) + 1, random.below(5) + 1}});
      continue;
    }
    auto& [invoked, completion, operation] = operations[waiting[client]];
    if (effective[client]) {
      completion = now++;
      waiting[client] = count;
      ++completed;
      continue;
    }
    effective[client] = true;
    if (operation.kind == Kind::read) {
      operation.value = cell;
    } else if (operation.kind == Kind::write || cell == operation.expected) {
      cell = operation.value;
    } else {
      operation.kind = Kind::failed_cas;
    }
  }
  for (std::size_t i = count * 3 / 4; with_error && i < count; ++i) {
    if (operations[i].operation.kind != Kind::read) continue;
    operations[i].operation.value = 6;  // which nobody writes
    break;
  }
  return operations;
}

void cas_register(benchmark::State& state) {
  const Cell cell({"nil", "1", "2", "3", "4", "5", "6"});
  const auto operations = cas_history(static_cast<std::uint32_t>(state.range(0)),
                                      static_cast<std::size_t>(state.range(1)), state.range(2) != 0);
  for (auto _ : state) {
    const auto result = check_linearizable<Cell>(operations, cell, {});
    state.counters["configurations"] = static_cast<double>(result.states);
    if ((result.verdict == Linearizable::no) != (state.range(2) != 0)) state.SkipWithError("wrong verdict");
  }
}
BENCHMARK(cas_register)
    ->ArgNames({"clients", "operations", "error"})
    ->Args({16, 20'000, 0})
    ->Args({16, 2'000, 1})
    ->Args({32, 200, 0})
    ->Args({32, 2'000, 0})
    ->Unit(benchmark::kMillisecond);

// The recorded histories of others, without reading the files; LOCKSTORM_HISTORIES names their folder.
std::vector<std::pair<History, std::vector<Call>>> recorded(const std::string& folder) {
  const char* named = std::getenv("LOCKSTORM_HISTORIES");
  const std::filesystem::path path =
      std::filesystem::path(named == nullptr ? "../shared/data/histories" : named) / folder;
  std::vector<std::pair<History, std::vector<Call>>> histories;
  std::error_code absent;
  for (std::filesystem::directory_iterator file(path, absent), end; !absent && file != end;
       file.increment(absent)) {
    std::ifstream stream(file->path());
    std::stringstream text;
    text << stream.rdbuf();
    auto history = read_history(text.str());
    if (!history) continue;
    auto calls = calls_of(*history);
    if (calls) histories.emplace_back(*std::move(history), *std::move(calls));
  }
  return histories;
}

void recorded_etcd(benchmark::State& state) {
  const auto histories = recorded("etcd-register");
  if (histories.empty()) return state.SkipWithError("the recorded histories are absent");
  for (auto _ : state) {
    for (const auto& [history, calls] : histories)
      benchmark::DoNotOptimize(judge_linearizability(history, calls, Model::cas_register, {}));
  }
  state.counters["histories"] = static_cast<double>(histories.size());
}
BENCHMARK(recorded_etcd)->Unit(benchmark::kMillisecond);

void recorded_key_value(benchmark::State& state) {
  const auto histories = recorded("kv");
  if (histories.empty()) return state.SkipWithError("the recorded histories are absent");
  for (auto _ : state) {
    for (const auto& [history, calls] : histories)
      benchmark::DoNotOptimize(judge_linearizability(history, calls, Model::key_value, {}));
  }
  state.counters["histories"] = static_cast<double>(histories.size());
}
BENCHMARK(recorded_key_value)->Unit(benchmark::kMillisecond);

// The same without the help of keys.
void recorded_key_value_as_one_object(benchmark::State& state) {
  using KeyKind = models::KeyValueOperation::Kind;
  const auto histories = recorded("kv");
  if (histories.empty()) return state.SkipWithError("the recorded histories are absent");
  std::vector<std::pair<std::vector<Interval<models::KeyValueStore>>, std::size_t>> all;
  for (const auto& [history, calls] : histories) {
    std::map<std::string, std::uint32_t> keys;
    auto& [operations, count] = all.emplace_back();
    for (const Call& call : calls) {
      const Event& invoked = history[call.invoked];
      const bool is_get = invoked.function == "get";
      if (is_get && call.outcome != EventType::ok) continue;
      const Value& value = (is_get ? history[call.completed] : invoked).value;
      const auto key =
          keys.try_emplace(to_text(invoked.key), static_cast<std::uint32_t>(keys.size())).first->second;
      operations.push_back({call.invoked,
                            call.completed,
                            {key,
                             is_get                      ? KeyKind::get
                             : invoked.function == "put" ? KeyKind::put
                                                         : KeyKind::append,
                             value.text() == nullptr ? "" : *value.text()}});
    }
    count = keys.size();
  }
  for (auto _ : state) {
    for (const auto& [operations, keys] : all)
      benchmark::DoNotOptimize(
          check_linearizable<models::KeyValueStore>(operations, models::KeyValueStore(keys), {}));
  }
  state.counters["histories"] = static_cast<double>(histories.size());
}
BENCHMARK(recorded_key_value_as_one_object)->Unit(benchmark::kMillisecond);

// Updates and reads of eight states, one in four a read.
void versions(benchmark::State& state) {
  constexpr std::uint32_t kOperations = 1'000'000, kStates = 8;
  VersionHistory history;
  history.names.emplace_back("writer");
  std::vector<std::uint32_t> newest;
  for (std::uint32_t s = 0; s < kStates; ++s) {
    history.states.push_back(std::to_string(s));
    newest.push_back(static_cast<std::uint32_t>(history.versions.size()));
    history.versions.push_back({.state = s, .parent = kNone, .name = kNone, .serial = {}});
  }
  for (std::uint32_t i = 0; i < kOperations; ++i) {
    VersionOperation operation{
        .process = i % 16, .outcome = EventType::ok, .invoked = 2 * i, .completed = 2 * i + 1};
    operation.first_access = static_cast<std::uint32_t>(history.accesses.size());
    history.accesses.push_back({newest[i % kStates], false});
    if (i % 4 != 3) {
      const auto made = static_cast<std::uint32_t>(history.versions.size());
      history.versions.push_back(
          {.state = i % kStates, .parent = newest[i % kStates], .name = 0, .serial = i});
      history.accesses.push_back({made, true});
      newest[i % kStates] = made;
    }
    operation.access_end = static_cast<std::uint32_t>(history.accesses.size());
    history.operations.push_back(operation);
  }
  for (auto _ : state) {
    if (!check_versions(history).empty()) state.SkipWithError("wrong verdict");
  }
  state.SetItemsProcessed(state.iterations() * kOperations);
}
BENCHMARK(versions)->Unit(benchmark::kMillisecond);

// The whole way from events: calls, values, versions, graph. `by_list`: appends and reads of numbers in lists
// of a bounded length, else states of {writer, serial, base}.
History update_events(std::uint32_t operations, bool by_list) {
  constexpr std::uint32_t kKeys = 64;
  constexpr std::size_t kLongestList = 8;
  History history;
  history.reserve(2 * std::size_t{operations});
  std::vector<Value> newest(kKeys);
  std::vector<Value::List> lists(kKeys);
  std::uint32_t key_base = 0;
  const auto add = [&](std::uint32_t process, const char* function, std::int64_t key, Value asked,
                       Value answered) {
    for (const EventType type : {EventType::invoke, EventType::ok}) {
      Event event;
      event.type = type, event.process = process, event.function = function, event.key = key;
      event.value = type == EventType::invoke ? asked : std::move(answered);
      event.line = static_cast<std::uint32_t>(history.size() + 1);
      history.push_back(std::move(event));
    }
  };
  for (std::uint32_t i = 0; i < operations; ++i) {
    const std::uint32_t slot = i % kKeys;
    const std::uint32_t writer = i % 16;
    if (by_list) {
      if (lists[slot].size() == kLongestList) {
        if (slot == 0) key_base += kKeys;
        lists[slot].clear();
      }
      const std::int64_t key = key_base + slot;
      if (i / kKeys % 4 != 3) {
        lists[slot].emplace_back(std::int64_t{i});
        add(writer, "append", key, Value(std::int64_t{i}), Value(std::int64_t{i}));
      } else {
        add(writer, "read", key, {}, Value(lists[slot]));
      }
      continue;
    }
    if (i / kKeys % 4 == 3) {
      add(writer, "read", slot, {}, newest[slot]);
      continue;
    }
    Value::Fields now{{"writer", Value("ci-" + std::to_string(writer))}, {"serial", Value(std::int64_t{i})}};
    Value::Fields full = now;
    full.emplace_back("base", newest[slot]);
    add(writer, "write", slot, Value(full), Value(full));
    newest[slot] = Value(std::move(now));
  }
  return history;
}

void updates_from_events(benchmark::State& state, bool by_list) {
  constexpr std::uint32_t kOperations = 1'000'000;
  const History history = update_events(kOperations, by_list);
  for (auto _ : state) {
    const auto verdicts = judge(history, Model::states, {});
    if (!verdicts || worst(*verdicts) != Judgement::holds) state.SkipWithError("wrong verdict");
  }
  state.SetItemsProcessed(state.iterations() * kOperations);
}
BENCHMARK_CAPTURE(updates_from_events, states, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(updates_from_events, lists, true)->Unit(benchmark::kMillisecond);

void lock(benchmark::State& state) {
  std::vector<LockEvent> events;
  for (std::uint32_t i = 0; i < 500'000; ++i) {
    for (const LockStep step : {LockStep::acquire, LockStep::release}) {
      for (const EventType type : {EventType::invoke, EventType::ok}) {
        LockEvent event;
        event.type = type, event.step = step, event.process = i % 16;
        events.push_back(event);
      }
    }
  }
  for (auto _ : state) {
    if (!check_lock_history(events).findings.empty()) state.SkipWithError("wrong verdict");
  }
  state.SetItemsProcessed(state.iterations() * 1'000'000);
}
BENCHMARK(lock)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lockstorm::checkers

BENCHMARK_MAIN();
