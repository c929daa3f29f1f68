// Completion in fish: a `complete` line for each argument.
#include <fmt/format.h>

#include "cli/completion/completion.hpp"
#include "cli/completion/words.hpp"

namespace lockstorm::cli {
namespace {

std::string quoted_for_fish(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string fish_fill(const Word& word) {
  switch (word.fill) {
    case Fill::nothing:
      return "-x";
    case Fill::files:
      return "-r -F";
    case Fill::directories:
      return "-x -a '(__fish_complete_directories)'";
    case Fill::words:
      return fmt::format("-x -a '{}'", word.what);
    case Fill::names:
      return fmt::format("{} -a '({})'", word.or_files ? "-r -F" : "-x", names_command(word));
  }
  return "";
}

}  // namespace

std::string fish_completion(const CLI::App& app) {
  std::string out =
      "# Completion of lockstorm in fish; made by `lockstorm completions fish`.\ncomplete -c lockstorm -f\n";
  for (const CompletedCommand& command : commands_of(app)) {
    out += fmt::format("complete -c lockstorm -n __fish_use_subcommand -a {} -d '{}'\n", command.name,
                       quoted_for_fish(command.does));
    for (const Argument& argument : command.arguments) {
      const std::string fill = argument.takes_word ? " " + fish_fill(argument.word) : "";
      if (argument.option.empty() && argument.word.fill == Fill::nothing) continue;
      out += fmt::format("complete -c lockstorm -n '__fish_seen_subcommand_from {}'{}{} -d '{}'\n",
                         command.name, argument.option.empty() ? "" : " -l " + argument.option.substr(2),
                         // A word on its own is not demanded: an option may come first.
                         argument.option.empty() && fill.starts_with(" -r ")   ? fill.substr(3)
                         : argument.option.empty() && fill.starts_with(" -x ") ? fill.substr(3)
                                                                               : fill,
                         quoted_for_fish(argument.does));
    }
  }
  return out;
}

}  // namespace lockstorm::cli
