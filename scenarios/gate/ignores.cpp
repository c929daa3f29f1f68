#include "scenarios/gate/ignores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "scenarios/config/config_files.hpp"
#include "scenarios/config/syntax/hcl_syntax.hpp"
#include "scenarios/data/date.hpp"
#include "scenarios/data/input_file.hpp"

namespace lockstorm::scenarios {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = "lockstorm:";
constexpr std::string_view kVerb = "ignore";
constexpr std::string_view kUntil = "until=";
constexpr std::string_view kFormOfIgnore = "lockstorm:ignore RULE [until=YYYY-MM-DD] REASON";
constexpr std::string_view kSpaceInComments = " \t\r\n";

std::string_view without_space_around(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpaceInComments);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaceInComments) - begin + 1);
}

std::string_view without_marks(std::string_view comment) {
  if (comment.starts_with("/*")) {
    comment.remove_prefix(2);
    if (comment.ends_with("*/")) comment.remove_suffix(2);
  } else {
    comment.remove_prefix(std::min(comment.find_first_not_of("#/"), comment.size()));
  }
  return without_space_around(comment);
}

// The next word, which is taken off the text.
std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find_first_of(kSpaceInComments));
  text = without_space_around(text.substr(word.size()));
  return word;
}

bool is_native(const std::string& file) { return !is_json_syntax(fs::path(file).filename().string()); }

// A configuration from standard input is no file, and has no directory.
bool is_from_standard_input(const AuditedState& state) {
  return std::ranges::find(state.configuration.files, kStandardInput) != state.configuration.files.end();
}

// A state's files, each once. Those of the configuration are known to be readable.
std::set<std::string> files_of(const AuditedState& state) {
  std::set<std::string> files;
  for (const std::string& file : state.configuration.files) {
    if (file != kStandardInput && is_native(file)) files.insert(fs::path(file).lexically_normal().string());
  }
  if (is_from_standard_input(state)) return files;
  std::error_code error;
  for (fs::directory_iterator entry(state.directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code unknown_kind;
    if (!name.starts_with('.') && name.ends_with(".hcl") && entry->is_regular_file(unknown_kind))
      files.insert(entry->path().lexically_normal().string());
  }
  return files;
}

void read_comments(const SourceText& source, const std::vector<std::string_view>& comments,
                   std::vector<Acceptance>& found, std::vector<InputError>& complaints) {
  for (const std::string_view comment : comments) {
    auto one = acceptance_in_comment(comment, source.location(comment));
    if (!one) {
      complaints.push_back(one.error());
    } else if (*one) {
      found.push_back(**std::move(one));
    }
  }
}

std::expected<std::vector<Acceptance>, std::vector<InputError>> ignores_in(const SourceText& source) {
  std::vector<Acceptance> found;
  std::vector<InputError> complaints;
  if (source.text().find(kMark) == std::string_view::npos) return found;
  const auto comments = hcl::comments(source);
  if (!comments) return std::unexpected(std::vector{comments.error()});
  read_comments(source, *comments, found, complaints);
  if (!complaints.empty()) return std::unexpected(std::move(complaints));
  return found;
}

std::expected<std::vector<Acceptance>, std::vector<InputError>> ignores_in_file(const std::string& file) {
  const auto source = read_source(file);
  if (!source) return std::unexpected(std::vector{source.error()});
  return ignores_in(*source);
}

// What stands behind `#` or `//` up to the end of its line and is meant for Lockstorm. No syntax is read for
// it: files of CI systems have many, and scripts inside them have others.
std::vector<std::string_view> line_comments(std::string_view text) {
  std::vector<std::string_view> comments;
  for (std::size_t mark = text.find(kMark); mark != std::string_view::npos;
       mark = text.find(kMark, mark + 1)) {
    const std::size_t before = mark == 0 ? std::string_view::npos : text.find_last_not_of(" \t", mark - 1);
    if (before == std::string_view::npos || (text[before] != '#' && text[before] != '/')) continue;
    const bool is_hash = text[before] == '#';
    if (!is_hash && (before == 0 || text[before - 1] != '/')) continue;
    const std::size_t begin = is_hash ? before : before - 1;
    comments.push_back(text.substr(begin, text.find_first_of("\r\n", mark) - begin));
  }
  return comments;
}

// JSON has no comments.
bool is_json(std::string_view text) { return without_space_around(text).starts_with('{'); }

}  // namespace

std::expected<std::optional<Acceptance>, InputError> acceptance_in_comment(std::string_view comment,
                                                                           const SourceLocation& where) {
  std::string_view text = without_marks(comment);
  if (!text.starts_with(kMark)) return std::nullopt;
  const auto wrong = [&](std::string problem, std::string hint = {}) {
    return std::unexpected(
        InputError{where, std::move(problem), std::string(kFormOfIgnore), std::move(hint)});
  };
  text.remove_prefix(kMark.size());
  if (const std::string_view verb = take_word(text); verb != kVerb)
    return wrong(fmt::format("'{}{}' is no comment that lockstorm knows", kMark, verb));
  const std::string_view given = take_word(text);
  if (given.empty()) return wrong("the comment names no rule");
  auto rule = RulePattern::parse(given);
  if (!rule) return wrong(fmt::format("unknown rule '{}'", given), rule.error());
  Acceptance acceptance{*std::move(rule), "", std::nullopt, {}, where};
  if (text.starts_with(kUntil)) {
    const std::string_view day = take_word(text).substr(kUntil.size());
    const auto date = parse_date(day);
    if (!date) return wrong(fmt::format("until is '{}'", day), date.error());
    acceptance.expires = *date;
  }
  if (text.empty()) return wrong("the comment has no reason", "say why it can stay as it is");
  acceptance.reason = std::string(text);
  return acceptance;
}

std::expected<std::vector<Acceptance>, std::vector<InputError>> ignores_of(
    const AuditedState& state, const std::optional<std::string>& standard_input) {
  std::vector<Acceptance> found;
  std::vector<InputError> complaints;
  const auto add = [&](std::expected<std::vector<Acceptance>, std::vector<InputError>> here) {
    if (here) {
      std::ranges::move(*here, std::back_inserter(found));
    } else {
      std::ranges::move(here.error(), std::back_inserter(complaints));
    }
  };
  if (standard_input && is_from_standard_input(state) && !is_json(*standard_input))
    add(ignores_in(SourceText(std::string(kStandardInput), *standard_input)));
  for (const std::string& file : files_of(state)) add(ignores_in_file(file));
  if (!complaints.empty()) return std::unexpected(std::move(complaints));
  return found;
}

std::expected<std::vector<Acceptance>, std::vector<InputError>> ignores_in_ci_files(
    std::span<const std::string> files) {
  std::vector<Acceptance> found;
  std::vector<InputError> complaints;
  for (const std::string& file : files) {
    const auto source = read_source(file);
    if (!source) continue;  // its reader has complained
    read_comments(*source, line_comments(source->text()), found, complaints);
  }
  if (!complaints.empty()) return std::unexpected(std::move(complaints));
  return found;
}

}  // namespace lockstorm::scenarios
