// The checker of versions: each anomaly with its proof, and agreement with a naive search over all orders.
#include "checkers/versions/version_checker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "checkers/formats/format.hpp"
#include "checkers/judge.hpp"
#include "checkers/versions/dependency_graph.hpp"
#include "checkers/versions/suspects.hpp"

namespace lockstorm::checkers {
namespace {

using Names = std::vector<std::string_view>;

std::vector<Finding> findings_of(const History& history) {
  const auto calls = calls_of(history);
  if (!calls) throw std::runtime_error(calls.error().message);
  const auto versions = versions_of(history, *calls);
  if (!versions) throw std::runtime_error(versions.error().message);
  return check_versions(*versions);
}

Names names_of(const std::vector<Finding>& findings) {
  Names names;
  for (const Finding& finding : findings) names.push_back(info_of(finding.anomaly).name);
  return names;
}

std::vector<Finding> judged(std::string_view edn) {
  const auto history = read_history(edn, Format::jepsen_edn);
  if (!history) throw std::runtime_error(history.error().message);
  return findings_of(*history);
}

TEST(VersionChecker, WhatItTakesOfTheMemoryIsBounded) {
  std::string edn;
  for (int i = 1; i <= 5000; ++i) {
    for (const char* type : {"invoke", "ok"})
      edn += "{:process 0 :type :" + std::string(type) + " :f :append :key x :value " + std::to_string(i) +
             "}\n";
  }
  const auto history = read_history(edn, Format::jepsen_edn);
  ASSERT_TRUE(history.has_value());
  const auto held = judge(*history, Model::states, {.max_bytes = std::size_t{64} << 20U});
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->front().judgement, Judgement::holds);
  const auto unknown = judge(*history, Model::states, {.max_bytes = std::size_t{1} << 20U});
  ASSERT_TRUE(unknown.has_value());
  EXPECT_EQ(unknown->front().judgement, Judgement::unknown);
  EXPECT_NE(unknown->front().why_unknown.find("its versions may take"), std::string::npos);
}

TEST(VersionChecker, LostUpdateOfAState) {
  const auto findings = judged(R"(
{:process 0 :type :invoke :f :write :value {:writer a :serial 1 :base nil}}
{:process 1 :type :invoke :f :write :value {:writer b :serial 1 :base nil}}
{:process 0 :type :ok :f :write :value {:writer a :serial 1 :base nil}}
{:process 1 :type :ok :f :write :value {:writer b :serial 1 :base nil}}
{:process 0 :type :invoke :f :read :value nil}
{:process 0 :type :ok :f :read :value {:writer b :serial 1}})");
  ASSERT_EQ(names_of(findings), Names{"lost-update"});
  EXPECT_EQ(findings[0].proof,
            "Let T1 be process 0 (line 2), T2 be process 1 (line 3). Both replaced the state before any "
            "update: T1 by version (writer \"a\", serial 1) "
            "of the state, T2 by version (writer \"b\", serial 1) of the state. T1 came before T2 because T1 "
            "read what T2 replaced; T2 came before T1 "
            "because T2 read what T1 replaced: a contradiction. One of the two updates is gone, although "
            "both took effect.");
  EXPECT_EQ(findings[0].lines, (std::vector<std::uint32_t>{2, 3}));
}

TEST(VersionChecker, ForkWhereBothUpdatesLiveOn) {
  EXPECT_EQ(names_of(judged(R"(
{:process 0 :type :invoke :f :write :value [1]} {:process 0 :type :ok :f :write :value [1]}
{:process 1 :type :invoke :f :write :value [2]} {:process 1 :type :ok :f :write :value [2]}
{:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value [1]}
{:process 1 :type :invoke :f :read} {:process 1 :type :ok :f :read :value [2]})")),
            Names{"fork"});
}

TEST(VersionChecker, StaleRead) {
  const auto findings = judged(R"(
{:process 0 :type :invoke :f :append :value 1}
{:process 0 :type :ok :f :append :value 1}
{:process 1 :type :invoke :f :read}
{:process 1 :type :ok :f :read :value []}
{:process 1 :type :invoke :f :read}
{:process 1 :type :ok :f :read :value [1]})");
  ASSERT_EQ(names_of(findings), Names{"stale-read"});
  EXPECT_EQ(findings[0].proof,
            "process 0 (line 2) had seen or written version 1 of the state when it was over in line 3. "
            "process 1 (line 4) began after that and read the "
            "state before any update, which is older.");
}

TEST(VersionChecker, WriteSkewOnTwoStates) {
  const auto findings = judged(R"(
{:process 0 :type :invoke :f :txn :value [[:r :x nil] [:append :y 1]]}
{:process 1 :type :invoke :f :txn :value [[:r :y nil] [:append :x 2]]}
{:process 0 :type :ok :f :txn :value [[:r :x []] [:append :y 1]]}
{:process 1 :type :ok :f :txn :value [[:r :y []] [:append :x 2]]}
{:process 2 :type :invoke :f :txn :value [[:r :x nil] [:r :y nil]]}
{:process 2 :type :ok :f :txn :value [[:r :x [2]] [:r :y [1]]]})");
  ASSERT_EQ(names_of(findings), Names{"write-skew"});
  EXPECT_EQ(findings[0].proof,
            "Let T1 be process 0's operation of line 2, T2 be process 1's operation of line 3. T1 came "
            "before T2 because it read \"x\" before any update, "
            "which the other replaced. But T2 came before T1 because it read \"y\" before any update, which "
            "the other replaced: a contradiction.");
}

TEST(VersionChecker, OtherAnomalies) {
  EXPECT_EQ(names_of(judged(
                "{:process 0 :type :invoke :f :append :value 1} {:process 0 :type :fail :f :append :value 1}"
                "{:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value [1]}")),
            Names{"aborted-read"});
  EXPECT_EQ(
      names_of(judged("{:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value []}"
                      "{:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value [1]}")),
      Names{"unwritten-read"});
  EXPECT_EQ(names_of(judged(
                "{:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value [1]}"
                "{:process 0 :type :invoke :f :append :value 1} {:process 0 :type :ok :f :append :value 1}")),
            Names{"unwritten-read"});
  EXPECT_EQ(names_of(judged(
                "{:process 0 :type :invoke :f :append :value 1} {:process 0 :type :ok :f :append :value 1}"
                "{:process 0 :type :invoke :f :append :value 1} {:process 0 :type :ok :f :append :value 1}")),
            Names{"two-contents"});
  EXPECT_EQ(
      names_of(judged(
          "{:process 0 :type :invoke :f :write :value {:writer a :serial 4 :base nil}} {:process 0 :type :ok "
          ":f :write :value {:writer a :serial 4 :base nil}}"
          "{:process 1 :type :invoke :f :write :value {:writer b :serial 3 :base {:writer a :serial 4}}} "
          "{:process 1 :type :ok :f :write :value {:writer b :serial 3 :base {:writer a :serial 4}}}")),
      Names{"serial-order"});
  // Acknowledged, and never seen.
  EXPECT_EQ(names_of(judged(
                "{:process 0 :type :invoke :f :append :value 1} {:process 0 :type :ok :f :append :value 1}"
                "{:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value []}")),
            Names{"lost-update"});
  // Two appends in the list against their times.
  EXPECT_EQ(names_of(judged(
                "{:process 0 :type :invoke :f :append :value 1} {:process 0 :type :ok :f :append :value 1}"
                "{:process 0 :type :invoke :f :append :value 2} {:process 0 :type :ok :f :append :value 2}"
                "{:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value [2 1]}")),
            Names{"dependency-cycle"});
}

TEST(VersionChecker, UnknownResultsMayOrMayNotHaveHappened) {
  for (const std::string_view seen : {"[]", "[1]"})
    EXPECT_EQ(
        names_of(judged(
            "{:process 0 :type :invoke :f :append :value 1} {:process 0 :type :info :f :append :value 1}"
            "{:process 1 :type :invoke :f :read} {:process 1 :type :ok :f :read :value " +
            std::string(seen) + "}")),
        Names{});
  // An unseen write of unknown result replaces nothing.
  EXPECT_EQ(
      names_of(judged(
          "{:process 0 :type :invoke :f :write :value [1]}"
          "{:process 1 :type :invoke :f :write :value [2]} {:process 1 :type :ok :f :write :value [2]}")),
      Names{});
}

TEST(VersionChecker, SaysWhatItExpected) {
  const auto history = read_history(
      "{:process 0 :type :invoke :f :append :value 1}\n{:process 0 :type :ok :f :append :value 1}\n"
      "{:process 0 :type :invoke :f :read}\n{:process 0 :type :ok :f :read :value 3}");
  const auto calls = calls_of(*history);
  const auto versions = versions_of(*history, *calls);
  ASSERT_FALSE(versions);
  EXPECT_EQ(to_text(versions.error(), "h"), "h:4:1: expected a list, {writer, serial} or nil, not 3");
}

std::string versions_error_of(std::string_view json_lines, const InitialPart& initial = {}) {
  const auto history = read_history(json_lines, Format::json_lines);
  if (!history) return "cannot be read: " + history.error().message;
  const auto versions = versions_of(*history, calls_of(*history).value(), initial);
  return versions ? "no error" : to_text(versions.error(), "h");
}

// An acknowledged operation of process 1, as it is asked for and as it is answered.
std::string answered(std::string_view f, std::string_view asked, std::string_view told) {
  const std::string begin = R"({"process":1,"f":")" + std::string(f) + R"(","type":")";
  return begin + R"(invoke","value":)" + std::string(asked) + "}\n" + begin + R"(ok","value":)" +
         std::string(told) + "}\n";
}

