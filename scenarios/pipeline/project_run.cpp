#include "scenarios/pipeline/project_run.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "scenarios/pipeline/cancel.hpp"
#include "scenarios/pipeline/local_files.hpp"

namespace lockstorm::scenarios::pipeline {

ProjectRun::ProjectRun(System system, std::string directory, const std::string& workspace,
                       std::string plan_file, const std::vector<std::string>& lines)
    : system_(system), plan_file_(std::move(plan_file)), lines_(lines) {
  context_.directory = directory.empty() ? "." : joined_path(".", directory);
  if (!workspace.empty() && workspace != "default") shell_.workspaces[context_.directory] = workspace;
  if (!plan_file_.empty()) context_.variables["PLANFILE"] = {plan_file_};
}

void ProjectRun::add_step(std::string_view what, const Node* extra, const SourceLocation& where) {
  if (what != "init" && what != "plan" && what != "apply") return;
  std::string words = tool_ + " " + std::string(what);
  if (what == "plan" && !plan_file_.empty()) words += " -out=" + plan_file_;
  SourceLocation place = where;
  if (extra != nullptr) {
    for (const Node* word : extra->scalars()) {
      words += " " + word->text;
      if (word->text.starts_with("-lock")) place = word->where;
    }
  }
  if (what == "apply") words += plan_file_.empty() ? " -auto-approve" : " " + plan_file_;
  ScriptContext own = context_;
  own.place = [place](std::size_t /*line*/, std::string_view /*words*/) { return place; };
  ScriptFindings found = read_script(words, std::move(own), shell_);
  std::ranges::move(found.commands, std::back_inserter(commands_));
}

void ProjectRun::add_script(const Node& text) {
  ScriptContext own = context_;
  own.place = [&](std::size_t line, std::string_view words) { return place_in(text, line, words, lines_); };
  ScriptFindings found = read_script(text.text, std::move(own), shell_);
  std::ranges::move(found.commands, std::back_inserter(commands_));
}

void ProjectRun::set_variable(const std::string& name, const std::string& value) {
  context_.variables[name] = {value};
}

std::vector<Command> ProjectRun::take() && {
  for (Command& command : commands_) command.hears = hears_of(system_, command.links, false);
  return std::move(commands_);
}

Job job_of_pull_requests(System system, std::string workflow, std::string file, const SourceLocation& where) {
  Job job;
  job.system = system;
  job.file = std::move(file);
  job.workflow = std::move(workflow);
  job.name = "pull requests";
  job.where = where;
  job.starts = {"pull request"};
  return job;
}

Serialiser lock_of_project(std::string key, const SourceLocation& where) {
  Serialiser lock;
  lock.keeper = Keeper::pull_request_lock;
  lock.key = {std::move(key)};
  lock.written = "lock of the project";
  lock.where = where;
  lock.waiting = Waiting::refused;
  lock.waiting_where = where;
  return lock;
}

}  // namespace lockstorm::scenarios::pipeline
