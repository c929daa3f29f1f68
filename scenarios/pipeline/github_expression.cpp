#include "scenarios/pipeline/github_expression.hpp"

#include <cctype>
#include <charconv>
#include <optional>
#include <vector>

namespace lockstorm::scenarios::pipeline {
namespace {

using Kind = ExpressionValue::Kind;

constexpr unsigned kDeepestExpression = 60;

struct CannotRead {};

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Truth are_equal(const ExpressionValue& a, const ExpressionValue& b) {
  const bool same_text = lower(a.text.text) == lower(b.text.text);
  const bool unsure = !a.text.is_known || !b.text.is_known || a.text.is_fresh || b.text.is_fresh;
  if (unsure) return same_text && !a.text.is_fresh ? Truth::yes : Truth::maybe;
  const auto empty = [](const ExpressionValue& v) { return v.kind == Kind::null || v.text.text.empty(); };
  if (empty(a) && empty(b)) return Truth::yes;
  return same_text ? Truth::yes : Truth::no;
}

ExpressionValue of_truth(Truth truth, std::string_view written) {
  return truth == Truth::maybe ? unknown_value(written) : boolean_value(truth == Truth::yes);
}

// By recursive descent over the text; what it does not understand makes the whole unknown.
class Evaluation {
 public:
  Evaluation(std::string_view text, const ExpressionContext& context) : text_(text), context_(context) {}

  ExpressionValue whole() {
    ExpressionValue value = any();
    skip_blanks();
    if (at_ != text_.size()) throw CannotRead{};
    return value;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  bool take(std::string_view word) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  std::string_view since(std::size_t begin) const { return trimmed(text_.substr(begin, at_ - begin)); }

  ExpressionValue any() {
    if (++depth_ > kDeepestExpression) throw CannotRead{};
    const std::size_t begin = at_;
    ExpressionValue value = all();
    while (take("||")) {
      ExpressionValue other = all();
      const Truth truth = value.truth();
      if (truth == Truth::no) value = std::move(other);
      if (truth == Truth::maybe) value = merged(value, other, since(begin), other.truth() == Truth::yes);
    }
    --depth_;
    return value;
  }

  // `a || b` with an unknown `a` is one of the two; what is fresh in either may be what counts.
  static ExpressionValue merged(const ExpressionValue& a, const ExpressionValue& b, std::string_view written,
                                bool surely_true) {
    ExpressionValue value = unknown_value(written);
    value.text.is_fresh = a.text.is_fresh && b.text.is_fresh;
    if (surely_true && b.kind == Kind::boolean && a.kind == Kind::boolean) value = b;
    return value;
  }

  ExpressionValue all() {
    const std::size_t begin = at_;
    ExpressionValue value = comparison();
    while (take("&&")) {
      ExpressionValue other = comparison();
      const Truth truth = value.truth();
      if (truth == Truth::yes) {
        value = std::move(other);
      } else if (truth == Truth::maybe) {
        value = other.truth() == Truth::no ? boolean_value(false) : unknown_value(since(begin));
      }
    }
    return value;
  }

  ExpressionValue comparison() {
    const std::size_t begin = at_;
    ExpressionValue value = unary();
    for (;;) {
      if (take("==")) {
        value = of_truth(are_equal(value, unary()), since(begin));
      } else if (take("!=")) {
        value = of_truth(opposite(are_equal(value, unary())), since(begin));
      } else if (take("<=") || take(">=") || take("<") || take(">")) {
        unary();
        value = unknown_value(since(begin));
      } else {
        return value;
      }
    }
  }

  ExpressionValue unary() {
    skip_blanks();
    const std::size_t begin = at_;
    if (text_.substr(at_).starts_with("!=")) throw CannotRead{};
    if (!take("!")) return postfix();
    if (++depth_ > kDeepestExpression) throw CannotRead{};
    const Truth truth = opposite(unary().truth());
    --depth_;
    return of_truth(truth, since(begin));
  }

  ExpressionValue postfix() {
    skip_blanks();
    if (take("(")) {
      ExpressionValue value = any();
      if (!take(")")) throw CannotRead{};
      return value;
    }
    if (at_ < text_.size() && text_[at_] == '\'') return string_value(quoted());
    const std::size_t begin = at_;
    std::string name = this->name();
    if (name.empty()) throw CannotRead{};
    if (take("(")) return call(lower(name), begin);
    if (const auto number = number_in(name)) return {Kind::number, {name}};
    if (name == "true" || name == "false") return boolean_value(name == "true");
    if (name == "null") return {};
    return context_(normal(name));
  }

  std::string quoted() {
    std::string value;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '\'') {
        value += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
        value += text_[++at_];
      } else {
        ++at_;
        return value;
      }
    }
    throw CannotRead{};
  }

