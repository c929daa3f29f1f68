#include "scenarios/pipeline/makefile.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "scenarios/data/split.hpp"
#include "scenarios/pipeline/symbolic.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr unsigned kDeepestExpansion = 8;
constexpr std::size_t kLongestExpansion = 20'000;

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ' '))
    if (!trimmed(word).empty()) words.emplace_back(trimmed(word));
  return words;
}

struct MakeAssignment {
  std::string name;
  std::string value;
  bool is_default = false;
  bool is_added = false;
};

// `NAME := value`, with `?=`, `+=`, `::=` and `=`.
std::optional<MakeAssignment> assignment_in(std::string_view line) {
  for (const std::string_view before : {"export ", "override "})
    if (trimmed(line).starts_with(before)) line = trimmed(line).substr(before.size());
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  std::string_view name = line.substr(0, equals);
  MakeAssignment made;
  made.is_default = name.ends_with('?');
  made.is_added = name.ends_with('+');
  while (name.ends_with('?') || name.ends_with('+') || name.ends_with(':') || name.ends_with('!'))
    name.remove_suffix(1);
  name = trimmed(name);
  if (name.empty() || name.find_first_of(" \t:$#") != std::string_view::npos) return std::nullopt;
  std::string_view value = line.substr(equals + 1);
  value = trimmed(value.substr(0, value.find(" #")));
  made.name = std::string(name);
  made.value = std::string(value);
  return made;
}

// Not inside of `$(...)`.
std::size_t colon_of_rule(std::string_view line) {
  unsigned depth = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '(' || line[i] == '{') ++depth;
    if ((line[i] == ')' || line[i] == '}') && depth > 0) --depth;
    if (line[i] == ':' && depth == 0) return i;
  }
  return std::string_view::npos;
}

class MakefileReader {
 public:
  explicit MakefileReader(std::string_view text) : text_(text) {}

  Makefile read() {
    while (begin_ < text_.size()) {
      number_ = next_;
      const std::string line = next_line();
      if (line.starts_with('\t')) {
        recipe_line(line.substr(1));
      } else if (const std::string_view said = trimmed(line); !said.empty() && !said.starts_with('#')) {
        plain_line(said);
      }
    }
    return std::move(made_);
  }

 private:
  // A line with those that continue it.
  std::string next_line() {
    std::string whole;
    while (begin_ < text_.size()) {
      const std::size_t end = std::min(text_.find('\n', begin_), text_.size());
      std::string_view line = text_.substr(begin_, end - begin_);
      begin_ = end + 1;
      ++next_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      const bool goes_on = line.ends_with('\\');
      if (goes_on) line.remove_suffix(1);
      whole += whole.empty() ? std::string(line) : " " + std::string(trimmed(line));
      if (!goes_on) break;
    }
    return whole;
  }

  void recipe_line(std::string text) {
    if (made_.rules.empty() || !in_rule_) return;
    const std::size_t first = text.find_first_not_of("@-+ \t");
    if (first == std::string::npos) return;
    made_.rules.back().recipe.push_back({number_, text.substr(first)});
  }

  void plain_line(std::string_view line) {
    for (const std::string_view word :
         {"ifeq", "ifneq", "ifdef", "ifndef", "else", "endif", "define", "endef", "vpath"})
      if (line.substr(0, line.find_first_of(" (")) == word) return;
    for (const std::string_view word : {"include ", "-include ", "sinclude "})
      if (line.starts_with(word)) {
        for (std::string& file : words_in(line.substr(word.size())))
          made_.included.push_back(std::move(file));
        return;
      }
    if (const auto set = assignment_in(line)) return assign(*set);
    const std::size_t colon = colon_of_rule(line);
    if (colon == std::string_view::npos) return;
    rule(line.substr(0, colon), line.substr(colon + 1));
  }

  void assign(const MakeAssignment& set) {
    in_rule_ = false;
    if (set.is_default) {
      made_.defaults.emplace(set.name, set.value);
    } else if (set.is_added) {
      std::string& value = made_.variables[set.name];
      value += (value.empty() ? "" : " ") + set.value;
    } else {
      made_.variables[set.name] = set.value;
    }
  }

  void rule(std::string_view targets, std::string_view behind) {
    MakefileRule made;
    made.targets = words_in(targets);
    if (std::ranges::find(made.targets, ".ONESHELL") != made.targets.end()) made_.is_one_shell = true;
    while (behind.starts_with(':')) behind.remove_prefix(1);
    if (const auto set = assignment_in(behind)) {
      made.variables[set->name] = set->value;
    } else {
      const std::size_t inline_recipe = behind.find(';');
      made.needs = words_in(behind.substr(0, std::min(behind.find('#'), inline_recipe)));
      if (inline_recipe != std::string_view::npos)
        made.recipe.push_back({number_, std::string(trimmed(behind.substr(inline_recipe + 1)))});
    }
    made_.rules.push_back(std::move(made));
    in_rule_ = true;
  }

  std::string_view text_;
  std::size_t begin_ = 0;
  std::size_t number_ = 1;  // of the line that is read
  std::size_t next_ = 1;
  bool in_rule_ = false;
  Makefile made_;
};

// The parenthesis or brace that closes the one at `open`.
std::size_t closing(std::string_view text, std::size_t open) {
  const char opens = text[open];
  const char closes = opens == '(' ? ')' : '}';
  unsigned depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == opens) ++depth;
    if (text[i] == closes && --depth == 0) return i;
  }
  return std::string_view::npos;
}

std::string value_of(std::string_view name, const std::map<std::string, std::string>& values,
                     unsigned depth) {
  if (const auto known = values.find(std::string(name)); known != values.end())
    return expand_make(known->second, values, depth + 1);
  if (name.starts_with("shell ")) return "$(" + expand_make(name.substr(6), values, depth + 1) + ")";
  const bool is_name = name.find_first_of(" ,$:(") == std::string_view::npos;
  return is_name ? "${" + std::string(name) + "}" : placeholder(name);
}

}  // namespace

Makefile read_makefile(std::string_view text) { return MakefileReader(text).read(); }

bool makes(const MakefileRule& rule, const std::string& wanted, std::string& stem) {
  for (const std::string& target : rule.targets) {
    if (target == wanted) return true;
    const std::size_t any = target.find('%');
    if (any == std::string::npos || wanted.size() + 1 <= target.size()) continue;
    const std::string_view begin = std::string_view(target).substr(0, any);
    const std::string_view end = std::string_view(target).substr(any + 1);
    if (!wanted.starts_with(begin) || !wanted.ends_with(end)) continue;
    stem = wanted.substr(any, wanted.size() - begin.size() - end.size());
    return true;
  }
  return false;
}

std::string expand_make(std::string_view text, const std::map<std::string, std::string>& values,
                        unsigned depth) {
  std::string made;
  for (std::size_t i = 0; i < text.size() && made.size() < kLongestExpansion; ++i) {
    if (text[i] != '$' || i + 1 == text.size() || depth > kDeepestExpansion) {
      made += text[i];
      continue;
    }
    const char next = text[++i];
    if (next == '$') {
      made += '$';
    } else if (next == '(' || next == '{') {
      const std::size_t end = closing(text, i);
      if (end == std::string_view::npos) return made;
      made += value_of(text.substr(i + 1, end - i - 1), values, depth);
      i = end;
    } else {
      made += value_of(text.substr(i, 1), values, depth);
    }
  }
  return made;
}

}  // namespace lockstorm::scenarios::pipeline
