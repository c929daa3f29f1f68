// A pass over one script, and over those that it calls.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/makefile.hpp"
#include "scenarios/pipeline/script.hpp"
#include "scenarios/pipeline/shell_words.hpp"

namespace lockstorm::scenarios::pipeline {

class ScriptReader {
 public:
  ScriptReader(ScriptContext context, JobShell& job, ScriptFindings& found, unsigned depth)
      : context_(std::move(context)), job_(job), found_(found), depth_(depth) {}

  [[nodiscard]] const ScriptContext& context() const { return context_; }

  void read(std::string_view script, Position position = Position::step);

 private:
  static constexpr unsigned kDeepestCall = 5;
  static constexpr std::size_t kMostFound = 500;

  // The words of a command, and what stands around it: script.cpp, script_variables.cpp.
  void read_commands(const std::string& script, Position position);
  bool function(const std::string& name, const std::vector<std::string>& words,
                const std::map<std::string, Symbolic>& own, Position position);
  void look_for_forwarding(std::string_view script);
  std::string expanded(const ShellWord& word) const;
  std::vector<std::string> expanded_words(const ShellCommand& command) const;
  void take(const ShellCommand& command, Position position);
  void note_exported(const ShellCommand& command, const std::vector<std::string>& words);
  static std::string from_command(const ShellCommand& command);
  static void read_timeout(const std::vector<std::string>& words, std::size_t& i,
                           std::optional<std::chrono::seconds>& limit, bool& kills_after);
  void call(const ShellCommand& command, const std::vector<std::string>& words,
            const std::map<std::string, Symbolic>& own, Position position,
            const std::optional<std::chrono::seconds>& limit, bool kills_after, bool execs);
  void assign(const ShellCommand& command, const std::string& word);
  static std::string join(const std::vector<std::string>& words);
  static void set_arguments(std::map<std::string, Symbolic>& variables, std::vector<std::string> arguments);
  void shift();
  SourceLocation place(const std::string& words) const;
  void trap(const ShellCommand& command, const std::vector<std::string>& words);

  // Where a path leads: script_paths.cpp.
  std::string directory_at(const std::string& path) const;
  std::optional<std::string> path_from(const std::string& inside) const;
  bool change_directory(const std::vector<std::string>& words);
  void enter_subshells(const ShellCommand& command);
  void leave_subshells(const ShellCommand& command);

  // Runs of the tool, and what removes locks: script_tools.cpp.
  std::vector<Link> links_for(const ShellCommand& command, const std::string& tool_name, bool execs) const;
  void tool(const ShellCommand& command, const std::vector<std::string>& words,
            const std::map<std::string, Symbolic>& own, Position position,
            const std::optional<std::chrono::seconds>& limit, bool kills_after, bool execs);
  static bool verb_of(const std::vector<std::string>& rest, Command& made);
  void flags(const std::vector<std::string>& rest, const std::map<std::string, Symbolic>& own, Command& made);
  void finish(const std::vector<std::string>& rest, Command& made, const std::string& tool_name);
  void take_saved_plans(Command& command);
  static bool takes_value(const std::string& option);
  void init(const std::string& directory, const std::vector<std::string>& rest,
            const std::map<std::string, Symbolic>& own);
  void workspace(const std::string& directory, const std::vector<std::string>& rest);
  StatePlace state_in(const std::string& directory, const std::map<std::string, Symbolic>& own) const;
  void container(const ShellCommand& command, const std::vector<std::string>& words,
                 const std::map<std::string, Symbolic>& own, Position position);
  void add_lock_breaker(const std::vector<std::string>& words, Position position);

  // Programs that run another one: script_wrappers.cpp.
  bool wrapped(const ShellCommand& command, const std::vector<std::string>& words,
               const std::map<std::string, Symbolic>& own, Position position);
  bool atmos(const ShellCommand& command, const std::vector<std::string>& words,
             const std::map<std::string, Symbolic>& own, Position position);

  // Makefiles of the repository: script_make.cpp.
  void make(const std::vector<std::string>& words, const std::map<std::string, Symbolic>& own,
            Position position);
  bool recipe(const Makefile& makefile, const std::string& target, const std::string& directory,
              const std::map<std::string, Symbolic>& variables, Position position, unsigned deep);

  // Scripts of the repository: script_calls.cpp, script_runners.cpp.
  static bool sounds_like_tool(const std::string& word);
  void node_script(const std::vector<std::string>& words, const std::map<std::string, Symbolic>& own,
                   Position position);
  bool task(const std::vector<std::string>& words, const std::map<std::string, Symbolic>& own,
            Position position);
  void run_node(const Node& text, const std::string& directory, const std::map<std::string, Symbolic>& own,
                Position position);
  void other_script(const std::vector<std::string>& words, const std::map<std::string, Symbolic>& own,
                    Position position);
  void command_text(const std::string& text, const std::map<std::string, Symbolic>& own, Position position);

  ScriptContext context_;
  JobShell& job_;
  ScriptFindings& found_;
  unsigned depth_;
  std::size_t line_ = 0;
  std::optional<Link> forwards_;
  std::vector<std::string> pushed_;     // directories to come back to
  std::string last_directory_ = ".";    // of `cd -`
  std::vector<ScriptContext> outside_;  // of the subshells that are open
};

}  // namespace lockstorm::scenarios::pipeline
