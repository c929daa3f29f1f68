// Histories that leave open what was there at the beginning, however many values or ids it may have been.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>

#include "checkers/formats/format.hpp"
#include "checkers/judge.hpp"

namespace lockstorm::checkers {
namespace {

// One above what was once the most beginnings that were tried, and one that is far above.
constexpr int kCounts[]{1, 2, 15, 16, 17, 18, 300};

class Recording {
 public:
  void invoke(std::uint32_t process, const char* function, Value value = {}) {
    add(EventType::invoke, process, function, std::move(value));
  }
  void end(EventType type, std::uint32_t process, const char* function, Value value = {}) {
    add(type, process, function, std::move(value));
  }
  void happens(EventType type, std::uint32_t process, const char* function, const Value& value = {}) {
    invoke(process, function, value);
    end(type, process, function, value);
  }
  [[nodiscard]] const History& history() const { return history_; }

 private:
  void add(EventType type, std::uint32_t process, const char* function, Value value) {
    const auto line = static_cast<std::uint32_t>(history_.size() + 1);
    history_.push_back(
        {.type = type, .process = process, .line = line, .function = function, .value = std::move(value)});
  }
  History history_;
};

Value id(const std::string& name) { return Value::Fields{{"id", Value(name)}}; }
Value named(const char* prefix, int number) { return Value(prefix + std::to_string(number)); }
Value pair(Value from, Value to) { return Value::List{std::move(from), std::move(to)}; }

std::vector<KeyVerdict> judged(const History& history, Model model, const Initial& initial = {},
                               JudgeBudget budget = {}) {
  auto verdicts = judge(history, model, budget, initial);
  if (!verdicts) throw std::runtime_error(verdicts.error().message);
  return *std::move(verdicts);
}
Judgement verdict_of(const History& history, Model model, const Initial& initial = {}) {
  return worst(judged(history, model, initial));
}

// Releases of unknown result that name ids which nobody acquires; only the lock that the first one names
// explains that a release without an id succeeds while nobody has acquired anything.
Recording lock_that_one_of_them_held(int count) {
  Recording all;
  for (int i = 0; i < count; ++i)
    all.happens(EventType::unknown, static_cast<std::uint32_t>(10 + i), "release",
                id("x" + std::to_string(i)));
  all.happens(EventType::ok, 0, "release");
  all.happens(EventType::ok, 1, "acquire", id("a"));
  return all;
}

TEST(ManyBeginnings, OfALockWhereAllSayWhatTheyAcquire) {
  for (const int count : kCounts) {
    SCOPED_TRACE(count);
    EXPECT_EQ(verdict_of(lock_that_one_of_them_held(count).history(), Model::lock), Judgement::holds);
    // Twice: the one hold is over.
    Recording twice = lock_that_one_of_them_held(count);
    twice.happens(EventType::ok, 2, "release");
    EXPECT_EQ(verdict_of(twice.history(), Model::lock), Judgement::violated);
    // Whom a release that took effect names certainly was there; two cannot have been.
    Recording certain;
    for (int i = 0; i < count; ++i)
      certain.happens(EventType::unknown, static_cast<std::uint32_t>(10 + i), "release",
                      id("x" + std::to_string(i)));
    certain.happens(EventType::ok, 9, "release", id("y"));
    EXPECT_EQ(verdict_of(certain.history(), Model::lock), Judgement::holds);
    certain.happens(EventType::ok, 9, "evict", id("z"));
    EXPECT_EQ(verdict_of(certain.history(), Model::lock), Judgement::violated);
  }
}

TEST(ManyBeginnings, OfALockWhereSomebodyDoesNotSay) {
  for (const int count : kCounts) {
    SCOPED_TRACE(count);
    // One acquire is lost, so each id may be that of its grant; but two releases took effect.
    Recording two;
    two.invoke(0, "acquire");
    for (int i = 0; i < count; ++i)
      two.happens(EventType::unknown, static_cast<std::uint32_t>(10 + i), "release",
                  id("x" + std::to_string(i)));
    two.end(EventType::unknown, 0, "acquire");
    two.happens(EventType::ok, 0, "release", id("y"));
    two.happens(EventType::ok, 0, "release", id("z"));
    EXPECT_EQ(verdict_of(two.history(), Model::lock), Judgement::holds);
    two.happens(EventType::ok, 0, "release", id("z"));
    EXPECT_EQ(verdict_of(two.history(), Model::lock), Judgement::violated);
    // All are refused in turn by holders that nobody acquired in so many words; an eviction that took effect
    // before anything else, and a release.
    Recording refused;
    refused.invoke(0, "acquire");
    for (int i = 0; i < count; ++i) {
      refused.invoke(1, "acquire");
      refused.end(EventType::fail, 1, "acquire", id("x" + std::to_string(i)));
    }
    refused.happens(EventType::ok, 2, "evict", id("y"));
    refused.happens(EventType::ok, 2, "release");
    EXPECT_EQ(verdict_of(refused.history(), Model::lock), Judgement::holds);
    refused.happens(EventType::ok, 2, "release");
    EXPECT_EQ(verdict_of(refused.history(), Model::lock), Judgement::violated);
  }
}

// Readers that wait from before the first write until after the last one, each for what one of the writes
// wrote; and after them one who reads what was there before.
Recording readers_of_all(int count, const char* read, const char* write,
                         const std::function<Value(int)>& written, const Value& first) {
  Recording all;
  const auto reader = [](int number) { return static_cast<std::uint32_t>(10 + number); };
  for (int i = 0; i <= count; ++i) all.invoke(reader(i), read);
  for (int i = 0; i < count; ++i) all.happens(EventType::ok, 0, write, written(i));
  for (int i = 0; i < count; ++i) all.end(EventType::ok, reader(i), read, written(i));
  all.end(EventType::ok, reader(count), read, first);
  return all;
}

void expect_one_beginning(Model model, const char* read, const char* write,
                          const std::function<Value(int)>& written, const Value& first, const Value& second) {
  for (const int count : kCounts) {
    SCOPED_TRACE(count);
    Recording all = readers_of_all(count, read, write, written, first);
    EXPECT_EQ(verdict_of(all.history(), model), Judgement::holds);
    // It is gone by now; and nothing else was there.
    Recording again = all;
    again.happens(EventType::ok, 0, read, first);
    EXPECT_EQ(verdict_of(again.history(), model), Judgement::violated);
    all.happens(EventType::ok, 0, read, second);
    EXPECT_EQ(verdict_of(all.history(), model), Judgement::violated);
  }
}

TEST(ManyBeginnings, OfARegister) {
  expect_one_beginning(
      Model::register_cell, "read", "write", [](int i) { return named("w", i); }, "first", "second");
}

TEST(ManyBeginnings, OfARegisterThatNobodyRead) {
  for (const int count : kCounts) {
    SCOPED_TRACE(count);
    Recording all;
    for (int i = 0; i < count; ++i)
      all.happens(EventType::unknown, static_cast<std::uint32_t>(10 + i), "cas",
                  pair(named("x", i), named("w", i)));
    all.happens(EventType::ok, 0, "read", named("w", count - 1));
    EXPECT_EQ(verdict_of(all.history(), Model::cas_register), Judgement::holds);
    if (count == 1) continue;
    all.happens(EventType::ok, 0, "read", named("w", 0));
    EXPECT_EQ(verdict_of(all.history(), Model::cas_register), Judgement::violated);
  }
}

TEST(ManyBeginnings, OfAKey) {
  expect_one_beginning(
      Model::key_value, "get", "put", [](int i) { return named("w", i); }, "first", "second");
}

TEST(ManyBeginnings, OfATerraformState) {
  const auto state = [](int serial) {
    return Value(Value::Fields{{"lineage", Value("l")}, {"serial", Value(serial)}});
  };
  expect_one_beginning(
      Model::terraform_state, "read", "write", [&](int i) { return state(10 + i); }, state(7), state(8));
}

TEST(ManyBeginnings, ABudgetThatIsNotEnoughForAllLeavesItOpen) {
  Recording all;
  for (int i = 0; i < 40; ++i)
    all.happens(EventType::unknown, static_cast<std::uint32_t>(10 + i), "cas",
                pair(named("x", i), named("w", i)));
  all.happens(EventType::ok, 0, "read", named("w", 39));
  all.happens(EventType::ok, 0, "read", named("w", 0));
  const auto verdicts =
      judged(all.history(), Model::cas_register, {}, {.max_states = 50, .max_bytes = std::size_t{1} << 30U});
  EXPECT_EQ(worst(verdicts), Judgement::unknown);
  EXPECT_EQ(verdicts.front().why_unknown,
            "the budget of 50 configurations is used up, with 41 beginnings to try: say with --initial what "
            "was there");
  const Initial said{.state = {InitialPart::Kind::given, named("x", 0)}, .lock = {}};
  EXPECT_EQ(verdict_of(all.history(), Model::cas_register, said), Judgement::violated);
}

// What is not said may have been anything that the history allows: the same as saying each of them in turn.
bool any_explains(const History& history, Model model, const std::vector<Initial>& beginnings) {
  return std::ranges::any_of(beginnings, [&](const Initial& initial) {
    return verdict_of(history, model, initial) != Judgement::violated;
  });
}

int drawn(int below) { return *rc::gen::inRange(0, below); }
EventType drawn_outcome() {
  return *rc::gen::element(EventType::ok, EventType::fail, EventType::unknown, EventType::unknown);
}

// Calls of a few processes, overlapping; `ask` and `answer` make the values.
template <class Ask, class Answer>
History drawn_history(int calls, const std::vector<const char*>& functions, Ask ask, Answer answer) {
  struct Open {
    std::uint32_t process = 0;
    const char* function = nullptr;
    Value asked;
  };
  Recording all;
  std::vector<Open> open;
  for (std::uint32_t made = 0; made < static_cast<std::uint32_t>(calls) || !open.empty();) {
    if (made < static_cast<std::uint32_t>(calls) && (open.empty() || drawn(5) < 3)) {
      const auto process = static_cast<std::uint32_t>(drawn(4));
      if (std::ranges::find(open, process, &Open::process) != open.end()) {
        ++made;
        continue;
      }
      const char* function = functions[static_cast<std::size_t>(drawn(static_cast<int>(functions.size())))];
      open.push_back({process, function, ask(std::string_view(function))});
      all.invoke(process, function, open.back().asked);
      ++made;
      continue;
    }
    const Open one = open[static_cast<std::size_t>(drawn(static_cast<int>(open.size())))];
    std::erase_if(open, [&](const Open& other) { return other.process == one.process; });
    const EventType outcome = drawn_outcome();
    all.end(outcome, one.process, one.function, answer(std::string_view(one.function), one.asked, outcome));
  }
  return all.history();
}

void expect_the_same(const History& history, Model model, const std::vector<Initial>& beginnings) {
  const bool expected = any_explains(history, model, beginnings);
  RC_CLASSIFY(expected, "explained");
  if ((verdict_of(history, model) != Judgement::violated) != expected)
    RC_FAIL(write_history(history, Format::json_lines));
}

RC_GTEST_PROP(ManyBeginningsProperty, OfALock, (bool some_are_anonymous)) {
  const auto drawn_id = [&] { return id(std::string(1, static_cast<char>('a' + drawn(24)))); };
  const History history = drawn_history(
      5 + drawn(30), {"release", "release", "evict", "acquire"},
      [&](std::string_view function) {
        if (function == "acquire")
          return some_are_anonymous && drawn(2) == 0 ? Value()
                                                     : id(std::string(1, static_cast<char>('A' + drawn(3))));
        return drawn(4) == 0 ? Value() : drawn_id();
      },
      [&](std::string_view function, const Value& asked, EventType outcome) {
        return function == "acquire" && outcome == EventType::fail ? drawn_id() : asked;
      });
  std::vector<Initial> beginnings{{.state = {}, .lock = {InitialPart::Kind::absent, {}}}};
  // What nobody says to have acquired.
  std::vector<Value> acquired, seen;
  const std::vector<Call> calls = *calls_of(history);
  for (const Call& call : calls) {
    const Event& asked = history[call.invoked];
    const bool is_acquire = asked.function == "acquire";
    if (!is_acquire && call.outcome == EventType::fail) continue;
    const bool is_granted = is_acquire && call.outcome != EventType::fail;
    const Value& value = call.completed == kNever ? asked.value : history[call.completed].value;
    if (const Value* name = value.field("id")) (is_granted ? acquired : seen).push_back(*name);
  }
  for (const Value& name : seen) {
    if (std::ranges::find(acquired, name) == acquired.end())
      beginnings.push_back({.state = {}, .lock = {InitialPart::Kind::given, name}});
  }
  expect_the_same(history, Model::lock, beginnings);
}

RC_GTEST_PROP(ManyBeginningsProperty, OfARegister, ()) {
  const auto value = [](int below) { return Value(std::int64_t{drawn(below)}); };
  const History history = drawn_history(
      4 + drawn(20), {"read", "write", "cas", "cas", "cas"},
      [&](std::string_view function) {
        if (function == "read") return Value();
        // 3 to 22 are written by nobody.
        return function == "write" ? value(3) : pair(drawn(6) == 0 ? Value() : value(23), value(3));
      },
      [&](std::string_view function, const Value& asked, EventType outcome) {
        if (function != "read" || outcome != EventType::ok) return asked;
        return drawn(8) == 0 ? Value() : value(drawn(3) == 0 ? 23 : 3);
      });
  std::vector<Initial> beginnings{{.state = {InitialPart::Kind::absent, {}}, .lock = {}}};
  std::vector<Value> written;
  for (const Event& event : history) {
    if (event.type != EventType::invoke) continue;
    if (event.function == "write") written.push_back(event.value);
    if (event.function == "cas") written.push_back(event.value.list()->back());
  }
  // 23 is nobody's.
  for (int number = 0; number <= 23; ++number) {
    const Value may_be(std::int64_t{number});
    if (std::ranges::find(written, may_be) == written.end())
      beginnings.push_back({.state = {InitialPart::Kind::given, may_be}, .lock = {}});
  }
  expect_the_same(history, Model::cas_register, beginnings);
}

RC_GTEST_PROP(ManyBeginningsProperty, OfAKey, ()) {
  const auto text = [](int length) {
    std::string made;
    for (int i = 0; i < length; ++i) made += static_cast<char>('a' + drawn(3));
    return made;
  };
  std::string first = text(drawn(4));
  const History history = drawn_history(
      3 + drawn(7), {"get", "get", "append", "append", "put"},
      [&](std::string_view function) { return function == "get" ? Value() : Value(text(1 + drawn(2))); },
      [&](std::string_view function, const Value& asked, EventType outcome) {
        if (function != "get" || outcome != EventType::ok) return asked;
        return Value(first + text(drawn(3)));
      });
  std::vector<Initial> beginnings{{.state = {InitialPart::Kind::absent, {}}, .lock = {}}};
  std::vector<std::string> written;
  for (const Event& event : history)
    if (event.type == EventType::invoke && event.value.text() != nullptr)
      written.push_back(*event.value.text());
  for (const Event& event : history) {
    if (event.function != "get" || event.type != EventType::ok) continue;
    for (std::size_t length = 1; length <= event.value.text()->size(); ++length) {
      const std::string start = event.value.text()->substr(0, length);
      if (std::ranges::none_of(written, [&](const std::string& one) { return start.contains(one); }))
        beginnings.push_back({.state = {InitialPart::Kind::given, Value(start)}, .lock = {}});
    }
  }
  expect_the_same(history, Model::key_value, beginnings);
}

}  // namespace
}  // namespace lockstorm::checkers
