#include "scenarios/pipeline/gitlab_rules.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr unsigned kDeepestCondition = 50;

struct CannotReadRule {};

bool is_new_in_each_pipeline(const std::string& name) {
  for (const std::string_view fresh :
       {"CI_PIPELINE_ID", "CI_PIPELINE_IID", "CI_COMMIT_SHA", "CI_COMMIT_SHORT_SHA", "CI_JOB_ID",
        "CI_PIPELINE_CREATED_AT", "CI_JOB_STARTED_AT", "CI_COMMIT_TIMESTAMP"})
    if (name == fresh) return true;
  return false;
}

// A value: its text, or none (null), or nobody knows.
struct RuleValue {
  std::optional<std::string> text;
  bool is_known = true;
  bool is_pattern = false;
};

// `$A == "b" && ($C =~ /d/ || !$E)`: by recursive descent.
class RuleReader {
 public:
  RuleReader(std::string_view text, const GitlabVariables& variables) : text_(text), variables_(variables) {}

  Truth whole() {
    const Truth truth = any();
    skip_blanks();
    if (at_ != text_.size()) throw CannotReadRule{};
    return truth;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  bool take(std::string_view word) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  Truth any() {
    if (++depth_ > kDeepestCondition) throw CannotReadRule{};
    Truth truth = all();
    while (take("||")) truth = either(truth, all());
    --depth_;
    return truth;
  }
  Truth all() {
    Truth truth = comparison();
    while (take("&&")) truth = both(truth, comparison());
    return truth;
  }

  Truth comparison() {
    skip_blanks();
    if (take("(")) {
      const Truth truth = any();
      if (!take(")")) throw CannotReadRule{};
      return truth;
    }
    const RuleValue left = value();
    if (take("==")) return equal(left, value());
    if (take("!=")) return opposite(equal(left, value()));
    if (take("=~")) return matches(left, value());
    if (take("!~")) return opposite(matches(left, value()));
    if (!left.is_known) return Truth::maybe;
    return left.text && !left.text->empty() ? Truth::yes : Truth::no;
  }

  static Truth equal(const RuleValue& a, const RuleValue& b) {
    if (!a.is_known || !b.is_known) return Truth::maybe;
    return a.text == b.text ? Truth::yes : Truth::no;
  }

  // Patterns that name one text, whole or at its beginning, are looked at; others may match.
  static Truth matches(const RuleValue& a, const RuleValue& pattern) {
    if (!a.is_known || !pattern.is_known) return Truth::maybe;
    if (!a.text) return Truth::no;
    std::string body = pattern.text.value_or("");
    const bool from_begin = body.starts_with("^");
    const bool to_end = body.ends_with("$");
    if (from_begin) body.erase(0, 1);
    if (to_end && !body.empty()) body.pop_back();
    std::string plain;
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (body[i] == '\\' && i + 1 < body.size() &&
          std::isalnum(static_cast<unsigned char>(body[i + 1])) == 0) {
        plain += body[++i];
      } else if (std::isalnum(static_cast<unsigned char>(body[i])) != 0 || body[i] == '/' || body[i] == '-' ||
                 body[i] == '_') {
        plain += body[i];
      } else {
        return Truth::maybe;
      }
    }
    if (a.text->find('{') != std::string::npos) return from_begin && to_end ? Truth::no : Truth::maybe;
    const auto found = a.text->find(plain);
    if (from_begin && to_end) return *a.text == plain ? Truth::yes : Truth::no;
    if (from_begin) return a.text->starts_with(plain) ? Truth::yes : Truth::no;
    if (to_end) return a.text->ends_with(plain) ? Truth::yes : Truth::no;
    return found != std::string::npos ? Truth::yes : Truth::no;
  }

  RuleValue value() {
    skip_blanks();
    if (at_ >= text_.size()) throw CannotReadRule{};
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
      const auto end = text_.find(c, at_ + 1);
      if (end == std::string_view::npos) throw CannotReadRule{};
      RuleValue made{std::string(text_.substr(at_ + 1, end - at_ - 1))};
      at_ = end + 1;
      return made;
    }
    if (c == '/') {
      std::size_t end = at_ + 1;
      while (end < text_.size() && (text_[end] != '/' || text_[end - 1] == '\\')) ++end;
      RuleValue made{std::string(text_.substr(at_ + 1, end - at_ - 1)), true, true};
      at_ = std::min(end + 1, text_.size());
      while (at_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
      return made;
    }
    if (c == '$') return variable();
    if (take("null")) return {};
    throw CannotReadRule{};
  }

  RuleValue variable() {
    ++at_;
    const bool braced = at_ < text_.size() && text_[at_] == '{';
    if (braced) ++at_;
    std::string name;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_'))
      name += text_[at_++];
    if (braced && at_ < text_.size() && text_[at_] == '}') ++at_;
    const auto found = variables_.find(name);
    if (found != variables_.end()) return {found->second.text, found->second.is_known};
    // What is set for other kinds of pipeline only is not set here; others may come from the project.
    if (name.starts_with("CI_MERGE_REQUEST") || name == "CI_COMMIT_BRANCH" || name == "CI_COMMIT_TAG")
      return {};
    return {std::nullopt, false};
  }

  std::string_view text_;
  const GitlabVariables& variables_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
};

