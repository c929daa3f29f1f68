#include "scenarios/files/yaml_fleet_places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

class Places {
 public:
  Places(YamlReader& reader, const YAML::Node& backend, const YAML::Node& first, bool two_states)
      : reader_(reader), backend_(backend), first_(first), two_states_(two_states) {}

  void check(const YAML::Node& fleet) {
    if (fleet["type"] && fleet["type"].Scalar() != backend_["type"].Scalar()) {
      reader_.fail(
          fleet["type"],
          fmt::format("a fleet on the backend '{}', another one than the scenario's", fleet["type"].Scalar()),
          fmt::format("type: {}, or none", backend_["type"].Scalar()),
          "clients on different backends do not meet");
    }
    if (!two_states_) {
      for (const std::string_view name : kStatePlaces)
        compare(fleet, std::string(name), "state", [](const std::string&) { return true; });
    }
    for (const std::string_view name : kLockPlaces) {
      if (std::ranges::find(kLockTables, name) == kLockTables.end())
        compare(fleet, std::string(name), "lock", names_a_place);
    }
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
        fmt::format("clients with different {}s do not meet: verify each in a scenario of its own, {}", what,
                    what == "state" ? "or say which reads the other (reads: ...)"
                                    : "or leave it out for those whose lock is elsewhere"));
  }

  YamlReader& reader_;
  const YAML::Node& backend_;
  const YAML::Node& first_;
  bool two_states_;  ///< somebody reads another state than his own
};

bool is_migrated(const YAML::Node& fleet) {
  return fleet["migrated"] && fleet["migrated"].IsScalar() && fleet["migrated"].Scalar() == "true";
}

// All arguments that say where a fleet's state is.
std::vector<std::string> place_of(const YAML::Node& fleet, const YAML::Node& backend) {
  std::vector<std::string> place;
  for (const std::string_view name : kStatePlaces)
    place.push_back(text_of(argument_of(fleet, backend, std::string(name)), name));
  return place;
}

bool reads_any(const YAML::Node& fleet) { return static_cast<bool>(fleet["reads"]); }

// What states of one block have in common besides their names is no part of a world with two of them.
std::optional<Objection> objection_to_two(std::string_view type) {
  if (type == "inmem") {
    return Objection{"", "workspaces are not kept apart on inmem: each process has a memory of its own",
                     "a backend that keeps states, such as local or s3", ""};
  }
  if (type == "pg") {
    return Objection{
        "", "states of one database take common locks on pg, which a world with two states does not have",
        "another backend; or neighbours: 1, for jobs that lock another state", ""};
  }
  if (type == "lock-table")
    return Objection{"", "lock-table clients read no other state", "a backend of the tools' own", ""};
  return std::nullopt;
}

class States {
 public:
  States(YamlReader& reader, const YAML::Node& backend, std::vector<YAML::Node> fleets)
      : reader_(reader), backend_(backend), fleets_(std::move(fleets)) {}

  // By fleet: whether its state is the second one.
  std::vector<bool> tell_apart() {
    std::vector<bool> is_other;
    const std::vector<std::string> first = place_of(fleets_.front(), backend_);
    std::vector<std::string> second;
    for (const YAML::Node& fleet : fleets_) {
      const std::vector<std::string> place = place_of(fleet, backend_);
      is_other.push_back(place != first);
      if (place == first) continue;
      if (second.empty()) second = place;
      if (place != second) reader_.fail(fleet, "a third state", "two states in a world");
    }
    return is_other;
  }

  void check_reads(const std::vector<bool>& is_other) {
    const std::string type = backend_["type"].Scalar();
    for (std::size_t k = 0; k < fleets_.size(); ++k) {
      const YAML::Node reads = fleets_[k]["reads"];
      if (!reads) continue;
      const std::string name = reader_.scalar(reads, "the key of another state");
      if (const auto objection = objection_to_two(type))
        return reader_.fail(reads, objection->problem, objection->expected, objection->hint);
      if (names(name, fleets_[k]))
        return reader_.fail(reads, "a job that reads the state it writes", "the state of other jobs",
                            "it reads its own state anyway");
      check_name(reads, name, is_other, k);
    }
  }

