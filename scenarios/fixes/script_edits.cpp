#include "scenarios/fixes/script_edits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "scenarios/fixes/step_lines.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::string_view kWaitStep = "let an interrupted terraform finish (up to 4 minutes)";

constexpr std::string_view kExec = "exec ";

std::string_view tool_in(std::string_view command) {
  if (command.starts_with("tofu ")) return "tofu";
  return command.starts_with("terraform ") ? "terraform" : "";
}

// What a script may do besides unlocking without doing anything: set variables, look, wait, speak.
bool is_of_no_weight(std::string text) {
  constexpr std::array<std::string_view, 17> kBegin{"#",    "set ",   "echo ",  "sleep ", "if ",  "then",
                                                    "else", "fi",     "exit 0", "true",   "done", "do",
                                                    "for ", "while ", "[ ",     "[[ ",    "||"};
  text = without_blanks(text);
  const std::size_t equals = text.find('=');
  const bool assigns =
      equals != std::string::npos && equals > 0 &&
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == equals;
  return text.empty() || assigns ||
         std::ranges::any_of(kBegin, [&](std::string_view begin) { return text.starts_with(begin); });
}

bool does_nothing_else(const TextLines& lines, const LineRange& script, const LineRange& unlock) {
  for (std::size_t number = script.first; number <= script.last; ++number) {
    const bool is_unlock = number >= unlock.first && number <= unlock.last;
    if (!is_unlock && !is_of_no_weight(lines.line(number))) return false;
  }
  return true;
}

// `run: terraform force-unlock 1 && terraform apply`.
bool has_several_commands(const TextLines& lines, const ScriptLines& script) {
  for (std::size_t number = script.lines.first; number <= script.lines.last; ++number) {
    const std::string& line = lines.line(number);
    if (line.find("&&") != std::string::npos || line.find(';') != std::string::npos) return true;
  }
  return false;
}

// `after_script:` of nothing but this item.
bool is_only_item(const TextLines& lines, const LineRange& item) {
  const std::size_t column = lines.indent(item.first).size();
  const auto is_brother = [&](std::size_t number) {
    const std::string& line = lines.line(number);
    return lines.indent(number).size() == column && without_blanks(line).starts_with('-');
  };
  return item.first > 1 && !is_brother(item.first - 1) && !is_brother(item.last + 1);
}

bool remove_from_jenkins(TextLines& lines, std::size_t number) {
  const std::string text = without_blanks(lines.line(number));
  if (!text.starts_with("sh ") && !text.starts_with("sh(")) return false;
  if (text.find("'''") != std::string::npos || text.find("\"\"\"") != std::string::npos) return false;
  // A block without a step is none.
  lines.set(number, lines.indent(number) + "echo 'the lock is left as it is: lockstorm advise unlock'");
  return true;
}

bool stands_by_itself(const std::string& command) {
  return command.find_first_of("|;&<>`") == std::string::npos && command.find("$(") == std::string::npos;
}

// The recipe, in the indentation of the line that it takes the place of.
std::vector<std::string> recipe(const std::string& command, const std::string& indent, bool is_last) {
  const std::string end = is_last ? "exit \"$rc\"" : "[ \"$rc\" -eq 0 ] || exit \"$rc\"";
  std::vector<std::string> lines;
  for (const std::string& line :
       {command + " & p=$!", std::string(R"(once() { trap '' INT TERM; kill -INT "$p"; })"),
        std::string("trap once INT TERM"), std::string("rc=0; wait \"$p\" || rc=$?"),
        std::string(R"(while kill -0 "$p" 2>/dev/null; do rc=0; wait "$p" || rc=$?; done)"), end})
    lines.push_back(indent + line);
  return lines;
}

void put_below(TextLines& lines, std::size_t number, const std::vector<std::string>& added) {
  for (std::size_t i = added.size(); i > 0; --i) lines.insert_below(number, added[i - 1]);
}

void add_waiting_step(TextLines& lines, std::size_t step, std::string_view tool) {
  const auto item = item_around(lines, step);
  if (!item || lines.text().find(fmt::format("pgrep -x {}", tool)) != std::string::npos) return;
  const std::string indent = lines.indent(item->first);
  put_below(lines, item->last,
            {fmt::format("{}- name: {}", indent, kWaitStep), indent + "  if: always()",
             fmt::format("{}  run: for i in $(seq 240); do pgrep -x {} >/dev/null || exit 0; sleep 1; done",
                         indent, tool)});
}

