// The commands of a shell script, as words: enough of the shell's grammar to see what is run and where.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::scenarios::pipeline {

/// A word. What stood in single quotes is not expanded any more.
struct ShellWord {
  std::string text;         ///< quotes removed; `$name` stays
  bool is_literal = false;  ///< it stood in single quotes from beginning to end
  bool has_quotes = false;  ///< some of it stood in quotes: what it comes to stays one word
};

/// How a command is joined to the one before.
enum class Joint : std::uint8_t { next, on_success, on_failure, pipe };

struct ShellCommand {
  std::size_t offset = 0;  ///< of its first word in the text
  Joint joint = Joint::next;
  std::vector<ShellWord> words;     ///< without keywords and redirections
  std::vector<std::string> inside;  ///< what `$(...)` in it runs
  unsigned opens = 0;               ///< parentheses of subshells before it
  unsigned closes = 0;              ///< and behind it
  std::string output;               ///< the file that its output goes to; `$name` stays
  bool in_background = false;
  bool is_piped = false;     ///< its output goes into another command
  bool is_repeated = false;  ///< the condition of `until` or `while`: run again while it fails
  bool in_for = false;       ///< inside a loop
  std::string loop_values;   ///< "NAME a b c" of the innermost `for NAME in a b c`

  [[nodiscard]] std::string written() const;
};

/// A function as a script defines it.
struct ShellDefinition {
  std::string name;
  std::string body;
  std::size_t line = 0;  ///< of the body's beginning in the script, counted from 0
};

/// Takes definitions of functions out of a script: what is left of their lines is empty.
[[nodiscard]] std::vector<ShellDefinition> take_functions(std::string& script);

/// Comments and bodies of here-documents are left out; text that no shell would take is read as far as it
/// goes.
[[nodiscard]] std::vector<ShellCommand> shell_commands(std::string_view script);

}  // namespace lockstorm::scenarios::pipeline
