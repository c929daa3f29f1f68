// Where the shell is: cd, pushd and subshells, and paths that a script finds out about itself.
#include <filesystem>

#include "scenarios/pipeline/script_reader.hpp"
#include "scenarios/pipeline/script_words.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// What absolute paths begin with that a script has found out: `pwd`, `dirname "$0"`.
constexpr std::string_view kRepository = "{repository}";

// The repository as the CI systems name it.
constexpr std::string_view kRepositoryNames[] = {kRepository,
                                                 "$CI_PROJECT_DIR",
                                                 "{CI_PROJECT_DIR}",
                                                 "$GITHUB_WORKSPACE",
                                                 "{github.workspace}",
                                                 "$WORKSPACE",
                                                 "{WORKSPACE}",
                                                 "{env.WORKSPACE}",
                                                 "$BUILD_SOURCESDIRECTORY",
                                                 "{Build.SourcesDirectory}",
                                                 "$SYSTEM_DEFAULTWORKINGDIRECTORY",
                                                 "{System.DefaultWorkingDirectory}",
                                                 "{Build.Repository.LocalPath}",
                                                 "$PIPELINE_WORKSPACE/s",
                                                 "{Pipeline.Workspace}/s"};

bool names_the_script(std::string_view word) {
  return is_one_of(word, {"$0", "${0}", "$BASH_SOURCE", "${BASH_SOURCE}", "${BASH_SOURCE[0]}"});
}

std::string from_root(const std::string& directory) {
  return std::string(kRepository) + (directory == "." ? "" : "/" + directory);
}

}  // namespace

// What follows the repository's own name; nothing: it does not begin with it.
std::optional<std::string> below_repository(std::string_view path) {
  for (const std::string_view root : kRepositoryNames) {
    if (!path.starts_with(root)) continue;
    std::string_view rest = path.substr(root.size());
    if (!rest.empty() && rest.front() != '/') continue;
    while (rest.starts_with('/')) rest.remove_prefix(1);
    return rest.empty() ? "." : std::string(rest);
  }
  return std::nullopt;
}

std::string ScriptReader::directory_at(const std::string& path) const {
  if (const auto below = below_repository(path)) return joined_path(".", *below);
  if (path == "$PWD" || path.starts_with("$PWD/"))
    return joined_path(context_.directory, "." + path.substr(4));
  return joined_path(context_.directory, path);
}

// What `$(...)` prints, if it is a path: `pwd`, `dirname "$0"`, `cd DIR && pwd`, the top of the repository.
std::optional<std::string> ScriptReader::path_from(const std::string& inside) const {
  ScriptReader other(context_, job_, found_, depth_ + 1);
  if (depth_ >= kDeepestCall) return std::nullopt;
  bool has_moved = false;
  for (const ShellCommand& command : shell_commands(inside)) {
    if (command.words.empty()) return std::nullopt;
    const std::string& name = command.words.front().text;
    const ShellWord& last = command.words.back();
    if (name == "cd") {
      if (!other.change_directory(other.expanded_words(command))) return std::nullopt;
      has_moved = true;
    } else if (name == "pwd") {
      return from_root(other.context_.directory);
    } else if (has_moved) {
      return std::nullopt;
    } else if (name == "dirname" && names_the_script(last.text)) {
      if (context_.file.empty()) return std::nullopt;
      return from_root(joined_path(context_.file, ".."));
    } else if (name == "dirname" || name == "realpath" || name == "readlink") {
      std::string path = names_the_script(last.text) && !context_.file.empty()
                             ? from_root(context_.file)
                             : other.expanded_words(command).back();
      if (path.find("$") != std::string::npos) return std::nullopt;
      return name == "dirname" ? from_root(joined_path(other.directory_at(path), ".."))
                               : from_root(other.directory_at(path));
    } else if (name == "git" && inside.find("--show-toplevel") != std::string::npos) {
      return std::string(kRepository);
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

bool ScriptReader::change_directory(const std::vector<std::string>& words) {
  const std::string& name = words.front();
  if (name != "cd" && name != "pushd" && name != "popd") return false;
  std::string wanted = ".";
  for (std::size_t i = 1; i < words.size(); ++i)
    if (words[i] == "-" || !words[i].starts_with("-")) wanted = words[i];
  const std::string before = context_.directory;
  if (name == "popd") {
    if (pushed_.empty()) return true;
    context_.directory = pushed_.back();
    pushed_.pop_back();
  } else if (wanted == "-") {
    context_.directory = last_directory_;
  } else {
    if (name == "pushd") pushed_.push_back(before);
    context_.directory = directory_at(wanted);
  }
  last_directory_ = before;
  return true;
}

// What a subshell does to the directory and to variables ends with it.
void ScriptReader::enter_subshells(const ShellCommand& command) {
  constexpr std::size_t kDeepest = 32;
  for (unsigned i = 0; i < command.opens && outside_.size() < kDeepest; ++i) outside_.push_back(context_);
}

void ScriptReader::leave_subshells(const ShellCommand& command) {
  for (unsigned i = 0; i < command.closes && !outside_.empty(); ++i) {
    context_ = std::move(outside_.back());
    outside_.pop_back();
  }
}

}  // namespace lockstorm::scenarios::pipeline
