#include "scenarios/config/values/parser.hpp"

#include <algorithm>
#include <utility>

namespace lockstorm::scenarios::values {
namespace {

bool is_identifier_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

void measure(Expression& expression) {
  expression.height = 1;
  for (const Expression& operand : expression.operands)
    expression.height = std::max(expression.height, operand.height + 1);
  if (expression.height > kDeepestValue) throw Unknown{.needs = "", .because = "it is nested too deeply"};
}

Expression node(Kind kind, std::size_t offset, std::string name, std::vector<Expression> operands) {
  Expression result;
  result.kind = kind;
  result.offset = offset;
  result.name = std::move(name);
  result.operands = std::move(operands);
  measure(result);
  return result;
}

Expression literal_node(std::size_t offset, Value value) {
  Expression result = node(Kind::literal, offset);
  result.literal = std::move(value);
  return result;
}

std::vector<Expression> operands_of(Expression first) {
  std::vector<Expression> operands;
  operands.push_back(std::move(first));
  return operands;
}

std::vector<Expression> operands_of(Expression first, Expression second) {
  std::vector<Expression> operands = operands_of(std::move(first));
  operands.push_back(std::move(second));
  return operands;
}

void Parser::skip_space() {
  for (;;) {
    const std::string_view here = rest();
    if (here.empty()) return;
    const char c = here.front();
    const bool is_line_break = c == '\n' || here.starts_with("\r\n");
    if (c == ' ' || c == '\t' || (across_lines_ && is_line_break)) {
      ++position_;
    } else if (here.starts_with("/*")) {
      position_ = std::min(text_.size(), position_ + std::min(here.size(), here.find("*/", 2)) + 2);
    } else if (c == '#' || here.starts_with("//")) {
      position_ += std::min(here.size(), here.find('\n'));
    } else {
      return;
    }
  }
}

bool Parser::take(std::string_view token) {
  if (!rest().starts_with(token)) return false;
  position_ += token.size();
  return true;
}

bool Parser::take_keyword(std::string_view word) {
  const std::string_view here = rest();
  if (!here.starts_with(word)) return false;
  if (here.size() > word.size() && is_identifier_byte(here[word.size()])) return false;
  position_ += word.size();
  return true;
}

void Parser::expect(std::string_view token) {
  if (!take(token)) give_up();
}

std::string Parser::identifier() {
  const std::size_t begin = position_;
  while (!at_end() && is_identifier_byte(text_[position_])) ++position_;
  if (position_ == begin) give_up();
  return std::string(text_.substr(begin, position_ - begin));
}

void Parser::give_up() { throw Unknown{.needs = "", .because = "it is not understood here"}; }

}  // namespace lockstorm::scenarios::values
