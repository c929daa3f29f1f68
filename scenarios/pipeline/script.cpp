#include "scenarios/pipeline/script.hpp"

#include <algorithm>

#include "scenarios/pipeline/script_reader.hpp"
#include "scenarios/pipeline/script_words.hpp"
#include "scenarios/pipeline/unlockers.hpp"

namespace lockstorm::scenarios::pipeline {

// Traps that hand a signal on, and whether once (docs/pipelines.md has the recipe).
void ScriptReader::look_for_forwarding(std::string_view script) {
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

void ScriptReader::take(const ShellCommand& command, Position position) {
  for (const std::string& inside : command.inside) {
    ScriptContext context = context_;
    const SourceLocation where = place(command.words.empty() ? "" : command.words.front().text);
    context.place = [where](std::size_t /*line*/, std::string_view /*words*/) { return where; };
    if (++depth_ <= kDeepestCall)
      ScriptReader(std::move(context), job_, found_, depth_).read(inside, position);
    --depth_;
  }
  std::vector<std::string> words = expanded_words(command);
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
    } else if (const auto more = word.find("+=");
               more != std::string::npos && is_assignment(word.substr(0, more) + "=")) {
      Symbolic& value = own[word.substr(0, more)];
      value += {(value.text.empty() ? "" : " ") + word.substr(more + 2)};
    } else if (word == "exec") {
      execs = true;
    } else if (is_one_of(word, {"sudo", "nohup", "command", "env", "nice", "-E", "stdbuf", "-oL", "-eL",
                                "unbuffer"})) {
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

void ScriptReader::read_timeout(const std::vector<std::string>& words, std::size_t& i,
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

void ScriptReader::call(const ShellCommand& command, const std::vector<std::string>& words,
                        const std::map<std::string, Symbolic>& own, Position position,
                        const std::optional<std::chrono::seconds>& limit, bool kills_after, bool execs) {
  const std::string& first = words.front();
  const std::string name = base_name(first);
  if (change_directory(words)) return;
  if (first == "export" || first == "declare" || first == "local" || first == "readonly") {
    for (std::size_t i = 1; i < words.size(); ++i)
      if (is_assignment(words[i])) assign(command, words[i]);
  } else if (first == "trap") {
    trap(command, words);
  } else if (first == "shift") {
    shift();
  } else if (first == "echo" || first == "printf") {
    note_exported(command, words);
  } else if (first == "eval") {
    command_text(join({words.begin() + 1, words.end()}), own, position);
  } else if (is_tool(first)) {
    tool(command, words, own, position, limit, kills_after, execs);
  } else if (name == "docker" || name == "podman") {
    container(command, words, own, position);
  } else if (breaks_lock(join(words))) {
    add_lock_breaker(words, position);
  } else if (name == "pgrep" || (name == "kill" && command.is_repeated)) {
    found_.waits_for_tool = found_.waits_for_tool || name == "pgrep";
  } else if (name == "task" && task(words, own, position)) {
    // It is in a Taskfile here.
  } else if (!function(first, words, own, position) && !wrapped(command, words, own, position)) {
    if (is_one_of(name, {"npm", "yarn", "pnpm", "bun"})) return node_script(words, own, position);
    if (is_one_of(name, {"make", "gmake", "just", "task", "mise", "dagger", "earthly", "bazel", "nx"}))
      return make(words, own, position);
    other_script(words, own, position);
  }
}

std::string ScriptReader::join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

SourceLocation ScriptReader::place(const std::string& words) const {
  return context_.place ? context_.place(line_, words) : SourceLocation{};
}

void ScriptReader::trap(const ShellCommand& command, const std::vector<std::string>& words) {
  if (words.size() < 2 || depth_ >= kDeepestCall) return;
  ScriptContext context = context_;
  const SourceLocation where = place(command.words.front().text);
  context.place = [where](std::size_t /*line*/, std::string_view /*words*/) { return where; };
  ScriptReader(std::move(context), job_, found_, depth_ + 1).read(words[1], Position::fallback);
}

ScriptFindings read_script(std::string_view script, ScriptContext context, JobShell& job) {
  ScriptFindings found;
  ScriptReader reader(std::move(context), job, found, 0);
  reader.read(script);
  found.directory = reader.context().directory;
  found.variables = reader.context().variables;
  return found;
}

}  // namespace lockstorm::scenarios::pipeline
