// The kinds of pipeline that GitLab makes, and what variables and `rules:` come to in each.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/symbolic.hpp"

namespace lockstorm::scenarios::pipeline {

using GitlabVariables = std::map<std::string, Symbolic>;

struct GitlabEvent {
  std::string when;   ///< "push to main"
  std::string event;  ///< "push", "merge_request_event", "schedule", "web"
  GitlabVariables variables;
  bool is_merge_request = false;
  bool is_tag = false;
};

[[nodiscard]] std::vector<GitlabEvent> gitlab_events();

/// The text with `$NAME` and `${NAME}` replaced where the variable is known or new in each pipeline; others
/// stand for themselves, in braces.
[[nodiscard]] Symbolic expand_gitlab(const std::string& text, const GitlabVariables& variables);

/// What `rules:if` comes to.
[[nodiscard]] Truth gitlab_condition(std::string_view condition, const GitlabVariables& variables);

/// How a job is added to a pipeline.
struct GitlabStart {
  Truth runs = Truth::no;
  bool by_hand = false;
  bool after_failure = false;
};

/// By `rules`, by `only` and `except`, or by what holds without.
[[nodiscard]] GitlabStart gitlab_start(const Node& job, const GitlabEvent& event,
                                       const GitlabVariables& variables);

}  // namespace lockstorm::scenarios::pipeline
