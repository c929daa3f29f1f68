#include "scenarios/gate/policy_store.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/scenario_keys.hpp"

namespace lockstorm::scenarios {
namespace {

// What this backend says of the promises that are its own; nothing: all is well, or none is.
std::optional<InputError> complaint_of(const BackendType& type, const std::vector<std::string>& keys,
                                       const YAML::Node& section, std::map<std::string, bool>& taken) {
  YAML::Node own;
  for (const std::string& key : keys) {
    if (section[key]) own[key] = section[key];
  }
  if (own.size() == 0) return std::nullopt;
  YamlReader reader("");
  type.defaults()->read_store(reader, own);
  for (const auto& entry : own) taken[entry.first.Scalar()] |= !reader.error();
  return reader.error();
}

}  // namespace

std::map<std::string, std::string> read_store_promises(YamlReader& reader, const YAML::Node& section) {
  std::map<std::string, std::string> promises;
  std::set<std::string> known;
  for (const BackendType* type : backend_types()) {
    const std::vector<std::string> keys = store_keys(*type);
    known.insert(keys.begin(), keys.end());
  }
  reader.keys(section, {known.begin(), known.end()});
  for (const auto& entry : section) promises[entry.first.Scalar()] = reader.scalar(entry.second, "a value");
  if (reader.error()) return {};
  std::map<std::string, bool> taken;
  std::optional<InputError> first;
  for (const BackendType* type : backend_types()) {
    auto complaint = complaint_of(*type, store_keys(*type), section, taken);
    if (complaint && !first) first = std::move(complaint);
  }
  for (const auto& entry : section) {
    if (!taken[entry.first.Scalar()]) reader.fail(entry.second, first->problem, first->expected, first->hint);
  }
  return promises;
}

}  // namespace lockstorm::scenarios