  // With `['x']` as `.x`; any other index is kept as it is written.
  std::string name() {
    std::string found;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' || c == '*' ||
          c == '+') {
        found += c;
        ++at_;
      } else if (c == '[' && !found.empty()) {
        ++at_;
        skip_blanks();
        if (at_ < text_.size() && text_[at_] == '\'') {
          found += "." + quoted();
        } else {
          const ExpressionValue index = any();
          found += "." + index.text.text;
        }
        if (!take("]")) throw CannotRead{};
      } else {
        break;
      }
    }
    return found;
  }

  static std::string normal(const std::string& name) {
    const auto dot = name.find('.');
    if (dot == std::string::npos) return lower(name);
    const std::string context = lower(name.substr(0, dot));
    return context + (context == "github" ? lower(name.substr(dot)) : name.substr(dot));
  }

  ExpressionValue call(const std::string& function, std::size_t begin) {
    std::vector<ExpressionValue> arguments;
    if (!take(")")) {
      do arguments.push_back(any());
      while (take(","));
      if (!take(")")) throw CannotRead{};
    }
    const std::string_view written = since(begin);
    if (arguments.empty()) return context_(function + "()");
    const bool known = std::ranges::all_of(
        arguments, [](const ExpressionValue& v) { return v.text.is_known && v.kind != Kind::unknown; });
    if (const auto logical = logic(function, arguments, written)) return *logical;
    if (function == "format") return format(arguments);
    if (function == "tojson" || function == "fromjson") return arguments.front();
    if (!known || arguments.size() < 2) {
      ExpressionValue value = unknown_value(written);
      value.text.is_fresh = std::ranges::any_of(arguments, [](const auto& v) { return v.text.is_fresh; });
      return value;
    }
    const std::string whole = lower(arguments[0].text.text);
    const std::string part = lower(arguments[1].text.text);
    if (function == "contains") return boolean_value(whole.find(part) != std::string::npos);
    if (function == "startswith") return boolean_value(whole.starts_with(part));
    if (function == "endswith") return boolean_value(whole.ends_with(part));
    return unknown_value(written);
  }

  // Azure writes its operators as functions.
  static std::optional<ExpressionValue> logic(const std::string& function,
                                              const std::vector<ExpressionValue>& arguments,
                                              std::string_view written) {
    if (function == "not") return of_truth(opposite(arguments.front().truth()), written);
    if (function == "and" || function == "or" || function == "xor") {
      if (function == "xor") return unknown_value(written);
      Truth truth = function == "and" ? Truth::yes : Truth::no;
      for (const ExpressionValue& value : arguments)
        truth = function == "and" ? both(truth, value.truth()) : either(truth, value.truth());
      return of_truth(truth, written);
    }
    if (arguments.size() >= 2 && (function == "eq" || function == "ne")) {
      const Truth equal = are_equal(arguments[0], arguments[1]);
      return of_truth(function == "eq" ? equal : opposite(equal), written);
    }
    if (arguments.size() >= 2 && (function == "in" || function == "notin")) {
      Truth among = Truth::no;
      for (std::size_t i = 1; i < arguments.size(); ++i)
        among = either(among, are_equal(arguments[0], arguments[i]));
      return of_truth(function == "in" ? among : opposite(among), written);
    }
    return std::nullopt;
  }

  static ExpressionValue format(const std::vector<ExpressionValue>& arguments) {
    ExpressionValue made{Kind::string, {}};
    const std::string& pattern = arguments.front().text.text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const std::size_t end = pattern.find('}', i);
      const auto number = pattern[i] == '{' && end != std::string::npos
                              ? number_in(std::string_view(pattern).substr(i + 1, end - i - 1))
                              : std::nullopt;
      if (number && *number >= 0 && *number + 1 < static_cast<double>(arguments.size())) {
        made.text += arguments[static_cast<std::size_t>(*number) + 1].text;
        i = end;
      } else {
        made.text.text += pattern[i];
      }
    }
    return made;
  }

  std::string_view text_;
  const ExpressionContext& context_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
};

}  // namespace

Truth ExpressionValue::truth() const {
  switch (kind) {
    case Kind::null:
      return Truth::no;
    case Kind::boolean:
      return text.text == "true" ? Truth::yes : Truth::no;
    case Kind::number:
      return number_in(text.text).value_or(0) == 0 ? Truth::no : Truth::yes;
    case Kind::string:
      return text.text.empty() ? Truth::no : Truth::yes;
    case Kind::unknown:
      break;
  }
  return Truth::maybe;
}

ExpressionValue string_value(std::string text) { return {Kind::string, {std::move(text)}}; }

ExpressionValue boolean_value(bool value) { return {Kind::boolean, {value ? "true" : "false"}}; }

ExpressionValue fresh_value(std::string_view name) { return {Kind::string, {placeholder(name), true, true}}; }

ExpressionValue unknown_value(std::string_view name) { return {Kind::unknown, unknown_text(name)}; }

ExpressionValue evaluate_expression(std::string_view expression, const ExpressionContext& context) {
  try {
    return Evaluation(expression, context).whole();
  } catch (const CannotRead&) {
    return unknown_value(trimmed(expression));
  }
}

Symbolic expand_expressions(std::string_view text, const ExpressionContext& context) {
  Symbolic whole;
  while (!text.empty()) {
    const auto begin = text.find("${{");
    const auto end = begin == std::string_view::npos ? begin : text.find("}}", begin);
    if (end == std::string_view::npos) break;
    whole.text += text.substr(0, begin);
    whole += evaluate_expression(text.substr(begin + 3, end - begin - 3), context).text;
    text.remove_prefix(end + 2);
  }
  whole.text += text;
  return whole;
}

bool asks_for_status(std::string_view expression) {
  const std::string low = lower(expression);
  for (const std::string_view word : {"always(", "failure(", "cancelled(", "success("})
    if (low.find(word) != std::string::npos) return true;
  return false;
}

Truth evaluate_condition(std::string_view condition, const ExpressionContext& context) {
  condition = trimmed(condition);
  if (condition.empty()) return Truth::yes;
  // `${{ a }} && b` is a text that is not empty; whoever wrote it meant the parts.
  std::string bare;
  while (!condition.empty()) {
    const auto begin = condition.find("${{");
    const auto end = begin == std::string_view::npos ? begin : condition.find("}}", begin);
    if (end == std::string_view::npos) break;
    bare += std::string(condition.substr(0, begin)) + "(" +
            std::string(condition.substr(begin + 3, end - begin - 3)) + ")";
    condition.remove_prefix(end + 2);
  }
  bare += condition;
  return evaluate_expression(bare, context).truth();
}

}  // namespace lockstorm::scenarios::pipeline
