#include "scenarios/pipeline/atlantis.hpp"

#include <algorithm>
#include <charconv>

#include "scenarios/pipeline/cancel.hpp"
#include "scenarios/pipeline/script.hpp"

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
      : root_(root), lines_(lines) {
    job_.system = System::atlantis;
    job_.file = shown;
    job_.workflow = "Atlantis";
    job_.name = "pull requests";
    job_.where = root.where;
    job_.starts = {"pull request"};
  }

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
      Serialiser lock;
      lock.keeper = Keeper::pull_request_lock;
      lock.key = {dir + "/" + workspace + "/" + name};
      lock.written = "lock of the project";
      lock.where = project.where;
      lock.waiting = Waiting::refused;
      lock.waiting_where = project.where;
      run.serialisers.push_back(std::move(lock));
    }
    const Node& workflow = root_["workflows"][project["workflow"].scalar()];
    ScriptContext context;
    context.directory = dir.empty() ? "." : joined_path(".", dir);
    JobShell shell;
    if (!workspace.empty() && workspace != "default") shell.workspaces[context.directory] = workspace;
    for (const char* stage : {"plan", "apply"})
      add_stage(workflow[stage], stage, project, context, shell, run);
    for (Command& command : run.commands) command.hears = hears_of(System::atlantis, command.links, false);
    job_.runs.push_back(std::move(run));
  }

  void add_stage(const Node& stage, const std::string& name, const Node& project, ScriptContext& context,
                 JobShell& shell, JobRun& run) {
    if (stage["steps"].items.empty()) {
      if (name == "plan") add_step("init", nullptr, project.where, context, shell, run);
      return add_step(name, nullptr, project.where, context, shell, run);
    }
    for (const Node& step : stage["steps"].items) {
      if (step.is_scalar()) {
        add_step(step.text, nullptr, step.where, context, shell, run);
      } else if (step["env"].is_map()) {
        context.variables[step["env"]["name"].scalar()] = {step["env"]["value"].scalar()};
      } else if (step["run"]) {
        const Node& text = step["run"].is_map() ? step["run"]["command"] : step["run"];
        if (text.is_scalar()) add_script(text, context, shell, run);
      } else if (!step.fields.empty()) {
        const auto& [what, settings] = step.fields.front();
        add_step(what, &settings["extra_args"], step.where, context, shell, run);
      }
    }
  }

  void add_script(const Node& text, const ScriptContext& context, JobShell& shell, JobRun& run) {
    ScriptContext own = context;
    own.place = [&](std::size_t line, std::string_view words) { return place_in(text, line, words, lines_); };
    // Atlantis sets these for what it runs itself.
    own.variables["PLANFILE"] = {"atlantis.tfplan"};
    ScriptFindings found = read_script(text.text, std::move(own), shell);
    std::ranges::move(found.commands, std::back_inserter(run.commands));
  }

  void add_step(const std::string& what, const Node* extra, const SourceLocation& where,
                const ScriptContext& context, JobShell& shell, JobRun& run) {
    std::string words = "terraform " + what;
    if (what != "init" && what != "plan" && what != "apply") return;
    if (what == "plan") words += " -out=atlantis.tfplan";
    SourceLocation place = where;
    if (extra != nullptr) {
      for (const Node* word : extra->scalars()) {
        words += " " + word->text;
        if (word->text.starts_with("-lock")) place = word->where;
      }
    }
    if (what == "apply") words += " atlantis.tfplan";
    ScriptContext own = context;
    own.place = [place](std::size_t /*line*/, std::string_view /*words*/) { return place; };
    ScriptFindings found = read_script(words, std::move(own), shell);
    std::ranges::move(found.commands, std::back_inserter(run.commands));
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
