// Is EveryHistory what it says? Its interval orders are as many as mathematics knows, and of up to three
// operations it has, of all orders in which events can follow each other, each once up to renaming and no
// other.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>

#include "tests/checkers/checked_models.hpp"
#include "tests/checkers/every_history.hpp"

namespace lockstorm::checkers {
namespace {

// Operations, and which came before which: by number of kind, and as bits of a matrix.
struct Shape {
  std::vector<std::uint8_t> kinds;
  std::vector<bool> before;

  [[nodiscard]] bool is_before(std::size_t a, std::size_t b) const { return before[a * kinds.size() + b]; }
};

// Names as they are met, 1, 2, 3, but those that are fixed; ranks among those that are there.
class MetNames {
 public:
  MetNames(const std::set<std::int64_t>& ranks, const CheckedModel& of) : ranks_(ranks), of_(of) {
    fix(of.initial.state.value);
    fix(of.initial.lock.value);
  }

  std::string told(const Value& value, bool is_field = false) {
    std::string out;
    if (const auto* number = value.number()) {
      if (is_field || of_.numbers == Numbers::ordered)
        return "#" + std::to_string(std::distance(ranks_.begin(), ranks_.find(*number)));
      return "n" + name('n', *number);
    }
    if (const auto* text = value.text()) {
      for (const char one : *text) out += "t" + name('t', one);
      return "'" + out + "'";
    }
    if (const auto* list = value.list()) {
      for (const Value& one : *list) out += told(one) + ",";
      return "[" + out + "]";
    }
    if (const auto* fields = value.fields()) {
      for (const auto& [field, one] : *fields)
        out += field + "=" + (field == "lease_ns" ? to_text(one) : told(one, true)) + ",";
      return "{" + out + "}";
    }
    return to_text(value);
  }

  std::string name(char sort, std::int64_t atom) {
    if (fixed_.contains({sort, atom})) return "=" + std::to_string(atom);
    return std::to_string(numbers_.try_emplace({sort, atom}, numbers_.size()).first->second);
  }

 private:
  void fix(const Value& value) {
    if (const auto* number = value.number()) fixed_.insert({'n', *number});
    if (const auto* text = value.text())
      for (const char one : *text) fixed_.insert({'t', one});
    if (const auto* fields = value.fields())
      for (const auto& [name, one] : *fields) fix(one);
  }

  const std::set<std::int64_t>& ranks_;
  const CheckedModel& of_;
  std::set<std::pair<char, std::int64_t>> fixed_;
  std::map<std::pair<char, std::int64_t>, std::size_t> numbers_;
};

void note_ranks(const Value& value, Numbers numbers, std::set<std::int64_t>& ranks, bool is_field = false) {
  if (value.number() != nullptr && (is_field || numbers == Numbers::ordered)) ranks.insert(*value.number());
  if (const auto* list = value.list())
    for (const Value& one : *list) note_ranks(one, numbers, ranks);
  if (const auto* fields = value.fields())
    for (const auto& [name, one] : *fields)
      if (name != "lease_ns") note_ranks(one, numbers, ranks, true);
}

class Histories {
 public:
  explicit Histories(const CheckedModel& of) : of_(of) {}

  // One text for all histories that are the same but for names.
  std::string canonical(const Shape& shape) {
    std::vector<std::size_t> order(shape.kinds.size());
    std::iota(order.begin(), order.end(), 0U);
    std::string least;
    do {
      std::vector<std::uint8_t> kinds;
      for (const std::size_t one : order) kinds.push_back(shape.kinds[one]);
      std::string text = told(kinds);
      for (const std::size_t a : order)
        for (const std::size_t b : order) text += shape.is_before(a, b) ? '<' : '.';
      if (least.empty() || text < least) least = text;
    } while (std::ranges::next_permutation(order).found);
    return least;
  }

