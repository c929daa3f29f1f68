#include "scenarios/pipeline/digger.hpp"

#include <algorithm>

#include "scenarios/pipeline/project_run.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// Digger docs: pr-level-locks, apply-on-merge. Jobs are dispatched as runs of a workflow of the user's, which
// is read by itself.
class DiggerReader {
 public:
  DiggerReader(const Node& root, const std::string& shown, const std::vector<std::string>& lines)
      : root_(root), lines_(lines), job_(job_of_pull_requests(System::digger, "Digger", shown, root.where)) {}

  Job read() {
    if (root_["pr_locks"].is_false()) job_.locks_off = root_.place_of("pr_locks");
    for (const Node& project : root_["projects"].items) {
      if (!project.is_map()) continue;
      for (const char* when : {"pull request", "another pull request"}) add_run(project, when, true);
      if (applies_on_merge(project)) {
        for (const char* when : {"merge", "another merge"}) add_run(project, when, false);
      }
    }
    if (root_["generate_projects"]) job_.unknown.emplace_back("which projects there are (generate_projects)");
    return std::move(job_);
  }

 private:
  [[nodiscard]] const Node& workflow_of(const Node& project) const {
    const std::string& name = project["workflow"].scalar();
    return root_["workflows"][name.empty() ? "default" : name];
  }

  // The lock of the pull request is given back when it is merged.
  [[nodiscard]] bool applies_on_merge(const Node& project) const {
    const Node& commands = workflow_of(project)["workflow_configuration"]["on_commit_to_default"];
    return std::ranges::any_of(commands.scalars(), [](const Node* command) {
      return command->text.find("digger apply") != std::string::npos;
    });
  }

  void add_run(const Node& project, const std::string& when, bool is_pull_request) {
    const std::string& name = project["name"].scalar();
    JobRun run;
    run.when = when;
    run.event = is_pull_request ? "pull_request" : "push";
    run.is_pull_request = is_pull_request;
    run.leg = name;
    if (is_pull_request && !job_.locks_off)
      run.serialisers.push_back(lock_of_project("digger/" + name, project.where));
    ProjectRun steps(System::digger, project["dir"].scalar(), project["workspace"].scalar(), "", lines_);
    if (project["terragrunt"].is_true()) steps.use_tool("terragrunt");
    if (project["opentofu"].is_true()) steps.use_tool("tofu");
    const Node& workflow = workflow_of(project);
    for (const char* stage : {"plan", "apply"}) {
      if (stage == std::string_view("plan") && !is_pull_request) continue;
      add_stage(workflow[stage], stage, project, steps);
    }
    run.commands = std::move(steps).take();
    job_.runs.push_back(std::move(run));
  }

  static void add_stage(const Node& stage, const std::string& name, const Node& project, ProjectRun& run) {
    if (stage["steps"].items.empty()) {
      run.add_step("init", nullptr, project.where);
      return run.add_step(name, nullptr, project.where);
    }
    for (const Node& step : stage["steps"].items) {
      if (step.is_scalar()) {
        run.add_step(step.text, nullptr, step.where);
      } else if (step["run"].is_scalar()) {
        run.add_script(step["run"]);
      } else if (!step.fields.empty()) {
        const auto& [what, settings] = step.fields.front();
        run.add_step(what, &settings["extra_args"], step.where);
      }
    }
  }

  const Node& root_;
  const std::vector<std::string>& lines_;
  Job job_;
};

}  // namespace

bool looks_like_digger(const Node& document, const std::string& file) {
  const bool is_named = file.ends_with("digger.yml") || file.ends_with("digger.yaml");
  return document["projects"].is_list() && (is_named || document.has("pr_locks"));
}

void read_digger(const Node& document, const std::string& shown, const std::vector<std::string>& lines,
                 Pipeline& pipeline) {
  pipeline.jobs.push_back(DiggerReader(document, shown, lines).read());
}

}  // namespace lockstorm::scenarios::pipeline
