#include "scenarios/data/yaml_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "scenarios/data/duration.hpp"
#include "scenarios/data/unsayable.hpp"

namespace lockstorm::scenarios {
namespace {

// YAML 1.1 has numbers with underscores, binary ones and, as 12:30:45, such to the base of sixty.
bool is_number_of_1_1(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  if (text.starts_with("0b") && text.size() > 2)
    return text.find_first_not_of("01_", 2) == std::string_view::npos;
  const bool has_colon = text.find(':') != std::string_view::npos;
  return (has_colon || text.find('_') != std::string_view::npos) && std::ranges::count(text, '.') <= 1 &&
         text.find_first_not_of("0123456789_:.") == std::string_view::npos && !text.ends_with(':');
}

bool is_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.size() > 2 && (text.starts_with("0x") || text.starts_with("0o")))
    return text.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos;
  if (is_number_of_1_1(text)) return true;
  if (text == ".inf" || text == ".Inf" || text == ".INF" || text == ".nan" || text == ".NaN") return true;
  double number = 0;
  const bool has_digit = !text.empty() && text.find_first_of("0123456789") <= 1;  // not "inf"
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return has_digit && end == text.data() + text.size() && error != std::errc::invalid_argument;
}

// What YAML 1.1 or 1.2 takes a plain scalar for that is no text: readers differ, and so may the tools that
// the value was meant for.
std::string_view kind_of_plain(const std::string& text) {
  constexpr std::array<std::string_view, 8> kFlags{"true", "false", "yes", "no", "on", "off", "y", "n"};
  std::string lower = text;
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (std::ranges::find(kFlags, lower) != kFlags.end()) return "a flag";
  return is_number(text) ? "a number" : "";
}

// Empty where the scalar is a text: yaml-cpp marks plain ones with "?" and quoted ones with "!".
std::string_view kind_of_scalar(const YAML::Node& scalar) {
  const std::string& tag = scalar.Tag();
  if (tag == "?" || tag.empty()) return kind_of_plain(scalar.Scalar());
  return tag == "!" || tag == "tag:yaml.org,2002:str" ? "" : "a value with a tag";
}

}  // namespace

void YamlReader::fail(const YAML::Node& at, std::string problem, std::string expected, std::string hint) {
  if (error_ || declared_ != nullptr) return;
  YAML::Mark mark = at.Mark();
  if (at.IsNull()) {
    if (const auto key = keys_without_value_.find(mark.pos); key != keys_without_value_.end())
      mark = key->second;
  }
  SourceLocation where{file_, static_cast<unsigned>(mark.line + 1), static_cast<unsigned>(mark.column + 1)};
  error_ = InputError{std::move(where), std::move(problem), std::move(expected), std::move(hint)};
}

void YamlReader::unknown_name(const YAML::Node& at, std::string_view what, std::string_view given,
                              std::span<const std::string_view> valid) {
  const std::string_view nearest = nearest_name(given, valid);
  fail(at, fmt::format("unknown {} '{}'", what, given), fmt::format("one of {}", fmt::join(valid, ", ")),
       nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest));
}

bool YamlReader::declares(const YamlKey& key, std::string values, std::string standard, std::string example) {
  if (declared_ == nullptr) return false;
  const auto named = std::ranges::find(*declared_, key.name, &KeyDeclaration::name);
  KeyDeclaration& declared = named == declared_->end() ? declared_->emplace_back() : *named;
  declared = {std::string(key.name), std::move(values), std::move(standard), std::string(key.meaning),
              fmt::format("{}: {}", key.name, example)};
  return true;
}

void YamlReader::keys(const YAML::Node& map, const std::vector<std::string_view>& valid) {
  if (declared_ != nullptr) {
    for (const std::string_view key : valid)
      declares({key, "accepted as in a backend block; changes nothing"}, "text", "", "any");
    return;
  }
  std::set<std::string> seen;
  for (const auto& entry : map) {
    const std::string key = scalar(entry.first, "a key");
    if (std::ranges::find(valid, key) == valid.end()) {
      if (const Unsayable* known = unsayable(key))
        return fail(entry.first, fmt::format("a scenario cannot say '{}': {}", key, known->why),
                    std::string(known->nearest), "`lockstorm describe scenario` lists every key");
      return unknown_name(entry.first, "key", key, valid);
    }
    if (!seen.insert(key).second)
      return fail(entry.first, fmt::format("key '{}' stands twice", key), "each key once");
  }
}

