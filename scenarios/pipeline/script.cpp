#include "scenarios/pipeline/script.hpp"

#include <algorithm>
#include <cctype>

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

std::string ScriptReader::expanded(const ShellWord& word) const {
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

void ScriptReader::take(const ShellCommand& command, Position position) {
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
std::string ScriptReader::from_command(const ShellCommand& command) {
  std::string all;
  for (const std::string& inside : command.inside) all += inside;
  const std::string low = lower(all);
  const bool tool = low.find("terraform ") != std::string::npos || low.find("tofu ") != std::string::npos ||
                    low.find(".log") != std::string::npos || low.find("grep") != std::string::npos ||
                    low.find("sed") != std::string::npos;
  const bool object = low.find("lock.info") != std::string::npos || low.find("tflock") != std::string::npos ||
                      low.find("lockid") != std::string::npos || low.find("dynamodb") != std::string::npos;
  return object ? "{of-the-lock}" : tool ? "{of-an-error}" : "{of-a-command}";
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
  } else if (name == "task" && task(words, own, position)) {
    // It is in a Taskfile here.
  } else if (name == "make" || name == "gmake" || name == "just" || name == "task" || name == "mise") {
    make(words, own, position);
  } else if (!function(first, words, own, position)) {
    if (is_one_of(name, {"npm", "yarn", "pnpm", "bun"})) return node_script(words, own, position);
    other_script(words, own, position);
  }
}

void ScriptReader::assign(const ShellCommand& command, const std::string& word) {
  const auto equals = word.find('=');
  Symbolic value{word.substr(equals + 1), word.find('$', equals) == std::string::npos, false};
  if (word.find("$(...)", equals) != std::string::npos) value = {from_command(command), false, false};
  context_.variables[word.substr(0, equals)] = std::move(value);
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
