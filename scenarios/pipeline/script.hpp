// What a script does to states and their locks: the runs of the tool in it, and what removes locks.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/pipeline/local_files.hpp"
#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// The place of a command of a text: its line, counted from 0, and its words.
using PlaceInText = std::function<SourceLocation(std::size_t line, std::string_view words)>;

/// A function of the shell.
struct ShellFunction {
  std::string body;
  PlaceInText place;
  bool is_called = false;
};

/// What steps of one job leave for those after them.
struct JobShell {
  std::map<std::string, std::string> keys;  ///< of `init -backend-config`, by directory
  std::map<std::string, std::vector<std::string>> init_arguments;  ///< all that it was given, by directory
  std::map<std::string, std::string> workspaces;                   ///< that were selected, by directory
  std::vector<std::string> plan_files;                             ///< that were written so far
  std::map<std::string, ShellFunction> functions;                  ///< by name
  std::map<std::string, Symbolic> exported;  ///< what was written for the steps that follow: GITHUB_ENV
};

struct ScriptContext {
  std::map<std::string, Symbolic> variables;  ///< the environment
  std::string directory = ".";                ///< below the root of the repository
  std::string file;                           ///< of the script, likewise; empty: it stands in a CI file
  std::vector<Link> links;                    ///< outside of the script's own shell
  bool has_wrapper = false;                   ///< terraform on PATH is the node wrapper
  bool has_tofu_wrapper = false;
  const LocalFiles* files = nullptr;
  PlaceInText place;
};

struct ScriptFindings {
  std::vector<Command> commands;
  std::vector<std::string> unknown;  ///< a clause each: "make target apply is in no Makefile here"
  std::string directory;             ///< where it ends, and with which variables: for what shares its shell
  std::map<std::string, Symbolic> variables;
  bool waits_for_tool = false;  ///< it waits until no such process is left
};

/// Reads a script. `context` is what it starts with; changes of directory and of the environment are its own.
[[nodiscard]] ScriptFindings read_script(std::string_view script, ScriptContext context, JobShell& job);

/// Applies arguments (those of TF_CLI_ARGS, too) to a command of the tool.
void read_flags(const std::vector<std::string>& words, const SourceLocation& where, Command& command);

/// "20m", "300s" or "1h30m" as -lock-timeout takes it.
[[nodiscard]] std::optional<std::chrono::seconds> tool_duration(std::string_view text);

}  // namespace lockstorm::scenarios::pipeline
