#include "scenarios/repository/cli_arguments.hpp"

#include <array>
#include <utility>

#include "scenarios/data/duration.hpp"

namespace lockstorm::scenarios {
namespace {

/// "-name" with one dash or two, and what stands behind the sign or is the next word.
class Flags {
 public:
  explicit Flags(std::span<const std::string> words) : words_(words) {}

  /// The value of the flag that stands here, if it is that one.
  std::optional<std::string> value_of(std::string_view name) {
    std::string_view word = words_[at_];
    if (!word.starts_with('-')) return std::nullopt;
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    if (!word.starts_with(name)) return std::nullopt;
    word.remove_prefix(name.size());
    if (word.starts_with('=')) return std::string(word.substr(1));
    if (!word.empty()) return std::nullopt;
    return at_ + 1 < words_.size() ? std::optional(words_[++at_]) : std::nullopt;
  }
  /// A flag is true where no value stands behind a sign.
  std::optional<std::string> switch_of(std::string_view name) {
    const std::string_view word = words_[at_];
    if (word == "-" + std::string(name) || word == "--" + std::string(name)) return "true";
    return value_of(name);
  }
  [[nodiscard]] bool is_at_end() const { return at_ >= words_.size(); }
  void step() { ++at_; }

 private:
  std::span<const std::string> words_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> shell_words(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool has_word = false;
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == '\0' && (c == ' ' || c == '\t' || c == '\n')) {
      if (std::exchange(has_word, false)) words.push_back(std::exchange(word, {}));
      continue;
    }
    has_word = true;
    if (c == '\\' && quote != '\'' && i + 1 < line.size()) {
      word += line[++i];
    } else if (quote != '\0' && c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else {
      word += c;
    }
  }
  if (has_word) words.push_back(std::move(word));
  return words;
}

void add_words(std::span<const std::string> words, std::string_view command, const ValueSource& by,
               CliArguments& into) {
  for (Flags flags(words); !flags.is_at_end(); flags.step()) {
    if (command == "init") {
      if (auto value = flags.value_of("backend-config"))
        into.backend_config.push_back({*std::move(value), by});
      if (auto value = flags.value_of("var-file"))
        into.variables.push_back({VariableFlag::Kind::file, *std::move(value)});
      if (auto value = flags.value_of("var"))
        into.variables.push_back({VariableFlag::Kind::value, *std::move(value)});
      continue;
    }
    if (const auto value = flags.value_of("lock-timeout")) {
      if (const auto duration = parse_duration(*value)) into.lock_timeout = {*duration, by};
    } else if (const auto lock = flags.switch_of("lock"); lock == "true" || lock == "false") {
      into.lock = {lock == "true", by};
    }
  }
}

CliArguments cli_arguments(const std::map<std::string, std::string>& environment) {
  CliArguments arguments;
  const auto add = [&](const char* variable, std::string_view command) {
    const auto found = environment.find(variable);
    if (found != environment.end()) add_words(shell_words(found->second), command, {variable, {}}, arguments);
  };
  for (const auto& [variable, command] :
       std::array<std::pair<const char*, std::string_view>, 4>{{{"TF_CLI_ARGS_init", "init"},
                                                                {"TF_CLI_ARGS", "init"},
                                                                {"TF_CLI_ARGS_apply", "apply"},
                                                                {"TF_CLI_ARGS", "apply"}}})
    add(variable, command);
  return arguments;
}

}  // namespace lockstorm::scenarios