TEST(VersionChecker, AnAnswerOfOtherStepsIsRefused) {
  EXPECT_EQ(versions_error_of(answered("txn", R"([["append","x",2]])", "[]")),
            R"(h:2:1: process 1 has a response [] to txn but invoked it with [["append" "x" 2]] in line 1: )"
            "expected the steps that the txn was invoked with, in their order");
  const std::string two = R"([["append","x",2],["r","y",null]])";
  for (const std::string_view told :
       {R"([["append","x",2]])", R"([["r","y",[]],["append","x",2]])", R"([["append","y",2],["r","y",[]]])",
        R"([["append","x",3],["r","y",[]]])", R"([["append","x",2],["r","x",[]]])",
        R"([["w","x",2],["r","y",[]]])", R"([["append","x",2],["r","y",[]],["r","y",[]]])"})
    EXPECT_NE(versions_error_of(answered("txn", two, told)).find("in their order"), std::string::npos)
        << told;
  EXPECT_EQ(versions_error_of(answered("txn", two, R"([["append","x",2],["r","y",[]]])")), "no error");
  EXPECT_EQ(versions_error_of(answered("txn", two, R"([["append","x",null],["r","y",[]]])")), "no error");
  EXPECT_EQ(versions_error_of(answered("txn", "null", R"([["append","x",2]])")), "no error");
}

