// Variables of a script: what a word comes to with them, and what fills them.
#include <algorithm>
#include <cctype>

#include "scenarios/data/split.hpp"
#include "scenarios/pipeline/script_reader.hpp"
#include "scenarios/pipeline/script_words.hpp"

namespace lockstorm::scenarios::pipeline {

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
    if (end == begin && end < from.size() && (from[end] == '@' || from[end] == '*')) ++end;
    std::string name = from.substr(begin, end - begin);
    if (name == "*") name = "@";
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

// Unquoted text of several words is several words, as in `TF="terraform -chdir=a"; $TF apply`; `$(...)` is
// what it prints, where that is a path.
std::vector<std::string> ScriptReader::expanded_words(const ShellCommand& command) const {
  constexpr std::string_view kSubstitution = "$(...)";
  std::vector<std::string> words;
  std::size_t inside = 0;
  for (const ShellWord& word : command.words) {
    std::string text = expanded(word);
    for (std::size_t at = word.is_literal ? std::string::npos : text.find(kSubstitution);
         at != std::string::npos; at = text.find(kSubstitution, at + 1)) {
      if (inside >= command.inside.size()) break;
      if (const auto path = path_from(command.inside[inside++]))
        text.replace(at, kSubstitution.size(), *path);
    }
    const bool is_list = word.text.find("@") != std::string::npos || word.text == "$*";
    const bool splits = !word.is_literal && (!word.has_quotes || is_list) &&
                        word.text.find('$') != std::string::npos && !is_assignment(word.text);
    if (!splits) {
      words.push_back(std::move(text));
      continue;
    }
    for (const std::string_view part : split(text, ' '))
      if (!part.empty()) words.emplace_back(part);
  }
  return words;
}

// `echo NAME=value >> $GITHUB_ENV`: a variable of the steps that follow.
void ScriptReader::note_exported(const ShellCommand& command, const std::vector<std::string>& words) {
  if (command.output.find("GITHUB_ENV") == std::string::npos) return;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (!is_assignment(words[i])) continue;
    const auto equals = words[i].find('=');
    std::string value = words[i].substr(equals + 1);
    const bool is_known = value.find('$') == std::string::npos && value.find('{') == std::string::npos;
    job_.exported[words[i].substr(0, equals)] = {std::move(value), is_known, false};
  }
}

// `$1`, `$2`, ... and `$@` of a script or a function.
void ScriptReader::set_arguments(std::map<std::string, Symbolic>& variables,
                                 std::vector<std::string> arguments) {
  constexpr std::size_t kMost = 9;
  for (std::size_t i = 0; i < kMost; ++i) {
    const std::string name = std::to_string(i + 1);
    if (i < arguments.size())
      variables[name] = {arguments[i], arguments[i].find('$') == std::string::npos};
    else
      variables.erase(name);
  }
  variables["@"] = {join(arguments)};
}

void ScriptReader::shift() {
  std::vector<std::string> left;
  const auto all = context_.variables.find("@");
  if (all == context_.variables.end()) return;
  for (const std::string_view word : split(all->second.text, ' ')) left.emplace_back(word);
  if (!left.empty()) left.erase(left.begin());
  set_arguments(context_.variables, std::move(left));
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

void ScriptReader::assign(const ShellCommand& command, const std::string& word) {
  const auto equals = word.find('=');
  Symbolic value{word.substr(equals + 1), word.find('$', equals) == std::string::npos, false};
  if (word.find("$(...)", equals) != std::string::npos) value = {from_command(command), false, false};
  context_.variables[word.substr(0, equals)] = std::move(value);
}

}  // namespace lockstorm::scenarios::pipeline
