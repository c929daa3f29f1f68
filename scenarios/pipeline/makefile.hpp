// A makefile as far as it says which commands a target runs: its variables and its rules.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::scenarios::pipeline {

struct MakefileLine {
  std::size_t number = 0;  ///< of its first line, counted from 1
  std::string text;        ///< without `@` and `-`, continued lines joined; `$(NAME)` stays
};

struct MakefileRule {
  std::vector<std::string> targets;  ///< `%` stands for any text
  std::vector<std::string> needs;
  std::vector<MakefileLine> recipe;
  std::map<std::string, std::string> variables;  ///< of this target only
};

struct Makefile {
  std::string shown;  ///< its path, as people are shown it
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> defaults;  ///< `?=`: where neither caller nor environment says it
  std::vector<MakefileRule> rules;
  std::vector<std::string> included;  ///< files, from its own directory on
  bool is_one_shell = false;          ///< `.ONESHELL:`: lines of a recipe share a shell
};

/// Conditionals are passed over: both of their branches count.
[[nodiscard]] Makefile read_makefile(std::string_view text);

/// What `%` of the target stands for in `wanted`; false: the rule makes something else.
[[nodiscard]] bool makes(const MakefileRule& rule, const std::string& wanted, std::string& stem);

/// `$(NAME)` by the values, `$$` as `$`; what they do not say is left to the shell as `${NAME}`.
[[nodiscard]] std::string expand_make(std::string_view text, const std::map<std::string, std::string>& values,
                                      unsigned depth = 0);

}  // namespace lockstorm::scenarios::pipeline