TEST(VersionChecker, AnAnswerOfAnotherUpdateIsRefused) {
  const std::string asked = R"({"writer":"a","serial":2,"base":null})";
  EXPECT_EQ(versions_error_of(
                answered("write", asked, R"({"writer":"a","serial":2,"base":{"writer":"b","serial":1}})")),
            "h:2:1: process 1 has a response {writer \"a\", serial 2, base {writer \"b\", serial 1}} to "
            "write but invoked it with {writer \"a\", serial 2, base nil} in line 1: expected what it was "
            "invoked with");
  EXPECT_NE(versions_error_of(answered("write", asked, R"({"writer":"a","serial":3})")), "no error");
  EXPECT_NE(versions_error_of(answered("write", asked, R"({"writer":"b","serial":2})")), "no error");
  EXPECT_NE(versions_error_of(answered("append", "1", "2")), "no error");
  EXPECT_NE(versions_error_of(answered("write", "[1,2]", "[2,1]")), "no error");
  for (const std::string_view told : {"null", R"({"writer":"a","serial":2})", R"({"serial":2})"})
    EXPECT_EQ(versions_error_of(answered("write", asked, told)), "no error") << told;
}

TEST(VersionChecker, AStateHasNoOtherFields) {
  EXPECT_EQ(versions_error_of(answered("write", R"({"writer":"a","serial":2,"Base":null})", "null")),
            "h:2:1: expected writer, serial, lineage or base in a state, not \"Base\": did you mean "
            "\"base\"?");
  EXPECT_EQ(versions_error_of(answered("read", "null", R"({"writer":"a","serial":2,"lineagee":"l"})")),
            "h:2:1: expected writer, serial, lineage or base in a state, not \"lineagee\": did you mean "
            "\"lineage\"?");
  EXPECT_EQ(versions_error_of(answered("read", "null", R"({"writer":"a","serial":2,"outputs":1})")),
            "h:2:1: expected writer, serial, lineage or base in a state, not \"outputs\"");
  EXPECT_EQ(
      versions_error_of(answered(
          "write", R"({"writer":"a","serial":2,"base":{"writer":"a","serial":1,"Lineage":1}})", "null")),
      "h:2:1: expected writer, serial or lineage in a base or a beginning, not \"Lineage\": did you "
      "mean \"lineage\"?");
  const InitialPart given{
      InitialPart::Kind::given,
      Value::Fields{{"writer", Value("a")}, {"serial", Value(1)}, {"lineag", Value("l")}}};
  EXPECT_EQ(versions_error_of(answered("read", "null", "null"), given),
            "h:1:1: expected writer, serial or lineage in a base or a beginning, not \"lineag\": did you "
            "mean \"lineage\"?");
}

