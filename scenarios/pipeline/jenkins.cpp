#include "scenarios/pipeline/jenkins.hpp"

#include <algorithm>
#include <charconv>

#include "scenarios/pipeline/cancel.hpp"
#include "scenarios/pipeline/groovy.hpp"
#include "scenarios/pipeline/matrix.hpp"
#include "scenarios/pipeline/script.hpp"
#include "scenarios/pipeline/script_words.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

/// A branch of a multibranch project: a job of its own.
struct JenkinsBranch {
  std::string when;
  std::string branch;
  bool is_change = false;
};

std::optional<long> number_of(const GroovyArgument* argument) {
  if (argument == nullptr) return std::nullopt;
  long value = 0;
  const auto [end, error] =
      std::from_chars(argument->text.data(), argument->text.data() + argument->text.size(), value);
  if (error != std::errc{} || value < 0 || value > 1'000'000) return std::nullopt;
  return value;
}

/// What surrounds a step.
struct JenkinsAround {
  std::string directory = ".";
  std::map<std::string, Symbolic> environment;
  std::vector<Serialiser> locks;
  std::optional<SourceLocation> retried;
  std::optional<std::pair<std::chrono::minutes, SourceLocation>> limit;
  Position position = Position::step;
  std::map<std::string, std::string> arguments{};  ///< of the function that it stands in
  unsigned depth = 0;                              ///< of functions
};

// `${NAME}` and `${env.NAME}` stand in braces: what the environment, or the caller of the function, says.
std::string known_names(std::string text, const JenkinsAround& around) {
  constexpr std::string_view kEnvironment = "env.";
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const std::size_t end = text.find('}', at);
    if (end == std::string::npos) break;
    std::string name = text.substr(at + 1, end - at - 1);
    if (name.starts_with(kEnvironment)) name.erase(0, kEnvironment.size());
    const auto argument = around.arguments.find(name);
    const auto variable = around.environment.find(name);
    if (argument != around.arguments.end()) {
      text.replace(at, end + 1 - at, argument->second);
    } else if (variable != around.environment.end() && variable->second.text.find('{') == std::string::npos) {
      text.replace(at, end + 1 - at, variable->second.text);
    }
  }
  return text;
}

// The text of an argument; a name without quotes is what it stands for.
std::string text_of(const GroovyStatement& statement, const JenkinsAround& around) {
  const GroovyArgument* const one = statement.argument("");
  if (one == nullptr) return {};
  return known_names(one->is_string ? one->text : placeholder(one->text), around);
}

class JenkinsReader {
 public:
  JenkinsReader(const GroovyFile& groovy, const std::string& shown, const LocalFiles& files)
      : groovy_(groovy), files_(files) {
    job_.system = System::jenkins;
    job_.file = shown;
    job_.workflow = shown;
    job_.name = "pipeline";
    job_.where = {shown, 1, 1};
  }

  Job read() {
    note_functions();
    for (const JenkinsBranch& branch : {JenkinsBranch{"build of main", "main", false},
                                        JenkinsBranch{"build of another branch", "{branch}", false},
                                        JenkinsBranch{"build of a change", "{change}", true}}) {
      for (const MatrixLeg& leg : legs()) {
        branch_ = &branch;
        run_ = {};
        branches_.clear();
        parallels_ = 0;
        run_.when = branch.when;
        run_.event = branch.is_change ? "change" : "push";
        run_.is_pull_request = branch.is_change;
        run_.leg = leg.name;
        shell_ = {};
        JenkinsAround around;
        for (const auto& [name, value] : leg.values) around.environment[name] = value;
        for (const GroovyStatement& statement : groovy_.statements) walk(statement, around);
        if (!run_.commands.empty() || branches_.empty()) branches_.insert(branches_.begin(), std::move(run_));
        for (JobRun& run : branches_) {
          for (Command& command : run.commands)
            command.hears = hears_of(System::jenkins, command.links, false);
          job_.runs.push_back(std::move(run));
        }
      }
      job_.starts.push_back(branch.when);
    }
    return std::move(job_);
  }

 private:
  // The axes of the first `matrix`, wherever it stands.
  std::vector<MatrixLeg> legs() {
    std::vector<const GroovyStatement*> open;
    for (const GroovyStatement& statement : groovy_.statements) open.push_back(&statement);
    for (std::size_t i = 0; i < open.size() && i < 20'000; ++i) {
      if (open[i]->name == "matrix" && open[i]->has_block) {
        Node dimensions;
        dimensions.kind = Node::Kind::map;
        if (const GroovyStatement* axes = open[i]->child("axes")) {
          for (const GroovyStatement& axis : axes->block) add_axis(axis, dimensions);
        }
        job_.legs = open[i]->where;
        return matrix_legs(dimensions);
      }
      for (const GroovyStatement& inner : open[i]->block) open.push_back(&inner);
    }
    return {MatrixLeg{}};
  }

