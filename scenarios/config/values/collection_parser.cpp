// Tuples, objects and what loops over them.
#include <utility>

#include "scenarios/config/values/parser.hpp"

namespace lockstorm::scenarios::values {

Expression Parser::tuple() {
  const Across across(across_lines_, true);
  const std::size_t begin = position_;
  expect("[");
  skip_space();
  if (take_keyword("for")) return loop(begin, ']');
  std::vector<Expression> items;
  for (; !take("]"); skip_space()) {
    items.push_back(expression());
    skip_space();
    take(",");
  }
  return node(Kind::tuple, begin, {}, std::move(items));
}

Expression Parser::object() {
  const std::size_t begin = position_;
  expect("{");
  {
    const Across across(across_lines_, true);
    skip_space();
    const std::size_t first = position_;
    if (take_keyword("for")) {
      skip_space();
      // An object may have a key of that name.
      if (!rest().starts_with('=') && !rest().starts_with(':')) return loop(begin, '}');
      position_ = first;
    }
  }
  std::vector<Expression> members;
  for (;;) {
    {
      const Across across(across_lines_, true);
      skip_space();
    }
    if (take("}")) return node(Kind::object, begin, {}, std::move(members));
    const Across within(across_lines_, false);
    members.push_back(object_key());
    skip_space();
    if (!take("=")) expect(":");
    skip_space();
    members.push_back(expression());
    skip_space();
    take(",");
  }
}

Expression Parser::object_key() {
  const bool is_bare = !rest().starts_with('(');
  Expression key = expression();
  if (is_bare && key.kind == Kind::name) return literal_node(key.offset, text_value(key.name));
  return key;
}

void Parser::loop_header(Expression& loop) {
  do {
    skip_space();
    loop.bound.push_back(identifier());
    skip_space();
  } while (take(","));
  if (!take_keyword("in")) give_up();
  skip_space();
  loop.operands.push_back(expression());
  skip_space();
}

Expression Parser::loop(std::size_t begin, char close) {
  const Across across(across_lines_, true);
  Expression result = node(Kind::unsupported, begin, "a for expression");
  loop_header(result);
  expect(":");
  skip_space();
  result.operands.push_back(expression());
  skip_space();
  if (close == '}') {
    expect("=>");
    skip_space();
    result.operands.push_back(expression());
    skip_space();
    take("...");
    skip_space();
  }
  if (take_keyword("if")) {
    skip_space();
    result.operands.push_back(expression());
    skip_space();
  }
  expect({&close, 1});
  measure(result);
  return result;
}

}  // namespace lockstorm::scenarios::values