TEST(VersionChecker, TwoLineagesOfOneVersion) {
  const auto findings = judged(R"(
{:process 0 :type :invoke :f :write :value {:writer 0 :serial 1 :lineage a}}
{:process 0 :type :ok :f :write}
{:process 1 :type :invoke :f :read}
{:process 1 :type :ok :f :read :value {:writer 0 :serial 1 :lineage b}})");
  ASSERT_EQ(names_of(findings), Names{"two-lineages"});
  EXPECT_EQ(findings[0].proof,
            "version (writer 0, serial 1) of the state has lineage \"a\" in one account and, in line 5, "
            "lineage \"b\" in another.");
  EXPECT_EQ(findings[0].lines, (std::vector<std::uint32_t>{2, 5}));
}

// Versions that replace themselves: wrong, and no reason to look for their beginning for ever.
TEST(VersionChecker, AGivenVersionThatReplacesItselfIsJudged) {
  const auto history = read_history(
      answered("write", R"({"writer":"a","serial":1,"base":{"writer":"a","serial":1}})", "null"));
  const InitialPart given{InitialPart::Kind::given,
                          Value::Fields{{"writer", Value("a")}, {"serial", Value(1)}}};
  const auto versions = versions_of(*history, *calls_of(*history), given);
  ASSERT_TRUE(versions);
  EXPECT_FALSE(check_versions(*versions, given).empty());
}

// Small random histories: clients of two states whose reads and writes happen at moments that are drawn, so
// that some are atomic and some are not.
std::vector<int> numbers_below(int limit, std::uint64_t seed) {
  std::vector<int> numbers;
  for (int i = 0; i < 40; ++i) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    numbers.push_back(static_cast<int>((seed >> 33U) % static_cast<std::uint64_t>(limit)));
  }
  return numbers;
}

Value key_of_number(int key) { return Value(key == 0 ? "x" : "y"); }

