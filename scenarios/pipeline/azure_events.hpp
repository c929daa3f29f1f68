// The kinds of run that an Azure pipeline's triggers admit, and what expressions and macros come to in each.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/github_expression.hpp"

namespace lockstorm::scenarios::pipeline {

struct AzureEvent {
  std::string when;
  std::string event;
  std::string branch;  ///< "refs/heads/main"
  std::string reason;  ///< Build.Reason
  bool is_pull_request = false;
};

/// At least one: any pipeline can be started by hand.
[[nodiscard]] std::vector<AzureEvent> azure_events(const Node& root);

struct AzureScope {
  const AzureEvent* event = nullptr;
  std::map<std::string, Symbolic> parameters;
  std::map<std::string, Symbolic> variables;
  bool failed = false;  ///< something before has failed or was cancelled

  [[nodiscard]] ExpressionValue value_of(const std::string& name) const;
  [[nodiscard]] ExpressionContext context() const;
};

/// The text with `$(name)` replaced where the name is a variable's; else it stands for itself, in braces,
/// unless it is a shell's.
[[nodiscard]] Symbolic expand_macros(const std::string& text, const AzureScope& scope);

/// Whether a condition asks how it went before.
[[nodiscard]] bool azure_asks_for_status(const std::string& condition);

}  // namespace lockstorm::scenarios::pipeline
