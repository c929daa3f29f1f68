// From an expression as a file has it to its tree.
#include "scenarios/config/syntax/hcl_syntax.hpp"
#include "scenarios/config/syntax/hcl_values.hpp"
#include "scenarios/config/values/parser.hpp"

namespace lockstorm::scenarios::values {
namespace {

constexpr std::size_t kLongestExpression = std::size_t{64} << 10U;

/// Whether the grammar takes it: as the text of an argument.
bool is_valid(const std::string& argument) {
  const SourceText source("", argument);
  const auto body = hcl::parse(source);
  return body && body->attributes.size() == 1 && body->blocks.empty();
}

Expression parse_template(const std::string& text) {
  if (!hcl::has_template_sequence(text)) return literal_node(0, text_value(text));
  constexpr std::string_view kMarker = "LOCKSTORM_END_OF_TEMPLATE";
  if (text.find(kMarker) != std::string::npos ||
      !is_valid("x = <<" + std::string(kMarker) + "\n" + text + "\n" + std::string(kMarker) + "\n"))
    throw Unknown{.needs = "", .because = "it is no template"};
  return Parser(text).whole_template();
}

Expression parse_json(const json::Value& value, JsonStrings strings, std::size_t depth) {
  if (depth > kDeepestValue) throw Unknown{.needs = "", .because = "it is nested too deeply"};
  const auto parse_string = [&](const std::string& text) {
    if (strings == JsonStrings::literals) return literal_node(0, text_value(text));
    return parse_template(text);
  };
  switch (value.kind) {
    case json::Kind::null:
      break;
    case json::Kind::boolean:
      return literal_node(0, {value.boolean});
    case json::Kind::number:
      return literal_node(0, {value.number});
    case json::Kind::string:
      return parse_string(value.string);
    case json::Kind::array: {
      std::vector<Expression> items;
      for (const json::Value& item : value.items) items.push_back(parse_json(item, strings, depth + 1));
      return node(Kind::tuple, 0, {}, std::move(items));
    }
    case json::Kind::object: {
      std::vector<Expression> members;
      for (const json::Member& member : value.members) {
        members.push_back(parse_string(member.key));
        members.push_back(parse_json(member.value, strings, depth + 1));
      }
      return node(Kind::object, 0, {}, std::move(members));
    }
  }
  return literal_node(0, {});
}

}  // namespace

Expression parse(const SourceExpression& source, JsonStrings strings) {
  if (const auto* value = std::get_if<json::Value>(&source.written)) return parse_json(*value, strings, 0);
  const std::string& text = std::get<std::string>(source.written);
  if (text.size() > kLongestExpression)
    throw Unknown{.needs = "", .because = "it is an expression of more than 64 KiB"};
  const std::string with_line_end = text + "\n";  // which a heredoc's marker needs
  return Parser(with_line_end).whole_expression();
}

}  // namespace lockstorm::scenarios::values
