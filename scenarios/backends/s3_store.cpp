#include "scenarios/backends/s3_store.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "scenarios/data/read_number.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::string_view kStoreMode = "store:";

struct StoreFlag {
  std::string_view name;
  bool S3StorePromises::* value;
};

constexpr std::array<StoreFlag, 7> kStoreFlags{
    {{"honours_if_none_match", &S3StorePromises::honours_if_none_match},
     {"honours_if_match", &S3StorePromises::honours_if_match},
     {"strong_reads", &S3StorePromises::strong_reads},
     {"versioned_conditional_puts", &S3StorePromises::versioned_conditional_puts},
     {"suspended_conditional_puts", &S3StorePromises::suspended_conditional_puts},
     {"missing_key_is_403", &S3StorePromises::missing_key_is_403},
     {"conditional_puts", &S3StorePromises::conditional_puts}}};

bool is_set(const BackendArguments& arguments, const std::string& name) {
  const Attribute* attribute = arguments.find(name);
  if (attribute == nullptr) return false;
  const auto* flag = std::get_if<bool>(&attribute->value);
  const auto* text = std::get_if<std::string>(&attribute->value);
  return (flag == nullptr || *flag) && (text == nullptr || (!text->empty() && *text != "false"));
}

}  // namespace

models::S3Promises promises_of(const S3StorePromises& store) {
  models::S3Promises promises;
  promises.honours_if_none_match = store.honours_if_none_match;
  promises.honours_if_match = store.honours_if_match;
  promises.conditional_puts = store.conditional_puts;
  promises.strong_reads = store.strong_reads;
  promises.versioned_conditional_puts = store.versioned_conditional_puts;
  promises.suspended_conditional_puts = store.suspended_conditional_puts;
  promises.missing_key_is_403 = store.missing_key_is_403;
  promises.conflicts = store.conflicts;
  if (store.versioning == "enabled") promises.versioning = models::Versioning::enabled;
  if (store.versioning == "suspended") promises.versioning = models::Versioning::suspended;
  return promises;
}

std::vector<std::string> store_modes(const S3StorePromises& store) {
  const S3StorePromises amazons;
  std::vector<std::string> modes;
  for (const StoreFlag& flag : kStoreFlags) {
    if (store.*flag.value != amazons.*flag.value)
      modes.push_back(fmt::format("{}{}={}", kStoreMode, flag.name, store.*flag.value));
  }
  if (store.versioning != amazons.versioning)
    modes.push_back(fmt::format("{}versioning={}", kStoreMode, store.versioning));
  if (store.conflicts != amazons.conflicts)
    modes.push_back(fmt::format("{}conflicts={}", kStoreMode, store.conflicts));
  return modes;
}

bool read_store_mode(std::string_view mode, S3StorePromises& store) {
  if (!mode.starts_with(kStoreMode)) return false;
  mode.remove_prefix(kStoreMode.size());
  const std::size_t equals = mode.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = mode.substr(0, equals);
  const std::string_view value = mode.substr(equals + 1);
  for (const StoreFlag& flag : kStoreFlags) {
    if (flag.name != name) continue;
    store.*flag.value = value == "true";
    return value == "true" || value == "false";
  }
  if (name == "conflicts") return read_number<std::uint8_t>(value, 0, 2, store.conflicts);
  if (name != "versioning" || (value != "never" && value != "enabled" && value != "suspended")) return false;
  store.versioning = value;
  return true;
}

std::optional<std::string> foreign_store(const BackendArguments& arguments) {
  for (const std::string name : {"endpoints", "endpoint"}) {
    // One of the environment has the variable's name for its place.
    const Attribute* said = arguments.find(name);
    const bool is_of_environment = said != nullptr && said->where.file.starts_with("AWS_");
    if (is_set(arguments, name))
      return (is_of_environment ? said->where.file : name) + " names another store";
  }
  for (const std::string name : {"use_path_style", "force_path_style", "skip_s3_checksum",
                                 "skip_requesting_account_id", "skip_region_validation"}) {
    if (is_set(arguments, name)) return name + " is set, as other stores need it";
  }
  const Attribute* region = arguments.find("region");
  const auto* text = region == nullptr ? nullptr : std::get_if<std::string>(&region->value);
  if (text != nullptr && *text == "auto") return "region is \"auto\", which Amazon does not have";
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
