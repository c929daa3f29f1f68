#include "scenarios/pipeline/script.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <optional>

#include "scenarios/data/printable.hpp"
#include "scenarios/pipeline/shell_words.hpp"
#include "scenarios/pipeline/shown_command.hpp"
#include "scenarios/pipeline/unlockers.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr unsigned kDeepestCall = 5;
constexpr std::size_t kMostFound = 500;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

std::string base_name(const std::string& word) {
  const auto slash = word.rfind('/');
  return slash == std::string::npos ? word : word.substr(slash + 1);
}

bool is_assignment(const std::string& word) {
  const auto equals = word.find('=');
  if (equals == std::string::npos || equals == 0) return false;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

bool is_tool(const std::string& word) {
  return is_one_of(base_name(word), {"terraform", "tofu", "terragrunt", "opentofu", "gitlab-terraform",
                                     "gitlab-tofu", "terraform.exe", "tofu.exe", "tfwrapper"});
}

// Arguments that say which state it is; others, and above all credentials, are passed over.
bool says_which_state(std::string_view name) {
  return is_one_of(name,
                   {"key", "bucket", "prefix", "path", "container_name", "storage_account_name", "address",
                    "schema_name", "secret_suffix", "namespace", "workspace_key_prefix", "hostname"});
}

// A pass over one script, and over those that it calls.
class ScriptReader {
 public:
  ScriptReader(ScriptContext context, JobShell& job, ScriptFindings& found, unsigned depth)
      : context_(std::move(context)), job_(job), found_(found), depth_(depth) {}

  [[nodiscard]] const ScriptContext& context() const { return context_; }

  void read(std::string_view script, Position position = Position::step) {
    look_for_forwarding(script);
    std::size_t last_tool = 0;
    bool had_tool = false;
    const std::vector<ShellCommand> commands = shell_commands(script);
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const ShellCommand& command = commands[i];
      if (found_.commands.size() >= kMostFound) return;
      line_ = static_cast<std::size_t>(std::count(
          script.begin(),
          script.begin() + static_cast<std::ptrdiff_t>(std::min(command.offset, script.size())), '\n'));
      const std::size_t before = found_.commands.size();
      const Position here = command.joint == Joint::on_failure && had_tool && position == Position::step
                                ? Position::fallback
                                : position;
      take(command, here);
      if (found_.commands.size() > before) {
        last_tool = i;
        had_tool = true;
        const bool breaks_off = i + 1 < commands.size() && commands[i + 1].joint == Joint::on_success &&
                                !commands[i + 1].words.empty() && commands[i + 1].words[0].text == "break";
        if (breaks_off || command.is_repeated) {
          for (std::size_t n = before; n < found_.commands.size(); ++n)
            found_.commands[n].retried = found_.commands[n].where;
        }
      } else if (i > last_tool + 1) {
        had_tool = false;
      }
    }
  }

 private:
  // Traps that hand a signal on, and whether once (docs/pipelines.md has the recipe).
  void look_for_forwarding(std::string_view script) {
    const bool has_trap =
        script.find("trap ") != std::string_view::npos && script.find("INT") != std::string_view::npos;
    const bool kills = script.find("kill -INT") != std::string_view::npos ||
                       script.find("kill -TERM") != std::string_view::npos ||
                       script.find("kill -s INT") != std::string_view::npos ||
                       script.find("kill -2") != std::string_view::npos ||
                       script.find("kill -SIGINT") != std::string_view::npos ||
                       script.find("kill \"$") != std::string_view::npos ||
                       script.find("kill $") != std::string_view::npos;
    if (!has_trap || !kills) return;
    const bool ignores_more = script.find("trap '' ") != std::string_view::npos ||
                              script.find("trap \"\" ") != std::string_view::npos ||
                              script.find("trap - ") != std::string_view::npos;
    const bool goes_on_waiting = script.find("wait \"$p\" ||") != std::string_view::npos ||
                                 (script.find("kill -0") != std::string_view::npos) ||
                                 script.find("|| true") != std::string_view::npos ||
                                 script.find("|| rc=") != std::string_view::npos ||
                                 script.find("set +e") != std::string_view::npos;
    forwards_ = ignores_more || !goes_on_waiting ? Link::forward_once : Link::forward_each;
  }

  std::string expanded(const ShellWord& word) const {
    if (word.is_literal) return word.text;
    std::string text;
    const std::string& from = word.text;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (from[i] != '$') {
        text += from[i];
        continue;
      }
      const bool braced = i + 1 < from.size() && from[i + 1] == '{';
      std::size_t begin = i + (braced ? 2U : 1U);
      std::size_t end = begin;
      while (end < from.size() &&
             (std::isalnum(static_cast<unsigned char>(from[end])) != 0 || from[end] == '_'))
        ++end;
      const std::string name = from.substr(begin, end - begin);
      std::size_t after = end;
      std::string otherwise;
      if (braced) {
        const auto close = from.find('}', end);
        after = close == std::string::npos ? from.size() : close + 1;
        const std::string rest = from.substr(end, close == std::string::npos ? close : close - end);
        if (rest.starts_with(":-") || rest.starts_with("-")) otherwise = rest.substr(rest.find('-') + 1);
      }
      const auto known = context_.variables.find(name);
      if (name.empty()) {
        text += '$';
      } else if (known != context_.variables.end()) {
        text += known->second.text;
        i = after - 1;
      } else {
        text += otherwise.empty() ? "$" + name : otherwise;
        i = after - 1;
      }
    }
    return text;
  }

  void take(const ShellCommand& command, Position position) {
    for (const std::string& inside : command.inside) {
      ScriptContext context = context_;
      const SourceLocation where = place(command.words.empty() ? "" : command.words.front().text);
      context.place = [where](std::size_t /*line*/, std::string_view /*words*/) { return where; };
      if (++depth_ <= kDeepestCall)
        ScriptReader(std::move(context), job_, found_, depth_).read(inside, position);
      --depth_;
    }
    std::vector<std::string> words;
    for (const ShellWord& word : command.words) words.push_back(expanded(word));
    std::optional<std::chrono::seconds> limit;
    bool kills_after = false;
    bool execs = false;
    std::map<std::string, Symbolic> own = context_.variables;
    std::size_t i = 0;
    for (; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (is_assignment(word)) {
        const auto equals = word.find('=');
        Symbolic value{word.substr(equals + 1), word.find('$', equals) == std::string::npos, false};
        if (!command.inside.empty() && word.find("$(...)") != std::string::npos)
          value = {from_command(command), false, false};
        own[word.substr(0, equals)] = std::move(value);
      } else if (word == "exec") {
        execs = true;
      } else if (is_one_of(word, {"sudo", "nohup", "command", "env", "nice", "-E", "stdbuf", "-oL", "-eL",
                                  "eval", "unbuffer", "doppler", "chamber", "aws-vault", "op"})) {
        continue;
      } else if (word == "timeout") {
        read_timeout(words, i, limit, kills_after);
      } else {
        break;
      }
    }
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(i));
    if (words.empty()) {
      context_.variables = std::move(own);
      return;
    }
    call(command, words, own, position, limit, kills_after, execs);
  }

  // What a variable was filled with: text of the tool's, of a lock object, of somebody's.
  static std::string from_command(const ShellCommand& command) {
    std::string all;
    for (const std::string& inside : command.inside) all += inside;
    const std::string low = lower(all);
    const bool tool = low.find("terraform ") != std::string::npos || low.find("tofu ") != std::string::npos ||
                      low.find(".log") != std::string::npos || low.find("grep") != std::string::npos ||
                      low.find("sed") != std::string::npos;
    const bool object = low.find("lock.info") != std::string::npos ||
                        low.find("tflock") != std::string::npos || low.find("lockid") != std::string::npos ||
                        low.find("dynamodb") != std::string::npos;
    return object ? "{of-the-lock}" : tool ? "{of-an-error}" : "{of-a-command}";
  }

  static void read_timeout(const std::vector<std::string>& words, std::size_t& i,
                           std::optional<std::chrono::seconds>& limit, bool& kills_after) {
    while (i + 1 < words.size()) {
      const std::string& option = words[i + 1];
      if (is_one_of(option, {"-k", "-s", "--kill-after", "--signal"})) {
        kills_after = kills_after || option == "-k" || option == "--kill-after";
        i += 2;
      } else if (option.starts_with("-")) {
        kills_after = kills_after || option.starts_with("--kill-after") || option.starts_with("-k");
        ++i;
      } else {
        std::string length = option;
        if (!length.empty() && std::isdigit(static_cast<unsigned char>(length.back())) != 0) length += 's';
        limit = tool_duration(length);
        ++i;
        return;
      }
    }
  }

  void call(const ShellCommand& command, const std::vector<std::string>& words,
            const std::map<std::string, Symbolic>& own, Position position,
            const std::optional<std::chrono::seconds>& limit, bool kills_after, bool execs) {
    const std::string& first = words.front();
    const std::string name = base_name(first);
    if (first == "cd" || first == "pushd") {
      if (words.size() > 1) context_.directory = joined_path(context_.directory, words[1]);
    } else if (first == "export" || first == "declare" || first == "local" || first == "readonly") {
      for (std::size_t i = 1; i < words.size(); ++i)
        if (is_assignment(words[i])) assign(command, words[i]);
    } else if (first == "trap") {
      trap(command, words);
    } else if (is_tool(first)) {
      tool(command, words, own, position, limit, kills_after, execs);
    } else if (name == "docker" || name == "podman") {
      container(command, words, own, position);
    } else if (breaks_lock(join(words))) {
      add_lock_breaker(words, position);
    } else if (name == "pgrep" || (name == "kill" && command.is_repeated)) {
      found_.waits_for_tool = found_.waits_for_tool || name == "pgrep";
    } else if (name == "make" || name == "gmake" || name == "just" || name == "task" || name == "mise") {
      make(words, own, position);
    } else {
      other_script(words, own, position);
    }
  }

  void assign(const ShellCommand& command, const std::string& word) {
    const auto equals = word.find('=');
    Symbolic value{word.substr(equals + 1), word.find('$', equals) == std::string::npos, false};
    if (word.find("$(...)", equals) != std::string::npos) value = {from_command(command), false, false};
    context_.variables[word.substr(0, equals)] = std::move(value);
  }

  static std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
  }

  SourceLocation place(const std::string& words) const {
    return context_.place ? context_.place(line_, words) : SourceLocation{};
  }

  void trap(const ShellCommand& command, const std::vector<std::string>& words) {
    if (words.size() < 2 || depth_ >= kDeepestCall) return;
    ScriptContext context = context_;
    const SourceLocation where = place(command.words.front().text);
    context.place = [where](std::size_t /*line*/, std::string_view /*words*/) { return where; };
    ScriptReader(std::move(context), job_, found_, depth_ + 1).read(words[1], Position::fallback);
  }

  std::vector<Link> links_for(const ShellCommand& command, const std::string& tool_name, bool execs) const {
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

  void tool(const ShellCommand& command, const std::vector<std::string>& words,
            const std::map<std::string, Symbolic>& own, Position position,
            const std::optional<std::chrono::seconds>& limit, bool kills_after, bool execs) {
    const std::string name = base_name(words.front());
    const SourceLocation where = place(command.written());
    std::string directory = context_.directory;
    if (const auto set = own.find("TG_WORKING_DIR"); set != own.end() && name == "terragrunt")
      directory = joined_path(directory, set->second.text);
    if (const auto set = own.find("TF_ROOT"); set != own.end() && name.starts_with("gitlab-"))
      directory = joined_path(".", relative(set->second.text));
    std::vector<std::string> rest;
    bool is_many = false;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word.starts_with("-chdir=")) {
        directory = joined_path(directory, word.substr(7));
      } else if (is_one_of(word, {"--working-dir", "--terragrunt-working-dir"}) && i + 1 < words.size()) {
        directory = joined_path(directory, words[++i]);
      } else if (word.starts_with("--working-dir=") || word.starts_with("--terragrunt-working-dir=")) {
        directory = joined_path(directory, word.substr(word.find('=') + 1));
      } else if (name == "terragrunt" && is_one_of(word, {"run", "--", "run-all"})) {
        is_many = is_many || word == "run-all";
      } else if (name == "terragrunt" && word == "--all") {
        is_many = true;
      } else if (name == "terragrunt" && rest.empty() && word.starts_with("--")) {
        continue;
      } else {
        rest.push_back(word);
      }
    }
    if (rest.empty()) return;
    if (rest.front().ends_with("-all")) {
      is_many = true;
      rest.front().erase(rest.front().size() - 4);
    }
    if (rest.front() == "init") return init(directory, rest, own);
    if (rest.front() == "workspace") return workspace(directory, rest);
    Command made;
    made.where = where;
    if (!verb_of(rest, made)) return;
    made.written = shown_command(words);
    made.state = state_in(directory, own);
    made.state.is_many = is_many;
    made.position = position;
    made.links = links_for(command, name, execs);
    made.time_limit = limit;
    if (limit) made.time_limit_where = where;
    made.limit_kills = kills_after;
    flags(rest, own, made);
    finish(rest, made, name);
  }

  static std::string relative(std::string path) {
    for (const std::string_view start :
         {"$CI_PROJECT_DIR", "{CI_PROJECT_DIR}", "$GITHUB_WORKSPACE", "{github.workspace}", "$PWD", "/"}) {
      if (path.starts_with(start)) path.erase(0, start.size());
    }
    return path.empty() ? "." : path;
  }

  static bool verb_of(const std::vector<std::string>& rest, Command& made) {
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

  void flags(const std::vector<std::string>& rest, const std::map<std::string, Symbolic>& own,
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

  void finish(const std::vector<std::string>& rest, Command& made, const std::string& tool_name) {
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
      made.plan_is_of_this_job = made.applies_plan_file &&
                                 std::ranges::find(job_.plan_files, made.plan_file) != job_.plan_files.end();
    }
    if (made.verb == Verb::plan && tool_name.starts_with("gitlab-")) {
      made.writes_plan_file = true;
      made.plan_file = "plan.cache";
    }
    if (made.writes_plan_file) job_.plan_files.push_back(made.plan_file);
    found_.commands.push_back(std::move(made));
  }

  // Options with a value as a word of its own (`-target x`), which ends in no file of a plan.
  static bool takes_value(const std::string& option) {
    return option.starts_with("-") && option.find('=') == std::string::npos &&
           is_one_of(option, {"-var", "-var-file", "-target", "-replace", "-lock", "-lock-timeout", "-state",
                              "-parallelism", "-out", "-backup", "-refresh", "-input"});
  }

  void init(const std::string& directory, const std::vector<std::string>& rest,
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

  void workspace(const std::string& directory, const std::vector<std::string>& rest) {
    if (rest.size() < 3 || !is_one_of(rest[1], {"select", "new"})) return;
    for (std::size_t i = 2; i < rest.size(); ++i)
      if (!rest[i].starts_with("-")) job_.workspaces[directory] = rest[i];
  }

  StatePlace state_in(const std::string& directory, const std::map<std::string, Symbolic>& own) const {
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
    const std::string all = state.directory + state.key + state.workspace;
    state.is_known = all.find('$') == std::string::npos && all.find('{') == std::string::npos;
    return state;
  }

  // `docker run ... hashicorp/terraform apply`: the tool's words begin behind the image.
  void container(const ShellCommand& command, const std::vector<std::string>& words,
                 const std::map<std::string, Symbolic>& own, Position position) {
    if (words.size() < 3 || !is_one_of(words[1], {"run", "exec", "compose"})) return;
    for (std::size_t i = 2; i < words.size(); ++i) {
      const std::string image = base_name(words[i].substr(0, words[i].find_first_of(":@")));
      if (words[i].starts_with("-") || !is_one_of(image, {"terraform", "tofu", "opentofu", "terragrunt"}))
        continue;
      std::vector<std::string> inner{words.begin() + static_cast<std::ptrdiff_t>(i), words.end()};
      inner.front() = image == "opentofu" ? "tofu" : image;
      if (inner.size() > 1 && is_tool(inner[1])) inner.erase(inner.begin());
      const std::vector<Link> outside = context_.links;
      context_.links.push_back(Link::container);
      tool(command, inner, own, position, {}, false, false);
      context_.links = outside;
      return;
    }
  }

  void add_lock_breaker(const std::vector<std::string>& words, Position position) {
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

  void make(const std::vector<std::string>& words, const std::map<std::string, Symbolic>& own,
            Position position) {
    std::string directory = context_.directory;
    std::map<std::string, Symbolic> variables = own;
    std::vector<std::string> targets;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i] == "-C" && i + 1 < words.size()) {
        directory = joined_path(directory, words[++i]);
      } else if (is_assignment(words[i])) {
        variables[words[i].substr(0, words[i].find('='))] = {words[i].substr(words[i].find('=') + 1)};
      } else if (!words[i].starts_with("-")) {
        targets.push_back(words[i]);
      }
    }
    std::optional<std::string> text;
    std::string file;
    if (base_name(words.front()).ends_with("make") && context_.files != nullptr) {
      for (const char* name : {"GNUmakefile", "makefile", "Makefile"}) {
        file = joined_path(directory, name);
        if ((text = context_.files->read(file))) break;
      }
    }
    for (const std::string& target : targets) {
      if (text && depth_ < kDeepestCall && recipe(*text, file, target, directory, variables, position, 0))
        continue;
      if (sounds_like_tool(target))
        found_.unknown.push_back("what `" + shown_command(words) + "` runs is not in the repository's files");
    }
  }

  static bool sounds_like_tool(const std::string& word) {
    const std::string low = lower(word);
    for (const std::string_view part : {"apply", "deploy", "plan", "destroy", "terraform", "infra", "tf"})
      if (low.find(part) != std::string::npos) return true;
    return false;
  }

  // The recipe of a target and of what it needs; `$(NAME)` is written as the shell has it.
  bool recipe(const std::string& makefile, const std::string& file, const std::string& target,
              const std::string& directory, std::map<std::string, Symbolic> variables, Position position,
              unsigned deep) {
    if (deep > kDeepestCall) return false;
    std::string script;
    std::vector<std::string> before;
    bool inside = false;
    bool found = false;
    std::size_t line_number = 0;
    std::size_t recipe_line = 0;
    std::size_t begin = 0;
    while (begin <= makefile.size()) {
      const auto end = std::min(makefile.find('\n', begin), makefile.size());
      const std::string line = makefile.substr(begin, end - begin);
      begin = end + 1;
      ++line_number;
      if (!line.starts_with("\t")) {
        inside = false;
        const auto colon = line.find(':');
        const auto equals = line.find('=');
        if (equals != std::string::npos && (colon == std::string::npos || equals <= colon + 1)) {
          std::string name(trimmed(line.substr(0, std::min(equals, colon))));
          while (!name.empty() && (name.back() == '?' || name.back() == '+')) name.pop_back();
          name = std::string(trimmed(name));
          const bool is_default = line.find("?=") != std::string::npos;
          if (!is_default || !variables.contains(name))
            variables[name] = {std::string(trimmed(line.substr(equals + 1)))};
        } else if (colon != std::string::npos && !line.starts_with(".")) {
          for (const ShellCommand& names : shell_commands(line.substr(0, colon)))
            for (const ShellWord& name : names.words) inside = inside || name.text == target;
          if (inside) {
            found = true;
            recipe_line = line_number;
            for (const ShellCommand& names : shell_commands(line.substr(colon + 1)))
              for (const ShellWord& name : names.words) before.push_back(name.text);
          }
        }
        continue;
      }
      if (!inside) continue;
      std::string text = line.substr(1);
      while (!text.empty() && (text.front() == '@' || text.front() == '-')) text.erase(0, 1);
      for (std::size_t at = text.find("$("); at != std::string::npos; at = text.find("$(", at + 1)) {
        const auto close = text.find(')', at);
        if (close == std::string::npos) break;
        text[at + 1] = '{';
        text[close] = '}';
      }
      script += text + "\n";
    }
    if (!found) return false;
    for (const std::string& name : before) {
      if (name != target) recipe(makefile, file, name, directory, variables, position, deep + 1);
    }
    ScriptContext context = context_;
    context.variables = std::move(variables);
    context.directory = directory;
    if (forwards_ == std::nullopt) context.links.push_back(Link::shell);
    const std::string shown = context_.files->shown(file);
    context.place = [shown, recipe_line](std::size_t line, std::string_view /*words*/) {
      return SourceLocation{shown, static_cast<unsigned>(recipe_line + line + 1), 1};
    };
    // Each line of a recipe has a shell of its own, and so its own directory.
    ScriptReader(std::move(context), job_, found_, depth_ + 1).read(script, position);
    return true;
  }

  void other_script(const std::vector<std::string>& words, const std::map<std::string, Symbolic>& own,
                    Position position) {
    std::string path = words.front();
    std::size_t next = 1;
    if (is_one_of(base_name(path), {"bash", "sh", "source", ".", "dash", "zsh"})) {
      while (next < words.size() && words[next].starts_with("-")) {
        if (words[next].find('c') != std::string::npos && !words[next].starts_with("--") &&
            next + 1 < words.size())
          return command_text(words[next + 1], own, position);
        ++next;
      }
      if (next >= words.size()) return;
      path = words[next++];
    } else if (path.find('/') == std::string::npos && !path.ends_with(".sh")) {
      return;
    }
    if (depth_ >= kDeepestCall || context_.files == nullptr) return;
    path = relative(path);
    std::string file = joined_path(context_.directory, path);
    auto text = context_.files->read(file);
    if (!text && (text = context_.files->read(path))) file = path;
    if (!text) {
      if (sounds_like_tool(path)) found_.unknown.push_back("`" + path + "` is not in the repository's files");
      return;
    }
    ScriptContext context = context_;
    context.variables = own;
    for (std::size_t i = next; i < words.size() && i - next < 9; ++i)
      context.variables[std::to_string(i - next + 1)] = {words[i], words[i].find('$') == std::string::npos};
    if (forwards_ == std::nullopt) context.links.push_back(Link::shell);
    const std::string shown = context_.files->shown(file);
    const std::string whole = *text;
    context.place = [shown, whole](std::size_t line, std::string_view wanted) {
      std::size_t begin = 0;
      for (std::size_t i = 0; i < line && begin != std::string::npos; ++i) {
        begin = whole.find('\n', begin);
        if (begin != std::string::npos) ++begin;
      }
      SourceLocation where{shown, static_cast<unsigned>(line + 1), 1};
      if (begin == std::string::npos) return where;
      const std::string_view text_of_line =
          std::string_view(whole).substr(begin, whole.find('\n', begin) - begin);
      const auto column = text_of_line.find(wanted.substr(0, wanted.find(' ')));
      if (column != std::string_view::npos) where.column = static_cast<unsigned>(column + 1);
      return where;
    };
    ScriptReader(std::move(context), job_, found_, depth_ + 1).read(*text, position);
  }

  void command_text(const std::string& text, const std::map<std::string, Symbolic>& own, Position position) {
    if (depth_ >= kDeepestCall) return;
    ScriptContext context = context_;
    context.variables = own;
    const SourceLocation where = place("");
    context.place = [where](std::size_t /*line*/, std::string_view /*words*/) { return where; };
    ScriptReader(std::move(context), job_, found_, depth_ + 1).read(text, position);
  }

  ScriptContext context_;
  JobShell& job_;
  ScriptFindings& found_;
  unsigned depth_;
  std::size_t line_ = 0;
  std::optional<Link> forwards_;
};

}  // namespace

