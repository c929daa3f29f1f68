// What a word of a script is: an assignment, a tool, the name of a program.
#pragma once

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace lockstorm::scenarios::pipeline {

inline bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

inline std::string base_name(const std::string& word) {
  const auto slash = word.rfind('/');
  return slash == std::string::npos ? word : word.substr(slash + 1);
}

inline bool is_assignment(const std::string& word) {
  // The first character that is in no name ends it.
  const auto end =
      std::ranges::find_if(word, [](unsigned char c) { return std::isalnum(c) == 0 && c != '_'; });
  return end != word.begin() && end != word.end() && *end == '=';
}

/// What may stand behind the tool's name.
inline bool is_subcommand(std::string_view word) {
  return word.starts_with("-chdir") ||
         is_one_of(word, {"plan", "apply", "destroy", "init", "import", "refresh", "state", "force-unlock",
                          "workspace", "taint", "untaint", "run", "run-all", "apply-all", "destroy-all",
                          "plan-all", "stack"});
}

/// What follows the repository's own name (`$GITHUB_WORKSPACE/`); nothing: the path does not begin with it.
[[nodiscard]] std::optional<std::string> below_repository(std::string_view path);

inline bool is_tool(const std::string& word) {
  return is_one_of(base_name(word), {"terraform", "tofu", "terragrunt", "opentofu", "gitlab-terraform",
                                     "gitlab-tofu", "terraform.exe", "tofu.exe", "tfwrapper"});
}

}  // namespace lockstorm::scenarios::pipeline
