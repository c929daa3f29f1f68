#include "scenarios/backends/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <ranges>

namespace lockstorm::scenarios {
namespace {

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> result;
  for (const auto word : std::views::split(text, ' ')) result.emplace_back(word.begin(), word.end());
  return result;
}

// The number that an argument's value is, or -1.
double number_of(const AttributeValue& value) {
  if (const double* number = std::get_if<double>(&value)) return *number;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return -1;
  double number = -1;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  return error == std::errc{} && end == text->data() + text->size() ? number : -1;
}

}  // namespace

BackendArguments::BackendArguments(BackendBlock block, const std::map<std::string, std::string>& given,
                                   models::Dialect tool)
    : block_(std::move(block)), tool_(tool) {
  for (const auto& [name, value] : given) block_.arguments[name] = {value, {"--set " + name, 0, 0}};
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

Complaint BackendArguments::flag(const std::string& name, bool& out) const {
  const Attribute* attribute = find(name);
  if (attribute == nullptr) return std::nullopt;
  if (const auto* unresolved = std::get_if<Unresolved>(&attribute->value)) {
    return InputError{
        attribute->where,
        fmt::format("{} = {} is not known without running the tool", name, unresolved->expression),
        "true or false", fmt::format("say what it will be: --set {}=true", name)};
  }
  if (const bool* flag = std::get_if<bool>(&attribute->value)) {
    out = *flag;
    return std::nullopt;
  }
  const auto* text = std::get_if<std::string>(&attribute->value);
  if (text == nullptr || (*text != "true" && *text != "false")) {
    return InputError{attribute->where, fmt::format("{} is neither true nor false", name), "true or false",
                      ""};
  }
  out = *text == "true";
  return std::nullopt;
}

Complaint BackendArguments::whole_number(const std::string& name, std::string_view what, std::uint32_t& out,
                                         std::vector<std::string>& assumptions) const {
  const Attribute* attribute = find(name);
  if (attribute == nullptr) return std::nullopt;
  if (const auto* unresolved = std::get_if<Unresolved>(&attribute->value)) {
    assumptions.push_back(
        fmt::format("{} = {} is taken as its default, {}", name, unresolved->expression, out));
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

std::string did_you_mean(std::string_view given, std::span<const std::string_view> valid) {
  const std::string_view nearest = nearest_name(given, valid);
  return nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest);
}

}  // namespace lockstorm::scenarios
