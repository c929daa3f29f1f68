#include "scenarios/config/values/operators.hpp"

#include <cmath>

namespace lockstorm::scenarios::values {
namespace {

constexpr double kLargestOperand = 9007199254740992.0;  // 2^53: doubles hold every integer up to it

double whole(const Value& value) {
  const double number = to_number(value);
  if (std::abs(number) > kLargestOperand || std::floor(number) != number)
    throw Unknown{.needs = "", .because = "only whole numbers are computed with"};
  return number;
}

Value arithmetic(char sign, double a, double b) {
  if ((sign == '/' || sign == '%') && b == 0)
    throw Unknown{.needs = "", .because = "it divides by zero", .final = false};
  switch (sign) {
    case '+':
      return {whole({a + b})};
    case '-':
      return {whole({a - b})};
    case '*':
      return {whole({a * b})};
    case '/':
      return {whole({a / b})};
    default:
      return {std::fmod(a, b)};
  }
}

Value compared(std::string_view sign, double a, double b) {
  if (sign == "<") return {a < b};
  if (sign == "<=") return {a <= b};
  return {sign == ">" ? a > b : a >= b};
}

}  // namespace

Value operate(std::string_view sign, const std::vector<Value>& operands) {
  const Value& first = operands.at(0);
  if (operands.size() == 1) {
    if (sign == "!") return {!to_flag(first)};
    return {-to_number(first)};
  }
  const Value& second = operands.at(1);
  if (sign == "==") return {first == second};
  if (sign == "!=") return {!(first == second)};
  if (sign == "&&") return {to_flag(first) && to_flag(second)};
  if (sign == "||") return {to_flag(first) || to_flag(second)};
  if (sign.front() == '<' || sign.front() == '>') return compared(sign, to_number(first), to_number(second));
  return arithmetic(sign.front(), whole(first), whole(second));
}

}  // namespace lockstorm::scenarios::values
