#include "scenarios/data/arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <ranges>

#include "scenarios/data/scenario.hpp"
#include "scenarios/data/split.hpp"

namespace lockstorm::scenarios {
namespace {

std::vector<std::string_view> words(std::string_view text) { return split(text, ' '); }

// The number that an argument's value is, or -1.
double number_of(const AttributeValue& value) {
  if (const double* number = std::get_if<double>(&value)) return *number;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return -1;
  double number = -1;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  return error == std::errc{} && end == text->data() + text->size() ? number : -1;
}

// White space in a template, as it is or as an escape.
constexpr std::array<std::string_view, 6> kBlanks{" ", "\t", "\r", "\\t", "\\r", "\\n"};

// A template with text of its own between its interpolations is not empty, whatever they come to. In doubt:
// no.
bool is_surely_not_empty(std::string_view expression) {
  const bool quoted = expression.size() > 1 && expression.starts_with('"') && expression.ends_with('"');
  std::string_view rest = quoted ? expression.substr(1, expression.size() - 2) : expression;
  if (rest.find_first_of("\"%\n") != std::string_view::npos) return false;
  if (!quoted && rest.find("${") == std::string_view::npos) return false;
  // A `~` takes the white space beside its interpolation away: blanks alone may come to nothing.
  const bool strips = rest.find("${~") != std::string_view::npos || rest.find("~}") != std::string_view::npos;
  const auto skip_blanks = [&] {
    for (std::size_t i = 0; strips && i < kBlanks.size();) {
      const bool is_there = rest.starts_with(kBlanks.at(i));
      if (is_there) rest.remove_prefix(kBlanks.at(i).size());
      i = is_there ? 0 : i + 1;
    }
  };
  skip_blanks();
  while (rest.starts_with("${")) {
    const std::size_t end = rest.find('}');
    if (end == std::string_view::npos || rest.substr(2, end - 2).find('{') != std::string_view::npos)
      return false;
    rest.remove_prefix(end + 1);
    skip_blanks();
  }
  return !rest.empty();
}

// The flag that a value converts to (go-cty, convert/conversion_primitive.go): of texts these four, in this
// spelling, and no number.
std::optional<bool> flag_of(const AttributeValue& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  if (*text == "true" || *text == "1") return true;
  if (*text == "false" || *text == "0") return false;
  return std::nullopt;
}

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool is_collection(std::string_view expression) {
  return expression.starts_with('[') || expression.starts_with('{');
}

}  // namespace

std::string reference_shown(const Unresolved& unresolved) {
  static constexpr std::array<std::string_view, 6> kRoots{"var",       "local",  "path",
                                                          "terraform", "module", "data"};
  const std::string& expression = unresolved.expression;
  bool first = true;
  for (const auto part : std::views::split(expression, '.')) {
    const std::string_view name(part.begin(), part.end());
    if (first ? std::ranges::find(kRoots, name) == kRoots.end() : !is_word(name)) return "";
    first = false;
  }
  return std::ranges::find(expression, '.') == expression.end() ? "" : " = " + expression;
}

BackendArguments::BackendArguments(BackendBlock block, const std::map<std::string, std::string>& given,
                                   models::Dialect tool, Surroundings surroundings)
    : block_(std::move(block)), tool_(tool), surroundings_(std::move(surroundings)) {
  for (const auto& [name, value] : given) block_.arguments[name] = {value, {"--set " + name, 0, 0}};
}

std::string BackendArguments::premise(const std::string& name) const {
  const auto found = surroundings_.premises.find(name);
  return found == surroundings_.premises.end() ? "" : found->second;
}

const Attribute* BackendArguments::find(const std::string& name) const {
  const auto found = block_.arguments.find(name);
  return found == block_.arguments.end() ? nullptr : &found->second;
}

Complaint BackendArguments::unknown(std::string_view valid) const {
  const std::vector<std::string_view> names = words(valid);
  for (const auto& [name, attribute] : block_.arguments) {
    if (std::ranges::find(names, name) != names.end()) continue;
    return InputError{attribute.where, fmt::format("the {} backend has no argument '{}'", block_.type, name),
                      "an argument of that backend", did_you_mean(name, names)};
  }
  return std::nullopt;
}

Complaint BackendArguments::mistyped(std::string_view flags, std::string_view numbers) const {
  const auto wrong = [](const Attribute& attribute, std::string_view name, std::string_view type) {
    return InputError{attribute.where, fmt::format("inappropriate value for {}: {} is required", name, type),
                      type == "a bool" ? "true or false" : "a number", ""};
  };
  for (const std::string_view name : words(flags)) {
    const Attribute* attribute = find(std::string(name));
    if (attribute == nullptr || std::holds_alternative<Unresolved>(attribute->value)) continue;
    if (!flag_of(attribute->value)) return wrong(*attribute, name, "a bool");
  }
  for (const std::string_view name : words(numbers)) {
    const Attribute* attribute = find(std::string(name));
    if (attribute == nullptr || std::holds_alternative<Unresolved>(attribute->value)) continue;
    const bool is_number =
        std::holds_alternative<double>(attribute->value) || number_of(attribute->value) != -1;
    if (!is_number) return wrong(*attribute, name, "a number");
  }
  return std::nullopt;
}

Complaint BackendArguments::flag(const std::string& name, bool& out) const {
  const Attribute* attribute = find(name);
  if (attribute == nullptr) return std::nullopt;
  if (const auto* unresolved = std::get_if<Unresolved>(&attribute->value)) {
    return InputError{
        attribute->where,
        fmt::format("{}{} is not known without running the tool", name, reference_shown(*unresolved)),
        "true or false", fmt::format("say what it will be: --set {}=true", name)};
  }
  const std::optional<bool> flag = flag_of(attribute->value);
  if (!flag) {
    return InputError{attribute->where, fmt::format("{} is neither true nor false", name), "true or false",
                      ""};
  }
  out = *flag;
  return std::nullopt;
}

Complaint BackendArguments::presence(const std::string& name, std::string_view what, bool& out,
                                     std::vector<std::string>& assumptions) const {
  const Attribute* attribute = find(name);
  if (attribute == nullptr) return std::nullopt;
  const auto* unresolved = std::get_if<Unresolved>(&attribute->value);
  if (unresolved == nullptr) {
    const auto* text = std::get_if<std::string>(&attribute->value);
    out = text == nullptr || !text->empty();
    return std::nullopt;
  }
  const std::string_view expression = unresolved->expression;
  if (is_collection(expression))
    return InputError{attribute->where, fmt::format("{} is not a text", name), std::string(what), ""};
  if (!is_surely_not_empty(expression)) {
    return InputError{
        attribute->where,
        fmt::format("{}{} is not known without running the tool", name, reference_shown(*unresolved)),
        fmt::format("{}, or nothing", what),
        fmt::format("say what it will be: --set {0}=VALUE, or --set {0}= for none", name)};
  }
  out = true;
  assumptions.push_back(fmt::format("{} is {} that only a run of the tool completes: it is set", name, what));
  return std::nullopt;
}

bool BackendArguments::lacks_any(std::string_view names) const {
  return std::ranges::any_of(words(names), [&](std::string_view name) { return !has(std::string(name)); });
}

Complaint BackendArguments::completed_elsewhere(std::string_view required, std::string_view deciding,
                                                std::string_view hint) const {
  if (!lacks_any(required)) return std::nullopt;
  for (const std::string_view name : words(deciding)) {
    if (has(std::string(name))) return std::nullopt;
  }
  std::vector<std::string_view> missing = words(required);
  std::erase_if(missing, [&](std::string_view name) { return has(std::string(name)); });
  return InputError{
      block_.where,
      fmt::format("the block has no {}: -backend-config completes it, and whether it sets a lock "
                  "there is not known",
                  fmt::join(missing, " and no ")),
      fmt::format("{} in the block or with --set", fmt::join(words(deciding), " or ")), std::string(hint)};
}

Complaint BackendArguments::whole_number(const std::string& name, std::string_view what, std::uint32_t& out,
                                         std::vector<std::string>& assumptions) const {
  const Attribute* attribute = find(name);
  if (attribute == nullptr) return std::nullopt;
  if (const auto* unresolved = std::get_if<Unresolved>(&attribute->value)) {
    assumptions.push_back(
        fmt::format("{}{} is taken as its default, {}", name, reference_shown(*unresolved), out));
    return std::nullopt;
  }
  const double value = number_of(attribute->value);
  if (value < 0 || value != std::floor(value)) {
    return InputError{attribute->where, fmt::format("{} is not {}", name, what), "a whole number from 0", ""};
  }
  constexpr double kMost = std::numeric_limits<std::uint32_t>::max();
  out = static_cast<std::uint32_t>(std::min(value, kMost));
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
