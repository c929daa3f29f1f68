#include "reports/story/mechanism_words.hpp"

#include <fmt/format.h>

#include "reports/format/layout.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Mechanism;
using scenarios::ViolatingEvent;

std::string event_text(const ViolatingEvent& event) {
  const std::string whose = event.command.empty() ? "" : event.command + ", ";
  if (!event.wrong.empty()) return fmt::format("{}the {} {}", whose, event.object, event.wrong);
  if (event.service.empty()) return whose + event.operation;
  const std::string object = event.object.empty() ? "" : fmt::format(" ({})", event.object);
  const std::string answer = event.answer.empty() ? "" : " -> " + event.answer;
  return fmt::format("{}{} {}{}{}", whose, event.service, event.operation, object, answer);
}

std::string adversity_text(const scenarios::SpentEvents& adversity) {
  std::string text;
  for (const auto& [kind, number] : adversity)
    text += fmt::format("{}{} {}", text.empty() ? "with " : ", ", number, kind);
  return text.empty() ? "without any fault" : text;
}

}  // namespace

std::string mechanism_text(const Mechanism& mechanism) {
  return adversity_text(mechanism.adversity) + ": " + event_text(mechanism.event);
}

std::string other_mechanisms_text(const scenarios::VerifyResult& result, checkers::Property property) {
  const auto found = result.mechanisms.find(property);
  if (found == result.mechanisms.end()) return {};
  std::string names;
  std::size_t count = 0;
  for (const Mechanism& mechanism : found->second.all) {
    if (mechanism.counterexample) continue;
    names += fmt::format("{}({}) {}", count == 0 ? "" : "; ", count + 1, mechanism_text(mechanism));
    ++count;
  }
  const std::string_view property_name = checkers::property_name(property);
  std::string text;
  if (count > 0)
    text = fmt::format("Besides, {} {} {} (`--all` tells each): {}.", counted(count, "other mechanism"),
                       count == 1 ? "violates" : "violate", property_name, names);
  if (!found->second.complete)
    text += fmt::format("{}There may be {} mechanisms that violate {}: the search for them grew too large.",
                        text.empty() ? "" : " ", text.empty() ? "other" : "more", property_name);
  return text;
}

nlohmann::ordered_json mechanism_json(const Mechanism& mechanism) {
  nlohmann::ordered_json event = nlohmann::ordered_json::object();
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) event[name] = value;
  };
  add("command", mechanism.event.command);
  add("service", mechanism.event.service);
  add("operation", mechanism.event.operation);
  add("object", mechanism.event.object);
  add("answer", mechanism.event.answer);
  add("wrong", mechanism.event.wrong);
  nlohmann::ordered_json adversity = nlohmann::ordered_json::object();
  for (const auto& [kind, number] : mechanism.adversity) adversity[kind] = number;
  return {{"event", std::move(event)}, {"adverse_events", std::move(adversity)}};
}

}  // namespace lockstorm::reports
