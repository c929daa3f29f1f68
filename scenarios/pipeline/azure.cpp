#include "scenarios/pipeline/azure.hpp"

#include <algorithm>
#include <charconv>
#include <deque>

#include "scenarios/pipeline/azure_events.hpp"
#include "scenarios/pipeline/azure_lists.hpp"
#include "scenarios/pipeline/cancel.hpp"
#include "scenarios/pipeline/matrix.hpp"
#include "scenarios/pipeline/script.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr unsigned kDeepestTemplate = 6;
constexpr std::chrono::minutes kAzureLimit{60};

/// Where a node comes from: its file's lines, and the values of its template's parameters.
struct AzureOrigin {
  const std::vector<std::string>* lines = nullptr;
  std::map<std::string, Symbolic> parameters;
  std::string directory;  ///< of the file, for templates that it names
  AzureLists lists{};     ///< parameters that are lists of texts
};

struct AzureStage {
  std::string name;
  const Node* node = nullptr;
  std::string condition;
};

class AzureReader {
 public:
  AzureReader(const Node& root, const std::string& shown, const std::vector<std::string>& lines,
              const LocalFiles& files, Pipeline& pipeline)
      : root_(root), shown_(shown), files_(files), pipeline_(pipeline), events_(azure_events(root)) {
    AzureOrigin origin{&lines, {}, "."};
    for (const Node& parameter : root["parameters"].items)
      declare(parameter["name"].scalar(), parameter, origin);
    top_ = std::move(origin);
  }

  void read() {
    if (root_["extends"]) return extends();
    body(root_, top_, 0);
  }

 private:
  static Symbolic default_of(const Node& parameter) {
    if (parameter["default"].is_scalar()) return {parameter["default"].text};
    return unknown_text("parameters." + parameter["name"].scalar());
  }

  static void declare(const std::string& name, const Node& parameter, AzureOrigin& origin) {
    origin.parameters[name] = default_of(parameter);
    origin.lists[name] = texts_in(parameter["default"]);
  }

  // What a template is called with; a list may be one of the caller's: `envs: ${{ parameters.envs }}`.
  void give(const std::string& name, const Node& value, const AzureOrigin& origin, AzureOrigin& inner) {
    if (value.is_list()) inner.lists[name] = texts_in(value);
    if (!value.is_scalar()) return;
    inner.parameters[name] = expand(value.text, origin, {});
    if (const auto list = listed_texts(value.text, origin.lists); !list.empty()) inner.lists[name] = list;
  }

  // `${{ each NAME in LIST }}:` once for each text of the list; false: the files do not say which these are.
  bool each_value(const std::string& key, const Node& body, const AzureOrigin& origin,
                  const std::function<void(const Node&)>& then) {
    constexpr std::size_t kMostCopies = 200;
    const std::size_t each = key.find("each ");
    const std::size_t in = key.find(" in ", each);
    if (each == std::string::npos || in == std::string::npos) return false;
    const std::string name(trimmed(std::string_view(key).substr(each + 5, in - each - 5)));
    const auto values =
        listed_texts(std::string_view(key).substr(in + 4, key.rfind("}}") - in - 4), origin.lists);
    if (values.empty() || copies_.size() + values.size() > kMostCopies) return false;
    for (const std::string& value : values) {
      copies_.push_back(with_each_value(body, name, value));
      each_item(copies_.back(), origin, then);
    }
    return true;
  }

  void extends() {
    with_template(root_["extends"], top_, 0,
                  [&](const Node& document, const AzureOrigin& origin) { body(document, origin, 1); });
  }

  void body(const Node& map, const AzureOrigin& origin, unsigned depth) {
    if (map["stages"]) {
      stages(map["stages"], origin, depth);
    } else if (map["jobs"]) {
      jobs(map["jobs"], {}, origin, depth);
    } else if (map["steps"]) {
      job(map, map["steps"], {}, origin, "job");
    }
  }

