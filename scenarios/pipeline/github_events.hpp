// The kinds of run that a GitHub workflow's `on:` admits, and what expressions come to in each.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/github_expression.hpp"

namespace lockstorm::scenarios::pipeline {

/// One way in which a run can be started. Two runs of one kind differ only in what is fresh.
struct GithubEvent {
  std::string when;          ///< "push to main"
  std::string event;         ///< "push"
  std::string ref;           ///< "refs/heads/main"
  std::string pull_request;  ///< its number, by a name; empty: none
  std::string actor = "{github.actor}";
  std::map<std::string, ExpressionValue> inputs;
};

/// What a job's steps have found out so far: how it stands with those before.
enum class GithubStatus : std::uint8_t { success, failure, cancelled };

struct GithubScope {
  const GithubEvent* event = nullptr;
  std::string workflow;
  std::string job;
  std::string default_branch = "main";
  std::map<std::string, ExpressionValue> inputs;  ///< of a called workflow or action: they win
  std::map<std::string, ExpressionValue> matrix;
  std::map<std::string, Symbolic> env;
  GithubStatus status = GithubStatus::success;

  [[nodiscard]] ExpressionValue value_of(const std::string& name) const;
  [[nodiscard]] ExpressionContext context() const;
};

/// `text`: of the whole file; what it never mentions makes no difference.
[[nodiscard]] std::vector<GithubEvent> github_events(const Node& workflow, const std::string& text,
                                                     const std::string& default_branch);

/// "main", "master" or what else the pushes of a workflow name first.
[[nodiscard]] std::string default_branch_of(const Node& workflow);

}  // namespace lockstorm::scenarios::pipeline
