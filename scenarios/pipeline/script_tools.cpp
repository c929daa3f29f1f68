#include "scenarios/pipeline/script_reader.hpp"

#include <algorithm>
#include <charconv>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/data/split.hpp"
#include "scenarios/pipeline/script_words.hpp"
#include "scenarios/pipeline/shown_command.hpp"
#include "scenarios/pipeline/terragrunt_arguments.hpp"

namespace lockstorm::scenarios::pipeline {

namespace {

// Arguments that say which state it is; others, and above all credentials, are passed over.
bool says_which_state(std::string_view name) {
  return is_one_of(name,
                   {"key", "bucket", "prefix", "path", "container_name", "storage_account_name", "address",
                    "schema_name", "secret_suffix", "namespace", "workspace_key_prefix", "hostname"});
}

// `-v "$PWD:/work" -w /work/prod`: where the working directory is on the machine; as it was where no mount
// says.
std::string directory_in_container(const std::vector<std::string>& words, const std::string& here) {
  std::string mounted_at;
  std::string mounted;
  std::string inside;
  for (std::size_t i = 2; i + 1 < words.size(); ++i) {
    if (is_one_of(words[i], {"-w", "--workdir"})) inside = words[i + 1];
    if (!is_one_of(words[i], {"-v", "--volume"})) continue;
    const std::size_t colon = words[i + 1].find(":/");
    if (colon == std::string::npos || !mounted_at.empty()) continue;
    mounted = words[i + 1].substr(0, colon);
    mounted_at = words[i + 1].substr(colon + 1, words[i + 1].find(':', colon + 1) - colon - 1);
  }
  for (const std::string& word : words)
    if (word.starts_with("--workdir=")) inside = word.substr(10);
  if (mounted_at.empty() || !inside.starts_with(mounted_at)) return here;
  for (const std::string_view root : {"$PWD", "$(pwd)", "$(...)", "{github.workspace}", "$GITHUB_WORKSPACE",
                                      "$CI_PROJECT_DIR", "${PWD}", "."})
    if (mounted.starts_with(root)) {
      std::string rest = mounted.substr(root.size()) + inside.substr(mounted_at.size());
      while (rest.starts_with("/")) rest.erase(0, 1);
      return rest.empty() ? here : joined_path(here, rest);
    }
  return here;
}

std::optional<unsigned> number_of(const std::string& text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? std::optional(number) : std::nullopt;
}

}  // namespace

std::vector<Link> ScriptReader::links_for(const ShellCommand& command, const std::string& tool_name,
                                          bool execs) const {
  std::vector<Link> links = context_.links;
  if (depth_ > 0) links.push_back(Link::script);
  if (execs) {
    links.push_back(Link::exec);
  } else if (forwards_ && command.in_background) {
    links.push_back(*forwards_);
  } else if (command.is_piped) {
    links.push_back(Link::pipe);
  } else {
    links.push_back(Link::shell);
  }
  if (tool_name == "terragrunt") links.push_back(Link::terragrunt);
  if (tool_name == "terraform" && context_.has_wrapper) links.push_back(Link::wrapper);
  if (tool_name == "tofu" && context_.has_tofu_wrapper) links.push_back(Link::wrapper);
  return links;
}

void ScriptReader::tool(const ShellCommand& command, const std::vector<std::string>& words,
                        const std::map<std::string, Symbolic>& own, Position position,
                        const std::optional<std::chrono::seconds>& limit, bool kills_after, bool execs) {
  const std::string name = base_name(words.front());
  const SourceLocation where = place(command.written());
  std::string directory = context_.directory;
  if (const auto set = own.find("TG_WORKING_DIR"); set != own.end() && name == "terragrunt")
    directory = directory_at(set->second.text);
  if (const auto set = own.find("TF_ROOT"); set != own.end() && name.starts_with("gitlab-"))
    directory = joined_path(".", below_repository(set->second.text).value_or(set->second.text));
  std::vector<std::string> rest;
  TerragruntWords of_terragrunt;
  if (name == "terragrunt") {
    of_terragrunt = terragrunt_words({words.begin() + 1, words.end()});
    rest = of_terragrunt.tool;
    for (const auto& part : {of_terragrunt.working_directory, of_terragrunt.included})
      if (part) directory = below_repository(*part).value_or(joined_path(directory, *part));
    if (const auto set = own.find("TG_PARALLELISM"); set != own.end() && !of_terragrunt.at_once)
      of_terragrunt.at_once = number_of(set->second.text);
  } else {
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i].starts_with("-chdir=")) {
        directory = directory_at(words[i].substr(7));
      } else {
        rest.push_back(words[i]);
      }
    }
  }
  if (rest.empty()) return;
  if (rest.front() == "init") return init(directory, rest, own);
  if (rest.front() == "workspace") return workspace(directory, rest);
  Command made;
  made.where = where;
  if (!verb_of(rest, made)) return;
  made.written = shown_command(words);
  made.state = state_in(directory, own);
  made.state.is_many = of_terragrunt.is_many;
  made.units_at_once = of_terragrunt.at_once;
  made.position = position;
  made.links = links_for(command, name, execs);
  made.time_limit = limit;
  if (limit) made.time_limit_where = where;
  made.limit_kills = kills_after;
  flags(rest, own, made);
  finish(rest, made, name);
  if (of_terragrunt.saves_plans) take_saved_plans(found_.commands.back());
}