  // Calls for the document of a template of this repository, with its parameters.
  template <class Then>
  void with_template(const Node& use, const AzureOrigin& origin, unsigned depth, const Then& then) {
    const std::string& name = use["template"].scalar();
    if (name.empty() || depth > kDeepestTemplate) return;
    const auto at = name.find('@');
    const std::string path =
        name.starts_with("/") ? name.substr(1) : joined_path(origin.directory, name.substr(0, at));
    auto text = at == std::string::npos || name.ends_with("@self") ? files_.read(path) : std::nullopt;
    if (!text) {
      const std::string what = "the template " + name + " is not in the repository's files";
      if (std::ranges::find(pipeline_.assumptions, what) == pipeline_.assumptions.end())
        pipeline_.assumptions.push_back(what + ": what it does is not known");
      return;
    }
    auto read = read_documents(*std::move(text), files_.shown(path));
    if (!read) {
      pipeline_.complaints.push_back(read.error());
      return;
    }
    if (read->roots.empty()) return;
    templates_.push_back(*std::move(read));
    const Documents& document = templates_.back();
    AzureOrigin inner{&document.lines, {}, joined_path(path, "..")};
    const Node& declared = document.roots.front()["parameters"];
    for (const Node& parameter : declared.items) declare(parameter["name"].scalar(), parameter, inner);
    for (const auto& [key, value] : declared.fields)
      if (value.is_scalar()) inner.parameters[key] = {value.text};
    for (const auto& [key, value] : use["parameters"].fields) give(key, value, origin, inner);
    then(document.roots.front(), inner);
  }

  // `${{ if ... }}:` and `${{ each ... }}:` stand for the items below them, if the condition can be true.
  void each_item(const Node& list, const AzureOrigin& origin, const std::function<void(const Node&)>& then) {
    for (const Node& item : list.items) {
      if (item.fields.size() == 1 && item.fields.front().first.starts_with("${{")) {
        const std::string& key = item.fields.front().first;
        if (each_value(key, item.fields.front().second, origin, then)) continue;
        const auto condition = key.find("if ");
        AzureScope scope = scope_for(events_.front(), origin);
        if (condition != std::string::npos && key.find("else") == std::string::npos &&
            evaluate_condition(std::string_view(key).substr(condition + 3, key.rfind("}}") - condition - 3),
                               scope.context()) == Truth::no)
          continue;
        each_item(item.fields.front().second, origin, then);
      } else {
        then(item);
      }
    }
  }

  void stages(const Node& list, const AzureOrigin& origin, unsigned depth) {
    each_item(list, origin, [&](const Node& stage) {
      if (stage["template"]) {
        with_template(stage, origin, depth, [&](const Node& document, const AzureOrigin& inner) {
          stages(document["stages"], inner, depth + 1);
        });
        return;
      }
      jobs(stage["jobs"], {stage["stage"].scalar(), &stage, stage["condition"].scalar()}, origin, depth);
    });
  }

  void jobs(const Node& list, const AzureStage& stage, const AzureOrigin& origin, unsigned depth) {
    each_item(list, origin, [&](const Node& one) {
      if (one["template"]) {
        with_template(one, origin, depth, [&](const Node& document, const AzureOrigin& inner) {
          jobs(document["jobs"], stage, inner, depth + 1);
        });
        return;
      }
      const bool deploys = one["deployment"].is_scalar();
      const std::string name = deploys ? one["deployment"].text : one["job"].scalar();
      if (!deploys) return job(one, one["steps"], stage, origin, name);
      for (const char* strategy : {"runOnce", "rolling", "canary"}) {
        const Node& how = one["strategy"][strategy];
        if (how) job(one, how["deploy"]["steps"], stage, origin, name, &how["on"]);
      }
    });
  }

  AzureScope scope_for(const AzureEvent& event, const AzureOrigin& origin) const {
    AzureScope scope;
    scope.event = &event;
    scope.parameters = origin.parameters;
    return scope;
  }

  Symbolic expand(const std::string& text, const AzureOrigin& origin,
                  const std::map<std::string, Symbolic>& variables, const AzureEvent* event = nullptr) const {
    AzureScope scope = scope_for(event != nullptr ? *event : events_.front(), origin);
    scope.variables = variables;
    return expand_macros(expand_expressions(text, scope.context()).text, scope);
  }

  void add_variables(const Node& node, const AzureOrigin& origin,
                     std::map<std::string, Symbolic>& variables) const {
    for (const auto& [name, value] : node.fields)
      if (value.is_scalar()) variables[name] = expand(value.text, origin, variables);
    for (const Node& item : node.items)
      if (item["name"].is_scalar() && item["value"].is_scalar())
        variables[item["name"].text] = expand(item["value"].text, origin, variables);
  }

