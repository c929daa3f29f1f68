#include "scenarios/pipeline/atlantis.hpp"

#include <algorithm>
#include <charconv>

#include "scenarios/pipeline/project_run.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

/// What a project's pull-request lock is, by its own words or by those above it.
struct LockMode {
  bool is_off = false;
  SourceLocation where;
};

LockMode lock_mode(const Node& map, const LockMode& otherwise) {
  if (map["repo_locks"]) {
    const Node& mode = map["repo_locks"].is_map() ? map["repo_locks"]["mode"] : map["repo_locks"];
    return {mode.scalar() == "disabled", mode.is_scalar() ? mode.where : map.place_of("repo_locks")};
  }
  if (map["repo_locking"]) return {map["repo_locking"].is_false(), map.place_of("repo_locking")};
  return otherwise;
}

class AtlantisReader {
 public:
  AtlantisReader(const Node& root, const std::string& shown, const std::vector<std::string>& lines)
      : root_(root),
        lines_(lines),
        job_(job_of_pull_requests(System::atlantis, "Atlantis", shown, root.where)) {}

  Job read() {
    for (const char* parallel : {"parallel_apply", "parallel_plan"})
      if (root_[parallel].is_true() && !job_.parallel) job_.parallel = root_.place_of(parallel);
    if (root_["parallel_apply"].is_true()) job_.legs = root_.place_of("parallel_apply");
    const LockMode whole = lock_mode(root_, {});
    for (const Node& project : root_["projects"].items) {
      if (!project.is_map()) continue;
      for (const char* number : {"", "another "}) add_run(project, lock_mode(project, whole), number);
    }
    // A server's file has no projects: what its repositories do, whatever they are.
    for (const Node& repository : root_["repos"].items) {
      if (!repository.is_map()) continue;
      const LockMode mode = lock_mode(repository, {});
      for (const char* number : {"", "another "}) add_run(repository, mode, number);
      if (repository["repo_locks"] || repository["repo_locking"]) continue;
      for (const Node* allowed : repository["allowed_overrides"].scalars())
        if (allowed->text == "repo_locks" || allowed->text == "repo_locking")
          job_.unknown.emplace_back(
              "repositories may switch their pull-request locks off (allowed_overrides)");
    }
    return std::move(job_);
  }

 private:
  void add_run(const Node& project, const LockMode& mode, const std::string& number) {
    const std::string dir = project.has("id") ? "{project}" : project["dir"].scalar();
    const std::string workspace = project["workspace"].scalar();
    const std::string name = project["name"].scalar();
    JobRun run;
    run.when = number + "pull request";
    run.event = "pull_request";
    run.is_pull_request = true;
    run.leg = name.empty() ? dir + (workspace.empty() ? "" : " " + workspace) : name;
    const std::string& order = project["execution_order_group"].scalar();
    std::from_chars(order.data(), order.data() + order.size(), run.order);
    if (mode.is_off) {
      job_.locks_off = mode.where;
    } else {
      run.serialisers.push_back(lock_of_project(dir + "/" + workspace + "/" + name, project.where));
    }
    const std::string& named = project["workflow"].scalar();
    const Node& workflow = root_["workflows"][named.empty() ? "default" : named];
    ProjectRun steps(System::atlantis, dir, workspace, "atlantis.tfplan", lines_);
    for (const char* stage : {"plan", "apply"}) add_stage(workflow[stage], stage, project, steps);
    run.commands = std::move(steps).take();
    job_.runs.push_back(std::move(run));
  }

  static void add_stage(const Node& stage, const std::string& name, const Node& project, ProjectRun& run) {
    if (stage["steps"].items.empty()) {
      if (name == "plan") run.add_step("init", nullptr, project.where);
      return run.add_step(name, nullptr, project.where);
    }
    for (const Node& step : stage["steps"].items) {
      if (step.is_scalar()) {
        run.add_step(step.text, nullptr, step.where);
      } else if (step["env"].is_map()) {
        run.set_variable(step["env"]["name"].scalar(), step["env"]["value"].scalar());
      } else if (step["run"]) {
        const Node& text = step["run"].is_map() ? step["run"]["command"] : step["run"];
        if (text.is_scalar()) run.add_script(text);
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

bool looks_like_atlantis(const Node& document) {
  const bool is_server = document["repos"].is_list() && !document["repos"].items.empty() &&
                         document["repos"].items.front().has("id");
  return (document["projects"].is_list() && document.has("version")) || is_server ||
         (document.has("version") && document.has("workflows") && document.has("parallel_plan"));
}

void read_atlantis(const Node& document, const std::string& shown, const std::vector<std::string>& lines,
                   Pipeline& pipeline) {
  pipeline.jobs.push_back(AtlantisReader(document, shown, lines).read());
}

}  // namespace lockstorm::scenarios::pipeline
