#include "scenarios/pipeline/github_steps.hpp"

#include <algorithm>
#include <charconv>

#include "scenarios/pipeline/github_actions.hpp"
#include "scenarios/pipeline/script_words.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr unsigned kDeepestAction = 8;
constexpr std::string_view kImage = "docker://";

/// Whether a step runs, and where it stands then.
struct StepRuns {
  bool ever = true;
  Position position = Position::step;
};

StepRuns runs_of(const std::string& condition, const GithubScope& scope) {
  const auto under = [&](GithubStatus status) {
    GithubScope then = scope;
    then.status = status;
    return evaluate_condition(condition, then.context());
  };
  if (!asks_for_status(condition)) return {under(GithubStatus::success) != Truth::no, Position::step};
  const Truth well = under(GithubStatus::success);
  const Truth badly = either(under(GithubStatus::failure), under(GithubStatus::cancelled));
  return {either(well, badly) != Truth::no, badly != Truth::no ? Position::cleanup : Position::step};
}

class StepReader {
 public:
  StepReader(GithubJob& job, GithubSteps& found, unsigned depth) : job_(job), found_(found), depth_(depth) {}

  void read(const Node& step) {
    if (!step.is_map()) return;
    const std::string& condition = step["if"].scalar();
    const GithubScope outer = job_.scope;
    for (const auto& [name, value] : job_.shell.exported) job_.scope.env[name] = value;
    add_environment(step["env"], job_.scope);
    const StepRuns runs = runs_of(condition, job_.scope);
    if (runs.ever) {
      position_ = runs.position;
      const std::size_t before = found_.commands.size();
      if (step["run"].is_scalar())
        script(step["run"], step);
      else if (step["uses"].is_scalar())
        action(step);
      limit(step["timeout-minutes"], before);
    }
    const auto env = job_.scope.env;
    job_.scope = outer;
  }

 private:
  std::string expand(const std::string& text) const {
    return expand_expressions(text, job_.scope.context()).text;
  }

  std::string directory_of(const Node& step) const {
    const std::string& own = step["working-directory"].scalar();
    return joined_path(".", own.empty() ? job_.directory : expand(own));
  }

  ScriptContext context_for(const Node& text, const Node& step) const {
    ScriptContext context;
    context.variables = job_.scope.env;
    context.directory = directory_of(step);
    context.has_wrapper = job_.has_wrapper;
    context.has_tofu_wrapper = job_.has_tofu_wrapper;
    if (job_.in_container) context.links.push_back(Link::container);
    context.files = job_.files;
    const Node* const scalar = &text;
    const auto* const lines = job_.lines;
    context.place = [scalar, lines](std::size_t line, std::string_view words) {
      return place_in(*scalar, line, words, *lines);
    };
    return context;
  }

  void script(const Node& text, const Node& step) {
    if (step["shell"].scalar() == "python") return;
    take(read_script(expand(text.text), context_for(text, step), job_.shell), {});
  }

  void take(ScriptFindings read, const std::vector<Link>& outside) {
    if (position_ == Position::cleanup && read.waits_for_tool) found_.waits_for_tool = true;
    std::ranges::move(read.unknown, std::back_inserter(found_.unknown));
    for (Command& command : read.commands) {
      if (position_ == Position::cleanup) command.position = Position::cleanup;
      command.links.insert(command.links.begin(), outside.begin(), outside.end());
      found_.commands.push_back(std::move(command));
    }
  }

  void action(const Node& step) {
    const std::string& uses = step["uses"].text;
    const Node& with = step["with"];
    const SourceLocation& where = step["uses"].where;
    if (uses.starts_with("./")) return local_action(step);
    if (uses.starts_with(kImage)) return image_action(step);
    const std::string name = lower(uses.substr(0, uses.find('@')));
    if (name == "hashicorp/setup-terraform") {
      job_.has_wrapper = lower(expand(with["terraform_wrapper"].scalar())) != "false";
    } else if (name == "opentofu/setup-opentofu") {
      job_.has_tofu_wrapper = lower(expand(with["tofu_wrapper"].scalar())) != "false";
    } else if (name == "actions/checkout") {
      const std::string& ref = with["ref"].scalar();
      if (ref.find("inputs.") != std::string::npos) found_.old_revisions = with.place_of("ref");
    } else if (name == "aws-actions/configure-aws-credentials") {
      long seconds = 0;
      const std::string& text = with["role-duration-seconds"].scalar();
      std::from_chars(text.data(), text.data() + text.size(), seconds);
      if (seconds > 0 && seconds < 1'000'000)
        found_.credentials = {std::chrono::seconds(seconds), with.place_of("role-duration-seconds")};
    } else if (name == "diggerhq/digger" && lower(expand(with["disable-locking"].scalar())) == "true") {
      found_.locks_off = with.place_of("disable-locking");
    } else if (name == "nick-fields/retry" || name == "nick-invision/retry" ||
               name == "wandalen/wretry.action") {
      retry_action(step);
    } else if (name == "azure/cli" || name == "azure/powershell") {
      const Node& text = with["inlinescript"] ? with["inlinescript"] : with["inlineScript"];
      if (text.is_scalar())
        take(read_script(expand(text.text), context_for(text, step), job_.shell), {Link::node_task});
    } else {
      ActionInputs inputs;
      for (const auto& [key, value] : with.fields) inputs[lower(key)] = expand(value.scalar());
      KnownAction known = known_action(name, inputs, joined_path(job_.directory, "."));
      if (known.command) {
        known.command->where = where;
        if (position_ == Position::cleanup) known.command->position = Position::cleanup;
        known.command->written = uses;
        if (known.command->writes_plan_file) job_.shell.plan_files.push_back(known.command->plan_file);
        found_.commands.push_back(*known.command);
      } else if (known.is_about_the_tool) {
        found_.unknown.push_back("what `uses: " + uses + "` does is not in the repository's files");
      }
    }
  }