  static void add_axis(const GroovyStatement& axis, Node& dimensions) {
    const GroovyStatement* const name = axis.child("name");
    const GroovyStatement* const values = axis.child("values");
    if (name == nullptr || values == nullptr || name->arguments.empty()) return;
    Node list;
    list.kind = Node::Kind::list;
    for (const GroovyArgument& value : values->arguments) {
      Node scalar;
      scalar.kind = Node::Kind::scalar;
      scalar.text = value.text;
      list.items.push_back(std::move(scalar));
    }
    dimensions.fields.emplace_back(name->arguments.front().text, std::move(list));
    dimensions.keys.push_back(axis.where);
  }

  // `when { branch 'main' }`, `expression`, `changeRequest()`, `not`, `anyOf`, `allOf`.
  Truth condition(const GroovyStatement& when) const {
    Truth truth = Truth::yes;
    for (const GroovyStatement& one : when.block) truth = both(truth, one_condition(one));
    return truth;
  }

  Truth one_condition(const GroovyStatement& one) const {
    if (one.name == "branch") {
      const GroovyArgument* const name = one.argument("pattern");
      if (name == nullptr) return Truth::maybe;
      if (branch_->is_change) return Truth::no;
      if (name->text.find('*') != std::string::npos) return Truth::maybe;
      const bool is_main = name->text == "main" || name->text == "master" || name->text == "trunk";
      return is_main == (branch_->branch == "main") ? Truth::yes : Truth::no;
    }
    if (one.name == "changeRequest") return branch_->is_change ? Truth::yes : Truth::no;
    if (one.name == "not") return opposite(condition(one));
    if (one.name == "allOf") return condition(one);
    if (one.name == "anyOf") {
      Truth truth = Truth::no;
      for (const GroovyStatement& inner : one.block) truth = either(truth, one_condition(inner));
      return truth;
    }
    if (one.name == "beforeAgent" || one.name == "beforeInput" || one.name == "beforeOptions")
      return Truth::yes;
    return Truth::maybe;
  }

  void walk_all(const std::vector<GroovyStatement>& block, const JenkinsAround& around) {
    // Options and the environment hold for what stands before them, too.
    JenkinsAround inner = around;
    for (const GroovyStatement& one : block) {
      const bool is_on = !one.arguments.empty() && one.arguments.front().text == "true";
      if (one.name == "failFast" && is_on) job_.fails_fast = true;
      if (one.name == "options")
        for (const GroovyStatement& option : one.block) take_option(option, inner);
      if (one.name == "environment")
        for (const GroovyStatement& variable : one.block)
          if (!variable.arguments.empty())
            inner.environment[variable.name] = {known_names(variable.arguments.back().text, inner),
                                                variable.arguments.back().is_string};
    }
    for (const GroovyStatement& one : block) walk(one, inner);
  }

  void take_option(const GroovyStatement& option, JenkinsAround& around) {
    if (option.name == "disableConcurrentBuilds") {
      Serialiser made;
      made.keeper = Keeper::no_concurrent_builds;
      made.key = {"builds of " + branch_->branch};
      made.written = "disableConcurrentBuilds";
      made.where = made.waiting_where = made.cancels_where = option.where;
      made.finer = {"the branch"};
      const GroovyArgument* const abort = named(option, "abortPrevious");
      made.cancels_running = abort != nullptr && abort->text == "true";
      around.locks.push_back(std::move(made));
    } else if (option.name == "parallelsAlwaysFailFast") {
      job_.fails_fast = true;
    } else {
      surround(option, around);
    }
  }

  // What is under way at once: legs of this build, unlike what comes before and after.
  void walk_branches(const GroovyStatement& parallel, const JenkinsAround& around) {
    if (!job_.legs) job_.legs = parallel.where;
    const GroovyArgument* const fail_fast = named(parallel, "failFast");
    if (fail_fast != nullptr && fail_fast->text == "true") job_.fails_fast = true;
    const int order = ++parallels_;
    for (const GroovyStatement& branch : parallel.block) {
      JobRun whole = std::move(run_);
      run_ = {};
      run_.when = whole.when;
      run_.event = whole.event;
      run_.is_pull_request = whole.is_pull_request;
      run_.leg = whole.leg;
      const GroovyArgument* const name = branch.argument("");
      if (name != nullptr) run_.leg += (run_.leg.empty() ? "" : ", ") + name->text;
      run_.order = order;
      walk(branch, around);
      // What stands around the `parallel` is had once, by all of them.
      for (Serialiser& held : run_.serialisers)
        held.is_of_job = std::ranges::none_of(
            around.locks, [&](const Serialiser& outer) { return outer.where == held.where; });
      if (!run_.commands.empty()) branches_.push_back(std::move(run_));
      run_ = std::move(whole);
    }
  }