// `--out-dir`: the plans of all units lie there, and an apply takes them.
void ScriptReader::take_saved_plans(Command& command) {
  constexpr const char* kPlans = "plans of all units";
  command.plan_file = kPlans;
  if (command.verb == Verb::plan) {
    command.writes_plan_file = true;
    job_.plan_files.emplace_back(kPlans);
  } else if (command.verb == Verb::apply) {
    command.applies_plan_file = true;
    command.plan_is_of_this_job = std::ranges::find(job_.plan_files, kPlans) != job_.plan_files.end();
  }
}

bool ScriptReader::verb_of(const std::vector<std::string>& rest, Command& made) {
  const std::string& sub = rest.front();
  const std::string second = rest.size() > 1 ? rest[1] : "";
  if (sub == "plan") {
    made.verb = Verb::plan;
  } else if (sub == "apply") {
    made.verb = Verb::apply;
    if (std::ranges::find(rest, "-destroy") != rest.end()) made.verb = Verb::destroy;
  } else if (sub == "destroy") {
    made.verb = Verb::destroy;
  } else if (sub == "force-unlock") {
    made.verb = Verb::force_unlock;
  } else if (is_one_of(sub, {"import", "refresh", "taint", "untaint"}) ||
             (sub == "state" && is_one_of(second, {"rm", "mv", "push", "replace-provider"}))) {
    made.verb = Verb::change_state;
  } else {
    return false;
  }
  return true;
}

void ScriptReader::flags(const std::vector<std::string>& rest, const std::map<std::string, Symbolic>& own,
                         Command& made) {
  for (const std::string& variable : {std::string("TF_CLI_ARGS"), "TF_CLI_ARGS_" + rest.front()}) {
    const auto set = own.find(variable);
    if (set == own.end()) continue;
    std::vector<std::string> words;
    for (const ShellCommand& command : shell_commands(set->second.text))
      for (const ShellWord& word : command.words) words.push_back(word.text);
    read_flags(words, made.where, made);
  }
  read_flags(rest, made.where, made);
}

void ScriptReader::finish(const std::vector<std::string>& rest, Command& made, const std::string& tool_name) {
  if (made.verb == Verb::force_unlock) {
    const std::string& id = rest.back();
    made.id = id == "{of-an-error}" || id.find("$(...)") != std::string::npos ? IdFrom::error_text
              : id == "{of-the-lock}"                                         ? IdFrom::object
                                                                              : IdFrom::typed;
    made.locks = false;
  }
  if (made.verb == Verb::apply || made.verb == Verb::destroy) {
    const std::string& last = rest.back();
    if (rest.size() > 1 && !last.starts_with("-") && !takes_value(rest[rest.size() - 2])) {
      made.applies_plan_file = true;
      made.plan_file = base_name(last);
    }
    if (tool_name.starts_with("gitlab-") && made.verb == Verb::apply) {
      made.applies_plan_file = true;
      made.plan_file = "plan.cache";
    }
    made.plan_is_of_this_job =
        made.applies_plan_file && std::ranges::find(job_.plan_files, made.plan_file) != job_.plan_files.end();
  }
  if (made.verb == Verb::plan && tool_name.starts_with("gitlab-")) {
    made.writes_plan_file = true;
    made.plan_file = "plan.cache";
  }
  if (made.writes_plan_file) job_.plan_files.push_back(made.plan_file);
  found_.commands.push_back(std::move(made));
}

// Options with a value as a word of its own (`-target x`), which ends in no file of a plan.
bool ScriptReader::takes_value(const std::string& option) {
  return option.starts_with("-") && option.find('=') == std::string::npos &&
         is_one_of(option, {"-var", "-var-file", "-target", "-replace", "-lock", "-lock-timeout", "-state",
                            "-parallelism", "-out", "-backup", "-refresh", "-input"});
}