  void describe(const Node& node, const AzureStage& stage, Job& made) const {
    const Node& environment = node["environment"];
    if (environment) {
      made.environment = environment.is_scalar() ? environment.text : environment["name"].scalar();
      made.environment_where = node.place_of("environment");
    }
    const Node& minutes = node["timeoutInMinutes"];
    long value = 0;
    const auto parsed =
        std::from_chars(minutes.scalar().data(), minutes.scalar().data() + minutes.scalar().size(), value);
    made.limit = {kAzureLimit, {}};
    if (minutes && parsed.ec == std::errc{} && value >= 0 && value < 100'000)
      made.limit = {std::chrono::minutes(value), node.place_of("timeoutInMinutes")};
    for (const Node* pool :
         {&root_["pool"], stage.node != nullptr ? &(*stage.node)["pool"] : nullptr, &node["pool"]}) {
      if (pool == nullptr || !*pool) continue;
      const Node& name = pool->is_scalar() ? *pool : (*pool)["name"];
      const bool hosted = (*pool)["vmImage"] || name.scalar() == "Azure Pipelines" || name.scalar().empty();
      made.fragile_machine = hosted ? std::nullopt : std::optional(name.where);
    }
    for (const Node* need : node["dependsOn"].scalars()) made.needs.push_back(need->text);
    const std::string& condition = node["condition"].scalar();
    const bool has_before = !made.needs.empty() || (stage.node != nullptr && (*stage.node)["dependsOn"]);
    if ((lower(condition).starts_with("always()") || lower(condition).starts_with("succeededorfailed()")) &&
        has_before)
      made.whatever_went_before = node.place_of("condition");
    if (node["strategy"]["matrix"]) {
      made.legs = node["strategy"].place_of("matrix");
      made.one_leg_at_a_time = node["strategy"]["maxParallel"].scalar() == "1";
    }
  }

  // The stage's own lock; else a check that the environment may have.
  std::vector<Serialiser> serialisers_of(const AzureStage& stage, const Job& job,
                                         const AzureOrigin& origin) const {
    std::vector<Serialiser> found;
    const auto behaviour = [](const Node& said) {
      return said.scalar() == "sequential" ? Waiting::all : Waiting::last_of_branch;
    };
    const bool own = stage.node != nullptr && (*stage.node)["lockBehavior"] && !stage.name.empty();
    Serialiser lock;
    lock.keeper = Keeper::exclusive_lock;
    if (own) {
      const Node& said = (*stage.node)["lockBehavior"];
      lock.key = {shown_ + "/" + expand(stage.name, origin, {}).text};
      lock.written = "lockBehavior: " + said.scalar();
      lock.where = lock.waiting_where = stage.node->place_of("lockBehavior");
      lock.waiting = behaviour(said);
      found.push_back(std::move(lock));
    } else if (job.environment_where) {
      const Node& said = root_["lockBehavior"];
      lock.key = expand(job.environment, origin, {});
      lock.written = "environment: " + job.environment;
      lock.where = *job.environment_where;
      lock.waiting = said ? behaviour(said) : Waiting::last;
      lock.waiting_where = said ? root_.place_of("lockBehavior") : lock.where;
      lock.is_assumed = true;
      found.push_back(std::move(lock));
    }
    return found;
  }

  void job(const Node& node, const Node& steps, const AzureStage& stage, const AzureOrigin& origin,
           const std::string& name, const Node* afterwards = nullptr) {
    Job made;
    made.system = System::azure;
    made.file = shown_;
    // `name` is the form of the runs' names: with a number in it, it says nothing to anybody.
    const std::string& title = root_["name"].scalar();
    made.workflow = title.empty() || title.find('$') != std::string::npos ? shown_ : title;
    const std::string in_stage = expand(stage.name, origin, {}).text;
    made.name = expand(name, origin, {}).text;
    if (!in_stage.empty() && made.name != in_stage)
      made.name = in_stage + (made.name.empty() ? "" : "/" + made.name);
    made.where = node.where;
    describe(node, stage, made);
    for (const AzureEvent& event : events_) {
      AzureScope scope = scope_for(event, origin);
      const bool never = evaluate_condition(stage.condition, scope.context()) == Truth::no ||
                         evaluate_condition(node["condition"].scalar(), scope.context()) == Truth::no;
      if (never) continue;
      if (event.is_pull_request && root_["pr"]["autoCancel"].is_false() == false)
        made.cancelled_by_new_push = root_.has("pr") ? root_.place_of("pr") : root_.where;
      for (const MatrixLeg& leg : matrix_of(node["strategy"]["matrix"])) {
        JobRun run;
        run.when = event.when;
        run.event = event.event;
        run.leg = leg.name;
        run.is_pull_request = event.is_pull_request;
        run.serialisers = serialisers_of(stage, made, origin);
        std::map<std::string, Symbolic> variables;
        add_variables(root_["variables"], top_, variables);
        if (stage.node != nullptr) add_variables((*stage.node)["variables"], origin, variables);
        add_variables(node["variables"], origin, variables);
        for (const auto& [key, value] : leg.values) variables[key] = value;
        JobShell shell;
        read_steps(steps, event, origin, variables, shell, run, Position::step, 0, made);
        if (afterwards != nullptr) {
          for (const char* when : {"failure", "success"})
            read_steps((*afterwards)[when]["steps"], event, origin, variables, shell, run, Position::cleanup,
                       0, made);
        }
        const bool has_time = variables.contains("PROCESS_SIGINT_TIMEOUT") ||
                              variables.contains("USE_GRACEFUL_PROCESS_SHUTDOWN");
        made.cleanup_waits_for_tool = has_time;
        for (Command& command : run.commands)
          command.hears = hears_of(System::azure, command.links, has_time);
        made.runs.push_back(std::move(run));
      }
      made.starts.push_back(event.when);
    }
    pipeline_.jobs.push_back(std::move(made));
  }

  // Legs are named, and their variables are maps.
  static std::vector<MatrixLeg> matrix_of(const Node& matrix) {
    if (!matrix.is_map()) return matrix_legs(matrix);
    std::vector<MatrixLeg> legs;
    for (const auto& [name, values] : matrix.fields) {
      MatrixLeg leg{name, {}};
      for (const auto& [key, value] : values.fields) leg.values[key] = {value.scalar()};
      legs.push_back(std::move(leg));
    }
    return legs.empty() ? std::vector<MatrixLeg>{MatrixLeg{}} : legs;
  }

  void read_steps(const Node& steps, const AzureEvent& event, const AzureOrigin& origin,
                  const std::map<std::string, Symbolic>& variables, JobShell& shell, JobRun& run,
                  Position position, unsigned depth, Job& made) {
    each_item(steps, origin, [&](const Node& step) {
      if (step["template"]) {
        with_template(step, origin, depth, [&](const Node& document, const AzureOrigin& inner) {
          read_steps(document["steps"], event, inner, variables, shell, run, position, depth + 1, made);
        });
        return;
      }
      const std::string& condition = step["condition"].scalar();
      AzureScope scope = scope_for(event, origin);
      scope.variables = variables;
      Truth badly = Truth::no;
      if (!condition.empty()) {
        const Truth well = evaluate_condition(condition, scope.context());
        scope.failed = true;
        badly = evaluate_condition(condition, scope.context());
        if (either(well, badly) == Truth::no) return;
      }
      const Position here =
          badly != Truth::no && azure_asks_for_status(condition) ? Position::cleanup : position;
      read_step(step, event, origin, variables, shell, run, here, made);
    });
  }

  void read_step(const Node& step, const AzureEvent& event, const AzureOrigin& origin,
                 std::map<std::string, Symbolic> variables, JobShell& shell, JobRun& run, Position position,
                 Job& made) {
    const Node& inputs = step["inputs"];
    const std::string task = lower(step["task"].scalar());
    const Node* text = nullptr;
    std::vector<Link> links;
    for (const char* key : {"script", "bash"})
      if (step[key].is_scalar()) text = &step[key];
    std::string directory = step["workingDirectory"].scalar();
    if (directory.empty()) directory = inputs["workingDirectory"].scalar();
    if (task.starts_with("bash@")) text = inputs["script"] ? &inputs["script"] : &inputs["filePath"];
    if (task.starts_with("azurecli@") || task.starts_with("awsshellscript@") ||
        task.starts_with("azurepowershell@")) {
      text = inputs["inlineScript"] ? &inputs["inlineScript"] : &inputs["scriptPath"];
      links.push_back(Link::node_task);
    }
    std::string words;
    if (task.starts_with("terraformtask") || task.starts_with("terraformcli@") ||
        task.starts_with("terraform@")) {
      text = inputs["command"] ? &inputs["command"] : &step["task"];
      words = terraform_task(inputs, shell, directory);
      links.push_back(Link::node_task);
    }
    if (text == nullptr || !text->is_scalar()) return;
    std::map<std::string, Symbolic> environment;
    for (const auto& [name, value] : variables) environment[environment_name(name)] = value;
    for (const auto& [name, value] : step["env"].fields)
      environment[name] = expand(value.scalar(), origin, variables, &event);
    ScriptContext context;
    context.variables = std::move(environment);
    context.directory = joined_path(".", clean(expand(directory, origin, variables, &event).text));
    context.files = &files_;
    context.place = [text, &origin](std::size_t line, std::string_view wanted) {
      return place_in(*text, line, wanted, *origin.lines);
    };
    ScriptFindings found =
        read_script(expand(words.empty() ? text->text : words, origin, variables, &event).text,
                    std::move(context), shell);
    long again = 0;
    const std::string& retries = step["retryCountOnTaskFailure"].scalar();
    std::from_chars(retries.data(), retries.data() + retries.size(), again);
    for (Command& command : found.commands) {
      if (position == Position::cleanup) command.position = position;
      command.links.insert(command.links.begin(), links.begin(), links.end());
      if (!words.empty()) {
        command.where = text->where;
        std::erase(command.links, Link::shell);
      }
      if (again > 0) command.retried = step.place_of("retryCountOnTaskFailure");
      run.commands.push_back(std::move(command));
    }
    for (std::string& what : found.unknown)
      if (std::ranges::find(made.unknown, what) == made.unknown.end())
        made.unknown.push_back(std::move(what));
  }

  // Variables become environment variables in capitals, dots as underscores.
  static std::string environment_name(const std::string& name) {
    std::string text;
    for (const char c : name)
      text += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
  }

  static std::string clean(std::string directory) {
    for (const std::string_view start : {"{System.DefaultWorkingDirectory}", "{Build.SourcesDirectory}",
                                         "{Pipeline.Workspace}/s", "{Agent.BuildDirectory}/s"})
      if (directory.starts_with(start)) directory.erase(0, start.size());
    while (directory.starts_with("/")) directory.erase(0, 1);
    return directory.empty() ? "." : directory;
  }

  // The task as the command that it runs.
  static std::string terraform_task(const Node& inputs, JobShell& /*shell*/, std::string& directory) {
    const std::string& command = inputs["command"].scalar();
    std::string words = "terraform " + (command.empty() ? "init" : command);
    for (const char* key : {"backendAzureRmKey", "backendAWSKey", "backendGCPPrefix", "backendOCIPar"}) {
      if (!inputs[key].scalar().empty()) words += " -backend-config=key=" + inputs[key].text;
    }
    for (const char* key : {"commandOptions", "args"})
      if (!inputs[key].scalar().empty()) words += " " + inputs[key].text;
    if (directory.empty()) directory = inputs["workingDirectory"].scalar();
    return words;
  }

  const Node& root_;
  std::string shown_;
  const LocalFiles& files_;
  Pipeline& pipeline_;
  std::vector<AzureEvent> events_;
  AzureOrigin top_;
  std::deque<Documents> templates_;  // what scopes point into
  std::deque<Node> copies_;          // likewise
};

}  // namespace

bool looks_like_azure(const Node& document) {
  const auto any_job = [](const Node& list) {
    return std::ranges::any_of(list.items, [](const Node& item) {
      return item.has("job") || item.has("deployment") || item.has("stage") || item.has("template") ||
             (!item.fields.empty() && item.fields.front().first.starts_with("${{"));
    });
  };
  if (document.has("on")) return false;
  return any_job(document["stages"]) || any_job(document["jobs"]) || document["steps"].is_list() ||
         (document["extends"]["template"].is_scalar());
}

void read_azure(const Node& document, const std::string& shown, const std::vector<std::string>& lines,
                const LocalFiles& files, Pipeline& pipeline) {
  AzureReader(document, shown, lines, files, pipeline).read();
}

}  // namespace lockstorm::scenarios::pipeline
