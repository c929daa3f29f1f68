// Speed of the checkers of recorded histories, on generated ones.
#include <benchmark/benchmark.h>

#include <random>

#include <numeric>

#include <array>

#include <algorithm>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "checkers/formats/format.hpp"
#include "checkers/formats/readers.hpp"
#include "checkers/judge.hpp"
#include "checkers/linearizability/linearizability.hpp"
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

// Sixteen clients at once: all invoke, the operations take effect in one order and are answered in another.
// `by_list`: appends to lists of up to eight numbers and reads of them, else states of {writer, serial,
// base}.
class UpdateEvents {
 public:
  UpdateEvents(std::uint32_t operations, bool by_list) : by_list_(by_list) {
    events.reserve(2 * std::size_t{operations});
    std::array<std::uint32_t, kClients> order{};
    std::iota(order.begin(), order.end(), 0U);
    for (std::uint32_t done = 0; done < operations; done += kClients) {
      std::array<Event, kClients> answers;
      for (std::uint32_t client = 0; client < kClients; ++client) answers[client].process = client;
      std::ranges::shuffle(order, random_);
      for (const std::uint32_t client : order) take_effect(answers[client]);
      for (const Event& answer : answers) {
        Event asked = answer;
        asked.type = EventType::invoke;
        if (answer.function == "read") asked.value = {};
        add(std::move(asked));
      }
      std::ranges::shuffle(order, random_);
      for (const std::uint32_t client : order) add(std::move(answers[client]));
    }
  }

  History events;

 private:
  static constexpr std::uint32_t kClients = 16, kKeys = 64;

  void add(Event event) {
    event.line = static_cast<std::uint32_t>(events.size() + 1);
    events.push_back(std::move(event));
  }

  void take_effect(Event& event) {
    const auto slot = static_cast<std::uint32_t>(random_() % kKeys);
    const bool reads = random_() % 4 == 0;
    ++serial_;
    event.type = EventType::ok;
    event.function = reads ? "read" : by_list_ ? "append" : "write";
    if (by_list_) {
      List& list = lists_[slot];
      if (list.values.size() == 8) list = {next_key_++, {}};
      if (!reads) list.values.emplace_back(serial_);
      event.key = list.key;
      event.value = reads ? Value(list.values) : Value(serial_);
      return;
    }
    event.key = std::int64_t{slot};
    event.value = newest_[slot];
    if (reads) return;
    Value::Fields now{{"writer", Value("ci-" + std::to_string(event.process))}, {"serial", Value(serial_)}};
    newest_[slot] = Value(now);
    now.emplace_back("base", std::move(event.value));
    event.value = Value(std::move(now));
  }

  struct List {
    std::int64_t key = 0;
    Value::List values;
  };
  static std::vector<List> first_lists() {
    std::vector<List> lists(kKeys);
    for (std::uint32_t slot = 0; slot < kKeys; ++slot) lists[slot].key = slot;
    return lists;
  }

  bool by_list_;
  std::mt19937 random_;  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same history every time
  std::vector<Value> newest_ = std::vector<Value>(kKeys);
  std::vector<List> lists_ = first_lists();
  std::int64_t next_key_ = kKeys;
  std::int64_t serial_ = 0;
};

// The whole way from events: calls, values, versions, dependencies.
void updates_from_events(benchmark::State& state, bool by_list) {
  constexpr std::uint32_t kOperations = 1'000'000;
  const History history = UpdateEvents(kOperations, by_list).events;
  for (auto _ : state) {
    const auto verdicts = judge(history, Model::states, {});
    if (!verdicts || worst(*verdicts) != Judgement::holds) state.SkipWithError("wrong verdict");
  }
  state.SetItemsProcessed(state.iterations() * kOperations);
}
BENCHMARK_CAPTURE(updates_from_events, states, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(updates_from_events, lists, true)->Unit(benchmark::kMillisecond);

// Sixteen clients, eight locks, ids, tokens and times.
History lock_events(std::uint32_t grants) {
  History events;
  for (std::uint32_t grant = 0; grant < grants; ++grant) {
    const Value id("0f679390-" + std::to_string(grant));
    for (const std::string_view function : {"acquire", "release"}) {
      for (const EventType type : {EventType::invoke, EventType::ok}) {
        Event event{.type = type, .process = grant % 16};
        event.function = function;
        event.key = Value("state-" + std::to_string(grant / 16 % 8));
        const bool is_grant = function == "acquire" && type == EventType::ok;
        if (is_grant) event.value = Value(Value::Fields{{"id", id}, {"token", Value(std::int64_t{grant})}});
        if (function == "release") event.value = Value(Value::Fields{{"id", id}});
        event.time = std::chrono::nanoseconds(std::int64_t{10} * static_cast<std::int64_t>(events.size()));
        events.push_back(std::move(event));
      }
    }
  }
  return events;
}

// The whole way from the text of a file.
void file_to_verdict(benchmark::State& state, bool is_lock) {
  const std::string text =
      write_history(is_lock ? lock_events(80'000) : UpdateEvents(160'000, false).events, Format::json_lines);
  for (auto _ : state) {
    const auto history = read_history(text);
    const auto model = recognise_model(*history);
    const auto verdicts = judge(*history, *model, {});
    if (!verdicts || worst(*verdicts) != Judgement::holds) state.SkipWithError("wrong verdict");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(file_to_verdict, lock_as_any_history, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(file_to_verdict, versions, false)->Unit(benchmark::kMillisecond);

// As the command takes it.
void lock_stream_to_verdict(benchmark::State& state) {
  const std::string text = write_history(lock_events(80'000), Format::json_lines);
  for (auto _ : state) {
    LockStream locks;
    if (!locks.add(text) || worst(judged(locks.end())) != Judgement::holds)
      state.SkipWithError("wrong verdict");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(lock_stream_to_verdict)->Unit(benchmark::kMillisecond);

// The reader alone, and the careful one that it falls back to.
void read_text(benchmark::State& state, bool is_lock, bool with_care) {
  const std::string text =
      write_history(is_lock ? lock_events(80'000) : UpdateEvents(160'000, false).events, Format::json_lines);
  for (auto _ : state) {
    benchmark::DoNotOptimize(with_care ? formats::read_json_lines_with_care(text) : read_history(text));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(read_text, lock, true, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_text, lock_with_care, true, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_text, versions, false, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_text, versions_with_care, false, true)->Unit(benchmark::kMillisecond);

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
