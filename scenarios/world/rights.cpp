#include "scenarios/world/rights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "sim/forwarding_service.hpp"

namespace lockstorm::scenarios {
namespace {

using Asked = sim::AnyService::Asked;

// ---- Which requests a name stands for ----

constexpr std::array<std::string_view, 6> kKinds{"read", "write", "delete", "list", "lock", "unlock"};

std::string lower(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return small;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.contains(word); });
}

// By the verb of its name: APIs have few.
std::string_view verb_of(const Asked& asked) {
  const std::string name = lower(asked.operation);
  if (has_any(name, {"delete", "destroy", "unlink"})) return "delete";
  if (has_any(name, {"list", "describe", "?keys", "select name"})) return "list";
  if (has_any(name, {"get", "head", "read", "download", "look", "watch", "select data", "properties"}) &&
      !name.contains("set "))
    return "read";
  return "write";
}

bool is_of_kind(const Asked& asked, std::string_view kind) {
  using enum sim::LockUse;
  if (kind == "lock") return asked.about.lock == asks || asked.about.lock == notes;
  if (kind == "unlock") return asked.about.lock == releases;
  return verb_of(asked) == kind;
}

// "PutObject", "PutObject .tflock", "delete".
bool is_named(const Asked& asked, const std::string& right) {
  if (std::ranges::find(kKinds, right) != kKinds.end()) return is_of_kind(asked, right);
  return right == asked.operation || right == fmt::format("{} {}", asked.operation, asked.about.object);
}

bool is_among(const Asked& asked, const std::vector<std::string>& rights) {
  return std::ranges::any_of(rights, [&](const std::string& right) { return is_named(asked, right); });
}

// ---- The servers ----

// What one client may not ask for.
struct Limits {
  std::vector<std::string> lacks;
  std::vector<std::string> loses;  ///< empty: all that anybody could refuse
};

class AsksWhoAsks final : public sim::ForwardingService {
 public:
  AsksWhoAsks(std::shared_ptr<const sim::AnyService> model, std::vector<Limits> limits)
      : ForwardingService(std::move(model)), limits_(std::move(limits)) {}

  unsigned alternatives(const sim::ValuePool& pool, sim::ValueId value, sim::Slot caller,
                        sim::ValueId request) const override {
    return lacks(pool, caller, request) ? 1 : ForwardingService::alternatives(pool, value, caller, request);
  }
  Outcome apply(sim::ValuePool& pool, sim::ValueId value, sim::Slot caller, sim::ValueId request,
                unsigned alternative) const override {
    if (!lacks(pool, caller, request))
      return ForwardingService::apply(pool, value, caller, request, alternative);
    return {value, refusal(pool, request, sim::Refusal::forbidden), 0};
  }
  [[nodiscard]] bool forbids(const sim::ValuePool& pool, sim::Slot caller,
                             sim::ValueId request) const override {
    if (!ForwardingService::forbids(pool, caller, request)) return false;
    if (caller >= limits_.size() || limits_[caller].loses.empty()) return true;
    return is_among(asked(pool, caller, request), limits_[caller].loses);
  }

 private:
  [[nodiscard]] Asked asked(const sim::ValuePool& pool, sim::Slot caller, sim::ValueId request) const {
    return {operation(pool, request), about(pool, caller, request)};
  }
  [[nodiscard]] bool lacks(const sim::ValuePool& pool, sim::Slot caller, sim::ValueId request) const {
    if (caller >= limits_.size() || limits_[caller].lacks.empty()) return false;
    return is_among(asked(pool, caller, request), limits_[caller].lacks);
  }

  std::vector<Limits> limits_;  ///< by slot; those beyond have every right
};

bool asks_for_credentials(const sim::AnyService& service) {
  return service.can_refuse() && !service.is_local();
}

std::vector<Limits> limits_of(const Scenario& scenario) {
  std::vector<Limits> limits;
  for (const Fleet& fleet : scenario.all_fleets())
    limits.insert(limits.end(), fleet.client.count, {fleet.client.lacks, fleet.client.loses});
  return limits;
}

bool says_something(const Limits& limits) { return !limits.lacks.empty() || !limits.loses.empty(); }

std::vector<Asked> requests_of(const World& world) {
  std::vector<Asked> all;
  for (const auto& service : world.spec.services) {
    if (!asks_for_credentials(*service)) continue;
    std::ranges::move(service->requests(), std::back_inserter(all));
  }
  return all;
}

}  // namespace

void apply_rights(const Scenario& scenario, World& world) {
  const std::vector<Limits> limits = limits_of(scenario);
  if (std::ranges::none_of(limits, says_something)) return;
  for (auto& service : world.spec.services) {
    if (asks_for_credentials(*service)) service = std::make_shared<AsksWhoAsks>(service, limits);
  }
}

std::optional<Objection> objection_to_rights(const Scenario& scenario) {
  const bool ends = scenario.faults[sim::Fault::credentials_end] > 0;
  const std::vector<Limits> limits = limits_of(scenario);
  const bool loses = std::ranges::any_of(limits, [](const Limits& one) { return !one.loses.empty(); });
  if (loses && !ends)
    return Objection{"client", "loses says what credentials_end takes away, and no credentials end",
                     "faults: {credentials_end: 1}", "what is never allowed is `lacks`"};
  if (!ends && std::ranges::none_of(limits, says_something)) return std::nullopt;
  Scenario plain = scenario;
  plain.client.lacks.clear();
  plain.client.loses.clear();
  for (Fleet& fleet : plain.fleets) fleet.client.lacks = fleet.client.loses = {};
  const auto world = build_world(plain);
  const bool are_tools = scenario.backend->traits().runs_commands;  // other clients do not know what a 403 is
  const std::vector<Asked> known = are_tools ? requests_of(*world) : std::vector<Asked>{};
  if (known.empty()) {
    return Objection{
        ends ? "faults" : "client",
        fmt::format("nobody asks for credentials with every request on {}", scenario.backend->summary()),
        "no rights there; faults: {crash: 1} or {lose_request: 1} come nearest", ""};
  }
  for (const Limits& one : limits) {
    for (const auto* rights : {&one.lacks, &one.loses}) {
      for (const std::string& right : *rights) {
        if (std::ranges::any_of(known, [&](const Asked& asked) { return is_named(asked, right); })) continue;
        std::set<std::string> names;
        for (const Asked& asked : known) names.insert(asked.operation);
        return Objection{
            "client", fmt::format("no client sends '{}' on {}", right, scenario.backend->summary()),
            fmt::format("one of {}; or all that {}", fmt::join(names, ", "), fmt::join(kKinds, ", ")), ""};
      }
    }
  }
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
