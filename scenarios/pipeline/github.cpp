#include "scenarios/pipeline/github.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "scenarios/pipeline/cancel.hpp"
#include "scenarios/pipeline/github_steps.hpp"
#include "scenarios/pipeline/matrix.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr unsigned kDeepestWorkflow = 4;
constexpr std::chrono::minutes kGithubLimit{360};

struct CalledBy {
  const GithubFile* file = nullptr;
  const Node* root = nullptr;
};

bool is_only_called(const Node& root) {
  const Node& on = root["on"];
  if (on.is_scalar()) return on.text == "workflow_call";
  const auto names = on.scalars();
  if (!names.empty())
    return std::ranges::all_of(names, [](const Node* name) { return name->text == "workflow_call"; });
  return on.fields.size() == 1 && on.fields.front().first == "workflow_call";
}

std::string workflow_name(const Node& root, const GithubFile& file) {
  const std::string& name = root["name"].scalar();
  return name.empty() ? file.path : name;
}

// Parts of a group's key by which runs on one state may differ.
std::vector<std::string> finer_parts(const std::string& written) {
  std::vector<std::string> parts;
  for (const std::string_view part :
       {"github.sha", "github.run_id", "github.run_number", "github.run_attempt",
        "github.event.head_commit.id", "github.ref_name", "github.ref", "github.head_ref",
        "github.event_name", "github.actor", "github.triggering_actor", "github.workflow",
        "github.event.pull_request.number", "github.event.number", "github.job", "inputs.", "matrix."}) {
    const auto at = written.find(part);
    if (at == std::string::npos) continue;
    const char next = at + part.size() < written.size() ? written[at + part.size()] : ' ';
    if (next == '_' && part == "github.ref") continue;
    parts.emplace_back(part.ends_with(".") ? part.substr(0, part.size() - 1) : part);
  }
  return parts;
}

std::optional<Serialiser> group_of(const Node& map, const GithubScope& scope) {
  const Node& concurrency = map["concurrency"];
  const Node& group = concurrency.is_scalar() ? concurrency : concurrency["group"];
  if (!group.is_scalar()) return std::nullopt;
  Serialiser made;
  made.keeper = Keeper::concurrency_group;
  made.key = expand_expressions(group.text, scope.context());
  made.written = group.text;
  made.where = group.where;
  made.waiting = Waiting::last;
  made.waiting_where = map.place_of("concurrency");
  made.finer = finer_parts(group.text);
  const Node& cancel = concurrency["cancel-in-progress"];
  if (cancel.is_scalar()) {
    const Truth truth = cancel.is_true()    ? Truth::yes
                        : cancel.is_false() ? Truth::no
                                            : evaluate_condition(cancel.text, scope.context());
    made.cancels_running = truth != Truth::no;
    made.cancels_where = concurrency.place_of("cancel-in-progress");
  }
  if (concurrency["queue"].scalar() == "max") made.waiting = Waiting::all;
  return made;
}

std::optional<SourceLocation> fragile_runner(const Node& runs_on) {
  const Node& labels = runs_on.is_map() ? runs_on["labels"] : runs_on;
  for (const Node* label : labels.scalars()) {
    const std::string low = lower(label->text);
    if (low.find("${{") != std::string::npos) continue;
    const bool hosted = low.starts_with("ubuntu") || low.starts_with("windows") || low.starts_with("macos");
    const bool spot = low.find("spot") != std::string::npos || low.find("preempt") != std::string::npos;
    if (!hosted || spot) {
      const bool is_plain_word = low == "linux" || low == "x64" || low == "arm64";
      if (!is_plain_word || spot) return label->where;
    }
  }
  return std::nullopt;
}

