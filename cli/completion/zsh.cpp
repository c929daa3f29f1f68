// Completion in zsh: `_arguments` for each command.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completion/completion.hpp"
#include "cli/completion/words.hpp"

namespace lockstorm::cli {
namespace {

std::string quoted_for_zsh(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

std::string zsh_action(const Word& word) {
  switch (word.fill) {
    case Fill::nothing:
      return " ";
    case Fill::files:
      return "_files";
    case Fill::directories:
      return "_files -/";
    case Fill::words:
      return fmt::format("({})", word.what);
    case Fill::names:
      return word.or_files ? fmt::format(" _lockstorm_names_or_files {}", word.what)
                           : fmt::format(" _lockstorm_names {}", word.what);
  }
  return "";
}

std::string zsh_argument(const Argument& argument) {
  const std::string action = argument.takes_word ? fmt::format(":{}:{}", quoted_for_zsh(argument.word.name),
                                                               zsh_action(argument.word))
                                                 : "";
  if (argument.option.empty()) return fmt::format("'{}{}'", argument.repeats ? "*" : "1", action);
  return fmt::format("'{}{}[{}]{}'", argument.repeats ? "*" : "", argument.option,
                     quoted_for_zsh(argument.does), action);
}

}  // namespace

std::string zsh_completion(const CLI::App& app) {
  std::string described;
  std::string cases;
  for (const CompletedCommand& command : commands_of(app)) {
    described += fmt::format("    '{}:{}'\n", command.name, quoted_for_zsh(command.does));
    std::vector<std::string> arguments;
    for (const Argument& argument : command.arguments) arguments.push_back(zsh_argument(argument));
    cases += fmt::format("        {}) _arguments \\\n          {} ;;\n", command.name,
                         fmt::join(arguments, " \\\n          "));
  }
  std::vector<std::string> before;
  for (const Argument& argument : arguments_of(app)) before.push_back(zsh_argument(argument));
  return fmt::format(
      "#compdef lockstorm\n"
      "# Completion of lockstorm in zsh; made by `lockstorm completions zsh`.\n"
      "_lockstorm_names() {{\n"
      "  local -a names\n"
      "  names=(${{(f)\"$(lockstorm list --names $1 2>/dev/null)\"}})\n"
      "  compadd -a names\n"
      "}}\n"
      "_lockstorm_names_or_files() {{ _alternative \"names:name: _lockstorm_names $1\" "
      "\"files:file:_files -g '*.(yaml|yml)'\" }}\n"
      "_lockstorm() {{\n"
      "  local context state line\n"
      "  typeset -A opt_args\n"
      "  local -a commands\n"
      "  commands=(\n{0}  )\n"
      "  _arguments -C \\\n    {1} \\\n    '1:command:->command' '*::argument:->argument'\n"
      "  case $state in\n"
      "    command) _describe command commands ;;\n"
      "    argument)\n"
      "      case $words[1] in\n{2}      esac ;;\n"
      "  esac\n"
      "}}\n"
      "_lockstorm \"$@\"\n",
      described, fmt::join(before, " \\\n    "), cases);
}

}  // namespace lockstorm::cli