  static const GroovyArgument* named(const GroovyStatement& statement, std::string_view name) {
    for (const GroovyArgument& one : statement.arguments)
      if (one.name == name) return &one;
    return nullptr;
  }

  static std::optional<std::chrono::minutes> minutes_of(const GroovyStatement& statement) {
    const GroovyArgument* time = named(statement, "time");
    if (time == nullptr && !statement.arguments.empty()) time = &statement.arguments.front();
    const auto value = number_of(time);
    if (!value) return std::nullopt;
    const GroovyArgument* const unit = named(statement, "unit");
    const std::string word = unit == nullptr ? "MINUTES" : unit->text;
    return std::chrono::minutes(word == "HOURS"     ? *value * 60
                                : word == "DAYS"    ? *value * 1440
                                : word == "SECONDS" ? *value / 60
                                                    : *value);
  }

  // What a step with a block, or an option, does to what is inside.
  static void surround(const GroovyStatement& statement, JenkinsAround& around) {
    const std::string& name = statement.name;
    if (name == "lock") {
      const GroovyArgument* const resource =
          named(statement, "resource") != nullptr ? named(statement, "resource") : statement.argument("");
      const bool is_pool = named(statement, "label") != nullptr;
      if (resource == nullptr || is_pool) return;
      Serialiser made;
      made.keeper = Keeper::lockable_resource;
      const std::string key = known_names(resource->text, around);
      made.key = {key, key.find('{') == std::string::npos};
      for (const std::string_view fresh : {"BUILD_NUMBER", "BUILD_ID", "BUILD_TAG", "GIT_COMMIT"})
        made.key.is_fresh = made.key.is_fresh || resource->text.find(fresh) != std::string::npos;
      if (resource->text.find("BRANCH_NAME") != std::string::npos) made.finer = {"BRANCH_NAME"};
      made.written = resource->text;
      made.where = made.waiting_where = statement.where;
      if (const auto* const skips = named(statement, "skipIfLocked");
          skips != nullptr && skips->text == "true")
        made.waiting = Waiting::refused;
      if (const auto* const newest = named(statement, "inversePrecedence");
          newest != nullptr && newest->text == "true")
        made.waiting = Waiting::any_order;
      around.locks.push_back(std::move(made));
    } else if (name == "retry") {
      if (!statement.arguments.empty() && statement.arguments.front().text != "1")
        around.retried = statement.where;
    } else if (name == "timeout") {
      if (const auto minutes = minutes_of(statement)) around.limit = {*minutes, statement.where};
    } else if (name == "dir") {
      if (const std::string path = text_of(statement, around); !path.empty())
        around.directory = below_repository(path).value_or(joined_path(around.directory, path));
    } else if (name == "withEnv") {
      for (const GroovyArgument& one : statement.arguments) {
        const auto equals = one.text.find('=');
        if (equals != std::string::npos)
          around.environment[one.text.substr(0, equals)] = {known_names(one.text.substr(equals + 1), around)};
      }
    }
  }

  void walk(const GroovyStatement& statement, const JenkinsAround& around) {
    if (statement.name == "options" || statement.name == "environment" || statement.name == "when" ||
        statement.name == "axes" || statement.name == "parameters" || statement.name == "triggers")
      return;
    if (statement.name == "agent" || statement.name == "node") note_agent(statement);
    const bool asks_shell = std::ranges::any_of(
        statement.arguments, [](const GroovyArgument& one) { return !one.is_string && one.text == "sh"; });
    if (statement.name == "sh" || statement.name == "bat" || asks_shell) return script(statement, around);
    if (statement.name == "withAWS" || statement.name == "withCredentials") {
      for (const char* name : {"duration", "roleSessionDuration"})
        if (const auto seconds = number_of(named(statement, name)))
          job_.credentials = {std::chrono::seconds(*seconds), named(statement, name)->where};
    }
    if (statement.name == "def" && statement.has_block && statement.arguments.size() > 0) return;
    if (const auto function = functions_.find(statement.name); function != functions_.end())
      return call(*function->second, statement, around);
    note_library_step(statement);
    if (!statement.has_block) return;
    if (statement.name == "parallel") return walk_branches(statement, around);
    if (const GroovyStatement* when = statement.child("when");
        when != nullptr && condition(*when) == Truth::no)
      return;
    JenkinsAround inner = around;
    surround(statement, inner);
    if (statement.name == "catch" || statement.name == "finally") inner.position = Position::cleanup;
    if (statement.name == "post") {
      for (const GroovyStatement& one : statement.block) {
        JenkinsAround after = inner;
        const bool well = one.name == "success" || one.name == "fixed";
        after.position = well ? Position::step : Position::cleanup;
        walk_all(one.block, after);
      }
      return;
    }
    walk_all(statement.block, inner);
  }

