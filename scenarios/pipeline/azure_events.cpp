#include "scenarios/pipeline/azure_events.hpp"

#include <algorithm>
#include <cctype>

namespace lockstorm::scenarios::pipeline {
namespace {

bool is_none(const Node& trigger) { return trigger.scalar() == "none"; }

std::vector<const Node*> branches_of(const Node& trigger) {
  if (trigger.is_list()) return trigger.scalars();
  if (trigger["branches"].is_list()) return trigger["branches"].scalars();
  return trigger["branches"]["include"].scalars();
}

}  // namespace

std::vector<AzureEvent> azure_events(const Node& root) {
  std::vector<AzureEvent> events;
  const Node& trigger = root["trigger"];
  if (!is_none(trigger)) {
    const auto branches = branches_of(trigger);
    for (const Node* branch : branches) {
      if (branch->text.find_first_of("*?") == std::string::npos) {
        events.push_back({"push to " + branch->text, "push", "refs/heads/" + branch->text, "IndividualCI"});
      } else {
        events.push_back(
            {"push to " + branch->text, "push", "refs/heads/" + placeholder(branch->text), "IndividualCI"});
        events.push_back({"push to another " + branch->text, "push",
                          "refs/heads/" + placeholder("another-" + branch->text), "IndividualCI"});
      }
    }
    if (branches.empty()) {
      events.push_back({"push to main", "push", "refs/heads/main", "IndividualCI"});
      events.push_back({"push to another branch", "push", "refs/heads/{branch}", "IndividualCI"});
    }
  }
  // Without `pr:` repositories of GitHub and Bitbucket validate pull requests of every branch.
  const bool only_scheduled = is_none(trigger) && !root.has("pr");
  if (!is_none(root["pr"]) && !only_scheduled) {
    events.push_back({"pull request", "pull_request", "refs/pull/{N}/merge", "PullRequest", true});
    events.push_back({"another pull request", "pull_request", "refs/pull/{M}/merge", "PullRequest", true});
  }
  if (root["schedules"]) events.push_back({"schedule", "schedule", "refs/heads/main", "Schedule"});
  if (events.empty()) {
    events.push_back({"by hand", "manual", "refs/heads/main", "Manual"});
    events.push_back({"by hand on another branch", "manual", "refs/heads/{branch}", "Manual"});
  }
  return events;
}

ExpressionValue AzureScope::value_of(const std::string& name) const {
  if (name == "always()" || name == "succeededorfailed()") return boolean_value(true);
  if (name == "succeeded()") return boolean_value(!failed);
  if (name == "failed()" || name == "canceled()") return boolean_value(failed);
  const auto dot = name.find('.');
  const std::string first = name.substr(0, dot);
  const std::string rest = dot == std::string::npos ? "" : name.substr(dot + 1);
  const auto known = [&](const std::map<std::string, Symbolic>& values,
                         const std::string& key) -> ExpressionValue {
    const auto found = values.find(key);
    if (found == values.end()) return unknown_value(name);
    return {found->second.is_known ? ExpressionValue::Kind::string : ExpressionValue::Kind::unknown,
            found->second};
  };
  if (first == "parameters") return known(parameters, rest);
  if (first == "variables") {
    const std::string low = lower(rest);
    if (low == "build.sourcebranch") return string_value(event->branch);
    if (low == "build.sourcebranchname")
      return string_value(event->branch.substr(event->branch.rfind('/') + 1));
    if (low == "build.reason") return string_value(event->reason);
    if (low == "ismain") return string_value(event->branch == "refs/heads/main" ? "true" : "false");
    for (const std::string_view fresh : {"build.buildid", "build.sourceversion", "build.buildnumber"})
      if (low == fresh) return fresh_value(rest);
    return known(variables, rest);
  }
  return unknown_value(name);
}

ExpressionContext AzureScope::context() const {
  return [this](std::string_view name) { return value_of(std::string(name)); };
}

Symbolic expand_macros(const std::string& text, const AzureScope& scope) {
  Symbolic whole;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto begin = text.find("$(", at);
    const auto end = begin == std::string::npos ? begin : text.find(')', begin);
    if (end == std::string::npos) break;
    const std::string name = text.substr(begin + 2, end - begin - 2);
    const bool is_name = !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
    });
    whole.text += text.substr(at, begin - at);
    if (is_name) {
      whole += scope.value_of("variables." + name).text.text == placeholder("variables." + name)
                   ? unknown_text(name)
                   : scope.value_of("variables." + name).text;
      at = end + 1;
    } else {
      whole.text += "$(";
      at = begin + 2;
    }
  }
  whole.text += text.substr(at);
  return whole;
}

bool azure_asks_for_status(const std::string& condition) {
  const std::string low = lower(condition);
  for (const std::string_view word : {"always(", "failed(", "canceled(", "succeededorfailed("})
    if (low.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace lockstorm::scenarios::pipeline
