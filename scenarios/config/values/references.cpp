#include "scenarios/config/values/references.hpp"

#include <algorithm>
#include <string_view>

namespace lockstorm::scenarios::values {
namespace {

using Names = std::vector<std::string>;

void collect(const Expression& expression, Names& bound, std::vector<Reference>& found) {
  if (const Names names = names_of(expression); !names.empty()) {
    if (std::ranges::find(bound, names.front()) == bound.end())
      found.push_back({name_of_reference(expression), expression.offset, false});
    return;
  }
  if (expression.kind == Kind::call) found.push_back({expression.name + "()", expression.offset, true});
  const std::size_t outer = bound.size();
  for (const Expression& operand : expression.operands) {
    collect(operand, bound, found);
    // The names of a `for` are not yet known in what it iterates over, its first operand.
    if (bound.size() == outer) bound.insert(bound.end(), expression.bound.begin(), expression.bound.end());
  }
  bound.resize(outer);
}

}  // namespace

std::vector<std::string> names_of(const Expression& expression) {
  Names names;
  const Expression* step = &expression;
  for (; step->kind == Kind::attribute; step = &step->operands.front()) names.push_back(step->name);
  if (step->kind != Kind::name) return {};
  names.push_back(step->name);
  std::ranges::reverse(names);
  return names;
}

std::string name_of_reference(const Expression& expression) {
  Names names = names_of(expression);
  if (names.empty()) return "";
  const std::size_t shown = names.front() == "data" ? 3 : 2;
  if (names.size() > shown) names.resize(shown);
  std::string name;
  for (const std::string& part : names) name += (name.empty() ? "" : ".") + part;
  return name;
}

std::vector<Reference> references_in(const Expression& expression) {
  Names bound;
  std::vector<Reference> found;
  collect(expression, bound, found);
  return found;
}

SourceLocation place_in(const SourceExpression& source, std::size_t offset) {
  const auto* text = std::get_if<std::string>(&source.written);
  if (text == nullptr) return source.where;
  SourceLocation place = source.where;
  for (const char c : std::string_view(*text).substr(0, offset)) {
    const bool is_continuation = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else if (!is_continuation) {
      ++place.column;
    }
  }
  return place;
}

}  // namespace lockstorm::scenarios::values
