#include "scenarios/pipeline/script.hpp"

#include <charconv>
#include <optional>

#include "scenarios/pipeline/script_words.hpp"

namespace lockstorm::scenarios::pipeline {

std::optional<std::chrono::seconds> tool_duration(std::string_view text) {
  std::chrono::seconds whole{0};
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || !(number >= 0 && number <= 1e6)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    double unit = 0;
    if (text.starts_with("ms")) {
      unit = 0.001;
      text.remove_prefix(2);
    } else if (!text.empty()) {
      unit = text.front() == 'h'   ? 3600
             : text.front() == 'm' ? 60
             : text.front() == 's' ? 1
             : text.front() == 'd' ? 86400
                                   : 0;
      text.remove_prefix(1);
    }
    if (unit == 0 && number != 0) return std::nullopt;
    whole += std::chrono::seconds(static_cast<long long>(number * unit));
  }
  return whole;
}

void read_flags(const std::vector<std::string>& words, const SourceLocation& where, Command& command) {
  const auto set_lock = [&](std::string_view value) {
    const bool off = is_one_of(value, {"false", "0", "f", "F", "False", "FALSE"});
    command.locks = !off;
    command.lock_off = off ? std::optional(where) : std::nullopt;
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word.starts_with("--")) word.remove_prefix(1);
    const bool has_next = i + 1 < words.size() && !words[i + 1].starts_with("-");
    if (word.starts_with("-lock=")) set_lock(word.substr(6));
    if (word == "-lock" && has_next && is_one_of(words[i + 1], {"false", "0", "true"}))
      set_lock(words[i + 1]);
    if (word.starts_with("-lock-timeout="))
      command.lock_timeout = tool_duration(word.substr(14)).value_or(std::chrono::seconds{1});
    if (word == "-lock-timeout" && has_next)
      command.lock_timeout = tool_duration(words[i + 1]).value_or(std::chrono::seconds{1});
    if (command.verb != Verb::plan) continue;
    std::string_view file;
    if (word.starts_with("-out=")) file = word.substr(5);
    if (word == "-out" && has_next) file = words[i + 1];
    if (file.empty()) continue;
    command.writes_plan_file = true;
    command.plan_file = base_name(std::string(file));
  }
  if (command.lock_timeout && *command.lock_timeout == std::chrono::seconds{0}) command.lock_timeout.reset();
}

}  // namespace lockstorm::scenarios::pipeline
