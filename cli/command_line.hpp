// The options and arguments of one command, as commands declare them. CLI11 parses them; commands do not read
// its headers, every reader of which costs the compiler ten seconds.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace lockstorm::cli {

/// Empty, or why the text cannot stand.
using Check = std::function<std::string(const std::string&)>;

/// An option, or an argument that has no name before it.
class Declared {
 public:
  explicit Declared(CLI::Option& option) : option_(&option) {}

  Declared& required();
  /// What stands for its value in help texts.
  Declared& type_name(const std::string& name);
  Declared& check(const Check& complains);
  Declared& one_of(const std::vector<std::string>& values);
  /// It may be given several times, with one value each.
  Declared& repeatable();
  Declared& excludes(const Declared& other);

 private:
  CLI::Option* option_;
};

class CommandLine {
 public:
  explicit CommandLine(CLI::App& command) : command_(&command) {}

  /// `value` is set when the command line is parsed and has to live until then: texts, lists of them,
  /// numbers, and those of them that may be left out. A name without dashes is that of an argument.
  template <class T>
  Declared add_option(const std::string& name, T& value, const std::string& text);
  Declared add_flag(const std::string& name, bool& value, const std::string& text);
  /// A flag that may be given as NAME=VALUE; without a value it is "true". It never takes the next word.
  void add_flag_with_value(const std::string& name, std::string& value, const std::string& text);
  /// All commands and their options, for pages about them.
  [[nodiscard]] const CLI::App& application() const;

 private:
  CLI::App* command_;
};

}  // namespace lockstorm::cli
