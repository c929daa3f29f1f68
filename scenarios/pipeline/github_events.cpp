#include "scenarios/pipeline/github_events.hpp"

#include <algorithm>
#include <array>

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr std::size_t kMostEvents = 48;

const Node& of_event(const Node& on, std::string_view name) { return on[name]; }

bool is_mentioned(const std::string& text, const std::string& name) {
  return text.find(name) != std::string::npos;
}

// Each input's values: the options of a choice, or two that nobody knows.
std::vector<ExpressionValue> values_of_input(const std::string& name, const Node& input) {
  std::vector<ExpressionValue> values;
  const std::string& type = input["type"].scalar();
  if (type == "choice") {
    for (const Node* option : input["options"].scalars()) values.push_back(string_value(option->text));
  } else if (type == "boolean") {
    values = {boolean_value(true), boolean_value(false)};
  }
  if (!values.empty()) return values;
  ExpressionValue one = unknown_value("inputs." + name);
  ExpressionValue another = unknown_value("another-inputs." + name);
  return {std::move(one), std::move(another)};
}

void multiply_inputs(std::vector<GithubEvent>& events, const Node& declared, const std::string& text) {
  for (const auto& [name, input] : declared.fields) {
    if (!is_mentioned(text, "inputs." + name) && !is_mentioned(text, "inputs['" + name)) continue;
    const std::vector<ExpressionValue> values = values_of_input(name, input);
    std::vector<GithubEvent> more;
    for (const GithubEvent& event : events) {
      for (const ExpressionValue& value : values) {
        if (more.size() >= kMostEvents) break;
        GithubEvent with = event;
        with.inputs[name] = value;
        if (values.size() > 1 && input["type"].scalar() == "choice")
          with.when += ", " + name + " " + value.text.text;
        more.push_back(std::move(with));
      }
    }
    events = std::move(more);
  }
}

void add_pushes(const Node& push, const std::string& default_branch, std::vector<GithubEvent>& events) {
  const auto add = [&](const std::string& ref, const std::string& when) {
    events.push_back({when, "push", ref, "", "{github.actor}", {}});
  };
  const bool only_tags =
      (push.has("tags") || push.has("tags-ignore")) && !push.has("branches") && !push.has("branches-ignore");
  for (const Node* branch : push["branches"].scalars()) {
    if (branch->text.starts_with("!")) continue;
    if (branch->text.find_first_of("*?[+") == std::string::npos) {
      add("refs/heads/" + branch->text, "push to " + branch->text);
    } else {
      add("refs/heads/" + placeholder(branch->text), "push to " + branch->text);
      add("refs/heads/" + placeholder("another-" + branch->text), "push to another " + branch->text);
    }
  }
  if (!push.has("branches") && !only_tags) {
    if (!push.has("branches-ignore")) add("refs/heads/" + default_branch, "push to " + default_branch);
    add("refs/heads/{branch}", "push to another branch");
  }
  if (only_tags || push.has("tags")) {
    add("refs/tags/{tag}", "push of a tag");
    add("refs/tags/{another-tag}", "push of another tag");
  }
}

void add_event(const std::string& name, const Node& settings, const std::string& text,
               const std::string& default_branch, std::vector<GithubEvent>& events) {
  const std::string main = "refs/heads/" + default_branch;
  const auto one = [&](const std::string& when, const std::string& ref, const std::string& number = {}) {
    return GithubEvent{when, name, ref, number, "{github.actor}", {}};
  };
  if (name == "push") {
    add_pushes(settings, default_branch, events);
  } else if (name == "pull_request" || name == "pull_request_review") {
    events.push_back(one("pull request", "refs/pull/{N}/merge", "{N}"));
    events.push_back(one("another pull request", "refs/pull/{M}/merge", "{M}"));
  } else if (name == "pull_request_target") {
    events.push_back(one("pull request", main, "{N}"));
    events.push_back(one("another pull request", main, "{M}"));
  } else if (name == "workflow_dispatch" || name == "workflow_call") {
    const bool by_hand = name == "workflow_dispatch";
    std::vector<GithubEvent> started{
        one(by_hand ? "by hand on " + default_branch : "called by a workflow", main)};
    if (by_hand) started.push_back(one("by hand on another branch", "refs/heads/{branch}"));
    multiply_inputs(started, settings["inputs"], text);
    events.insert(events.end(), started.begin(), started.end());
  } else if (name == "schedule") {
    events.push_back(one("schedule", main));
  } else if (name == "merge_group") {
    events.push_back(one("merge queue", "refs/heads/gh-readonly-queue/{entry}"));
    events.push_back(one("merge queue", "refs/heads/gh-readonly-queue/{another-entry}"));
  } else if (name == "release" || name == "create") {
    events.push_back(one(name, "refs/tags/{tag}"));
    events.push_back(one("another " + name, "refs/tags/{another-tag}"));
  } else if (name == "issue_comment") {
    events.push_back(one("comment", main, "{N}"));
  } else {
    events.push_back(one(name == "workflow_run" ? "after another workflow" : name, main));
  }
}

ExpressionValue of_pull_request(const GithubEvent& event, const std::string& name) {
  if (event.pull_request.empty()) return {};
  if (name == "number") return string_value(event.pull_request);
  if (name == "head.ref") return string_value("{head of " + event.pull_request + "}");
  if (name == "head.sha" || name == "merge_commit_sha")
    return fresh_value("github.event.pull_request." + name);
  return unknown_value("github.event.pull_request." + name);
}

