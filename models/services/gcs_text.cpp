// How Cloud Storage requests and responses read in reports.
#include <fmt/format.h>

#include "models/services/contents.hpp"
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

}  // namespace lockstorm::models
