#include <algorithm>
#include <span>

#include "scenarios/pipeline/script_reader.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// Values of a loop that are written out, and the name that they have in turn.
struct WrittenLoop {
  std::string name;
  std::vector<std::string> values;
};

bool uses(const ShellCommand& command, const std::string& name) {
  const auto names_it = [&](const std::string& text) {
    return text.find("$" + name) != std::string::npos || text.find("${" + name) != std::string::npos;
  };
  return std::ranges::any_of(
             command.words, [&](const ShellWord& word) { return !word.is_literal && names_it(word.text); }) ||
         std::ranges::any_of(command.inside, names_it);
}

// `apply && break`: it is gone through until something succeeds, whatever it counts.
bool ends_early(std::span<const ShellCommand> body) {
  return std::ranges::any_of(body, [](const ShellCommand& command) {
    return !command.words.empty() && command.words.front().text == "break";
  });
}

WrittenLoop loop_of(const ShellCommand& command) {
  constexpr std::size_t kMostValues = 64;
  WrittenLoop loop;
  if (command.loop_values.find_first_of("$*?{[`") != std::string::npos) return loop;
  std::string_view rest = command.loop_values;
  while (!rest.empty()) {
    const std::string word(rest.substr(0, rest.find(' ')));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    if (loop.name.empty()) {
      loop.name = word;
    } else {
      loop.values.push_back(word);
    }
  }
  if (loop.values.size() > kMostValues) loop.values.clear();
  return loop;
}

}  // namespace

void ScriptReader::read(std::string_view script, Position position) {
  look_for_forwarding(script);
  std::string rest(script);
  for (const ShellDefinition& one : take_functions(rest)) {
    const PlaceInText outer = context_.place;
    const std::size_t first = one.line;
    job_.functions[one.name] = {one.body,
                                [outer, first](std::size_t line, std::string_view words) {
                                  return outer ? outer(first + line, words) : SourceLocation{};
                                },
                                false};
  }
  read_commands(rest, position);
  // A function that nothing is seen to call is called in a way that is not seen.
  if (depth_ > 0) return;
  std::vector<std::string> left;
  for (const auto& [name, one] : job_.functions)
    if (!one.is_called) left.push_back(name);
  for (const std::string& name : left) function(name, {}, context_.variables, position);
}

void ScriptReader::read_commands(const std::string& script, Position position) {
  std::size_t last_tool = 0;
  bool had_tool = false;
  const std::vector<ShellCommand> commands = shell_commands(script);
  const auto take_one = [&](std::size_t i) {
    const ShellCommand& command = commands[i];
    if (found_.commands.size() >= kMostFound) return;
    line_ = static_cast<std::size_t>(std::count(
        script.begin(), script.begin() + static_cast<std::ptrdiff_t>(std::min(command.offset, script.size())),
        '\n'));
    const std::size_t before = found_.commands.size();
    enter_subshells(command);
    const Position here = command.joint == Joint::on_failure && had_tool && position == Position::step
                              ? Position::fallback
                              : position;
    take(command, here);
    leave_subshells(command);
    if (found_.commands.size() > before) {
      last_tool = i;
      had_tool = true;
      // `apply || apply`: again, whatever went wrong.
      for (std::size_t n = before; n < found_.commands.size(); ++n) {
        Command& again = found_.commands[n];
        const bool is_same = before > 0 && found_.commands[before - 1].verb == again.verb &&
                             found_.commands[before - 1].state == again.state;
        if (command.joint == Joint::on_failure && writes(again.verb) && is_same) again.retried = again.where;
      }
      const bool breaks_off = i + 1 < commands.size() && commands[i + 1].joint == Joint::on_success &&
                              !commands[i + 1].words.empty() && commands[i + 1].words[0].text == "break";
      if (breaks_off || command.is_repeated) {
        for (std::size_t n = before; n < found_.commands.size(); ++n)
          found_.commands[n].retried = found_.commands[n].where;
      }
    } else if (i > last_tool + 1) {
      had_tool = false;
    }
  };
  for (std::size_t i = 0; i < commands.size();) {
    std::size_t end = i;
    while (end < commands.size() && !commands[i].loop_values.empty() &&
           commands[end].loop_values == commands[i].loop_values)
      ++end;
    const WrittenLoop loop = end > i ? loop_of(commands[i]) : WrittenLoop{};
    const std::span<const ShellCommand> body(commands.data() + i, end - i);
    const bool is_of_values =
        !loop.values.empty() && !ends_early(body) &&
        std::ranges::any_of(body, [&](const ShellCommand& command) { return uses(command, loop.name); });
    if (!is_of_values) {
      take_one(i++);
      continue;
    }
    // Each time round begins where the loop stands, as in `(cd $x && ...)`.
    const std::string directory = context_.directory;
    for (const std::string& value : loop.values) {
      context_.variables[loop.name] = {value};
      for (std::size_t n = i; n < end; ++n) take_one(n);
      context_.directory = directory;
    }
    i = end;
  }
}

// The function of that name with its arguments; false: there is none.
bool ScriptReader::function(const std::string& name, const std::vector<std::string>& words,
                            const std::map<std::string, Symbolic>& own, Position position) {
  const auto found = job_.functions.find(name);
  if (found == job_.functions.end() || depth_ >= kDeepestCall) return false;
  found->second.is_called = true;
  const std::string body = found->second.body;
  ScriptContext context = context_;
  context.variables = own;
  context.place = found->second.place;
  if (!words.empty()) set_arguments(context.variables, {words.begin() + 1, words.end()});
  ScriptReader inner(std::move(context), job_, found_, depth_ + 1);
  inner.forwards_ = forwards_;
  inner.read(body, position);
  context_.directory = inner.context_.directory;
  return true;
}

}  // namespace lockstorm::scenarios::pipeline
