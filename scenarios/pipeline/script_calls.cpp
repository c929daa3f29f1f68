#include "scenarios/pipeline/script_reader.hpp"

#include <algorithm>

#include "scenarios/pipeline/script_words.hpp"
#include "scenarios/pipeline/shown_command.hpp"

namespace lockstorm::scenarios::pipeline {

bool ScriptReader::sounds_like_tool(const std::string& word) {
  const std::string low = lower(word);
  for (const std::string_view part : {"apply", "deploy", "plan", "destroy", "terraform", "infra", "tf"})
    if (low.find(part) != std::string::npos) return true;
  return false;
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
  std::string file = directory_at(path);
  auto text = context_.files->read(file);
  if (!text && (text = context_.files->read(path))) file = path;
  if (!text) {
    if (sounds_like_tool(path)) found_.unknown.push_back("`" + path + "` is not in the repository's files");
    return;
  }
  ScriptContext context = context_;
  context.variables = own;
  context.file = file;
  set_arguments(context.variables, {words.begin() + static_cast<std::ptrdiff_t>(next), words.end()});
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