History drawn_history(std::uint64_t seed) {
  std::map<int, Value::List> states;
  struct Doing {
    bool active = false;
    int kind = 0, key = 0, stage = 0;
    Value::List seen[2];
    std::int64_t element = 0;
  };
  Doing doing[3];
  Value::List last[3][2];
  History history;
  std::int64_t next_element = 1;
  int started = 0;
  const auto emit = [&](std::uint32_t process, EventType type, const Value& value) {
    history.push_back({.type = type,
                       .process = process,
                       .line = static_cast<std::uint32_t>(history.size() + 1),
                       .function = "txn",
                       .key = {},
                       .value = value,
                       .time = {}});
  };
  const auto step = [](std::string f, int key, Value value) {
    return Value(Value::List{Value(std::move(f)), key_of_number(key), std::move(value)});
  };
  const auto turns = numbers_below(3, 2 * seed);
  const auto choices = numbers_below(24, 2 * seed + 1);
  const auto advance = [&](int process, int choice, bool may_start) {
    Doing& now = doing[process];
    if (!now.active) {
      if (!may_start || started == 6) return;
      ++started;
      now = {.active = true,
             .kind = choice % 4,
             .key = choice / 4 % 2,
             .stage = 0,
             .seen = {},
             .element = next_element++};
      emit(static_cast<std::uint32_t>(process), EventType::invoke, Value());
      return;
    }
    const int other = 1 - now.key;
    if (now.stage == 0) {
      now.seen[0] = states[now.key], now.seen[1] = states[other];
      // A cache that answers what it answered last time.
      if (now.kind == 0 && choice > 19) now.seen[0] = last[process][now.key];
      last[process][now.key] = now.seen[0], last[process][other] = now.seen[1];
      // Every second operation is atomic.
      if (choice % 2 == 0 && now.kind == 1) states[now.key].push_back(now.element);
      if (choice % 2 == 0 && now.kind == 2) states[now.key].push_back(now.element);
      if (choice % 2 == 0 && now.kind == 3) states[other].push_back(now.element);
      now.stage = choice % 2 == 0 ? 2 : 1;
    } else if (now.stage == 1) {
      if (now.kind == 1) states[now.key].push_back(now.element);
      if (now.kind == 2) (states[now.key] = now.seen[0]).push_back(now.element);
      if (now.kind == 3) states[other].push_back(now.element);
      now.stage = 2;
    } else {
      Value::List micro;
      if (now.kind == 0) micro = {step("r", now.key, now.seen[0]), step("r", other, now.seen[1])};
      if (now.kind == 1) micro = {step("append", now.key, now.element)};
      if (now.kind == 2) {
        Value::List whole = now.seen[0];
        whole.push_back(now.element);
        micro = {step("w", now.key, whole)};
      }
      if (now.kind == 3) micro = {step("r", now.key, now.seen[0]), step("append", other, now.element)};
      emit(static_cast<std::uint32_t>(process), EventType::ok, micro);
      now.active = false;
    }
  };
  for (std::size_t i = 0; i < turns.size(); ++i) advance(turns[i], choices[i], true);
  for (int process = 0; process < 3; ++process)
    while (doing[process].active) advance(process, 1, false);
  // Whoever looks afterwards places every append; sometimes nobody does.
  if (seed % 3 == 0) return history;
  emit(9, EventType::invoke, Value());
  emit(9, EventType::ok, Value::List{step("r", 0, states[0]), step("r", 1, states[1])});
  return history;
}