  // What is over before another one begins; and what a process did before it crashed.
  [[nodiscard]] Shape shape_of(const History& history) const {
    struct Seen {
      std::uint8_t kind;
      std::uint32_t from, until;
    };
    std::vector<Seen> seen;
    std::vector<Call> calls = *calls_of(history);
    for (std::uint32_t i = 0; i < history.size(); ++i)
      if (history[i].function == kCrash) calls.push_back({.invoked = i});
    for (const Call& call : calls) seen.push_back({kind_of(history, call), call.invoked, call.completed});
    Shape shape;
    for (const Seen& one : seen) shape.kinds.push_back(one.kind);
    for (const Seen& a : seen) {
      for (const Seen& b : seen) {
        const OperationKind &kind = of_.kinds[a.kind], &other = of_.kinds[b.kind];
        const bool is_of_crash = kind.process >= 0 && kind.process == other.process &&
                                 (kind.function == kCrash) != (other.function == kCrash);
        shape.before.push_back(a.until != kNever ? a.until < b.from : is_of_crash && a.from < b.from);
      }
    }
    return shape;
  }

  // All orders of events.
  std::set<std::string> all(unsigned operations) {
    std::set<std::string> found;
    std::vector<std::uint8_t> kinds;
    choose(operations, kinds, found);
    return found;
  }

 private:
  std::string told(const std::vector<std::uint8_t>& kinds) {
    auto& text = told_[std::string(kinds.begin(), kinds.end())];
    if (!text.empty()) return text;
    std::set<std::int64_t> ranks;
    note_ranks(of_.initial.state.value, of_.numbers, ranks);
    for (const std::uint8_t kind : kinds) {
      note_ranks(of_.kinds[kind].invoked, of_.numbers, ranks);
      note_ranks(of_.kinds[kind].completed, of_.numbers, ranks);
    }
    MetNames names(ranks, of_);
    for (const std::uint8_t number : kinds) {
      const OperationKind& kind = of_.kinds[number];
      text += kind.function + std::to_string(static_cast<int>(kind.outcome)) + names.told(kind.invoked) +
              names.told(kind.completed) + (kind.process < 0 ? "-" : names.name('p', kind.process)) + ";";
    }
    return text;
  }

  [[nodiscard]] std::uint8_t kind_of(const History& history, const Call& call) const {
    const Event& asked = history[call.invoked];
    const auto found = std::ranges::find_if(of_.kinds, [&](const OperationKind& kind) {
      const bool is_of_process =
          kind.process < 0 ? asked.process >= 100 : asked.process == static_cast<std::uint32_t>(kind.process);
      const bool is_answered = call.completed == kNever || history[call.completed].value == kind.completed;
      return is_of_process && is_answered && kind.function == asked.function && kind.invoked == asked.value &&
             (asked.function == kCrash || kind.outcome == call.outcome);
    });
    return static_cast<std::uint8_t>(found - of_.kinds.begin());
  }

  void choose(unsigned missing, std::vector<std::uint8_t>& kinds, std::set<std::string>& found) {
    if (missing == 0) {
      std::vector<std::uint32_t> from(kinds.size(), kNever), until(kinds.size(), kNever);
      follow(kinds, from, until, 0, found);
      return;
    }
    for (std::uint8_t kind = kinds.empty() ? 0 : kinds.back(); kind < of_.kinds.size(); ++kind) {
      kinds.push_back(kind);
      choose(missing - 1, kinds, found);
      kinds.pop_back();
    }
  }

