// What an orchestrator of pull requests runs for one project: steps of the tool in a plan file's two halves,
// and scripts between them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/pipeline.hpp"
#include "scenarios/pipeline/script.hpp"

namespace lockstorm::scenarios::pipeline {

class ProjectRun {
 public:
  /// In that directory of the repository and that workspace (empty: the default one). `plan_file`: where
  /// plans are kept between the halves, also what scripts find in PLANFILE; empty: nowhere, an apply plans
  /// anew. `lines`: of the file, for places in scripts.
  ProjectRun(System system, std::string directory, const std::string& workspace, std::string plan_file,
             const std::vector<std::string>& lines);

  /// `init`, `plan` or `apply`, with the words of `extra` (null: none); other steps do nothing with a state.
  void add_step(std::string_view what, const Node* extra, const SourceLocation& where);
  /// A script, as the scalar that it is in the file.
  void add_script(const Node& text);
  void set_variable(const std::string& name, const std::string& value);
  /// `terragrunt` in place of terraform from here on, or `tofu`.
  void use_tool(std::string tool) { tool_ = std::move(tool); }

  [[nodiscard]] const std::string& directory() const { return context_.directory; }
  /// The commands, which hear of a cancel what the system tells them.
  [[nodiscard]] std::vector<Command> take() &&;

 private:
  System system_;
  std::string plan_file_;
  std::string tool_ = "terraform";
  const std::vector<std::string>& lines_;
  ScriptContext context_;
  JobShell shell_;
  std::vector<Command> commands_;
};

/// A job of that system that pull requests start, as yet without runs.
[[nodiscard]] Job job_of_pull_requests(System system, std::string workflow, std::string file,
                                       const SourceLocation& where);

/// The lock that pull requests take of a project: a second one is told, and sent away.
[[nodiscard]] Serialiser lock_of_project(std::string key, const SourceLocation& where);

}  // namespace lockstorm::scenarios::pipeline
