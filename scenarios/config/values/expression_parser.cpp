#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <utility>

#include "scenarios/config/values/parser.hpp"

namespace lockstorm::scenarios::values {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct BinaryOperator {
  std::string_view sign;
  int precedence;
};

// Those that begin with another come first.
constexpr std::array<BinaryOperator, 13> kBinaryOperators{{{"||", 1},
                                                           {"&&", 2},
                                                           {"==", 3},
                                                           {"!=", 3},
                                                           {"<=", 4},
                                                           {">=", 4},
                                                           {"<", 4},
                                                           {">", 4},
                                                           {"+", 5},
                                                           {"-", 5},
                                                           {"*", 6},
                                                           {"/", 6},
                                                           {"%", 6}}};

}  // namespace

Expression Parser::whole_expression() {
  skip_space();
  Expression result = expression();
  across_lines_ = true;
  skip_space();
  if (!at_end()) give_up();
  return result;
}

Expression Parser::expression() {
  if (++depth_ > kDeepestValue) throw Unknown{.needs = "", .because = "it is nested too deeply"};
  const std::size_t begin = position_;
  Expression result = binary(1);
  skip_space();
  if (take("?")) {
    std::vector<Expression> operands = operands_of(std::move(result));
    skip_space();
    operands.push_back(expression());
    skip_space();
    expect(":");
    skip_space();
    operands.push_back(expression());
    result = node(Kind::conditional, begin, {}, std::move(operands));
  }
  --depth_;
  return result;
}

Expression Parser::binary(int least_precedence) {
  const std::size_t begin = position_;
  Expression left = unary();
  for (;;) {
    const std::size_t after_left = position_;
    skip_space();
    const auto* const found = std::ranges::find_if(
        kBinaryOperators, [&](const BinaryOperator& one) { return rest().starts_with(one.sign); });
    if (found == kBinaryOperators.end() || found->precedence < least_precedence) {
      position_ = after_left;
      return left;
    }
    position_ += found->sign.size();
    skip_space();
    Expression right = binary(found->precedence + 1);
    left = node(Kind::operation, begin, std::string(found->sign),
                operands_of(std::move(left), std::move(right)));
  }
}

Expression Parser::unary() {
  const std::size_t begin = position_;
  std::string signs;
  while (rest().starts_with('-') || (rest().starts_with('!') && !rest().starts_with("!="))) {
    signs += text_[position_++];
    skip_space();
  }
  Expression result = postfix();
  for (; !signs.empty(); signs.pop_back()) {
    result = node(Kind::operation, begin, {signs.back()}, operands_of(std::move(result)));
  }
  return result;
}

Expression Parser::postfix() {
  Expression result = term();
  for (;;) {
    const std::size_t after = position_;
    skip_space();
    if (rest().starts_with('[') || (rest().starts_with('.') && !rest().starts_with(".."))) {
      result = postfix_step(std::move(result));
    } else {
      position_ = after;
      return result;
    }
  }
}

Expression Parser::postfix_step(Expression base) {
  const std::size_t begin = base.offset;
  std::vector<Expression> operands = operands_of(std::move(base));
  if (take("[")) {
    const Across across(across_lines_, true);
    skip_space();
    if (take("*")) {
      skip_space();
      expect("]");
      return node(Kind::unsupported, begin, "a splat expression", std::move(operands));
    }
    operands.push_back(expression());
    skip_space();
    expect("]");
    return node(Kind::index, begin, {}, std::move(operands));
  }
  expect(".");
  skip_space();
  if (take("*")) return node(Kind::unsupported, begin, "a splat expression", std::move(operands));
  if (!at_end() && is_digit(text_[position_])) {
    operands.push_back(legacy_index());
    return node(Kind::index, begin, {}, std::move(operands));
  }
  return node(Kind::attribute, begin, identifier(), std::move(operands));
}

Expression Parser::term() {
  const std::string_view here = rest();
  if (here.empty()) give_up();
  if (here.starts_with('"')) return quoted();
  if (here.starts_with("<<")) return heredoc();
  if (here.starts_with('(')) return parenthesized();
  if (here.starts_with('[')) return tuple();
  if (here.starts_with('{')) return object();
  return is_digit(here.front()) ? number() : name_or_call();
}

Expression Parser::parenthesized() {
  const Across across(across_lines_, true);
  expect("(");
  skip_space();
  Expression inner = expression();
  skip_space();
  expect(")");
  return inner;
}

Expression Parser::number() {
  const std::size_t begin = position_;
  const auto skip_digits = [&] {
    while (!at_end() && is_digit(text_[position_])) ++position_;
  };
  const auto digit_at = [&](std::size_t at) { return at < text_.size() && is_digit(text_[at]); };
  skip_digits();
  if (rest().starts_with('.') && digit_at(position_ + 1)) {
    ++position_;
    skip_digits();
  }
  if (rest().starts_with('e') || rest().starts_with('E')) {
    const bool has_sign = rest().substr(1).starts_with('+') || rest().substr(1).starts_with('-');
    if (digit_at(position_ + (has_sign ? 2 : 1))) {
      position_ += has_sign ? 2 : 1;
      skip_digits();
    }
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text_.data() + begin, text_.data() + position_, value);
  if (error != std::errc{}) throw Unknown{.needs = "", .because = "it has a number that is too large"};
  return literal_node(begin, {value});
}

Expression Parser::legacy_index() {
  const std::size_t begin = position_;
  double value = 0;
  for (; !at_end() && is_digit(text_[position_]); ++position_) value = value * 10 + (text_[position_] - '0');
  return literal_node(begin, {value});
}

Expression Parser::name_or_call() {
  const std::size_t begin = position_;
  std::string name = identifier();
  if (name == "true" || name == "false") return literal_node(begin, {name == "true"});
  if (name == "null") return literal_node(begin, {});
  const std::size_t after_name = position_;
  skip_space();
  while (rest().starts_with("::")) {
    take("::");
    skip_space();
    name += "::" + identifier();
    skip_space();
  }
  if (!take("(")) {
    position_ = after_name;
    return node(Kind::name, begin, std::move(name));
  }
  const Across across(across_lines_, true);
  std::vector<Expression> operands;
  bool expands = false;
  for (skip_space(); !take(")"); skip_space()) {
    operands.push_back(expression());
    skip_space();
    if (take("...")) expands = true;
    take(",");
  }
  Expression call = node(Kind::call, begin, std::move(name), std::move(operands));
  call.expands_last = expands;
  return call;
}

}  // namespace lockstorm::scenarios::values
