#include "scenarios/pipeline/terrateam.hpp"

#include <algorithm>

#include "scenarios/pipeline/project_run.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// Terrateam docs: lock management, workflows reference. A workflow is for the directories that its tag query
// picks; which those are is not computed here: all workflows count for each directory that names none.
class TerrateamReader {
 public:
  TerrateamReader(const Node& root, const std::string& shown, const std::vector<std::string>& lines)
      : root_(root),
        lines_(lines),
        job_(job_of_pull_requests(System::terrateam, "Terrateam", shown, root.where)) {}

  Job read() {
    for (const Node& workflow : root_["workflows"].items) {
      const std::string& policy = workflow["lock_policy"].scalar();
      if (policy == "none") job_.locks_off = workflow["lock_policy"].where;
    }
    if (root_["dirs"].fields.empty()) {
      add_directory("{dir}", "", root_.where);
    }
    for (const auto& [name, settings] : root_["dirs"].fields) {
      const std::string directory = name.find('*') == std::string::npos ? name : "{dir}";
      if (settings["workspaces"].fields.empty()) add_directory(directory, "", settings.where);
      for (const auto& [workspace, more] : settings["workspaces"].fields)
        add_directory(directory, workspace, more.where);
    }
    return std::move(job_);
  }

 private:
  void add_directory(const std::string& directory, const std::string& workspace,
                     const SourceLocation& where) {
    for (const char* number : {"", "another "}) {
      JobRun run;
      run.when = std::string(number) + "pull request";
      run.event = "pull_request";
      run.is_pull_request = true;
      run.leg = directory + (workspace.empty() ? "" : " " + workspace);
      if (!job_.locks_off)
        run.serialisers.push_back(
            lock_of_project("terrateam/" + run.leg, where.line > 0 ? where : root_.where));
      ProjectRun steps(System::terrateam, directory, workspace, "terrateam.tfplan", lines_);
      const Node& workflow =
          root_["workflows"].items.empty() ? root_["none"] : root_["workflows"].items.front();
      const std::string& engine = workflow["engine"]["name"].scalar();
      if (engine == "tofu" || engine == "terragrunt") steps.use_tool(engine);
      for (const char* stage : {"plan", "apply"}) add_stage(workflow[stage], stage, where, steps);
      run.commands = std::move(steps).take();
      job_.runs.push_back(std::move(run));
    }
  }

  static void add_stage(const Node& steps, const std::string& name, const SourceLocation& where,
                        ProjectRun& run) {
    if (steps.items.empty()) {
      run.add_step("init", nullptr, where);
      return run.add_step(name, nullptr, where);
    }
    for (const Node& step : steps.items) {
      const std::string& type = step["type"].scalar();
      if (type == "run" && step["cmd"].is_list()) {
        // Words of a command, not a script.
        Node line = step["cmd"];
        line.kind = Node::Kind::scalar;
        for (const Node* word : step["cmd"].scalars())
          line.text += (line.text.empty() ? "" : " ") + word->text;
        run.add_script(line);
      } else {
        run.add_step(type, &step["extra_args"], step.where);
      }
    }
  }

  const Node& root_;
  const std::vector<std::string>& lines_;
  Job job_;
};

}  // namespace

bool looks_like_terrateam(const Node& document, const std::string& file) {
  return document.is_map() && file.find(".terrateam/config.y") != std::string::npos;
}

void read_terrateam(const Node& document, const std::string& shown, const std::vector<std::string>& lines,
                    Pipeline& pipeline) {
  pipeline.jobs.push_back(TerrateamReader(document, shown, lines).read());
}

}  // namespace lockstorm::scenarios::pipeline
