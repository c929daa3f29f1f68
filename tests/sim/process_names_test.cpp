// Names of processes are found wherever a value has them.
#include <gtest/gtest.h>

#include <array>
#include <variant>

#include "sim/value.hpp"

namespace lockstorm::sim {
namespace {

struct Lock {
  Who owner;
  std::uint16_t number = 0;
};
struct Row {
  std::uint16_t exists = 0;
  Lock lock;
};
struct Silence {};
struct Table {
  std::array<Row, 2> rows{};
  std::array<std::array<Who, 2>, 2> readers{};
  std::uint16_t version = 0;
};
// No aggregate: it says itself whom it holds.
class Secret {
 public:
  explicit Secret(Who who) : who_(who) {}
  template <class F>
  void visit_who(F&& f) {
    f(who_);
  }

 private:
  Who who_;
};

template <class T>
std::vector<Who> names_in(T value) {
  std::vector<Who> found;
  visit_who(value, [&](const Who& who) { found.push_back(who); });
  return found;
}

TEST(ProcessNamesInValues, AreFoundInEveryFieldInTheirOrder) {
  const auto who = [](unsigned slot) { return Who::process(static_cast<Slot>(slot)); };
  Table table;
  table.rows[0].lock.owner = who(1);
  table.rows[1].lock.owner = who(2);
  table.readers = {{{who(3), who(4)}, {who(5), who(6)}}};
  EXPECT_EQ(names_in(table), (std::vector{who(1), who(2), who(3), who(4), who(5), who(6)}));
}

TEST(ProcessNamesInValues, AreThoseOfTheAlternativeThatIsThere) {
  using Request = std::variant<Silence, Lock, Row>;
  EXPECT_TRUE(names_in(Request{}).empty());
  EXPECT_EQ(names_in(Request{Lock{Who::me(), 1}}), std::vector{Who::me()});
  EXPECT_EQ(names_in(Request{Row{1, {Who::me(), 1}}}), std::vector{Who::me()});
}

TEST(ProcessNamesInValues, AreAskedOfAClassThatHidesThem) {
  EXPECT_EQ(names_in(Secret(Who::me())), std::vector{Who::me()});
}

TEST(ProcessNamesInValues, CanBeReplaced) {
  Table table;
  visit_who(table, [](Who& who) { who = Who::me(); });
  EXPECT_EQ(table.rows[1].lock.owner, Who::me());
  EXPECT_EQ(table.readers[1][1], Who::me());
}

}  // namespace
}  // namespace lockstorm::sim