TimeLimit limit_of(const Node& job) {
  const std::string& text = job["timeout-minutes"].scalar();
  long minutes = 0;
  std::from_chars(text.data(), text.data() + text.size(), minutes);
  if (minutes <= 0 || minutes > 100'000) return {kGithubLimit, {}};
  return {std::chrono::minutes(minutes), job.place_of("timeout-minutes")};
}

class GithubReader {
 public:
  GithubReader(const std::vector<GithubFile>& all, const LocalFiles& files, Pipeline& pipeline)
      : all_(all), files_(files), pipeline_(pipeline) {}

  void read() {
    note_calls();
    for (const GithubFile& file : all_) {
      for (const Node& root : file.documents.roots) {
        if (!looks_like_github(root)) continue;
        if (is_only_called(root) && called_.contains(file.path)) continue;
        const std::string branch = default_branch_of(root);
        const auto events = github_events(root, file.documents.text, branch);
        for (const auto& [name, job] : root["jobs"].fields) {
          Job made = begin(file, root, name, job);
          for (const GithubEvent& event : events) {
            GithubScope scope = scope_for(event, workflow_name(root, file), name, branch);
            add_environment(root["env"], scope);
            std::vector<Serialiser> outer;
            if (auto group = group_of(root, scope)) outer.push_back(*std::move(group));
            run({&file, &root}, job, scope, outer, made, 0);
          }
          finish(std::move(made));
        }
      }
    }
  }

 private:
  void note_calls() {
    for (const GithubFile& file : all_)
      for (const Node& root : file.documents.roots)
        for (const auto& [name, job] : root["jobs"].fields)
          if (job["uses"].scalar().starts_with("./")) called_.insert(joined_path(".", job["uses"].text));
  }

  static GithubScope scope_for(const GithubEvent& event, const std::string& workflow, const std::string& job,
                               const std::string& branch) {
    GithubScope scope;
    scope.event = &event;
    scope.workflow = workflow;
    scope.job = job;
    scope.default_branch = branch;
    return scope;
  }

  static Job begin(const GithubFile& file, const Node& root, const std::string& name, const Node& job) {
    Job made;
    made.system = System::github;
    made.file = file.shown;
    made.workflow = workflow_name(root, file);
    made.name = name;
    made.where = root["jobs"].place_of(name);
    describe(job, made);
    return made;
  }

  static void describe(const Node& job, Job& made) {
    for (const Node* need : job["needs"].scalars()) made.needs.push_back(need->text);
    if (job["runs-on"]) made.fragile_machine = fragile_runner(job["runs-on"]);
    made.limit = limit_of(job);
    const Node& environment = job["environment"];
    if (environment) {
      made.environment = environment.is_scalar() ? environment.text : environment["name"].scalar();
      made.environment_where = job.place_of("environment");
    }
    const Node& strategy = job["strategy"];
    if (strategy["matrix"]) {
      made.legs = strategy.place_of("matrix");
      made.fails_fast = !strategy["fail-fast"].is_false();
      made.one_leg_at_a_time = strategy["max-parallel"].scalar() == "1";
    }
  }

  // One kind of run of a job, with all its legs.
  void run(const CalledBy& here, const Node& job, GithubScope scope, std::vector<Serialiser> serialisers,
           Job& made, unsigned depth, const std::string& outer_leg = {}) {
    const std::string& condition = job["if"].scalar();
    Position position = Position::step;
    if (!runs_at_all(condition, scope, job, made, position)) return;
    for (const MatrixLeg& leg : matrix_legs(job["strategy"]["matrix"])) {
      GithubScope with = scope;
      for (const auto& [name, value] : leg.values)
        with.matrix[name] = {value.is_known ? ExpressionValue::Kind::string : ExpressionValue::Kind::unknown,
                             value};
      add_environment(job["env"], with);
      std::vector<Serialiser> held = serialisers;
      if (auto group = group_of(job, with)) {
        note_deadlock(held, *group, depth, made);
        group->is_of_job = true;
        held.push_back(*std::move(group));
      }
      const std::string name = outer_leg + (outer_leg.empty() || leg.name.empty() ? "" : ", ") + leg.name;
      if (job["uses"].is_scalar()) {
        called(job, with, held, made, depth, name);
      } else {
        steps(here, job, with, std::move(held), name, position, made);
      }
    }
  }

  static void note_deadlock(const std::vector<Serialiser>& outer, const Serialiser& inner, unsigned depth,
                            Job& made) {
    if (depth == 0) return;
    for (const Serialiser& held : outer)
      if (lower(held.key.text) == lower(inner.key.text)) made.deadlock = inner.where;
  }

  static bool runs_at_all(const std::string& condition, const GithubScope& scope, const Node& job, Job& made,
                          Position& position) {
    const auto under = [&](GithubStatus status) {
      GithubScope then = scope;
      then.status = status;
      return evaluate_condition(condition, then.context());
    };
    const Truth well = under(GithubStatus::success);
    if (!asks_for_status(condition)) return well != Truth::no;
    const Truth failed = under(GithubStatus::failure);
    const Truth badly = either(failed, under(GithubStatus::cancelled));
    if (well == Truth::no) position = Position::cleanup;
    // After a failure it runs as after a success: it looks at nothing.
    if (well == Truth::yes && failed == Truth::yes && !made.needs.empty())
      made.whatever_went_before = job.place_of("if");
    return either(well, badly) != Truth::no;
  }

  void steps(const CalledBy& here, const Node& job, const GithubScope& scope, std::vector<Serialiser> held,
             const std::string& leg, Position position, Job& made) {
    GithubJob reading;
    reading.scope = scope;
    reading.files = &files_;
    reading.lines = &here.file->documents.lines;
    reading.in_container = static_cast<bool>(job["container"]);
    for (const Node* defaults : {here.root, &job}) {
      const std::string& directory = (*defaults)["defaults"]["run"]["working-directory"].scalar();
      if (!directory.empty())
        reading.directory = joined_path(".", expand_expressions(directory, scope.context()).text);
    }
    GithubSteps found;
    read_github_steps(job["steps"], reading, found);
    JobRun run;
    run.when = scope.event->when;
    run.event = scope.event->event;
    run.leg = leg;
    run.is_pull_request = scope.event->event.starts_with("pull_request");
    run.is_operator = scope.event->event == "workflow_dispatch";
    run.serialisers = std::move(held);
    run.commands = std::move(found.commands);
    for (Command& command : run.commands) {
      command.hears = hears_of(System::github, command.links, found.waits_for_tool);
      if (position == Position::cleanup) command.position = position;
    }
    made.cleanup_waits_for_tool = made.cleanup_waits_for_tool || found.waits_for_tool;
    if (found.credentials) made.credentials = found.credentials;
    if (found.old_revisions) made.old_revisions = found.old_revisions;
    if (found.locks_off) made.locks_off = found.locks_off;
    for (std::string& what : found.unknown) {
      if (std::ranges::find(made.unknown, what) == made.unknown.end())
        made.unknown.push_back(std::move(what));
    }
    made.runs.push_back(std::move(run));
  }

  void called(const Node& job, const GithubScope& scope, const std::vector<Serialiser>& held, Job& made,
              unsigned depth, const std::string& leg) {
    const std::string& uses = job["uses"].text;
    const std::string path = joined_path(".", uses);
    const auto file = std::ranges::find(all_, path, &GithubFile::path);
    if (!uses.starts_with("./") || file == all_.end() || file->documents.roots.empty() ||
        depth >= kDeepestWorkflow) {
      const std::string what = "the workflow " + uses + " is not in the repository's files";
      if (std::ranges::find(made.unknown, what) == made.unknown.end()) made.unknown.push_back(what);
      return;
    }
    const Node& root = file->documents.roots.front();
    GithubScope inner = scope;
    inner.matrix.clear();
    inner.env.clear();
    inner.inputs.clear();
    for (const auto& [name, input] : root["on"]["workflow_call"]["inputs"].fields) {
      const Node& given = job["with"][name];
      const Symbolic value =
          expand_expressions(given ? given.scalar() : input["default"].scalar(), scope.context());
      inner.inputs[name] = {value.is_known ? ExpressionValue::Kind::string : ExpressionValue::Kind::unknown,
                            value};
    }
    add_environment(root["env"], inner);
    std::vector<Serialiser> all = held;
    if (auto group = group_of(root, inner)) {
      note_deadlock(all, *group, depth + 1, made);
      all.push_back(*std::move(group));
    }
    for (const auto& [name, of_callee] : root["jobs"].fields) {
      inner.job = name;
      Job about = made;
      about.needs.clear();
      describe(of_callee, about);
      run({&*file, &root}, of_callee, inner, all, about, depth + 1, leg);
      take_called(std::move(about), made);
    }
  }

  // What is said of the called job counts where it changes a state, or where nothing before it does.
  static void take_called(Job about, Job& made) {
    const auto changes = [](const JobRun& run) {
      return std::ranges::any_of(run.commands, [](const Command& command) { return writes(command.verb); });
    };
    const auto first = about.runs.begin() + static_cast<std::ptrdiff_t>(made.runs.size());
    const bool counts =
        std::any_of(first, about.runs.end(), changes) || std::none_of(about.runs.begin(), first, changes);
    if (counts) {
      about.needs = made.needs;
      made = std::move(about);
    } else {
      made.runs = std::move(about.runs);
      made.unknown = std::move(about.unknown);
    }
  }

  void finish(Job made) {
    std::set<std::string> starts;
    for (const JobRun& run : made.runs)
      if (starts.insert(run.when).second) made.starts.push_back(run.when);
    pipeline_.jobs.push_back(std::move(made));
  }

  const std::vector<GithubFile>& all_;
  const LocalFiles& files_;
  Pipeline& pipeline_;
  std::set<std::string> called_;
};

}  // namespace

bool looks_like_github(const Node& document) { return document["jobs"].is_map() && document.has("on"); }

void read_github(const std::vector<GithubFile>& workflows, const LocalFiles& files, Pipeline& pipeline) {
  GithubReader(workflows, files, pipeline).read();
}

}  // namespace lockstorm::scenarios::pipeline
