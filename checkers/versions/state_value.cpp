#include "checkers/versions/state_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace lockstorm::checkers {
namespace {

constexpr std::array<std::string_view, 4> kFields{"writer", "serial", "lineage", "base"};

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// Letters to insert, remove or change, whatever their case.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

// Where the steps cannot be compared the reader says what is wrong with them.
bool is_same_step(const Value& asked, const Value& told) {
  if (!is_step(asked) || !is_step(told)) return false;
  const auto &a = *asked.list(), &b = *told.list();
  const std::string& function = *a[0].text();
  return a[0] == b[0] && a[1] == b[1] &&
         (is_read(function) || agree(a[2], b[2], function == "w" || function == "write"));
}

}  // namespace

std::optional<std::string> wrong_field_of_state(const Value& state, bool may_have_base) {
  if (state.fields() == nullptr) return std::nullopt;
  // The base is the last one.
  const auto known = std::span(kFields).first(may_have_base ? kFields.size() : kFields.size() - 1);
  for (const auto& [name, value] : *state.fields()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::string_view nearest =
        *std::ranges::min_element(known, {}, [&](std::string_view field) { return distance(name, field); });
    const bool is_near = distance(name, nearest) <= nearest.size() / 2;
    return fmt::format("expected {}, not \"{}\"{}",
                       may_have_base ? "writer, serial, lineage or base in a state"
                                     : "writer, serial or lineage in a base or a beginning",
                       name, is_near ? fmt::format(": did you mean \"{}\"?", nearest) : "");
  }
  return std::nullopt;
}

bool agree(const Value& asked, const Value& told, bool is_state) {
  if (asked.is_nil() || told.is_nil() || asked == told) return true;
  if (asked.fields() == nullptr || told.fields() == nullptr) return false;
  return std::ranges::all_of(*asked.fields(), [&](const auto& field) {
    const auto& [name, value] = field;
    const Value* other = told.field(name);
    if (other == nullptr || *other == value) return true;
    // A base that is nil says that there was none.
    const bool is_base = is_state && name == "base" && !value.is_nil() && !other->is_nil();
    return (is_state && name == "lineage") || (is_base && agree(value, *other, true));
  });
}

bool have_two_lineages(const Value& asked, const Value& told) {
  const Value *a = asked.field("lineage"), *b = told.field("lineage");
  if (a != nullptr && b != nullptr && *a != *b) return true;
  a = asked.field("base"), b = told.field("base");
  return a != nullptr && b != nullptr && have_two_lineages(*a, *b);
}

bool is_step(const Value& value) {
  const auto* parts = value.list();
  return parts != nullptr && parts->size() == 3 && (*parts)[0].text() != nullptr;
}

bool is_read(std::string_view function) { return function == "read" || function == "r"; }

bool are_same_steps(const Value& asked, const Value& told) {
  // Without steps an invocation does not say what it asks for.
  if (asked.is_nil() || (asked.list() != nullptr && asked.list()->empty())) return true;
  return asked.list() != nullptr && told.list() != nullptr &&
         std::ranges::equal(*asked.list(), *told.list(), is_same_step);
}

Value merged(const Value& first, const Value& second) {
  if (first.is_nil()) return second;
  if (first.fields() == nullptr || second.fields() == nullptr) return first;
  Value::Fields all = *first.fields();
  for (const auto& field : *second.fields())
    if (first.field(field.first) == nullptr) all.push_back(field);
  return Value(std::move(all));
}

}  // namespace lockstorm::checkers
