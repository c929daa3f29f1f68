// A recursive descent over an expression that the grammar has accepted: here only the tree is built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/config/values/expression.hpp"

namespace lockstorm::scenarios::values {

// Every node is made by these: they refuse trees that are too deep to be walked.

void measure(Expression& expression);
[[nodiscard]] Expression node(Kind kind, std::size_t offset, std::string name = {},
                              std::vector<Expression> operands = {});
[[nodiscard]] Expression literal_node(std::size_t offset, Value value);
[[nodiscard]] std::vector<Expression> operands_of(Expression first);
[[nodiscard]] std::vector<Expression> operands_of(Expression first, Expression second);

/// Sets a flag for as long as it lives.
class Across {
 public:
  Across(bool& flag, bool value) : flag_(flag), before_(std::exchange(flag, value)) {}
  ~Across() { flag_ = before_; }
  Across(const Across&) = delete;
  Across& operator=(const Across&) = delete;

 private:
  bool& flag_;
  bool before_;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  [[nodiscard]] Expression whole_expression();
  /// A string of the JSON syntax, all of which is a template.
  [[nodiscard]] Expression whole_template();

 private:
  // expression_parser.cpp: operators, names, calls
  Expression expression();
  Expression binary(int least_precedence);
  Expression unary();
  Expression postfix();
  Expression postfix_step(Expression base);
  Expression term();
  Expression parenthesized();
  Expression number();
  Expression legacy_index();
  Expression name_or_call();

  // collection_parser.cpp
  Expression tuple();
  Expression object();
  Expression object_key();
  Expression loop(std::size_t begin, char close);
  void loop_header(Expression& loop);

  // template_parser.cpp
  enum class Literals : std::uint8_t { escaped, as_they_are };  // with backslashes, or as in a heredoc
  using Words = std::initializer_list<std::string_view>;
  Expression quoted();
  Expression heredoc();
  /// Parts up to a quote, a heredoc's marker, the end of the text, or a directive of `ends`, which is taken
  /// and returned.
  std::string parts(Literals literals, std::vector<Expression>& into, Words ends);
  Expression interpolation();
  std::string directive_word();
  Expression directive(Literals literals, std::size_t begin, const std::string& word);
  void end_literal(std::string& literal, std::size_t begin, bool strips, std::vector<Expression>& into);
  void end_sequence();
  [[nodiscard]] bool at_end_of_template(Literals literals) const;

  // parser.cpp: tokens
  [[nodiscard]] std::string_view rest() const { return text_.substr(position_); }
  [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
  void skip_space();
  bool take(std::string_view token);
  bool take_keyword(std::string_view word);
  void expect(std::string_view token);
  std::string identifier();
  [[noreturn]] static void give_up();

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t depth_ = 0;
  bool across_lines_ = false;  ///< whether a newline is mere space here
  bool strips_next_ = false;   ///< a `~}` takes the space away that follows
  std::string heredoc_marker_;
};

}  // namespace lockstorm::scenarios::values
