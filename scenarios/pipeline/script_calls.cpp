#include "scenarios/pipeline/script_reader.hpp"

#include <algorithm>

#include "scenarios/pipeline/script_words.hpp"
#include "scenarios/pipeline/shown_command.hpp"

namespace lockstorm::scenarios::pipeline {

void ScriptReader::make(const std::vector<std::string>& words, const std::map<std::string, Symbolic>& own,
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

bool ScriptReader::sounds_like_tool(const std::string& word) {
  const std::string low = lower(word);
  for (const std::string_view part : {"apply", "deploy", "plan", "destroy", "terraform", "infra", "tf"})
    if (low.find(part) != std::string::npos) return true;
  return false;
}

// The recipe of a target and of what it needs; `$(NAME)` is written as the shell has it.
bool ScriptReader::recipe(const std::string& makefile, const std::string& file, const std::string& target,
                          const std::string& directory, std::map<std::string, Symbolic> variables,
                          Position position, unsigned deep) {
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

void ScriptReader::other_script(const std::vector<std::string>& words,
                                const std::map<std::string, Symbolic>& own, Position position) {
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

void ScriptReader::command_text(const std::string& text, const std::map<std::string, Symbolic>& own,
                                Position position) {
  if (depth_ >= kDeepestCall) return;
  ScriptContext context = context_;
  context.variables = own;
  const SourceLocation where = place("");
  context.place = [where](std::size_t /*line*/, std::string_view /*words*/) { return where; };
  ScriptReader(std::move(context), job_, found_, depth_ + 1).read(text, position);
}

}  // namespace lockstorm::scenarios::pipeline
