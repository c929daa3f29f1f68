#include "scenarios/pipeline/spacelift.hpp"

#include <algorithm>
#include <iterator>

#include "scenarios/pipeline/project_run.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// Spacelift docs, concepts/run: runs of a stack that change something come one after another; previews run
// beside them. What excludes is the stack, not the state: two stacks of one directory exclude nothing.
class SpaceliftReader {
 public:
  SpaceliftReader(const Node& root, const std::string& shown, const std::vector<std::string>& lines)
      : root_(root), shown_(shown), lines_(lines) {}

  std::vector<Job> read() {
    for (const auto& [name, settings] : root_["stacks"].fields) add_stack(name, settings);
    if (jobs_.empty()) {
      jobs_.push_back(job_named("stacks", root_.where));
      jobs_.back().unknown.emplace_back("which stacks there are: they are not in this file");
    }
    return std::move(jobs_);
  }

 private:
  [[nodiscard]] Job job_named(const std::string& name, const SourceLocation& where) const {
    Job job;
    job.system = System::spacelift;
    job.file = shown_;
    job.workflow = "Spacelift";
    job.name = name;
    job.where = where;
    job.starts = {"push to the branch of the stack"};
    return job;
  }

  void add_stack(const std::string& name, const Node& settings) {
    JobRun run;
    run.when = "push to the branch of the stack";
    run.event = "push";
    const SourceLocation& where = root_["stacks"].place_of(name);
    Serialiser stack;
    stack.keeper = Keeper::stack;
    stack.key = {"spacelift/" + name};
    stack.written = name;
    stack.where = stack.waiting_where = where;
    run.serialisers.push_back(std::move(stack));
    ProjectRun steps(System::spacelift, said_of(settings, "project_root").scalar(), "", "", lines_);
    for (const char* phase : {"init", "plan", "apply"}) {
      for (const char* hook : {"before_", "after_"}) {
        if (hook == std::string_view("after_")) steps.add_step(phase, nullptr, where);
        for (const Node* script : said_of(settings, std::string(hook) + phase).scalars())
          steps.add_script(*script);
      }
    }
    run.commands = std::move(steps).take();
    jobs_.push_back(job_named(name, where));
    jobs_.back().unknown.emplace_back("whether previews of the stack take the state's lock");
    jobs_.back().runs.push_back(std::move(run));
  }

  [[nodiscard]] const Node& said_of(const Node& settings, const std::string& key) const {
    return settings.has(key) ? settings[key] : root_["stack_defaults"][key];
  }

  const Node& root_;
  const std::string& shown_;
  const std::vector<std::string>& lines_;
  std::vector<Job> jobs_;
};

}  // namespace

bool looks_like_spacelift(const Node& document, const std::string& file) {
  return document.is_map() && file.find(".spacelift/config.y") != std::string::npos;
}

void read_spacelift(const Node& document, const std::string& shown, const std::vector<std::string>& lines,
                    Pipeline& pipeline) {
  std::ranges::move(SpaceliftReader(document, shown, lines).read(), std::back_inserter(pipeline.jobs));
}

}  // namespace lockstorm::scenarios::pipeline
