#include <algorithm>

#include "scenarios/pipeline/script_reader.hpp"
#include "scenarios/pipeline/script_words.hpp"
#include "scenarios/pipeline/shown_command.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// A file of the repository as a document; nothing: it is not there, or is none.
std::optional<Documents> document_in(const LocalFiles* files, const std::string& path) {
  if (files == nullptr) return std::nullopt;
  auto text = files->read(path);
  if (!text) return std::nullopt;
  auto read = read_documents(*std::move(text), files->shown(path));
  if (!read || read->roots.empty()) return std::nullopt;
  return *std::move(read);
}

}  // namespace

// A command that stands in a file of its own; what it does to the directory is its own affair.
void ScriptReader::run_node(const Node& text, const std::string& directory,
                            const std::map<std::string, Symbolic>& own, Position position) {
  ScriptContext context = context_;
  context.variables = own;
  context.directory = directory;
  context.links.push_back(Link::shell);
  const SourceLocation where = text.where;
  context.place = [where](std::size_t line, std::string_view /*words*/) {
    return SourceLocation{where.file, where.line + static_cast<unsigned>(line), where.column};
  };
  ScriptReader(std::move(context), job_, found_, depth_ + 1).read(text.text, position);
}

// `npm run NAME`, `yarn NAME`: the script of that name in package.json.
void ScriptReader::node_script(const std::vector<std::string>& words,
                               const std::map<std::string, Symbolic>& own, Position position) {
  if (depth_ >= kDeepestCall) return;
  std::string directory = context_.directory;
  std::vector<std::string> rest;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (is_one_of(words[i], {"--prefix", "--cwd", "-C", "--dir"}) && i + 1 < words.size()) {
      directory = joined_path(directory, words[++i]);
    } else if (!words[i].starts_with("-")) {
      rest.push_back(words[i]);
    }
  }
  if (!rest.empty() && is_one_of(rest.front(), {"run", "run-script"})) rest.erase(rest.begin());
  if (rest.empty()) return;
  const auto package = document_in(context_.files, joined_path(directory, "package.json"));
  if (package) {
    const Node& script = package->roots.front()["scripts"][rest.front()];
    if (script.is_scalar()) return run_node(script, directory, own, position);
  }
  if (sounds_like_tool(rest.front()))
    found_.unknown.push_back("what `" + shown_command(words) + "` runs is not in the repository's files");
}

// `task NAME`: the task of that name in a Taskfile.
bool ScriptReader::task(const std::vector<std::string>& words, const std::map<std::string, Symbolic>& own,
                        Position position) {
  if (depth_ >= kDeepestCall || words.size() < 2) return false;
  for (const char* name : {"Taskfile.yml", "Taskfile.yaml", "taskfile.yml"}) {
    const auto file = document_in(context_.files, joined_path(context_.directory, name));
    if (!file) continue;
    const Node& root = file->roots.front();
    const auto name_of_task = std::ranges::find_if(
        words.begin() + 1, words.end(), [&](const std::string& word) { return root["tasks"].has(word); });
    if (name_of_task == words.end()) return false;
    const Node& wanted = root["tasks"][*name_of_task];
    std::string directory = context_.directory;
    if (wanted["dir"].is_scalar()) directory = joined_path(directory, wanted["dir"].text);
    const Node& commands = wanted.is_list() ? wanted : wanted["cmds"];
    if (wanted["cmd"].is_scalar()) run_node(wanted["cmd"], directory, own, position);
    for (const Node& command : commands.items) {
      const Node& text = command.is_map() ? command["cmd"] : command;
      if (text.is_scalar()) run_node(text, directory, own, position);
      if (!command["task"].is_scalar()) continue;
      ++depth_;
      task({"task", command["task"].text}, own, position);
      --depth_;
    }
    return true;
  }
  return false;
}

}  // namespace lockstorm::scenarios::pipeline