// `run: terraform apply`: the script becomes a block.
bool open_into_block(TextLines& lines, std::size_t number) {
  const std::string line = lines.line(number);
  const std::size_t key = line.find("run:");
  if (key == std::string::npos) return false;
  std::string command = without_blanks(line.substr(key + 4));
  const bool is_quoted = command.size() > 1 && (command.front() == '"' || command.front() == '\'');
  if (command.starts_with(kExec)) command.erase(0, kExec.size());
  const std::string_view tool = tool_in(command);
  if (is_quoted || tool.empty() || !stands_by_itself(command) || command.find(" #") != std::string::npos)
    return false;
  const std::string indent(key + 2, ' ');
  lines.set(number, line.substr(0, key) + "run: |");
  put_below(lines, number, recipe(command, indent, true));
  add_waiting_step(lines, number, tool);
  return true;
}

}  // namespace

bool remove_unlock(TextLines& lines, pipeline::System system, const SourceLocation& where) {
  if (system == pipeline::System::jenkins) return remove_from_jenkins(lines, where.line);
  const LineRange unlock = command_at(lines, where.line);
  const auto script = script_around(lines, where.line);
  const auto item = item_around(lines, where.line);
  if (!item) return false;
  if (!script) {
    // An item of a list of commands: `- terraform force-unlock ...`.
    if (item->first != unlock.first) return false;
    const bool is_only = is_only_item(lines, *item);
    lines.erase(item->first, item->last);
    if (is_only) lines.erase(item->first - 1, item->first - 1);
    return true;
  }
  const bool is_one_command = !script->is_block || script->is_folded;
  if (is_one_command && has_several_commands(lines, *script)) return false;
  const bool is_all = is_one_command || does_nothing_else(lines, script->lines, unlock);
  const LineRange gone = is_all ? *item : unlock;
  lines.erase(gone.first, gone.last);
  return true;
}

bool hand_one_interrupt_on(TextLines& lines, const SourceLocation& where) {
  const auto script = script_around(lines, where.line);
  if (!script || script->is_folded) return false;
  if (!script->is_block) return open_into_block(lines, where.line);
  const LineRange range = command_at(lines, where.line);
  std::string command;
  for (std::size_t number = range.first; number <= range.last; ++number) {
    std::string part = without_blanks(lines.line(number));
    if (part.ends_with('\\')) part.pop_back();
    command += (command.empty() ? "" : " ") + without_blanks(part);
  }
  const bool execs = command.starts_with(kExec);
  const std::string_view tool = tool_in(execs ? std::string_view(command).substr(kExec.size()) : command);
  if (tool.empty() || !stands_by_itself(command)) return false;
  if (execs) {
    std::string line = lines.line(range.first);
    lines.set(range.first, line.erase(line.find(kExec), kExec.size()));
  }
  const std::string indent = lines.indent(range.first);
  const bool is_last = range.last == script->lines.last;
  // The command stays as it is written; only its end changes.
  lines.set(range.last,
            lines.line(range.last).substr(0, lines.line(range.last).find_last_not_of(" \t") + 1) + " & p=$!");
  std::vector<std::string> added = recipe("", indent, is_last);
  added.erase(added.begin());
  put_below(lines, range.last, added);
  add_waiting_step(lines, script->key, tool);
  return true;
}

bool switch_wrapper_off(TextLines& lines, std::size_t first, std::size_t last) {
  bool is_done = false;
  for (std::size_t number = last; number >= first && number > 0; --number) {
    const std::string line = lines.line(number);
    const bool is_tofu = line.find("opentofu/setup-opentofu") != std::string::npos;
    if (!is_tofu && line.find("hashicorp/setup-terraform") == std::string::npos) continue;
    const std::string off = is_tofu ? "tofu_wrapper: false" : "terraform_wrapper: false";
    const auto item = item_around(lines, number);
    const std::size_t key = line.find("uses:");
    if (!item || key == std::string::npos) continue;
    std::size_t with = 0;
    bool is_said = false;
    for (std::size_t at = item->first; at <= item->last; ++at) {
      const std::string text = without_blanks(lines.line(at));
      if (text.starts_with("with:")) with = at;
      if (text.find("_wrapper:") == std::string::npos) continue;
      const std::size_t value = lines.line(at).find("_wrapper:") + 9;
      const std::size_t is_on = lines.line(at).find("true", value);
      is_said = true;
      if (is_on == std::string::npos) continue;
      std::string changed = lines.line(at);
      lines.set(at, changed.replace(is_on, 4, "false"));
      is_done = true;
    }
    if (is_said) continue;
    is_done = true;
    const std::string text = with == 0 ? "" : without_blanks(lines.line(with));
    if (with == 0) {
      put_below(lines, item->last, {std::string(key, ' ') + "with:", std::string(key + 2, ' ') + off});
    } else if (const std::size_t brace = lines.line(with).find('{'); brace != std::string::npos) {
      const std::string& before = lines.line(with);
      lines.set(with, before.substr(0, brace + 1) + off + ", " + before.substr(brace + 1));
    } else if (std::string indent = lines.indent_below(with); !indent.empty()) {
      lines.insert_below(with, indent + off);
    }
  }
  return is_done;
}

}  // namespace lockstorm::scenarios
