#include <set>

#include "scenarios/pipeline/script_reader.hpp"
#include "scenarios/pipeline/script_words.hpp"
#include "scenarios/pipeline/shown_command.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr unsigned kDeepestInclusion = 5;

// The makefile of a directory, with those that it includes.
std::optional<Makefile> makefile_in(const LocalFiles& files, const std::string& directory,
                                    const std::string& named) {
  std::vector<std::string> names{"GNUmakefile", "makefile", "Makefile"};
  if (!named.empty()) names = {named};
  for (const std::string& name : names) {
    const std::string file = joined_path(directory, name);
    const auto text = files.read(file);
    if (!text) continue;
    Makefile made = read_makefile(*text);
    made.shown = files.shown(file);
    return made;
  }
  return std::nullopt;
}

void add_included(const LocalFiles& files, const std::string& directory, Makefile& made, unsigned depth) {
  if (depth > kDeepestInclusion) return;
  for (const std::string& name : made.included) {
    auto more = makefile_in(files, directory, name);
    if (!more) continue;
    add_included(files, directory, *more, depth + 1);
    made.variables.merge(more->variables);
    made.defaults.merge(more->defaults);
    // Lines of another file have no place in this one: they are told by the target's own.
    for (MakefileRule& rule : more->rules) {
      for (MakefileLine& line : rule.recipe) line.number = 1;
      made.rules.push_back(std::move(rule));
    }
  }
}

}  // namespace

void ScriptReader::make(const std::vector<std::string>& words, const std::map<std::string, Symbolic>& own,
                        Position position) {
  std::string directory = context_.directory;
  std::string named;
  std::map<std::string, Symbolic> variables = own;
  std::map<std::string, std::string> given;
  std::vector<std::string> targets;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const bool has_next = i + 1 < words.size();
    if (is_one_of(words[i], {"-C", "--directory"}) && has_next) {
      directory = directory_at(words[++i]);
    } else if (words[i].starts_with("--directory=")) {
      directory = directory_at(words[i].substr(12));
    } else if (is_one_of(words[i], {"-f", "--file", "--makefile"}) && has_next) {
      named = words[++i];
    } else if (is_assignment(words[i])) {
      given[words[i].substr(0, words[i].find('='))] = words[i].substr(words[i].find('=') + 1);
    } else if (!words[i].starts_with("-")) {
      targets.push_back(words[i]);
    }
  }
  std::optional<Makefile> makefile;
  if (base_name(words.front()).ends_with("make") && context_.files != nullptr)
    makefile = makefile_in(*context_.files, directory, named);
  if (makefile) {
    add_included(*context_.files, directory, *makefile, 0);
    for (const auto& [name, value] : makefile->defaults)
      if (!own.contains(name)) makefile->variables.emplace(name, value);
    for (const auto& [name, value] : given) makefile->variables[name] = value;
    makefile->variables["MAKE"] = "make";
    makefile->variables["CURDIR"] = "$$PWD";
    for (const auto& [name, value] : makefile->variables)
      variables[name] = {expand_make(value, makefile->variables)};
    if (targets.empty() && !makefile->rules.empty()) {
      for (const MakefileRule& rule : makefile->rules)
        if (!rule.targets.empty() && !rule.targets.front().starts_with(".")) {
          targets.push_back(rule.targets.front());
          break;
        }
    }
  }
  for (const std::string& target : targets) {
    if (makefile && depth_ < kDeepestCall && recipe(*makefile, target, directory, variables, position, 0))
      continue;
    if (sounds_like_tool(target))
      found_.unknown.push_back("what `" + shown_command(words) + "` runs is not in the repository's files");
  }
}

// The recipe of a target and of what it needs. Each of its lines has a shell of its own, and so its own
// directory.
bool ScriptReader::recipe(const Makefile& makefile, const std::string& target, const std::string& directory,
                          const std::map<std::string, Symbolic>& variables, Position position,
                          unsigned deep) {
  if (deep > kDeepestCall) return false;
  bool found = false;
  std::map<std::string, std::string> values = makefile.variables;
  std::vector<const MakefileRule*> rules;
  std::string stem;
  for (const MakefileRule& rule : makefile.rules) {
    if (!makes(rule, target, stem)) continue;
    found = true;
    for (const auto& [name, value] : rule.variables) values[name] = value;
    rules.push_back(&rule);
  }
  if (!found) return false;
  values["@"] = target;
  values["*"] = stem;
  for (const MakefileRule* rule : rules) {
    for (const std::string& need : rule->needs) {
      std::string name = expand_make(need, values);
      if (const std::size_t any = name.find('%'); any != std::string::npos) name.replace(any, 1, stem);
      if (name != target) recipe(makefile, name, directory, variables, position, deep + 1);
    }
  }
  ScriptContext context = context_;
  context.variables = variables;
  context.directory = directory;
  context.file.clear();
  if (forwards_ == std::nullopt) context.links.push_back(Link::shell);
  const auto read_one = [&](const MakefileLine& line) {
    ScriptContext here = context;
    const SourceLocation where{makefile.shown, static_cast<unsigned>(line.number), 2};
    here.place = [where](std::size_t /*line*/, std::string_view /*words*/) { return where; };
    ScriptReader(std::move(here), job_, found_, depth_ + 1).read(expand_make(line.text, values), position);
  };
  for (const MakefileRule* rule : rules) {
    if (!makefile.is_one_shell) {
      for (const MakefileLine& line : rule->recipe) read_one(line);
      continue;
    }
    MakefileLine whole;
    for (const MakefileLine& line : rule->recipe) {
      if (whole.number == 0) whole.number = line.number;
      whole.text += line.text + "\n";
    }
    read_one(whole);
  }
  return true;
}

}  // namespace lockstorm::scenarios::pipeline
