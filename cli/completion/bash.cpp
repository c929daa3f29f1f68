// Completion in bash: one function over `compgen`.
#include <fmt/format.h>

#include "cli/completion/completion.hpp"
#include "cli/completion/words.hpp"

namespace lockstorm::cli {
namespace {

std::string bash_reply(const Word& word) {
  switch (word.fill) {
    case Fill::nothing:
      return "";
    case Fill::files:
      return "COMPREPLY=($(compgen -f -- \"$current\"))";
    case Fill::directories:
      return "COMPREPLY=($(compgen -d -- \"$current\"))";
    case Fill::words:
      return fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$current\"))", word.what);
    case Fill::names:
      return fmt::format("COMPREPLY=($(compgen {}-W \"$({})\" -- \"$current\"))", word.or_files ? "-f " : "",
                         names_command(word));
  }
  return "";
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  std::string names;
  std::string options;  // of each command
  std::string values;   // of each option
  std::string words;    // that stand on their own
  for (const CompletedCommand& command : commands_of(app)) {
    names += (names.empty() ? "" : " ") + command.name;
    std::string own;
    for (const Argument& argument : command.arguments) {
      const std::string reply = bash_reply(argument.word);
      if (argument.option.empty()) {
        if (!reply.empty()) words += fmt::format("    {}) {} ;;\n", command.name, reply);
        continue;
      }
      own += (own.empty() ? "" : " ") + argument.option;
      if (argument.takes_word)
        values += fmt::format("    {},{}) {}{}return ;;\n", command.name, argument.option, reply,
                              reply.empty() ? "" : "; ");
    }
    options += fmt::format("      {}) options=\"{}\" ;;\n", command.name, own);
  }
  std::string before;
  for (const Argument& argument : arguments_of(app)) before += (before.empty() ? "" : " ") + argument.option;
  return fmt::format(
      "# Completion of lockstorm in bash; made by `lockstorm completions bash`.\n"
      "_lockstorm() {{\n"
      "  local current=\"${{COMP_WORDS[COMP_CWORD]}}\" previous=\"${{COMP_WORDS[COMP_CWORD-1]}}\" "
      "command=\"\" "
      "word options=\"{0}\"\n"
      "  COMPREPLY=()\n"
      "  for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n"
      "    if [[ \" {1} \" == *\" $word \"* ]]; then command=\"$word\"; break; fi\n"
      "  done\n"
      "  case \"$command,$previous\" in\n{2}  esac\n"
      "  if [[ \"$current\" == -* ]]; then\n"
      "    case \"$command\" in\n{3}    esac\n"
      "    COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
      "    return\n"
      "  fi\n"
      "  case \"$command\" in\n"
      "    \"\") COMPREPLY=($(compgen -W \"{1}\" -- \"$current\")) ;;\n{4}  esac\n"
      "}}\n"
      "complete -o filenames -F _lockstorm lockstorm\n",
      before, names, values, options, words);
}

}  // namespace lockstorm::cli