ExpressionValue of_payload(const GithubScope& scope, const std::string& name) {
  const GithubEvent& event = *scope.event;
  constexpr std::string_view kPullRequest = "pull_request.";
  if (name.starts_with(kPullRequest)) return of_pull_request(event, name.substr(kPullRequest.size()));
  if (name == "number" || name == "issue.number") return of_pull_request(event, "number");
  if (name == "head_commit.id" || name == "after")
    return event.event == "push" ? fresh_value("github.event." + name) : ExpressionValue{};
  if (name == "repository.default_branch") return string_value(scope.default_branch);
  if (name.starts_with("inputs.")) return scope.value_of(name);
  if (name == "workflow_run.head_sha" || name == "workflow_run.id")
    return fresh_value("github.event." + name);
  return unknown_value("github.event." + name);
}

ExpressionValue of_github(const GithubScope& scope, const std::string& name) {
  const GithubEvent& event = *scope.event;
  if (name == "ref") return string_value(event.ref);
  if (name == "ref_name") {
    std::string ref = event.ref;
    for (const std::string_view start : {"refs/heads/", "refs/tags/", "refs/pull/"})
      if (ref.starts_with(start)) return string_value(ref.substr(start.size()));
    return string_value(ref);
  }
  if (name == "ref_type") return string_value(event.ref.starts_with("refs/tags/") ? "tag" : "branch");
  if (name == "head_ref")
    return event.event == "pull_request" || event.event == "pull_request_target"
               ? of_pull_request(event, "head.ref")
               : ExpressionValue{};
  if (name == "base_ref")
    return event.event.starts_with("pull_request") ? string_value(scope.default_branch) : ExpressionValue{};
  if (name == "event_name") return string_value(event.event);
  if (name == "workflow") return string_value(scope.workflow);
  if (name == "job") return string_value(scope.job);
  if (name == "actor" || name == "triggering_actor") return string_value(event.actor);
  for (const std::string_view fresh : {"sha", "run_id", "run_number", "run_attempt"})
    if (name == fresh) return fresh_value("github." + name);
  if (name.starts_with("event.")) return of_payload(scope, name.substr(6));
  if (name == "repository" || name == "repository_owner" || name == "repository_id" || name == "server_url")
    return string_value("{github." + name + "}");
  return unknown_value("github." + name);
}

std::string_view status_word(GithubStatus status) {
  return status == GithubStatus::success   ? "success"
         : status == GithubStatus::failure ? "failure"
                                           : "cancelled";
}

}  // namespace

ExpressionValue GithubScope::value_of(const std::string& name) const {
  if (name == "always()") return boolean_value(true);
  if (name == "success()") return boolean_value(status == GithubStatus::success);
  if (name == "failure()") return boolean_value(status == GithubStatus::failure);
  if (name == "cancelled()") return boolean_value(status == GithubStatus::cancelled);
  const auto dot = name.find('.');
  const std::string first = name.substr(0, dot);
  const std::string rest = dot == std::string::npos ? "" : name.substr(dot + 1);
  if (first == "github") return of_github(*this, rest);
  if (first == "inputs") {
    for (const auto* given : {&inputs, &event->inputs})
      if (const auto found = given->find(rest); found != given->end()) return found->second;
    return event->event == "workflow_call" ? unknown_value(name) : ExpressionValue{};
  }
  if (first == "matrix") {
    if (const auto found = matrix.find(rest); found != matrix.end()) return found->second;
    const auto any = matrix.find("*");
    const auto base = matrix.find(rest.substr(0, rest.find('.')));
    const bool is_other = (any != matrix.end() && !any->second.text.text.empty()) ||
                          (base != matrix.end() && base->second.text.text.starts_with("{another"));
    return unknown_value(is_other ? "another-" + name : name);
  }
  if (first == "env") {
    const auto found = env.find(rest);
    if (found == env.end()) return {};
    if (!found->second.is_known) return {ExpressionValue::Kind::unknown, found->second};
    return {ExpressionValue::Kind::string, found->second};
  }
  if (first == "steps" && (rest.ends_with(".outcome") || rest.ends_with(".conclusion")))
    return string_value(std::string(status_word(status)));
  if (first == "job" && rest == "status") return string_value(std::string(status_word(status)));
  if (first == "needs" && rest.ends_with(".result")) return string_value(std::string(status_word(status)));
  if (first == "runner" && rest == "os") return string_value("Linux");
  return unknown_value(name);
}

ExpressionContext GithubScope::context() const {
  return [this](std::string_view name) { return value_of(std::string(name)); };
}

std::string default_branch_of(const Node& workflow) {
  for (const Node* branch : workflow["on"]["push"]["branches"].scalars()) {
    for (const std::string_view usual : {"main", "master", "trunk"})
      if (branch->text == usual) return branch->text;
  }
  return "main";
}

std::vector<GithubEvent> github_events(const Node& workflow, const std::string& text,
                                       const std::string& default_branch) {
  std::vector<GithubEvent> events;
  const Node& on = workflow["on"];
  for (const Node* name : on.scalars()) add_event(name->text, Node{}, text, default_branch, events);
  for (const auto& [name, settings] : on.fields)
    add_event(name, of_event(on, name), text, default_branch, events);
  if (is_mentioned(text, "github.actor") || is_mentioned(text, "github.triggering_actor")) {
    std::vector<GithubEvent> others = events;
    for (GithubEvent& other : others) {
      other.actor = "{another-actor}";
      other.when += " by somebody else";
    }
    events.insert(events.end(), others.begin(), others.end());
  }
  if (events.size() > kMostEvents) events.resize(kMostEvents);
  return events;
}

}  // namespace lockstorm::scenarios::pipeline