std::string YamlReader::scalar(const YAML::Node& node, std::string_view expected) {
  if (!node.IsScalar()) {
    fail(node, node.IsNull() ? "there is no value" : "not a plain value", std::string(expected));
    return {};
  }
  return node.Scalar();
}

void YamlReader::flag(const YAML::Node& map, const YamlKey& key, bool& out) {
  if (declares(key, "true or false", out ? "true" : "false", out ? "false" : "true")) return;
  const YAML::Node node = map[std::string(key.name)];
  if (!node) return;
  const std::string value = scalar(node, "true or false");
  if (value == "true") {
    out = true;
  } else if (value == "false") {
    out = false;
  } else {
    fail(node, fmt::format("{} is '{}'", key.name, value), "true or false");
  }
}

void YamlReader::flag_or_text(const YAML::Node& map, const YamlKey& key, bool& out) {
  if (declares(key, "a name, true or false; an empty name is none", out ? "true" : "false",
               out ? "false" : "true"))
    return;
  const YAML::Node node = map[std::string(key.name)];
  if (!node) return;
  const bool is_plain = node.IsScalar() && node.Tag() == "?";
  if (is_plain && (node.Scalar() == "true" || node.Scalar() == "false")) {
    out = node.Scalar() == "true";
  } else {
    out = !text_of(node, key.name, "a name, true or false").empty();
  }
}

void YamlReader::text(const YAML::Node& map, const YamlKey& key, std::string& out) {
  if (declares(key, "text", out, "name")) return;
  const YAML::Node node = map[std::string(key.name)];
  if (node) out = text_of(node, key.name, "text");
}

void YamlReader::texts(const YAML::Node& map, std::span<const std::string_view> keys) {
  if (declared_ != nullptr) return;
  for (const std::string_view key : keys) {
    std::string ignored;
    text(map, key, ignored);
  }
}

std::string YamlReader::text_of(const YAML::Node& node, std::string_view key, std::string_view expected) {
  std::string value = scalar(node, expected);
  if (!node.IsScalar()) return {};
  if (const std::string_view kind = kind_of_scalar(node); !kind.empty())
    fail(node, fmt::format("{} is '{}', which is {} and no text", key, value, kind), std::string(expected),
         fmt::format("if that is its name, put it into quotes: {}: \"{}\"", key, value));
  return value;
}

void YamlReader::duration(const YAML::Node& map, const YamlKey& key, std::chrono::milliseconds& out) {
  if (declares(key, "a duration such as 90s, 5m or 1h30m", fmt::format("{}s", out.count() / 1000), "5m"))
    return;
  const YAML::Node node = map[std::string(key.name)];
  if (!node) return;
  const std::string value = scalar(node, "a duration");
  const auto parsed = parse_duration(value);
  if (parsed) {
    out = *parsed;
  } else {
    fail(node, fmt::format("{} is '{}'", key.name, value), parsed.error());
  }
}

void YamlReader::choice(const YAML::Node& map, const YamlKey& key, std::span<const std::string_view> valid,
                        std::size_t& out) {
  if (declares(key, fmt::format("one of {}", fmt::join(valid, ", ")), std::string(valid[out]),
               std::string(valid[out + 1 < valid.size() ? out + 1 : 0])))
    return;
  const YAML::Node node = map[std::string(key.name)];
  if (!node) return;
  const std::string value = scalar(node, fmt::format("one of {}", fmt::join(valid, ", ")));
  const auto found = std::ranges::find(valid, value);
  if (found == valid.end()) return unknown_name(node, key.name, value, valid);
  out = static_cast<std::size_t>(found - valid.begin());
}

std::optional<std::int64_t> YamlReader::whole_number(const YAML::Node& map, const YamlKey& key,
                                                     std::int64_t least, std::int64_t most,
                                                     std::int64_t standard) {
  if (declares(key, fmt::format("a whole number from {} to {}", least, most), fmt::format("{}", standard),
               fmt::format("{}", standard < most ? standard + 1 : least)))
    return std::nullopt;
  const YAML::Node node = map[std::string(key.name)];
  if (!node) return std::nullopt;
  const std::string value = scalar(node, "a whole number");
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = failure == std::errc{} && end == value.data() + value.size();
  if (!whole || number < least || number > most) {
    fail(node, fmt::format("{} is '{}'", key.name, value),
         fmt::format("a whole number from {} to {}", least, most));
    return std::nullopt;
  }
  return number;
}

}  // namespace lockstorm::scenarios
