#include "models/cloud/cloud.hpp"
#include "models/services/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "checkers/tags.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

constexpr sim::Tags kChanged = checkers::kChangesCloud;
constexpr sim::Tags kUnchanged = 0;

std::uint8_t bit_of(std::uint8_t instance) { return static_cast<std::uint8_t>(1U << (instance - 1U)); }

bool exists(const Cloud::Value& value, std::uint8_t address, std::uint8_t instance) {
  return instance != 0 && (value.live[address] & bit_of(instance)) != 0;
}

}  // namespace

Cloud::Value Cloud::initial() const {
  Value value;
  for (std::size_t i = 0; i < existing; ++i) value.live[i] = value.created[i] = 1;
  if (unmanaged) value.live[*unmanaged] = value.created[*unmanaged] = 1;
  return value;
}

sim::Effect<Cloud::Response> Cloud::apply(Value& value, sim::Slot, const Request& request) const {
  if (const auto* read = std::get_if<ReadResource>(&request)) {
    return {{exists(value, read->address, read->instance), read->instance}, 0};
  }
  if (const auto* create = std::get_if<CreateResource>(&request)) {
    const bool twin = value.live[create->address] != 0;
    std::uint8_t& created = value.created[create->address];
    created = std::min<std::uint8_t>(static_cast<std::uint8_t>(created + 1), kMaxInstances);
    value.live[create->address] = static_cast<std::uint8_t>(value.live[create->address] | bit_of(created));
    return {{1, created}, twin ? sim::Tags{checkers::kChangesCloud | checkers::kCreatesTwin} : kChanged};
  }
  if (const auto* update = std::get_if<UpdateResource>(&request)) {
    const bool found = exists(value, update->address, update->instance);
    return {{found, update->instance}, found ? kChanged : kUnchanged};
  }
  const auto& remove = std::get<DeleteResource>(request);
  const bool found = exists(value, remove.address, remove.instance);
  if (found)
    value.live[remove.address] =
        static_cast<std::uint8_t>(value.live[remove.address] & ~bit_of(remove.instance));
  const bool unasked = found && remove.unasked != 0;
  return {{found, remove.instance},
          unasked ? sim::Tags{kChanged | checkers::kDestroysUnasked}
          : found ? kChanged
                  : kUnchanged};
}

std::string_view Cloud::operation(const Request& request) {
  constexpr auto kNames =
      sim::text_for_each<Request>({"ReadResource", "CreateResource", "UpdateResource", "DeleteResource"});
  return kNames[request.index()];
}

std::string Cloud::ReadResource::describe(const sim::ProcessNames&) const {
  return fmt::format("reads resource {} (instance #{})", address + 1, instance);
}
std::string Cloud::CreateResource::describe(const sim::ProcessNames&) const {
  return fmt::format("creates resource {}", address + 1);
}
std::string Cloud::UpdateResource::describe(const sim::ProcessNames&) const {
  return fmt::format("updates resource {} (instance #{})", address + 1, instance);
}
std::string Cloud::DeleteResource::describe(const sim::ProcessNames&) const {
  return fmt::format("deletes resource {} (instance #{}){}", address + 1, instance,
                     unasked != 0 ? ", which its configuration lacks" : "");
}
std::string Cloud::Response::describe(const sim::ProcessNames&) const {
  return found != 0 ? fmt::format("instance #{}", instance) : std::string("not found");
}

std::string Cloud::Value::describe(const sim::ProcessNames&) const {
  std::string line;
  for (std::size_t address = 0; address < kMaxResources; ++address) {
    if (created[address] == 0) continue;
    std::string alive;
    for (std::uint8_t instance = 1; instance <= kMaxInstances; ++instance) {
      if (exists(*this, static_cast<std::uint8_t>(address), instance))
        alive += fmt::format("{}#{}", alive.empty() ? "" : ", ", instance);
    }
    line += fmt::format("{}resource {}: {}", line.empty() ? "" : "; ", address + 1,
                        alive.empty() ? "none" : alive);
  }
  return line.empty() ? "resources: none" : line;
}

sim::RequestFacts Cloud::about(const Request&) { return {"resource"}; }

sim::AnswerFacts Cloud::told(const Request&, const Response& response) {
  return {response.found != 0 ? "found" : "not found", response.found == 0, {}, {}};
}

}  // namespace lockstorm::models
