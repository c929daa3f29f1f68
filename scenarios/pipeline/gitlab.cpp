#include "scenarios/pipeline/gitlab.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "scenarios/pipeline/cancel.hpp"
#include "scenarios/pipeline/gitlab_files.hpp"
#include "scenarios/pipeline/gitlab_rules.hpp"
#include "scenarios/pipeline/matrix.hpp"
#include "scenarios/pipeline/script.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr std::chrono::minutes kGitlabLimit{60};
constexpr unsigned kDeepestChild = 3;

bool is_reserved(std::string_view key) {
  constexpr std::array<std::string_view, 14> kReserved{
      "stages", "variables",     "default",      "include",      "workflow", "image", "services",
      "cache",  "before_script", "after_script", "pages:deploy", "spec",     "types", "interruptible"};
  return std::ranges::find(kReserved, key) != kReserved.end() || key.starts_with(".");
}

// "3 hours 30 minutes", "90m", "1h".
std::optional<std::chrono::minutes> limit_in(const std::string& text) {
  std::chrono::minutes whole{0};
  std::size_t at = 0;
  while (at < text.size()) {
    if (std::isdigit(static_cast<unsigned char>(text[at])) == 0) {
      ++at;
      continue;
    }
    long number = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    at = static_cast<std::size_t>(end - text.data());
    while (at < text.size() && text[at] == ' ') ++at;
    if (error != std::errc{} || number < 0 || number > 100'000) return std::nullopt;
    const char unit = at < text.size() ? text[at] : 'm';
    whole += std::chrono::minutes(unit == 'h'   ? number * 60
                                  : unit == 'd' ? number * 1440
                                  : unit == 's' ? number / 60
                                                : number);
  }
  return whole.count() > 0 ? std::optional(whole) : std::nullopt;
}

std::vector<std::string> finer_variables(const std::string& written) {
  std::vector<std::string> parts;
  for (const std::string_view part : {"CI_COMMIT_REF_NAME", "CI_COMMIT_REF_SLUG", "CI_COMMIT_BRANCH",
                                      "CI_PIPELINE_SOURCE", "CI_MERGE_REQUEST_IID", "CI_MERGE_REQUEST_ID",
                                      "CI_COMMIT_TAG", "GITLAB_USER_LOGIN", "CI_JOB_NAME", "CI_JOB_STAGE"})
    if (written.find(part) != std::string::npos) parts.emplace_back(part);
  return parts;
}

class GitlabReader {
 public:
  GitlabReader(const Documents& documents, const std::string& shown, const LocalFiles& local,
               Pipeline& pipeline, std::vector<Serialiser> outer, unsigned depth)
      : files_(put_together(documents, local)),
        shown_(shown),
        local_(local),
        pipeline_(pipeline),
        outer_(std::move(outer)),
        depth_(depth),
        states_order_(documents.text.find("oldest_first") != std::string::npos ||
                      documents.text.find("process_mode") != std::string::npos) {}

  void read() {
    for (const std::string& what : files_.unknown)
      pipeline_.assumptions.push_back(what + ": what is in it is not known");
    for (const InputError& complaint : files_.complaints) pipeline_.complaints.push_back(complaint);
    for (std::size_t i = 0; i < files_.whole.fields.size(); ++i) {
      const auto& [name, own] = files_.whole.fields[i];
      if (is_reserved(name) || !own.is_map()) continue;
      job(name, files_.whole.keys[i], resolved_job(files_, own));
    }
  }

 private:
  /// The job's own value, or that of `default:`, or the file's.
  const Node& setting(const Node& job, const char* key) const {
    if (job.has(key)) return job[key];
    if (files_.whole["default"].has(key)) return files_.whole["default"][key];
    return files_.whole[key];
  }

  bool pipeline_exists(const GitlabEvent& event) const {
    const Node& rules = files_.whole["workflow"]["rules"];
    if (!rules) return true;
    for (const Node& rule : rules.items) {
      const Truth truth =
          rule["if"].is_scalar() ? gitlab_condition(rule["if"].text, event.variables) : Truth::yes;
      if (truth == Truth::no) continue;
      if (rule["when"].scalar() == "never" && truth == Truth::yes) return false;
      if (rule["when"].scalar() != "never") return true;
    }
    return false;
  }

  void describe(const Node& node, Job& made) const {
    const Node& environment = node["environment"];
    if (environment) {
      made.environment = environment.is_scalar() ? environment.text : environment["name"].scalar();
      made.environment_where = node.place_of("environment");
    }
    made.limit = {kGitlabLimit, {}};
    const Node& limit = setting(node, "timeout");
    if (const auto set = limit_in(limit.scalar())) made.limit = {*set, limit.where};
    for (const Node* tag : setting(node, "tags").scalars()) {
      const std::string low = lower(tag->text);
      for (const std::string_view part : {"spot", "preempt", "self-hosted"})
        if (low.find(part) != std::string::npos) made.fragile_machine = tag->where;
    }
    for (const Node& need : node["needs"].items)
      made.needs.push_back(need.is_scalar() ? need.text : need["job"].scalar());
    if (node["parallel"]) made.legs = node.place_of("parallel");
    const Node& interruptible = setting(node, "interruptible");
    const bool none = files_.whole["workflow"]["auto_cancel"]["on_new_commit"].scalar() == "none";
    if (interruptible.is_true() && !none) made.cancelled_by_new_pipeline = interruptible.where;
  }

  std::optional<Serialiser> resource_group(const Node& node, const GitlabVariables& variables) const {
    const Node& group = node["resource_group"];
    if (!group.is_scalar()) return std::nullopt;
    Serialiser made;
    made.keeper = Keeper::resource_group;
    made.key = expand_gitlab(group.text, variables);
    made.written = group.text;
    made.where = made.waiting_where = group.where;
    made.waiting = states_order_ ? Waiting::all : Waiting::any_order;
    made.is_of_job = true;
    made.finer = finer_variables(group.text);
    return made;
  }

  void job(const std::string& name, const SourceLocation& where, const Node& node) {
    Job made;
    made.system = System::gitlab;
    made.file = shown_;
    made.workflow = shown_;
    made.name = name;
    made.where = where;
    describe(node, made);
    bool has_child = false;
    for (const GitlabEvent& event : gitlab_events()) {
      if (!pipeline_exists(event)) continue;
      GitlabVariables variables = event.variables;
      variables["CI_JOB_NAME"] = {name};
      add_variables(files_.whole["variables"], variables);
      add_variables(node["variables"], variables);
      if (!made.environment.empty())
        variables["CI_ENVIRONMENT_NAME"] = expand_gitlab(made.environment, variables);
      const GitlabStart start = gitlab_start(node, event, variables);
      if (start.runs == Truth::no) continue;
      for (const MatrixLeg& leg : legs_of(node["parallel"])) {
        GitlabVariables with = variables;
        for (const auto& [key, value] : leg.values) with[key] = value;
        if (!made.environment.empty()) with["CI_ENVIRONMENT_NAME"] = expand_gitlab(made.environment, with);
        JobRun run;
        run.when = event.when + (start.by_hand && event.event != "web" ? ", by hand" : "");
        run.event = event.event;
        run.leg = leg.name;
        run.is_pull_request = event.is_merge_request;
        run.is_operator = start.by_hand || event.event == "web";
        run.serialisers = outer_;
        if (auto group = resource_group(node, with)) {
          for (const Serialiser& held : outer_)
            if (held.key.text == group->key.text) made.deadlock = group->where;
          run.serialisers.push_back(*std::move(group));
        }
        if (node["trigger"]) {
          if (!has_child) child(node, run.serialisers, made);
          has_child = true;
        }
        scripts(node, with, start.after_failure ? Position::cleanup : Position::step, made, run);
        if (made.starts.empty() || made.starts.back() != run.when) made.starts.push_back(run.when);
        made.runs.push_back(std::move(run));
      }
    }
    pipeline_.jobs.push_back(std::move(made));
  }

  // A child's jobs are kept apart by the group of the job that starts it, if that waits for it.
  void child(const Node& node, const std::vector<Serialiser>& held, Job& made) {
    const Node& trigger = node["trigger"];
    const Node& include = trigger["include"];
    std::vector<const Node*> names;
    if (include.is_scalar()) names.push_back(&include);
    for (const Node& item : include.items) names.push_back(item.is_scalar() ? &item : &item["local"]);
    if (include["local"].is_scalar()) names.push_back(&include["local"]);
    const std::string& strategy = trigger["strategy"].scalar();
    const bool waits = strategy == "depend" || strategy == "mirror";
    for (const Node* name : names) {
      std::string path = name->scalar();
      while (path.starts_with("/")) path.erase(0, 1);
      auto text = local_.read(path);
      if (!text || depth_ >= kDeepestChild) {
        made.unknown.push_back("the child pipeline " + name->scalar() + " is not in the repository's files");
        continue;
      }
      auto read = read_documents(*std::move(text), local_.shown(path));
      if (!read) {
        pipeline_.complaints.push_back(read.error());
        continue;
      }
      GitlabReader(*read, local_.shown(path), local_, pipeline_, waits ? held : std::vector<Serialiser>{},
                   depth_ + 1)
          .read();
    }
  }

  static void add_variables(const Node& map, GitlabVariables& variables) {
    for (const auto& [name, value] : map.fields) {
      const Node& text = value.is_map() ? value["value"] : value;
      if (text.is_scalar()) variables[name] = expand_gitlab(text.text, variables);
    }
  }

  // `parallel: {matrix: [{A: [x, y], B: z}]}`: the product within each item.
  static std::vector<MatrixLeg> legs_of(const Node& parallel) {
    const Node& matrix = parallel["matrix"];
    if (!matrix.is_list()) {
      if (parallel.is_scalar()) return {{"one", {}}, {"another", {}}};
      return {MatrixLeg{}};
    }
    std::vector<MatrixLeg> all;
    for (const Node& item : matrix.items) {
      Node dimensions;
      dimensions.kind = Node::Kind::map;
      for (std::size_t i = 0; i < item.fields.size(); ++i) {
        Node values = item.fields[i].second;
        if (values.is_scalar()) {
          Node list;
          list.kind = Node::Kind::list;
          list.items.push_back(values);
          values = std::move(list);
        }
        dimensions.fields.emplace_back(item.fields[i].first, std::move(values));
        dimensions.keys.push_back(item.keys[i]);
      }
      for (MatrixLeg& leg : matrix_legs(dimensions))
        if (all.size() < 64) all.push_back(std::move(leg));
    }
    return all.empty() ? std::vector<MatrixLeg>{MatrixLeg{}} : all;
  }

  void scripts(const Node& node, const GitlabVariables& variables, Position position, Job& made,
               JobRun& run) {
    JobShell shell;
    ScriptContext context;
    for (const auto& [name, value] : variables) context.variables[name] = value;
    context.files = &local_;
    part(setting(node, "before_script"), context, shell, position, made, run);
    part(node["script"], context, shell, position, made, run);
    // It begins again in the project's directory, in a shell of its own.
    context.directory = ".";
    part(setting(node, "after_script"), context, shell, Position::cleanup, made, run);
    const Node& retry = setting(node, "retry");
    for (Command& command : run.commands) {
      command.hears = hears_of(System::gitlab, command.links, false);
      if (is_blind(retry)) command.retried = retry.where;
    }
  }

  // With exit codes it says what may be tried again.
  static bool is_blind(const Node& retry) {
    if (!retry) return false;
    const std::string& times = retry.is_map() ? retry["max"].scalar() : retry.scalar();
    return times != "0" && !(retry.is_map() && retry["exit_codes"]);
  }

  // The commands of one list share a shell: what they say stands in their own places.
  void part(const Node& list, ScriptContext& context, JobShell& shell, Position position, Job& made,
            JobRun& run) {
    std::string script;
    std::vector<std::pair<std::size_t, const Node*>> begins;
    std::size_t line = 0;
    for (const Node* text : list.scalars()) {
      begins.emplace_back(line, text);
      const std::string one = text->text + "\n";
      line += static_cast<std::size_t>(std::ranges::count(one, '\n'));
      script += one;
    }
    if (begins.empty()) return;
    context.place = [this, begins](std::size_t at, std::string_view words) {
      auto found = std::ranges::upper_bound(begins, at, {}, &std::pair<std::size_t, const Node*>::first);
      if (found != begins.begin()) --found;
      return place_in(*found->second, at - found->first, words, files_.lines_of(*found->second));
    };
    ScriptFindings found = read_script(script, context, shell);
    for (Command& command : found.commands) {
      if (position == Position::cleanup) command.position = position;
      run.commands.push_back(std::move(command));
    }
    context.directory = found.directory;
    context.variables = std::move(found.variables);
    for (std::string& what : found.unknown)
      if (std::ranges::find(made.unknown, what) == made.unknown.end())
        made.unknown.push_back(std::move(what));
  }

  GitlabFiles files_;
  std::string shown_;
  const LocalFiles& local_;
  Pipeline& pipeline_;
  std::vector<Serialiser> outer_;
  unsigned depth_;
  bool states_order_;
};

}  // namespace

bool looks_like_gitlab(const Node& document) {
  if (!document.is_map() || document.has("on")) return false;
  return document.has("include") || std::ranges::any_of(document.fields, [](const auto& field) {
           return field.second["script"].is_list() || field.second["script"].is_scalar() ||
                  field.second["trigger"].is_map() || field.second.has("extends");
         });
}

void read_gitlab(const Documents& documents, const std::string& shown, const LocalFiles& files,
                 Pipeline& pipeline) {
  GitlabReader(documents, shown, files, pipeline, {}, 0).read();
}

}  // namespace lockstorm::scenarios::pipeline