void ScriptReader::init(const std::string& directory, const std::vector<std::string>& rest,
                        const std::map<std::string, Symbolic>& own) {
  std::vector<std::string> words = rest;
  for (const char* variable : {"TF_CLI_ARGS", "TF_CLI_ARGS_init"}) {
    if (const auto set = own.find(variable); set != own.end())
      for (const ShellCommand& command : shell_commands(set->second.text))
        for (const ShellWord& word : command.words) words.push_back(word.text);
  }
  std::string key;
  std::vector<std::string> all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string value;
    if (words[i].starts_with("-backend-config=")) {
      value = words[i].substr(16);
    } else if (words[i] == "-backend-config" && i + 1 < words.size()) {
      value = words[++i];
    } else {
      continue;
    }
    const auto equals = value.find('=');
    if (auto kept = kept_argument(value)) all.push_back(*std::move(kept));
    if (equals != std::string::npos && !says_which_state(trimmed(value.substr(0, equals)))) continue;
    key += (key.empty() ? "" : " ") + without_credentials(value);
  }
  if (!key.empty()) job_.keys[directory] = key;
  if (!all.empty()) job_.init_arguments[directory] = std::move(all);
}

void ScriptReader::workspace(const std::string& directory, const std::vector<std::string>& rest) {
  if (rest.size() < 3 || !is_one_of(rest[1], {"select", "new"})) return;
  for (std::size_t i = 2; i < rest.size(); ++i)
    if (!rest[i].starts_with("-")) job_.workspaces[directory] = rest[i];
}

StatePlace ScriptReader::state_in(const std::string& directory,
                                  const std::map<std::string, Symbolic>& own) const {
  StatePlace state;
  state.directory = directory;
  if (const auto set = job_.keys.find(directory); set != job_.keys.end()) state.key = set->second;
  if (const auto set = job_.init_arguments.find(directory); set != job_.init_arguments.end())
    state.init_arguments = set->second;
  if (const auto set = job_.workspaces.find(directory); set != job_.workspaces.end())
    state.workspace = set->second;
  if (const auto set = own.find("TF_WORKSPACE"); set != own.end()) state.workspace = set->second.text;
  if (const auto set = own.find("TF_STATE_NAME"); set != own.end() && state.key.empty())
    state.key = set->second.text;
  for (const BackendType* type : backend_types()) {
    for (const EnvironmentArgument& argument : type->environment) {
      for (const std::string_view variable : split(argument.variables, ' ')) {
        const auto set = own.find(std::string(variable));
        if (set != own.end() && !set->second.text.empty())
          state.environment.emplace(variable, without_credentials(set->second.text));
      }
    }
  }
  // Nobody sets it but for a block that leaves it open.
  if (const auto set = state.environment.find("TF_HTTP_ADDRESS");
      set != state.environment.end() && state.key.empty())
    state.key = "address=" + set->second;
  const std::string all = state.directory + state.key + state.workspace;
  state.is_known = all.find('$') == std::string::npos && all.find('{') == std::string::npos;
  return state;
}

// `docker run ... hashicorp/terraform apply`: the tool's words begin behind the image.
void ScriptReader::container(const ShellCommand& command, const std::vector<std::string>& words,
                             const std::map<std::string, Symbolic>& own, Position position) {
  if (words.size() < 3 || !is_one_of(words[1], {"run", "exec", "compose"})) return;
  const std::string before = context_.directory;
  context_.directory = directory_in_container(words, before);
  const std::vector<Link> outside = context_.links;
  context_.links.push_back(Link::container);
  for (std::size_t i = 2; i < words.size(); ++i) {
    const std::string image = base_name(words[i].substr(0, words[i].find_first_of(":@")));
    std::vector<std::string> inner{words.begin() + static_cast<std::ptrdiff_t>(i), words.end()};
    if (is_one_of(image, {"sh", "bash", "make"})) {
      ScriptReader(context_, job_, found_, depth_ + 1).call(command, inner, own, position, {}, false, false);
      break;
    }
    if (words[i].starts_with("-") || !is_one_of(image, {"terraform", "tofu", "opentofu", "terragrunt"}))
      continue;
    inner.front() = image == "opentofu" ? "tofu" : image;
    // Behind `--entrypoint terraform` stand options, the image, and then the tool's words.
    if (words[i - 1] == "--entrypoint") {
      while (inner.size() > 1 && !is_subcommand(inner[1])) inner.erase(inner.begin() + 1);
    } else if (inner.size() > 1 && is_tool(inner[1])) {
      inner.erase(inner.begin());
    }
    tool(command, inner, own, position, {}, false, false);
    break;
  }
  context_.links = outside;
  context_.directory = before;
}

void ScriptReader::add_lock_breaker(const std::vector<std::string>& words, Position position) {
  Command made;
  made.verb = Verb::break_lock;
  made.written = shown_command(words);
  made.where = place(words.front() + (words.size() > 1 ? " " + words[1] : ""));
  made.state = state_in(context_.directory, context_.variables);
  made.locks = false;
  made.id = IdFrom::nowhere;
  made.position = position;
  found_.commands.push_back(std::move(made));
}

}  // namespace lockstorm::scenarios::pipeline
