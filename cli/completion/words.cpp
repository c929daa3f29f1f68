#include "cli/completion/words.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
namespace lockstorm::cli {
namespace {

const Word kWords[] = {
    {"FILE", Fill::files, ""},
    {"PATH", Fill::files, ""},
    {"A", Fill::files, ""},
    {"B", Fill::files, ""},
    {"REPLAY", Fill::files, ""},
    {"DIR", Fill::directories, ""},
    {"SCENARIO", Fill::names, "scenarios", true},
    {"BACKEND", Fill::names, "backends"},
    {"STRATEGY", Fill::names, "strategies"},
    {"MODEL", Fill::names, "models"},
    {"NAME", Fill::names, ""},
    {"TOOL", Fill::words, "terraform opentofu"},
    {"GRADE", Fill::words, "info low medium high critical never"},
    {"KIND", Fill::words, "backends services commands properties faults strategies models scenarios"},
    {"SHELL", Fill::words, "bash zsh fish"},
};

Word word_named(std::string_view name) {
  for (const Word& word : kWords) {
    if (word.name == name) return word;
  }
  return {std::string(name), Fill::nothing, ""};
}

bool has_option(const std::vector<Argument>& arguments, const std::string& option) {
  for (const Argument& argument : arguments) {
    if (argument.option == option) return true;
  }
  return false;
}

}  // namespace

std::vector<Argument> arguments_of(const CLI::App& app) {
  std::vector<Argument> arguments;
  for (const CLI::Option* option : app.get_options()) {
    const bool takes_word = option->get_items_expected_max() > 0;
    const bool stands_alone = option->get_positional();
    const std::string name = stands_alone ? option->get_name(true)
                             : takes_word ? option->get_type_name()
                                          : "";
    arguments.push_back({stands_alone ? "" : "--" + option->get_lnames().front(), option->get_description(),
                         word_named(name), takes_word, option->get_items_expected_max() > 1});
  }
  return arguments;
}

std::vector<CompletedCommand> commands_of(const CLI::App& app) {
  std::vector<CompletedCommand> commands;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    CompletedCommand command{sub->get_name(), sub->get_description(), arguments_of(*sub)};
    for (Argument& argument : arguments_of(app)) {
      if (!has_option(command.arguments, argument.option)) command.arguments.push_back(std::move(argument));
    }
    commands.push_back(std::move(command));
  }
  return commands;
}

std::string names_command(const Word& word) {
  return fmt::format("lockstorm list --names{}{} 2>/dev/null", word.what.empty() ? "" : " ", word.what);
}

}  // namespace lockstorm::cli
