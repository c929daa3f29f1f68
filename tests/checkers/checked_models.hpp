// The models that the judge has, each with operations that tell its rules apart and the naive checker that
// knows them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checkers/judge.hpp"
#include "tests/checkers/naive_locks.hpp"
#include "tests/checkers/naive_objects.hpp"
#include "tests/checkers/naive_states.hpp"
#include "tests/checkers/renamings.hpp"

namespace lockstorm::checkers {

/// A model, what may be done, and who knows the answer. `numbers`: what numbers that stand alone are;
/// `initial`: what the caller says was there before.
struct CheckedModel {
  std::string name;
  Model model{};
  std::vector<OperationKind> kinds;
  bool (*naive)(const History&, const Initial&) = nullptr;
  Numbers numbers = Numbers::names;
  Initial initial{};

  /// What stands in `initial`.
  [[nodiscard]] Value fixed() const { return Value::List{initial.state.value, initial.lock.value}; }
};

inline void PrintTo(const CheckedModel& of, std::ostream* out) { *out << of.name; }
inline std::string name_of_test(const testing::TestParamInfo<CheckedModel>& test) { return test.param.name; }

namespace kinds {

using enum EventType;

inline Value list(std::initializer_list<Value> items) { return Value::List(items); }
inline Value lineage(const char* name, int serial) {
  return Value::Fields{{"lineage", Value(name)}, {"serial", Value(serial)}};
}
inline Value version(const char* writer, int serial) {
  return Value::Fields{{"writer", Value(writer)}, {"serial", Value(serial)}};
}
inline Value update(const char* writer, int serial, Value base) {
  return Value::Fields{{"writer", Value(writer)}, {"serial", Value(serial)}, {"base", std::move(base)}};
}
inline Value leased(const char* id, int lease) {
  return Value::Fields{{"id", Value(id)}, {"lease_ns", Value(lease)}};
}
inline Value token(int number) { return Value::Fields{{"token", Value(number)}}; }
inline InitialPart given(Value value) { return {InitialPart::Kind::given, std::move(value)}; }
inline constexpr auto kAbsent = InitialPart::Kind::absent;
inline Value id(const char* name) { return Value::Fields{{"id", Value(name)}}; }

inline OperationKind read(Value value) { return {.function = "read", .completed = std::move(value)}; }
inline OperationKind write(Value value, EventType outcome = ok) {
  return {.function = "write", .outcome = outcome, .invoked = value, .completed = value};
}
inline OperationKind cas(Value from, Value to, EventType outcome = ok) {
  const Value both = list({std::move(from), std::move(to)});
  return {.function = "cas", .outcome = outcome, .invoked = both, .completed = both};
}
inline OperationKind text(const char* function, const char* value, EventType outcome = ok) {
  const bool is_get = std::string_view(function) == "get";
  return {.function = function,
          .outcome = outcome,
          .invoked = is_get ? Value() : Value(value),
          .completed = Value(value)};
}
inline OperationKind append(Value value, EventType outcome = ok) {
  return {.function = "append", .outcome = outcome, .invoked = value, .completed = value};
}
inline OperationKind lock(const char* function, int process, EventType outcome = ok, Value invoked = {},
                          Value completed = {}) {
  return {.function = function,
          .outcome = outcome,
          .invoked = std::move(invoked),
          .completed = std::move(completed),
          .process = process};
}

}  // namespace kinds

inline std::vector<CheckedModel> checked_models() {
  using namespace kinds;
  std::vector<CheckedModel> all;
  // Values 1 and 2 are alike; 7 is written by nobody.
  all.push_back({"Register",
                 Model::register_cell,
                 {read({}), read(1), read(2), write(1), write(2), write(1, unknown)},
                 is_register});
  all.push_back({"RegisterThatWasThere",
                 Model::register_cell,
                 {read({}), read(1), read(7), read(8), write(1), write(1, fail)},
                 is_register});
  all.push_back({"CasRegister",
                 Model::cas_register,
                 {read({}), read(1), read(2), write(1), write(2), cas({}, 1), cas(1, 2), cas(1, 2, fail),
                  cas(1, 2, unknown), cas(7, 1), cas({}, 1, fail)},
                 is_register});
  all.push_back(
      {"KeyValue",
       Model::key_value,
       {text("get", ""), text("get", "a"), text("get", "ab"), text("get", "zb"), text("get", "z"),
        text("put", "a"), text("append", "b"), text("append", "b", unknown), text("append", "a", fail)},
       is_store});
  // Nobody saw what was there, but somebody may have replaced it.
  all.push_back({"CasRegisterThatNobodySaw",
                 Model::cas_register,
                 {read(1), read(2), write(3), cas(7, 1, unknown), cas(8, 2, unknown), cas(7, 4, fail),
                  cas({}, 1, fail), cas({}, 1, unknown)},
                 is_register});
  // Where what was appended begins is not told.
  all.push_back({"KeyValueOfTextsThatOverlap",
                 Model::key_value,
                 {text("get", "ab"), text("get", "abc"), text("get", "abbc"), text("get", "a"),
                  text("append", "c"), text("append", "bc"), text("append", "bc", unknown), text("put", "c")},
                 is_store});
  all.push_back({"TerraformState",
                 Model::terraform_state,
                 {read({}), read(lineage("a", 1)), read(lineage("a", 2)), read(lineage("x", 5)),
                  write(lineage("a", 1)), write(lineage("a", 2)), write(lineage("b", 3)),
                  write(lineage("a", 2), unknown), write(lineage("x", 6))},
                 is_terraform_state});
  all.push_back(
      {"Mutex",
       Model::mutex,
       {lock("acquire", -1), lock("release", -1), lock("acquire", -1, unknown), lock("release", -1, unknown)},
       is_mutex});
  all.push_back({"ReentrantMutex",
                 Model::reentrant_mutex,
                 {lock("acquire", 0), lock("acquire", 1), lock("release", 0), lock("release", 1),
                  lock("acquire", 0, unknown), lock("acquire", 1, unknown), lock("release", 0, unknown),
                  lock("release", 1, unknown)},
                 is_reentrant_mutex});
  all.push_back({"FencingLock",
                 Model::fencing_lock,
                 {lock("acquire", -1, ok, {}, 1), lock("acquire", -1, ok, {}, 2), lock("release", -1),
                  lock("acquire", -1, unknown), lock("release", -1, unknown)},
                 is_fencing_lock,
                 Numbers::ordered});
  // Two processes are alike; processes of their own are operators.
  all.push_back({"LockWithoutIds",
                 Model::lock,
                 {lock("acquire", 0), lock("acquire", 1), lock("release", 0), lock("release", 1),
                  lock("acquire", 0, unknown), lock("acquire", 1, unknown), lock("release", 0, unknown),
                  lock("release", 1, unknown), lock("release", 0, fail), lock("release", 1, fail),
                  lock("evict", -1), lock("evict", -1, unknown), lock("evict", -1, fail)},
                 is_lock});
  all.push_back({"LockWithIds",
                 Model::lock,
                 {lock("acquire", 0, ok, {}, id("a")), lock("acquire", 1, ok, {}, id("b")),
                  lock("release", 0, ok, id("a")), lock("release", 1, ok, id("b")),
                  lock("acquire", 0, unknown, id("a")), lock("acquire", 1, unknown, id("b")),
                  lock("release", 0, unknown, id("a")), lock("release", 1, unknown, id("b")),
                  lock("evict", -1, ok, id("a")), lock("evict", -1, ok, id("b")),
                  lock("evict", -1, unknown, id("a")), lock("evict", -1, unknown, id("b")),
                  lock("evict", -1, fail, id("a")), lock("evict", -1, fail, id("b"))},
                 is_lock});
  // x and y are acquired by nobody.
  all.push_back(
      {"LockThatWasThere",
       Model::lock,
       {lock("acquire", 0, ok, {}, id("a")), lock("acquire", 1, ok, {}, id("b")),
        lock("release", 0, ok, id("a")), lock("release", 1, ok, id("b")), lock("release", 0, ok, id("x")),
        lock("release", 1, ok, id("x")), lock("acquire", 0, fail, {}, id("x")),
        lock("acquire", 1, fail, {}, id("x")), lock("evict", -1, ok, id("x")),
        lock("evict", -1, unknown, id("x")), lock("evict", -1, ok, id("y")), lock("acquire", 1, unknown)},
       is_lock});
  // x, y and z are acquired by nobody, unless by who does not say what he acquires.
  all.push_back(
      {"LockThatMayHaveBeenThere",
       Model::lock,
       {lock("acquire", 0, ok, {}, id("a")), lock("release", 0), lock("release", 0, unknown, id("x")),
        lock("release", 1, unknown, id("y")), lock("evict", -1, unknown, id("z")),
        lock("release", 1, ok, id("y")), lock("evict", -1, ok, id("x")), lock("evict", -1, ok, id("y")),
        lock("acquire", 1, unknown), lock("acquire", 0, fail, {}, id("z"))},
       is_lock});
  all.push_back({"LockOfTheDead",
                 Model::lock,
                 {lock("acquire", 0), lock("acquire", 1), lock("release", 0), lock("release", 1),
                  lock("acquire", 0, unknown), lock("acquire", 1, unknown), lock("crash", 0, unknown),
                  lock("crash", 1, unknown), lock("evict", -1, ok, id("x"))},
                 is_lock});
  all.push_back(
      {"LockWithTokens",
       Model::lock,
       {lock("acquire", 0, ok, {}, token(1)), lock("acquire", 1, ok, {}, token(1)),
        lock("acquire", 0, ok, {}, token(2)), lock("acquire", 1, ok, {}, token(2)), lock("release", 0),
        lock("release", 1), lock("acquire", 0, unknown), lock("acquire", 1, unknown), lock("evict", -1)},
       is_lock});
  // The caller says that x was there, or that nothing was.
  for (const bool was_there : {true, false}) {
    all.push_back({was_there ? "LockSaidToBeHeld" : "LockSaidToBeFree",
                   Model::lock,
                   {lock("acquire", 0, ok, {}, id("a")), lock("acquire", 1, ok, {}, id("b")),
                    lock("acquire", 0, ok, {}, id("x")), lock("release", 0, ok, id("a")),
                    lock("release", 1, ok, id("b")), lock("release", 1, ok, id("x")),
                    lock("acquire", 1, fail, {}, id("x")), lock("acquire", 0, unknown, id("a")),
                    lock("evict", -1, ok, id("x")), lock("evict", -1, unknown, id("x")),
                    lock("evict", -1, fail, id("x")), lock("crash", 0, unknown)},
                   is_lock,
                   Numbers::names,
                   {.state = {}, .lock = was_there ? given("x") : InitialPart{kAbsent, {}}}});
  }
  // In units of half a block: a lease of 2 from a block on has run out before the next one.
  all.push_back({"LockWithLeases",
                 Model::lock,
                 {lock("acquire", 0, ok, {}, leased("a", 4)), lock("acquire", 1, ok, {}, leased("b", 4)),
                  lock("acquire", 1, ok, {}, leased("b", 2)), lock("acquire", 0), lock("release", 0),
                  lock("release", 1), lock("evict", -1, unknown, id("a")), lock("release", 1, ok, id("x"))},
                 is_lock});
  all.push_back(
      {"LockAndRegister",
       Model::lock_and_state,
       {lock("acquire", 0), lock("acquire", 1), lock("release", 0), lock("release", 1),
        lock("acquire", 0, unknown), lock("acquire", 1, unknown), lock("release", 0, unknown),
        lock("release", 1, unknown), lock("crash", 0, unknown), lock("crash", 1, unknown), lock("evict", -1),
        lock("evict", -1, unknown), lock("write", 0, ok, 1), lock("write", 1, ok, 1), read({}), read(1)},
       is_lock_and_register});
  all.push_back({"LockWithIdsAndRegister",
                 Model::lock_and_state,
                 {lock("acquire", 0, ok, {}, id("a")), lock("acquire", 1, ok, {}, leased("b", 2)),
                  lock("release", 0, ok, id("a")), lock("release", 1, ok, id("b")),
                  lock("acquire", 0, unknown, id("a")), lock("acquire", 0, fail, {}, id("x")),
                  lock("evict", -1, ok, id("a")), lock("evict", -1, unknown, id("a")),
                  lock("evict", -1, fail, id("a")), lock("evict", -1, ok, id("x")), lock("write", 0, ok, 1),
                  lock("write", 1, ok, 2), lock("write", 1, unknown, 2)},
                 is_lock_and_register});
  all.push_back({"States",
                 Model::states,
                 {read({}), read(version("a", 1)), read(version("b", 2)), read(version("x", 1)),
                  write(update("a", 1, {})), write(update("b", 2, {})),
                  write(update("b", 2, version("a", 1))), write(update("c", 2, version("a", 1))),
                  write(update("a", 1, version("b", 2))), write(update("a", 1, {}), unknown),
                  write(update("b", 2, version("a", 1)), unknown), write(update("b", 2, version("x", 1)))},
                 is_state});
  all.push_back({"StatesThatDoNotSayWhatTheyReplace",
                 Model::states,
                 {read({}), read(version("a", 1)), read(version("b", 2)), read(version("c", 2)),
                  read(version("x", 1)), write(version("a", 1)), write(version("b", 2)),
                  write(version("c", 2)), write(version("b", 2), unknown)},
                 is_state});
  all.push_back({"Lists",
                 Model::states,
                 {read({}), read(list({1})), read(list({2})), read(list({1, 2})), read(list({2, 1})),
                  read(list({7})), read(list({7, 1})), append(1), append(2), append(1, unknown)},
                 is_state});
  // The caller says what was there.
  all.push_back({"RegisterSaidToHold7",
                 Model::cas_register,
                 {read({}), read(7), read(1), write(1), write(7, unknown), cas(7, 1), cas({}, 1, fail),
                  cas(7, 1, fail)},
                 is_register,
                 Numbers::names,
                 {.state = given(7), .lock = {}}});
  all.push_back({"TerraformStateSaidToBeThere",
                 Model::terraform_state,
                 {read({}), read(lineage("a", 2)), read(lineage("a", 3)), write(lineage("a", 2)),
                  write(lineage("a", 3)), write(lineage("a", 3), unknown), write(lineage("b", 3))},
                 is_terraform_state,
                 Numbers::names,
                 {.state = given(lineage("a", 2)), .lock = {}}});
  all.push_back(
      {"StateSaidToBeThere",
       Model::states,
       {read({}), read(version("x", 2)), read(version("a", 3)), write(update("a", 3, version("x", 2))),
        write(update("b", 3, version("x", 2)), unknown), write(update("b", 3, {})),
        write(update("b", 4, version("a", 3))), write(update("c", 1, version("x", 2)))},
       is_state,
       Numbers::names,
       {.state = given(version("x", 2)), .lock = {}}});
  return all;
}

}  // namespace lockstorm::checkers
