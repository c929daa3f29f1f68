// How Cloud Storage requests and responses read in reports.
#include <fmt/format.h>

#include <array>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/gcs.hpp"

namespace lockstorm::models {
namespace {

std::string match_text(const Gcs::Match& match) {
  std::string text;
  if (match.generation != Gcs::Match::kAny) text += fmt::format(" ifGenerationMatch={}", match.generation);
  if (match.metageneration != Gcs::Match::kAny)
    text += fmt::format(" ifMetagenerationMatch={}", match.metageneration);
  return text;
}

std::string_view object_text(Gcs::Object object) {
  return object == Gcs::Object::lock ? ".tflock" : ".tfstate";
}

}  // namespace

std::string Gcs::InsertState::describe(const sim::ProcessNames& names) const {
  std::string match;
  if (condition == Condition::if_generation_match) {
    match = generation.exists() ? fmt::format(" ifGenerationMatch of {}", generation.describe(names))
                                : std::string(" ifGenerationMatch=0");
  }
  return fmt::format("insert .tfstate{} ({})", match, body.describe(names));
}
std::string Gcs::DeleteState::describe(const sim::ProcessNames&) const { return "delete .tfstate"; }
std::string Gcs::InsertLock::describe(const sim::ProcessNames& names) const {
  return fmt::format("insert .tflock{} ({})", match_text(match), body.describe(names));
}
std::string Gcs::DeleteLock::describe(const sim::ProcessNames&) const {
  return fmt::format("delete .tflock{}", match_text(match));
}
std::string Gcs::PatchLock::describe(const sim::ProcessNames&) const {
  return fmt::format("patch .tflock{}", match_text(match));
}
std::string Gcs::GetMedia::describe(const sim::ProcessNames&) const {
  return fmt::format("get {}", object_text(object));
}
std::string Gcs::GetAttributes::describe(const sim::ProcessNames&) const {
  return fmt::format("get attributes of {}", object_text(object));
}

std::string Gcs::Response::describe(const sim::ProcessNames& names) const {
  switch (status) {
    case Status::ok:
      if (state.exists()) return fmt::format("200, {}", state.describe(names));
      if (!lock.empty()) return fmt::format("200, {}", lock.describe(names));
      return generation == 0 ? std::string("200") : fmt::format("200, generation {}", generation);
    case Status::no_content:
      return "204";
    case Status::forbidden:
      return "403";
    case Status::not_found:
      return "404";
    case Status::precondition_failed:
      return "412 conditionNotMet";
    case Status::too_many_requests:
      return "429";
    case Status::service_unavailable:
      return "503";
  }
  return "";
}

std::string Gcs::Value::describe(const sim::ProcessNames& names) const {
  return contents_text(
      {{"state", state.describe(names)},
       {"lock object",
        generation == 0 ? "none" : fmt::format("{}, generation {}", lock.describe(names), generation)}});
}

sim::RequestFacts Gcs::about(const Request& request) {
  constexpr std::string_view kState = ".tfstate";
  constexpr std::string_view kLock = ".tflock";
  const auto of = [&](Object object) {
    return object == Object::lock ? sim::RequestFacts{kLock, sim::LockUse::looks} : sim::RequestFacts{kState};
  };
  if (std::holds_alternative<InsertLock>(request)) return {kLock, sim::LockUse::asks};
  if (std::holds_alternative<DeleteLock>(request)) return {kLock, sim::LockUse::releases};
  if (std::holds_alternative<PatchLock>(request)) return {kLock, sim::LockUse::renews};
  if (const auto* get = std::get_if<GetMedia>(&request)) return of(get->object);
  if (const auto* get = std::get_if<GetAttributes>(&request)) return of(get->object);
  return {kState};
}

sim::AnswerFacts Gcs::told(const Request&, const Response& response) {
  return {status_text(Response{response.status, {}, {}, 0, 0}), static_cast<int>(response.status) >= 400,
          response.lock.id.owner, version_facts(response.state)};
}

}  // namespace lockstorm::models
