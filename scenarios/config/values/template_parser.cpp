// Templates: quoted strings, heredocs, and strings of the JSON syntax.
#include <algorithm>
#include <utility>

#include "scenarios/config/syntax/hcl_escapes.hpp"
#include "scenarios/config/syntax/hcl_heredoc.hpp"
#include "scenarios/config/syntax/hcl_values.hpp"
#include "scenarios/config/values/parser.hpp"

namespace lockstorm::scenarios::values {
namespace {

constexpr std::string_view kSpace = " \t\v\f\r\n";

/// The value itself where a template is nothing but an interpolation, else text.
Expression template_of(std::size_t begin, std::vector<Expression> parts) {
  if (parts.empty()) return literal_node(begin, text_value(""));
  if (parts.size() == 1) return std::move(parts.front());
  return node(Kind::text, begin, {}, std::move(parts));
}

Expression text_of(std::size_t begin, std::vector<Expression> parts) {
  return node(Kind::text, begin, {}, std::move(parts));
}

}  // namespace

Expression Parser::whole_template() {
  std::vector<Expression> found;
  parts(Literals::as_they_are, found, {});
  if (!at_end()) give_up();
  return template_of(0, std::move(found));
}

Expression Parser::quoted() {
  const std::size_t begin = position_;
  expect("\"");
  std::vector<Expression> found;
  parts(Literals::escaped, found, {});
  expect("\"");
  return template_of(begin, std::move(found));
}

Expression Parser::heredoc() {
  const std::size_t begin = position_;
  const std::size_t opener = std::min(rest().find('\n'), rest().size() - 1) + 1;
  const std::string before =
      std::exchange(heredoc_marker_, std::string(hcl::heredoc_marker(rest().substr(0, opener))));
  position_ += opener;
  std::vector<Expression> found;
  parts(Literals::as_they_are, found, {});
  position_ += hcl::heredoc_closing_length(rest(), heredoc_marker_);
  heredoc_marker_ = before;

  const std::string_view text = text_.substr(begin, position_ - begin);
  if (!text.starts_with("<<-")) return text_of(begin, std::move(found));
  // Without templates its indentation is known.
  if (const auto literal = hcl::evaluate(text)) {
    if (const auto* stripped = std::get_if<std::string>(&*literal))
      return literal_node(begin, text_value(*stripped));
  }
  return node(Kind::unsupported, begin, "an indented heredoc with a template", std::move(found));
}

bool Parser::at_end_of_template(Literals literals) const {
  if (at_end()) return true;
  if (literals == Literals::escaped) return rest().starts_with('"');
  const bool at_line_begin = position_ > 0 && text_[position_ - 1] == '\n';
  return !heredoc_marker_.empty() && at_line_begin &&
         hcl::heredoc_closing_length(rest(), heredoc_marker_) > 0;
}

std::string Parser::parts(Literals literals, std::vector<Expression>& into, Words ends) {
  if (++depth_ > kDeepestValue) throw Unknown{.needs = "", .because = "it is nested too deeply"};
  std::string literal;
  std::size_t begin = position_;
  for (;;) {
    const std::string_view here = rest();
    if (at_end_of_template(literals)) {
      if (ends.size() > 0) give_up();
      end_literal(literal, begin, false, into);
      --depth_;
      return {};
    }
    if (here.starts_with("$${") || here.starts_with("%%{")) {
      append(literal, here.substr(1, 2));
      position_ += 3;
    } else if (here.starts_with("${")) {
      position_ += 2;
      end_literal(literal, begin, take("~"), into);
      into.push_back(interpolation());
      begin = position_;
    } else if (here.starts_with("%{")) {
      const std::size_t at = std::exchange(position_, position_ + 2);
      end_literal(literal, begin, take("~"), into);
      const std::string word = directive_word();
      if (std::ranges::find(ends, word) != ends.end()) {
        end_sequence();
        --depth_;
        return word;
      }
      into.push_back(directive(literals, at, word));
      begin = position_;
    } else if (literals == Literals::escaped && here.starts_with('\\')) {
      std::string character;
      position_ += hcl::append_escape(character, here);
      append(literal, character);
    } else {
      append(literal, here.substr(0, 1));
      ++position_;
    }
  }
}

void Parser::end_literal(std::string& literal, std::size_t begin, bool strips,
                         std::vector<Expression>& into) {
  if (strips_next_) literal.erase(0, std::min(literal.find_first_not_of(kSpace), literal.size()));
  if (strips) literal.erase(literal.find_last_not_of(kSpace) + 1);
  strips_next_ = false;
  if (!literal.empty()) into.push_back(literal_node(begin, text_value(std::exchange(literal, {}))));
}

void Parser::end_sequence() {
  const Across across(across_lines_, true);
  skip_space();
  strips_next_ = take("~");
  expect("}");
}

Expression Parser::interpolation() {
  const Across across(across_lines_, true);
  skip_space();
  Expression result = expression();
  end_sequence();
  return result;
}

std::string Parser::directive_word() {
  const Across across(across_lines_, true);
  skip_space();
  return identifier();
}

Expression Parser::directive(Literals literals, std::size_t begin, const std::string& word) {
  const Across across(across_lines_, true);
  if (word == "for") {
    Expression loop = node(Kind::unsupported, begin, "a template's for directive");
    loop_header(loop);
    end_sequence();
    parts(literals, loop.operands, {"endfor"});
    measure(loop);
    return loop;
  }
  if (word != "if") give_up();
  skip_space();
  std::vector<Expression> operands = operands_of(expression());
  end_sequence();
  std::vector<Expression> when_true;
  std::vector<Expression> when_false;
  if (parts(literals, when_true, {"else", "endif"}) == "else") parts(literals, when_false, {"endif"});
  operands.push_back(text_of(begin, std::move(when_true)));
  operands.push_back(text_of(begin, std::move(when_false)));
  return node(Kind::conditional, begin, {}, std::move(operands));
}

}  // namespace lockstorm::scenarios::values
