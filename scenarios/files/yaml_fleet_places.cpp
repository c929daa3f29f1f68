#include "scenarios/files/yaml_fleet_places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "scenarios/data/state_places.hpp"

namespace lockstorm::scenarios {
namespace {

// What an argument is to the fleet; undefined if neither it nor the block for all says it.
YAML::Node argument_of(const YAML::Node& fleet, const YAML::Node& backend, const std::string& name) {
  const YAML::Node own = fleet[name];
  return own ? own : backend[name];
}

std::string text_of(const YAML::Node& value, std::string_view name) {
  if (!value) return name == "workspace" ? "default" : "";
  return value.IsScalar() ? value.Scalar() : YAML::Dump(value);
}

std::string quoted(const std::string& text) { return text.empty() ? "not set" : fmt::format("'{}'", text); }

bool names_a_place(const std::string& text) { return text != "true" && text != "false" && !text.empty(); }

class OneState {
 public:
  OneState(YamlReader& reader, const YAML::Node& backend, const YAML::Node& first)
      : reader_(reader), backend_(backend), first_(first) {}

  void check(const YAML::Node& fleet) {
    if (fleet["type"] && fleet["type"].Scalar() != backend_["type"].Scalar()) {
      reader_.fail(
          fleet["type"],
          fmt::format("a fleet on the backend '{}', another one than the scenario's", fleet["type"].Scalar()),
          fmt::format("type: {}, or none", backend_["type"].Scalar()),
          "clients on different backends do not meet");
    }
    for (const std::string_view name : kStatePlaces) {
      compare(fleet, std::string(name), "state", [](const std::string&) { return true; });
    }
    for (const std::string_view name : kLockPlaces) compare(fleet, std::string(name), "lock", names_a_place);
  }

 private:
  template <class Counts>
  void compare(const YAML::Node& fleet, const std::string& name, std::string_view what, Counts counts) {
    const std::string own = text_of(argument_of(fleet, backend_, name), name);
    const std::string firsts = text_of(argument_of(first_, backend_, name), name);
    if (own == firsts || !counts(own) || !counts(firsts)) return;
    const YAML::Node place = fleet[name] ? fleet[name] : first_[name];
    reader_.fail(
        place,
        fmt::format("the fleets do not share one {}: {} is {} here and {} for the first fleet", what, name,
                    quoted(own), quoted(firsts)),
        fmt::format("the same {} for all fleets", name),
        fmt::format("clients with different {}s do not meet: verify each in a scenario of its own", what));
  }

  YamlReader& reader_;
  const YAML::Node& backend_;
  const YAML::Node& first_;
};

bool is_migrated(const YAML::Node& fleet) {
  return fleet["migrated"] && fleet["migrated"].IsScalar() && fleet["migrated"].Scalar() == "true";
}

}  // namespace

void check_one_state(YamlReader& reader, const YAML::Node& backend, const YAML::Node& fleets) {
  if (reader.error()) return;
  const auto first = std::find_if_not(fleets.begin(), fleets.end(), is_migrated);
  if (first == fleets.end()) return;
  const YAML::Node first_fleet = *first;
  OneState one_state(reader, backend, first_fleet);
  for (const YAML::Node& fleet : fleets) {
    if (!is_migrated(fleet)) one_state.check(fleet);
  }
}

}  // namespace lockstorm::scenarios