  // `def NAME(String a, b) { ... }`: the words of its parentheses are types and names.
  void note_functions() {
    for (const GroovyStatement& one : groovy_.statements)
      if (one.name == "def" && one.has_block && !one.arguments.empty())
        functions_[one.arguments.front().text] = &one;
  }

  void call(const GroovyStatement& function, const GroovyStatement& called, const JenkinsAround& around) {
    constexpr unsigned kDeepestFunction = 5;
    if (around.depth >= kDeepestFunction) return;
    JenkinsAround inner = around;
    ++inner.depth;
    inner.arguments.clear();
    std::vector<std::string> names;
    for (std::size_t i = 1; i < function.arguments.size(); ++i)
      if (!is_one_of(function.arguments[i].text,
                     {"String", "Map", "List", "boolean", "int", "def", "Closure"}) &&
          !function.arguments[i].is_string)
        names.push_back(function.arguments[i].text);
    for (std::size_t i = 0; i < names.size() && i < called.arguments.size(); ++i) {
      const GroovyArgument& given = called.arguments[i];
      inner.arguments[names[i]] = known_names(given.is_string ? given.text : placeholder(given.text), around);
    }
    walk_all(function.block, inner);
    walk_all(called.block, around);
  }

  // A step that no plug-in has is one of a shared library, which is in another repository.
  void note_library_step(const GroovyStatement& statement) {
    const std::string low = lower(statement.name);
    const bool is_about_tool =
        std::ranges::any_of(std::initializer_list<const char*>{"terraform", "tofu", "terragrunt"},
                            [&](const char* tool) { return low.find(tool) != std::string::npos; });
    const bool is_call =
        low.find('.') == std::string::npos && (statement.has_block || !statement.arguments.empty());
    if (!is_about_tool || !is_call) return;
    std::string what = "what `" + statement.name + "` does is not in this file";
    if (std::ranges::find(job_.unknown, what) == job_.unknown.end()) job_.unknown.push_back(std::move(what));
  }

  void note_agent(const GroovyStatement& statement) {
    for (const GroovyStatement& one : statement.block) note_label(one);
    note_label(statement);
  }

  void note_label(const GroovyStatement& statement) {
    for (const GroovyArgument& one : statement.arguments) {
      const std::string low = lower(one.text);
      if (low.find("spot") != std::string::npos || low.find("preempt") != std::string::npos)
        job_.fragile_machine = one.where;
    }
  }

  void script(const GroovyStatement& statement, const JenkinsAround& around) {
    const GroovyArgument* const text =
        named(statement, "script") != nullptr ? named(statement, "script") : statement.argument("");
    if (text == nullptr) return;
    ScriptContext context;
    context.variables = around.environment;
    context.directory = around.directory;
    context.files = &files_;
    const SourceLocation where = text->where;
    context.place = [where](std::size_t line, std::string_view /*words*/) {
      return line == 0 ? where : SourceLocation{where.file, where.line + static_cast<unsigned>(line), 1};
    };
    ScriptFindings found = read_script(known_names(text->text, around), std::move(context), shell_);
    for (Command& command : found.commands) {
      if (around.position == Position::cleanup) command.position = around.position;
      if (around.retried) command.retried = around.retried;
      if (around.limit) {
        command.time_limit = around.limit->first;
        command.time_limit_where = around.limit->second;
      }
      const bool counts = writes(command.verb) || (run_.commands.empty() && command.locks);
      if (counts) {
        for (const Serialiser& lock : around.locks) {
          const bool is_known = std::ranges::any_of(
              run_.serialisers, [&](const Serialiser& s) { return s.where == lock.where; });
          if (!is_known) run_.serialisers.push_back(lock);
        }
      }
      run_.commands.push_back(std::move(command));
    }
    for (std::string& what : found.unknown)
      if (std::ranges::find(job_.unknown, what) == job_.unknown.end())
        job_.unknown.push_back(std::move(what));
  }

  const GroovyFile& groovy_;
  const LocalFiles& files_;
  Job job_;
  const JenkinsBranch* branch_ = nullptr;
  JobRun run_;                    ///< what is not in a `parallel`
  std::vector<JobRun> branches_;  ///< what is: legs of the same build
  int parallels_ = 0;
  std::map<std::string, const GroovyStatement*> functions_;
  JobShell shell_;
};

}  // namespace

void read_jenkins(const std::string& text, const std::string& shown, const LocalFiles& files,
                  Pipeline& pipeline) {
  const GroovyFile groovy = read_groovy(text, shown);
  for (const InputError& complaint : groovy.complaints) pipeline.complaints.push_back(complaint);
  pipeline.jobs.push_back(JenkinsReader(groovy, shown, files).read());
}

}  // namespace lockstorm::scenarios::pipeline