std::optional<std::chrono::seconds> tool_duration(std::string_view text) {
  std::chrono::seconds whole{0};
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || !(number >= 0 && number <= 1e6)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    double unit = 0;
    if (text.starts_with("ms")) {
      unit = 0.001;
      text.remove_prefix(2);
    } else if (!text.empty()) {
      unit = text.front() == 'h'   ? 3600
             : text.front() == 'm' ? 60
             : text.front() == 's' ? 1
             : text.front() == 'd' ? 86400
                                   : 0;
      text.remove_prefix(1);
    }
    if (unit == 0 && number != 0) return std::nullopt;
    whole += std::chrono::seconds(static_cast<long long>(number * unit));
  }
  return whole;
}

ScriptFindings read_script(std::string_view script, ScriptContext context, JobShell& job) {
  ScriptFindings found;
  ScriptReader reader(std::move(context), job, found, 0);
  reader.read(script);
  found.directory = reader.context().directory;
  found.variables = reader.context().variables;
  return found;
}

void read_flags(const std::vector<std::string>& words, const SourceLocation& where, Command& command) {
  const auto set_lock = [&](std::string_view value) {
    const bool off = is_one_of(value, {"false", "0", "f", "F", "False", "FALSE"});
    command.locks = !off;
    command.lock_off = off ? std::optional(where) : std::nullopt;
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word.starts_with("--")) word.remove_prefix(1);
    const bool has_next = i + 1 < words.size() && !words[i + 1].starts_with("-");
    if (word.starts_with("-lock=")) set_lock(word.substr(6));
    if (word == "-lock" && has_next && is_one_of(words[i + 1], {"false", "0", "true"}))
      set_lock(words[i + 1]);
    if (word.starts_with("-lock-timeout="))
      command.lock_timeout = tool_duration(word.substr(14)).value_or(std::chrono::seconds{1});
    if (word == "-lock-timeout" && has_next)
      command.lock_timeout = tool_duration(words[i + 1]).value_or(std::chrono::seconds{1});
    if (command.verb != Verb::plan) continue;
    std::string_view file;
    if (word.starts_with("-out=")) file = word.substr(5);
    if (word == "-out" && has_next) file = words[i + 1];
    if (file.empty()) continue;
    command.writes_plan_file = true;
    command.plan_file = base_name(std::string(file));
  }
  if (command.lock_timeout && *command.lock_timeout == std::chrono::seconds{0}) command.lock_timeout.reset();
}

}  // namespace lockstorm::scenarios::pipeline
