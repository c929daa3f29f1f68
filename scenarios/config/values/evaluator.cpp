#include "scenarios/config/values/evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "scenarios/config/values/operators.hpp"
#include "scenarios/config/values/references.hpp"

namespace lockstorm::scenarios::values {
namespace {

class Depth {
 public:
  explicit Depth(std::size_t& depth) : depth_(depth) {
    if (depth_ >= kDeepestValue) throw Unknown{.needs = "", .because = "it is nested too deeply"};
    ++depth_;
  }
  ~Depth() { --depth_; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;

 private:
  std::size_t& depth_;
};

Value member(const Value& value, const std::string& name, const std::string& of) {
  if (value.symbol() != nullptr) return value;
  const Object* object = value.object();
  if (object != nullptr) {
    if (const auto found = object->find(name); found != object->end()) return found->second;
  }
  throw Unknown{.needs = of, .because = "has no attribute of that name", .final = false};
}

Value item(const Value& value, const Value& key, const std::string& of) {
  if (value.symbol() != nullptr) return value;
  if (value.object() != nullptr) return member(value, to_text(key), of);
  const List* list = value.list();
  const double index = to_number(key);
  if (list != nullptr && index >= 0 && index < static_cast<double>(list->size()) &&
      std::floor(index) == index)
    return (*list)[static_cast<std::size_t>(index)];
  throw Unknown{.needs = of, .because = "has no element at that index", .final = false};
}

Value attribute(const Expression& expression, Scope& scope) {
  const std::vector<std::string> names = names_of(expression);
  const std::string of = name_of_reference(expression);
  if (names.empty()) return member(evaluate(expression.operands.front(), scope), expression.name, "");
  Value value = scope.value_of(names);
  for (std::size_t i = 2; i < names.size(); ++i) value = member(value, names[i], of);
  return value;
}

Value object(const Expression& expression, Scope& scope) {
  Object members;
  for (std::size_t i = 0; i + 1 < expression.operands.size(); i += 2) {
    std::string key = to_text(evaluate(expression.operands[i], scope));
    members.insert_or_assign(std::move(key), evaluate_part(expression.operands[i + 1], scope));
  }
  return object_value(std::move(members));
}

/// Throws what a symbol in one of them stands for.
void refuse_symbols(const std::vector<Value>& values) {
  for (const Value& value : values) {
    if (const Symbol* symbol = symbol_in(value))
      throw Unknown{.needs = symbol->needs, .because = symbol->because};
  }
}

/// `try` and `can` (hashicorp/hcl, ext/tryfunc), which get expressions, not values. They cannot make up for
/// what is not known before the tool runs.
Value try_or_can(const Expression& call, Scope& scope) {
  for (const Expression& operand : call.operands) {
    try {
      Value value = evaluate(operand, scope);
      if (call.name == "try") return value;
      refuse_symbols({value});
      return {true};
    } catch (const Unknown& failure) {
      if (failure.final) throw;
    }
  }
  if (call.name == "can") return {false};
  throw Unknown{.needs = "try()", .because = "has no argument that can be evaluated", .final = false};
}

std::vector<Value> all(const std::vector<Expression>& operands, Scope& scope) {
  std::vector<Value> result;
  result.reserve(operands.size());
  for (const Expression& operand : operands) result.push_back(evaluate_part(operand, scope));
  return result;
}

/// Functions that pass values on without a look at them, or look only at some.
bool takes_symbols(std::string_view function) {
  constexpr std::array<std::string_view, 13> kNames{
      "concat", "element", "find_in_parent_folders", "get_env", "keys",  "lookup", "mark_as_read",
      "merge",  "reverse", "read_terragrunt_config", "tolist",  "tomap", "values"};
  return std::ranges::find(kNames, function) != kNames.end();
}

Value call(const Expression& expression, Scope& scope) {
  if (expression.name == "try" || expression.name == "can") return try_or_can(expression, scope);
  std::vector<Value> arguments = all(expression.operands, scope);
  if (expression.expands_last && !arguments.empty()) {
    const Value last = arguments.back();
    arguments.pop_back();
    refuse_symbol(last);
    if (last.list() == nullptr)
      throw Unknown{.needs = expression.name + "()", .because = "gets no list for its `...`", .final = false};
    arguments.insert(arguments.end(), last.list()->begin(), last.list()->end());
  }
  if (!takes_symbols(expression.name)) refuse_symbols(arguments);
  return scope.call(expression.name, arguments);
}

Value text(const Expression& expression, Scope& scope) {
  std::string result;
  std::optional<Symbol> open;
  for (const Expression& operand : expression.operands) {
    const Value part = evaluate_part(operand, scope);
    const Symbol* symbol = part.symbol();
    append(result, symbol == nullptr ? to_text(part) : symbol->text);
    if (symbol != nullptr && !open) open = *symbol;
  }
  if (!open) return text_value(std::move(result));
  open->text = std::move(result);
  return symbol_value(*std::move(open));
}

/// Both branches get one type (hclsyntax, ConditionalExpr).
Value conditional(const Expression& expression, Scope& scope) {
  const std::vector<Value> parts = all(expression.operands, scope);
  const bool condition = to_flag(parts.at(0));
  const Value& chosen = parts.at(condition ? 1 : 2);
  const Value& other = parts.at(condition ? 2 : 1);
  if (chosen.symbol() != nullptr || other.symbol() != nullptr) return chosen;
  const bool differ = chosen.held.index() != other.held.index() && !chosen.is_null() && !other.is_null();
  if (!differ) return chosen;
  if (chosen.is_single() && other.is_single()) return text_value(to_text(chosen));
  throw Unknown{.needs = "", .because = "its branches have different types", .final = false};
}

}  // namespace

Value symbol_for(const Unknown& failure) {
  if (failure.refusal) throw failure;
  const std::string name = failure.needs.empty() ? "..." : failure.needs;
  return symbol_value({"${" + name + "}", failure.needs, failure.because});
}

Value evaluate_part(const Expression& expression, Scope& scope) {
  if (!scope.keeps_symbols) return evaluate(expression, scope);
  try {
    return evaluate(expression, scope);
  } catch (const Unknown& failure) {
    return symbol_for(failure);
  }
}

Value EmptyScope::value_of(const std::vector<std::string>& names) {
  throw Unknown{.needs = names.size() > 1 ? names[0] + "." + names[1] : names.front(), .because = because_};
}

Value EmptyScope::call(const std::string& function, const std::vector<Value>& /*arguments*/) {
  throw Unknown{.needs = function + "()", .because = because_};
}

Value evaluate(const Expression& expression, Scope& scope) {
  const Depth depth(scope.depth);
  switch (expression.kind) {
    case Kind::literal:
      return expression.literal;
    case Kind::name:
      return scope.value_of({expression.name});
    case Kind::attribute:
      return attribute(expression, scope);
    case Kind::index: {
      const std::vector<Value> parts = all(expression.operands, scope);
      return item(parts.at(0), parts.at(1), name_of_reference(expression.operands.front()));
    }
    case Kind::call:
      return call(expression, scope);
    case Kind::tuple:
      return list_value(all(expression.operands, scope));
    case Kind::object:
      return object(expression, scope);
    case Kind::operation: {
      const std::vector<Value> operands = all(expression.operands, scope);
      refuse_symbols(operands);
      return operate(expression.name, operands);
    }
    case Kind::conditional:
      return conditional(expression, scope);
    case Kind::text:
      return text(expression, scope);
    case Kind::unsupported:
      break;
  }
  // What it refers to may be the reason that counts: it is asked for first.
  for (const Reference& reference : references_in(expression)) {
    if (reference.is_call) continue;
    throw Unknown{.needs = reference.name,
                  .because = "stands in " + expression.name + ", which is not computed"};
  }
  throw Unknown{.needs = "", .because = expression.name + " is not computed"};
}

}  // namespace lockstorm::scenarios::values