  // `docker://hashicorp/terraform:1.9`: what it is called with are the tool's own words.
  void image_action(const Node& step) {
    const std::string& uses = step["uses"].text;
    const Node& with = step["with"];
    std::string image = base_name(uses.substr(kImage.size()));
    image = image.substr(0, image.find_first_of(":@"));
    const Node& args = with["args"];
    const std::string& entry = with["entrypoint"].scalar();
    const std::string tool = !entry.empty() ? entry : is_tool(image) ? image : "";
    const Node& place = args.is_scalar() ? args : step["uses"];
    ScriptContext context = context_for(place, step);
    context.has_wrapper = context.has_tofu_wrapper = false;
    take(read_script(tool + " " + expand(args.scalar()), std::move(context), job_.shell), {Link::container});
  }

  void retry_action(const Node& step) {
    const Node& with = step["with"];
    const Node& text = with["command"];
    if (!text.is_scalar()) return;
    const std::size_t before = found_.commands.size();
    take(read_script(expand(text.text), context_for(text, step), job_.shell), {Link::node_task});
    for (std::size_t i = before; i < found_.commands.size(); ++i) {
      const char* const times = with.has("attempt_limit") ? "attempt_limit" : "max_attempts";
      found_.commands[i].retried = with.has(times) ? with.place_of(times) : step["uses"].where;
      limit(with["timeout_minutes"], before);
    }
  }

  void limit(const Node& minutes, std::size_t from) {
    long value = 0;
    const std::string& text = minutes.scalar();
    std::from_chars(text.data(), text.data() + text.size(), value);
    if (value <= 0 || value > 100'000) return;
    for (std::size_t i = from; i < found_.commands.size(); ++i) {
      found_.commands[i].time_limit = std::chrono::minutes(value);
      found_.commands[i].time_limit_where = minutes.where;
    }
  }

  void local_action(const Node& step) {
    const std::string& uses = step["uses"].text;
    if (job_.files == nullptr || depth_ >= kDeepestAction) return;
    std::optional<std::string> text;
    std::string file;
    for (const char* name : {"action.yml", "action.yaml"}) {
      file = joined_path(uses, name);
      if ((text = job_.files->read(file))) break;
    }
    if (!text) {
      found_.unknown.push_back("the action " + uses + " is not in the repository's files");
      return;
    }
    const auto read = read_documents(*std::move(text), job_.files->shown(file));
    if (!read || read->roots.empty()) {
      found_.unknown.push_back("the action " + uses + " cannot be read");
      return;
    }
    const Node& action = read->roots.front();
    GithubJob inner = job_;
    inner.lines = &read->lines;
    inner.directory = ".";  // `defaults` of a workflow are not for steps of an action
    inner.scope.inputs.clear();
    for (const auto& [name, input] : action["inputs"].fields) {
      const Node& given = step["with"][name];
      const Node& value = given ? given : input["default"];
      const Symbolic expanded = expand_expressions(value.scalar(), job_.scope.context());
      inner.scope.inputs[name] = {
          expanded.is_known ? ExpressionValue::Kind::string : ExpressionValue::Kind::unknown, expanded};
    }
    const std::size_t before = found_.commands.size();
    read_github_steps(action["runs"]["steps"], inner, found_, depth_ + 1);
    if (position_ == Position::cleanup) {
      for (std::size_t i = before; i < found_.commands.size(); ++i)
        found_.commands[i].position = Position::cleanup;
    }
    job_.shell = inner.shell;
    job_.has_wrapper = inner.has_wrapper;
    job_.has_tofu_wrapper = inner.has_tofu_wrapper;
  }

  GithubJob& job_;
  GithubSteps& found_;
  unsigned depth_;
  Position position_ = Position::step;
};

}  // namespace

void add_environment(const Node& env, GithubScope& scope) {
  const GithubScope before = scope;
  for (const auto& [name, value] : env.fields) {
    if (value.is_scalar()) scope.env[name] = expand_expressions(value.text, before.context());
  }
}

void read_github_steps(const Node& steps, GithubJob& job, GithubSteps& found, unsigned depth) {
  StepReader reader(job, found, depth);
  for (const Node& step : steps.items) reader.read(step);
}

}  // namespace lockstorm::scenarios::pipeline
