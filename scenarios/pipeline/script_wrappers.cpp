// Programs that run another one behind their own arguments: `tfcmt apply -- terraform apply`, `xargs`,
// `aws-vault exec`.
#include <algorithm>

#include "scenarios/pipeline/script_reader.hpp"
#include "scenarios/pipeline/script_words.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// Programs whose arguments are no command, whatever they say.
bool only_mentions(const std::string& program) {
  return is_one_of(
      base_name(program),
      {"echo",   "printf",  "grep",    "egrep",   "rg",    "sed",   "awk",   "cat",     "tee",   "which",
       "type",   "command", "hash",    "whereis", "git",   "gh",    "glab",  "curl",    "wget",  "mv",
       "cp",     "rm",      "ln",      "chmod",   "chown", "mkdir", "ls",    "test",    "[",     "[[",
       "unzip",  "tar",     "apt",     "apt-get", "brew",  "apk",   "yum",   "dnf",     "choco", "pip",
       "pip3",   "tfenv",   "tofuenv", "asdf",    "head",  "tail",  "pkill", "killall", "kill",  "pgrep",
       "export", "return",  "exit",    "set",     "unset", "case",  "for",   "select",  "read",  "jq"});
}

// `-c TEXT`, `--command TEXT`: a script of its own.
bool says_script_follows(const std::string& word) {
  return is_one_of(word, {"-c", "-lc", "-ec", "-ic", "-qec", "--command", "--run", "--cmd"});
}

bool mentions_tool(const std::string& text) {
  return std::ranges::any_of(
      std::initializer_list<const char*>{"terraform ", "tofu ", "terragrunt ", "make "},
      [&](const char* tool) { return text.find(tool) != std::string::npos; });
}

}  // namespace

// The first tool behind it, or what stands behind `--`; false: it runs nothing that is seen.
bool ScriptReader::wrapped(const ShellCommand& command, const std::vector<std::string>& words,
                           const std::map<std::string, Symbolic>& own, Position position) {
  if (depth_ >= kDeepestCall || only_mentions(words.front())) return false;
  const bool is_shell = is_one_of(base_name(words.front()), {"bash", "sh", "dash", "zsh", "source", "."});
  if (is_shell) return false;
  if (base_name(words.front()) == "atmos") return atmos(command, words, own, position);
  const auto inner_call = [&](std::size_t begin) {
    ScriptReader inner(context_, job_, found_, depth_ + 1);
    inner.line_ = line_;
    inner.forwards_ = forwards_;
    inner.call(command, {words.begin() + static_cast<std::ptrdiff_t>(begin), words.end()}, own, position, {},
               false, false);
  };
  const std::size_t before = found_.commands.size();
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    if (says_script_follows(words[i]) && mentions_tool(words[i + 1])) {
      command_text(words[i + 1], own, position);
      return true;
    }
    const bool is_command = (is_tool(words[i]) && is_subcommand(words[i + 1])) ||
                            is_one_of(words[i], {"bash", "sh"}) || words[i] == "--";
    if (!is_command) continue;
    inner_call(words[i] == "--" ? i + 1 : i);
    break;
  }
  // `terramate run`: the command is run in each directory that it knows.
  if (base_name(words.front()) == "terramate")
    for (std::size_t i = before; i < found_.commands.size(); ++i) found_.commands[i].state.is_many = true;
  return found_.commands.size() > before;
}

// `atmos terraform apply COMPONENT -s STACK`: the stack names the workspace.
bool ScriptReader::atmos(const ShellCommand& command, const std::vector<std::string>& words,
                         const std::map<std::string, Symbolic>& own, Position position) {
  if (words.size() < 4 || words[1] != "terraform") return false;
  const std::string sub = words[2] == "deploy" ? "apply" : words[2];
  std::vector<std::string> inner{"terraform", "-chdir=components/terraform/" + words[3], sub};
  std::map<std::string, Symbolic> variables = own;
  for (std::size_t i = 4; i < words.size(); ++i) {
    if ((words[i] == "-s" || words[i] == "--stack") && i + 1 < words.size()) {
      variables["TF_WORKSPACE"] = {words[++i]};
    } else if (words[i].starts_with("--stack=")) {
      variables["TF_WORKSPACE"] = {words[i].substr(8)};
    } else if (words[i] != "--") {
      inner.push_back(words[i]);
    }
  }
  const std::string here = std::exchange(context_.directory, ".");
  const std::size_t before = found_.commands.size();
  tool(command, inner, variables, position, {}, false, false);
  context_.directory = here;
  return found_.commands.size() > before;
}

}  // namespace lockstorm::scenarios::pipeline