GitlabEvent event_of(std::string when, const std::string& source, const std::string& branch,
                     const std::string& tag = {}, const std::string& merge_request = {}) {
  GitlabEvent event;
  event.when = std::move(when);
  event.event = source;
  event.is_merge_request = !merge_request.empty();
  event.is_tag = !tag.empty();
  GitlabVariables& set = event.variables;
  set["CI_PIPELINE_SOURCE"] = {source};
  set["CI_DEFAULT_BRANCH"] = {"main"};
  const std::string ref = !branch.empty() ? branch : !tag.empty() ? tag : "{branch-of-" + merge_request + "}";
  set["CI_COMMIT_REF_NAME"] = set["CI_COMMIT_REF_SLUG"] = {ref};
  if (!branch.empty()) set["CI_COMMIT_BRANCH"] = {branch};
  if (!tag.empty()) set["CI_COMMIT_TAG"] = {tag};
  if (event.is_merge_request) {
    for (const char* name : {"CI_MERGE_REQUEST_IID", "CI_MERGE_REQUEST_ID"}) set[name] = {merge_request};
    set["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"] = {ref};
    set["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"] = {"main"};
  }
  set["CI_COMMIT_REF_PROTECTED"] = {branch == "main" ? "true" : "false"};
  return event;
}

bool names_event(const std::string& word, const GitlabEvent& event) {
  if (word == "branches") return !event.is_merge_request && !event.is_tag;
  if (word == "tags") return event.is_tag;
  if (word == "merge_requests") return event.is_merge_request;
  if (word == "schedules") return event.event == "schedule";
  if (word == "pushes") return event.event == "push";
  if (word == "web") return event.event == "web";
  if (word == "external" || word == "pipelines" || word == "triggers" || word == "api" || word == "chat")
    return false;
  if (event.is_merge_request) return false;
  const auto ref = event.variables.find("CI_COMMIT_REF_NAME");
  if (word.starts_with("/"))
    return gitlab_condition("$CI_COMMIT_REF_NAME =~ " + word, event.variables) != Truth::no;
  return word == ref->second.text || word == "$CI_DEFAULT_BRANCH"
             ? ref->second.text == (word == "$CI_DEFAULT_BRANCH" ? "main" : word)
             : word.find('$') != std::string::npos;
}

std::vector<const Node*> refs_of(const Node& only) {
  return only.is_map() ? only["refs"].scalars() : only.scalars();
}

}  // namespace

std::vector<GitlabEvent> gitlab_events() {
  return {event_of("push to main", "push", "main"),
          event_of("push to another branch", "push", "{branch}"),
          event_of("merge request", "merge_request_event", "", "", "{N}"),
          event_of("another merge request", "merge_request_event", "", "", "{M}"),
          event_of("push of a tag", "push", "", "{tag}"),
          event_of("schedule", "schedule", "main"),
          event_of("by hand on main", "web", "main")};
}

Symbolic expand_gitlab(const std::string& text, const GitlabVariables& variables) {
  Symbolic whole;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 >= text.size()) {
      whole.text += text[i];
      continue;
    }
    const bool braced = text[i + 1] == '{';
    std::size_t end = i + (braced ? 2U : 1U);
    const std::size_t begin = end;
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_'))
      ++end;
    const std::string name = text.substr(begin, end - begin);
    if (name.empty()) {
      whole.text += '$';
      continue;
    }
    const auto found = variables.find(name);
    if (is_new_in_each_pipeline(name)) {
      whole += Symbolic{placeholder(name), true, true};
    } else if (found != variables.end()) {
      whole += found->second;
    } else {
      const bool constant =
          name.starts_with("CI_PROJECT") || name.starts_with("CI_API") || name == "CI_JOB_TOKEN";
      whole += Symbolic{placeholder(name), constant, false};
    }
    i = braced && end < text.size() && text[end] == '}' ? end : end - 1;
  }
  return whole;
}

Truth gitlab_condition(std::string_view condition, const GitlabVariables& variables) {
  try {
    return RuleReader(condition, variables).whole();
  } catch (const CannotReadRule&) {
    return Truth::maybe;
  }
}

GitlabStart gitlab_start(const Node& job, const GitlabEvent& event, const GitlabVariables& variables) {
  const std::string& when = job["when"].scalar();
  GitlabStart start;
  const auto with = [&](Truth runs, const std::string& how) {
    start.runs = how == "never" ? Truth::no : runs;
    start.by_hand = how == "manual";
    start.after_failure = how == "on_failure" || how == "always";
  };
  if (job["rules"]) {
    for (const Node& rule : job["rules"].items) {
      Truth truth = Truth::yes;
      if (rule["if"].is_scalar()) truth = gitlab_condition(rule["if"].text, variables);
      if (rule["changes"] || rule["exists"]) truth = both(truth, Truth::maybe);
      if (truth == Truth::no) continue;
      const std::string& how = rule["when"].is_scalar() ? rule["when"].text : when;
      if (how == "never" && truth == Truth::maybe) continue;
      with(truth, how);
      return start;
    }
    return start;
  }
  const auto only = refs_of(job["only"]);
  const auto except = refs_of(job["except"]);
  bool runs = !event.is_merge_request;
  if (!only.empty())
    runs = std::ranges::any_of(only, [&](const Node* word) { return names_event(word->text, event); });
  if (std::ranges::any_of(except, [&](const Node* word) { return names_event(word->text, event); }))
    runs = false;
  with(runs ? Truth::yes : Truth::no, when);
  return start;
}

}  // namespace lockstorm::scenarios::pipeline