// One after another, in an order that respects the times: tried in all orders.
bool is_serializable(const History& history) {
  const auto calls = *calls_of(history);
  std::vector<bool> done(calls.size());
  std::map<std::string, Value::List> states;
  const std::function<bool(std::size_t)> search = [&](std::size_t count) {
    if (count == calls.size()) return true;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      bool is_next = !done[i];
      for (std::size_t j = 0; j < calls.size(); ++j)
        is_next = is_next && (done[j] || calls[j].completed >= calls[i].invoked || i == j);
      if (!is_next) continue;
      const auto before = states;
      bool fits = true;
      for (const Value& micro : *history[calls[i].completed].value.list()) {
        const auto& parts = *micro.list();
        Value::List& state = states[*parts[1].text()];
        if (*parts[0].text() == "r") fits = fits && state == *parts[2].list();
        if (*parts[0].text() == "append") state.push_back(parts[2]);
        if (*parts[0].text() == "w") {
          const auto& whole = *parts[2].list();
          fits = fits && state == Value::List(whole.begin(), whole.end() - 1);
          state = whole;
        }
      }
      done[i] = true;
      if (fits && search(count + 1)) return true;
      done[i] = false;
      states = before;
    }
    return false;
  };
  return search(0);
}

TEST(VersionChecker, AgreesWithANaiveSearch) {
  unsigned clean = 0;
  std::set<std::string_view> kinds;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    const History history = drawn_history(seed);
    const auto findings = findings_of(history);
    ASSERT_EQ(findings.empty(), is_serializable(history))
        << write_history(history, Format::json_lines) << (findings.empty() ? "nothing" : findings[0].proof);
    clean += findings.empty() ? 1 : 0;
    for (const std::string_view name : names_of(findings)) kinds.insert(name);
  }
  EXPECT_GT(clean, 2000U);
  EXPECT_LT(clean, 18'000U);
  for (const std::string_view kind : {"lost-update", "stale-read", "write-skew", "dependency-cycle"})
    EXPECT_TRUE(kinds.contains(kind)) << kind;
}

// Whether somebody must have come before himself, by every dependency and the clock, closed transitively.
bool has_circle(const VersionHistory& history, const VersionTree& tree, bool with_real_time) {
  const std::size_t count = history.operations.size();
  std::vector<std::vector<bool>> before(count, std::vector<bool>(count));
  const auto add = [&](std::uint32_t from, std::uint32_t to) {
    if (from != kNone && to != kNone && from != to) before[from][to] = true;
  };
  for (std::uint32_t a = 0; a < count; ++a) {
    for_each_dependency(history, tree, a, [&](auto from, auto to, Reason, auto) { add(from, to); });
    const VersionOperation& first = history.operations[a];
    for (std::uint32_t b = 0; b < count; ++b) {
      if (with_real_time && first.outcome == EventType::ok && first.completed < history.operations[b].invoked)
        add(a, b);
    }
  }
  for_each_missed_append(history, tree, [&](std::uint32_t state, std::uint32_t author) {
    for (std::uint32_t reader = 0; reader < count; ++reader) {
      for (const VersionAccess& access : history.accesses_of(history.operations[reader]))
        if (!access.is_write && history.versions[access.version].state == state) add(reader, author);
    }
  });
  for (std::size_t via = 0; via < count; ++via) {
    for (std::size_t from = 0; from < count; ++from) {
      for (std::size_t to = 0; to < count; ++to)
        if (before[from][via] && before[via][to]) before[from][to] = true;
    }
  }
  for (std::size_t i = 0; i < count; ++i)
    if (before[i][i]) return true;
  return false;
}

TEST(Suspects, AreAllThatACircleNeeds) {
  unsigned circles = 0, clean = 0, innocent = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    const History events = drawn_history(seed);
    const VersionHistory history = *versions_of(events, *calls_of(events));
    const VersionTree tree(history);
    for (const bool with_real_time : {false, true}) {
      const bool expected = has_circle(history, tree, with_real_time);
      const auto circle = find_circle(history, tree, with_real_time);
      ASSERT_EQ(circle.has_value(), expected) << seed << " " << with_real_time;
      (expected ? circles : clean) += 1;
    }
    innocent += static_cast<unsigned>(history.operations.size() - suspects(history, tree).size());
  }
  EXPECT_GT(circles, 1000U);
  EXPECT_GT(clean, 1000U);
  EXPECT_GT(innocent, 10'000U) << "it leaves nothing out";
}

}  // namespace
}  // namespace lockstorm::checkers
