#include "scenarios/pipeline/shown_command.hpp"

#include <algorithm>
#include <array>

#include "scenarios/data/configuration.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/pipeline/symbolic.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr std::size_t kLongestShown = 100;
constexpr std::string_view kHidden = "[hidden]";

bool may_name_secret(std::string_view name) {
  constexpr std::array<std::string_view, 11> kParts{"password",   "passwd",      "secret",    "token",
                                                    "access_key", "access-key",  "sas",       "auth",
                                                    "conn",       "account-key", "credential"};
  const std::string low = lower(name);
  return std::ranges::any_of(kParts,
                             [&](std::string_view part) { return low.find(part) != std::string::npos; });
}

// Their next word may be anything that somebody keeps to himself.
bool hides_next(std::string_view option) {
  constexpr std::array<std::string_view, 8> kOptions{"-u", "--user", "-H", "--header",
                                                     "-d", "--data", "-P", "-p"};
  return std::ranges::find(kOptions, option) != kOptions.end() ||
         (option.starts_with("-") && option.find('=') == std::string_view::npos && may_name_secret(option));
}

// `-var NAME=VALUE` and `NAME=VALUE`: values of variables are nobody's business.
std::string without_value(const std::string& word, bool is_variable) {
  const auto begin =
      word.starts_with("-var=") || word.starts_with("-backend-config=") ? word.find('=') + 1 : 0;
  const auto equals = word.find('=', begin);
  if (equals == std::string::npos) return word;
  const bool hide = is_variable || word.starts_with("-var=") || may_name_secret(word.substr(0, equals));
  return hide ? word.substr(0, equals + 1) + std::string(kHidden) : word;
}

}  // namespace

std::string shown_command(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!text.empty()) text += ' ';
    const bool after_hiding = i > 0 && hides_next(words[i - 1]);
    if (after_hiding) {
      text += kHidden;
    } else {
      text += without_value(words[i], i > 0 && words[i - 1] == "-var");
    }
  }
  text = without_credentials(text);
  if (text.size() > kLongestShown) text = text.substr(0, kLongestShown - 3) + "...";
  return text;
}

std::string shown_line(std::string_view line) {
  std::string text;
  std::string before;
  while (!line.empty()) {
    const std::size_t blanks = std::min(line.find_first_not_of(" \t\r"), line.size());
    text += line.substr(0, blanks);
    line.remove_prefix(blanks);
    const std::string word(line.substr(0, line.find_first_of(" \t\r")));
    line.remove_prefix(word.size());
    if (before.ends_with(':') && may_name_secret(before)) return text + std::string(kHidden);
    const bool is_variable = !word.starts_with('-') || before == "-var";
    text += hides_next(before) ? std::string(kHidden) : without_value(word, is_variable);
    before = word;
  }
  return without_credentials(text);
}

std::optional<std::string> kept_argument(const std::string& argument) {
  const auto equals = argument.find('=');
  if (equals == std::string::npos) return argument;
  const std::string name(trimmed(argument.substr(0, equals)));
  if (name.ends_with("address")) return name + "=https://hidden";
  if (name == "lock" || holds_no_credential(name)) return name + argument.substr(equals);
  return std::nullopt;
}

}  // namespace lockstorm::scenarios::pipeline