 private:
  [[nodiscard]] bool names(const std::string& name, const YAML::Node& fleet) const {
    const std::vector<std::string> place = place_of(fleet, backend_);
    return std::ranges::find(place, name) != place.end();
  }

  // Where other jobs write another state, that is the one which is meant; else nobody writes it.
  void check_name(const YAML::Node& reads, const std::string& name, const std::vector<bool>& is_other,
                  std::size_t reader) {
    bool anybody = false;
    for (std::size_t k = 0; k < fleets_.size(); ++k) {
      if (is_other[k] == is_other[reader]) continue;
      if (names(name, fleets_[k])) return;
      anybody = true;
    }
    if (anybody)
      return reader_.fail(reads, fmt::format("no other fleet's state is '{}'", name),
                          "the argument that tells another fleet's state from this one's");
    if (unwritten_ && *unwritten_ != name)
      return reader_.fail(reads, "a third state", "two states in a world");
    unwritten_ = name;
  }

  YamlReader& reader_;
  const YAML::Node& backend_;
  std::vector<YAML::Node> fleets_;
  std::optional<std::string> unwritten_;
};

// Which table of locks each fleet has: by number, in the order in which those of its state name them.
class LockTables {
 public:
  explicit LockTables(const YAML::Node& backend) : backend_(backend) {}

  std::uint8_t number_of(const YAML::Node& fleet, bool is_other_state) {
    std::vector<std::string>& known = is_other_state ? others_ : names_;
    for (const std::string_view argument : kLockTables) {
      const std::string name = text_of(argument_of(fleet, backend_, std::string(argument)), argument);
      if (!names_a_place(name)) continue;  // none, or the first fleet's
      auto found = std::ranges::find(known, name);
      if (found == known.end()) found = known.insert(known.end(), name);
      return static_cast<std::uint8_t>(found - known.begin());
    }
    return 0;
  }

 private:
  const YAML::Node& backend_;
  std::vector<std::string> names_;
  std::vector<std::string> others_;  // of the second state
};

void tell_lock_tables_apart(const YAML::Node& backend, const std::vector<YAML::Node>& nodes,
                            std::vector<Fleet>& fleets) {
  LockTables tables(backend);
  for (std::size_t k = 0; k < fleets.size(); ++k) {
    ClientSettings& client = fleets[k].client;
    if (!client.migrated && !client.migrate_to)
      client.lock_table = tables.number_of(nodes[k], client.is_other_state);
  }
}

}  // namespace

void read_states(YamlReader& reader, const YAML::Node& backend, const YAML::Node& clients,
                 Scenario& scenario) {
  if (reader.error()) return;
  std::vector<YAML::Node> fleets;
  if (clients.IsSequence()) {
    for (const YAML::Node& fleet : clients) fleets.push_back(fleet);
  } else {
    fleets.push_back(clients);
  }
  const auto first = std::find_if_not(fleets.begin(), fleets.end(), is_migrated);
  if (first == fleets.end()) return;
  const bool two_states = std::ranges::any_of(fleets, reads_any);
  const YAML::Node first_fleet = *first;
  Places places(reader, backend, first_fleet, two_states);
  for (const YAML::Node& fleet : fleets) {
    if (clients.IsSequence() && !is_migrated(fleet)) places.check(fleet);
  }
  if (reader.error()) return;
  if (two_states) {
    States states(reader, backend, fleets);
    const std::vector<bool> is_other = states.tell_apart();
    states.check_reads(is_other);
    for (std::size_t k = 0; k < scenario.fleets.size(); ++k)
      scenario.fleets[k].client.is_other_state = is_other[k];
  }
  if (!reader.error() && !scenario.fleets.empty()) tell_lock_tables_apart(backend, fleets, scenario.fleets);
}

}  // namespace lockstorm::scenarios