  // One event more: somebody begins or is answered.
  void follow(const std::vector<std::uint8_t>& kinds, std::vector<std::uint32_t>& from,
              std::vector<std::uint32_t>& until, std::uint32_t now, std::set<std::string>& found) {
    const auto is_unknown = [&](std::size_t i) { return of_.kinds[kinds[i]].outcome == EventType::unknown; };
    const auto is_going_on = [&](std::size_t i) {
      return from[i] != kNever && until[i] == kNever && !is_unknown(i);
    };
    bool is_over = true;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      if (is_going_on(i)) {
        is_over = false;
        until[i] = now;
        follow(kinds, from, until, now + 1, found);
        until[i] = kNever;
      } else if (from[i] == kNever) {
        is_over = false;
        const int process = of_.kinds[kinds[i]].process;
        bool waits = false;
        for (std::size_t j = 0; j < kinds.size(); ++j)
          waits = waits || (process >= 0 && of_.kinds[kinds[j]].process == process && is_going_on(j));
        if (waits) continue;
        from[i] = now;
        follow(kinds, from, until, now + 1, found);
        from[i] = kNever;
      }
    }
    if (!is_over) return;
    Shape shape{kinds, {}};
    for (std::size_t a = 0; a < kinds.size(); ++a) {
      for (std::size_t b = 0; b < kinds.size(); ++b) {
        const OperationKind &kind = of_.kinds[kinds[a]], &other = of_.kinds[kinds[b]];
        const bool is_of_crash = kind.process >= 0 && kind.process == other.process &&
                                 (kind.function == kCrash) != (other.function == kCrash);
        shape.before.push_back(until[a] != kNever ? until[a] < from[b] : is_of_crash && from[a] < from[b]);
      }
    }
    found.insert(canonical(shape));
  }

  const CheckedModel& of_;
  std::map<std::string, std::string> told_;  ///< by kinds
};

class EveryHistoryIsWhole : public testing::TestWithParam<CheckedModel> {};

TEST_P(EveryHistoryIsWhole, EachIsThereOnceUpToRenaming) {
  Histories histories(GetParam());
  for (unsigned operations = 1; operations <= 3; ++operations) {
    const std::set<std::string> all = histories.all(operations);
    std::set<std::string> visited;
    std::size_t twice = 0, strange = 0;
    EveryHistory(GetParam().kinds, GetParam().numbers, GetParam().fixed())
        .visit(operations, [&](const History& history) {
          const std::string text = histories.canonical(histories.shape_of(history));
          twice += visited.insert(text).second ? 0 : 1;
          strange += all.contains(text) ? 0 : 1;
        });
    EXPECT_EQ(twice, 0U) << operations;
    EXPECT_EQ(strange, 0U) << operations;
    EXPECT_EQ(visited.size(), all.size()) << operations;
  }
}

INSTANTIATE_TEST_SUITE_P(Model, EveryHistoryIsWhole, testing::ValuesIn(checked_models()),
                         [](const auto& test) { return test.param.name; });

std::vector<OperationKind> operations_named(unsigned count) {
  std::vector<OperationKind> kinds(count);
  for (unsigned i = 0; i < count; ++i) kinds[i].function = std::string(1, static_cast<char>('a' + i));
  return kinds;
}

// Interval orders of n operations that are all alike: Fishburn numbers, OEIS A022493.
TEST(EveryHistory, HasAsManyIntervalOrdersAsThereAre) {
  std::vector<std::size_t> counts;
  for (unsigned operations = 1; operations <= 6; ++operations) {
    std::size_t count = 0;
    EveryHistory(operations_named(1)).visit(operations, [&](const History&) { ++count; });
    counts.push_back(count);
  }
  EXPECT_EQ(counts, (std::vector<std::size_t>{1, 2, 5, 15, 53, 217}));
}

// Of n operations none of which is like another: OEIS A079144.
TEST(EveryHistory, HasAsManyLabelledIntervalOrdersAsThereAre) {
  std::vector<std::size_t> counts;
  for (unsigned operations = 1; operations <= 5; ++operations) {
    std::size_t count = 0;
    EveryHistory(operations_named(operations)).visit(operations, [&](const History& history) {
      std::set<std::string> functions;
      for (const Event& event : history) functions.insert(event.function);
      count += functions.size() == operations ? 1 : 0;
    });
    counts.push_back(count);
  }
  EXPECT_EQ(counts, (std::vector<std::size_t>{1, 3, 19, 207, 3451}));
}

}  // namespace
}  // namespace lockstorm::checkers
