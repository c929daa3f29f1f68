// What may stand where on the command line, told from the declarations that parse it: what all shells
// complete.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace lockstorm::cli {

/// What may stand for a word of the command line, by the name that `--help` gives it.
enum class Fill { nothing, files, directories, words, names };

struct Word {
  std::string name;
  Fill fill;
  std::string_view what;  // the words, or the kind of names in `lockstorm list --names KIND`
  bool or_files = false;
};
struct Argument {
  std::string option;  // --name; empty: stands on its own
  std::string does;
  Word word;  // nothing: a flag, or a word that nobody can guess
  bool takes_word = false;
  bool repeats = false;
};

struct CompletedCommand {
  std::string name;
  std::string does;
  std::vector<Argument> arguments;  // its own, then everybody's
};

/// Of one command, or of the application before a command is named.
std::vector<Argument> arguments_of(const CLI::App& app);
std::vector<CompletedCommand> commands_of(const CLI::App& app);

/// The command that prints the names a word may be, a line each.
std::string names_command(const Word& word);

}  // namespace lockstorm::cli
