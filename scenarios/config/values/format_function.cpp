// format() with the verbs that names are put together with (go-cty, cty/function/stdlib/format.go).
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

#include "scenarios/config/values/function_table.hpp"

namespace lockstorm::scenarios::values {
namespace {

[[noreturn]] void refuse_verb() {
  throw Unknown{.needs = "format()", .because = "has a verb that is not computed here"};
}

struct Verb {
  bool to_the_left = false;
  bool with_zeros = false;
  unsigned width = 0;
  char letter = 0;
};

constexpr unsigned kWidest = 1000;

/// Takes a verb from the front of `rest`, which begins behind its '%'.
Verb take_verb(std::string_view& rest) {
  Verb verb;
  for (; !rest.empty() && (rest.front() == '-' || rest.front() == '0'); rest.remove_prefix(1))
    (rest.front() == '-' ? verb.to_the_left : verb.with_zeros) = true;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), verb.width);
  if (error == std::errc::result_out_of_range || verb.width > kWidest) refuse_verb();
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  if (rest.empty()) refuse_verb();
  verb.letter = rest.front();
  rest.remove_prefix(1);
  return verb;
}

std::string written(const Verb& verb, const Value& value) {
  switch (verb.letter) {
    case 's':
      return to_text(value);
    case 'v':
      if (!value.is_single()) refuse_verb();
      return value.is_null() ? "null" : to_text(value);
    case 't':
      return to_flag(value) ? "true" : "false";
    case 'd': {
      const double number = to_number(value);
      if (std::floor(number) != number)
        throw Unknown{.needs = "", .because = "a whole number is wanted where there is none", .final = false};
      return to_text({number});
    }
    default:
      refuse_verb();
  }
}

std::string padded(const Verb& verb, std::string text) {
  if (verb.width <= ascii(text).size()) return text;
  const std::size_t missing = verb.width - text.size();
  if (verb.to_the_left) return text + std::string(missing, ' ');
  if (!verb.with_zeros) return std::string(missing, ' ') + text;
  if (verb.letter != 'd') refuse_verb();
  return text.insert(text.starts_with('-') ? 1 : 0, missing, '0');
}

}  // namespace

Value format_function(Arguments arguments) {
  const std::string pattern = to_text(arguments[0]);
  std::string_view rest = pattern;
  std::string result;
  std::size_t next = 1;
  for (;;) {
    const std::size_t sign = rest.find('%');
    append(result, rest.substr(0, sign));
    if (sign == std::string_view::npos) break;
    rest.remove_prefix(sign + 1);
    if (rest.starts_with('%')) {
      append(result, "%");
      rest.remove_prefix(1);
      continue;
    }
    const Verb verb = take_verb(rest);
    if (next >= arguments.size())
      throw Unknown{.needs = "format()", .because = "has fewer arguments than verbs", .final = false};
    append(result, padded(verb, written(verb, arguments[next++])));
  }
  if (next < arguments.size())
    throw Unknown{.needs = "format()", .because = "has more arguments than verbs", .final = false};
  return text_value(std::move(result));
}

}  // namespace lockstorm::scenarios::values
