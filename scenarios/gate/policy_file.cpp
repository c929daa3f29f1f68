#include "scenarios/gate/policy_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "scenarios/campaigns/audit.hpp"
#include "scenarios/config/repository_folders.hpp"
#include "scenarios/data/date.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/gate/policy_store.hpp"

namespace lockstorm::scenarios {
namespace {

namespace fs = std::filesystem;

constexpr InputKind kPolicyFile{"a policy (.lockstorm.yaml)", kMiB};

constexpr std::array<YamlKey, 10> kPolicyKeys{{
    {"faults", "what to expect of the world besides no fault at all, as --faults"},
    {"jobs", "CI jobs at once, as --jobs-in-ci"},
    {"runner", "what jobs run on, as --runner"},
    {"lock_timeout", "what jobs pass as -lock-timeout, as --lock-timeout"},
    {"tool", "the tool, as --tool"},
    {"store", "what stores promise, as --store; backends without such a promise pass it over"},
    {"exclude", "directories to leave out, as --exclude"},
    {"fail_on", "from which grade on a finding fails, as --fail-on"},
    {"baseline", "the file with what is known already, as --baseline"},
    {"accept", "findings that somebody has accepted"},
}};

constexpr std::array<YamlKey, 4> kAcceptanceKeys{{
    {"rule", "a rule's id, or all that begin alike: LS-S3-*"},
    {"reason", "why it is accepted"},
    {"expires", "the last day on which it holds"},
    {"paths", "the states that it is about; without it all"},
}};

std::vector<std::string_view> names_of(std::span<const YamlKey> keys) {
  std::vector<std::string_view> names;
  for (const YamlKey& key : keys) names.push_back(key.name);
  return names;
}

// Reads one policy; the first thing that is wrong stays in the reader.
class PolicyReader {
 public:
  PolicyReader(YamlReader& reader, Policy& policy) : reader_(reader), policy_(policy) {}

  void read(const YAML::Node& root) {
    if (!root.IsMap()) return reader_.fail(root, "a policy is a mapping", "fail_on: high, ...");
    reader_.keys(root, names_of(kPolicyKeys));
    if (root["faults"]) read_faults(root["faults"]);
    if (root["jobs"]) reader_.number(root, "jobs", 1, 6, policy_.jobs.emplace());
    read_choices(root);
    if (root["lock_timeout"]) reader_.duration(root, "lock_timeout", policy_.lock_timeout.emplace());
    if (root["store"]) read_store(root["store"]);
    if (root["exclude"]) policy_.exclude = globs(root["exclude"], "exclude");
    if (root["fail_on"]) read_fail_on(root["fail_on"]);
    reader_.text(root, "baseline", policy_.baseline);
    if (root["baseline"] && policy_.baseline.empty())
      reader_.fail(root["baseline"], "baseline is empty", "a file name");
    if (root["accept"]) read_acceptances(root["accept"]);
  }

 private:
  void read_faults(const YAML::Node& node) {
    constexpr std::string_view kExample = "faults: [none, crash, interrupt]";
    if (!node.IsSequence()) return reader_.fail(node, "faults is not a list", std::string(kExample));
    std::vector<std::string_view> valid;
    for (const AdversityName& known : kAdversityNames) valid.push_back(known.name);
    std::vector<std::string> given;
    for (const YAML::Node& item : node) {
      given.push_back(reader_.scalar(item, "a kind of fault"));
      if (std::ranges::find(valid, given.back()) == valid.end())
        return reader_.unknown_name(item, "kind of fault", given.back(), valid);
    }
    // Which sets make sense is known there.
    const auto faults = parse_adversities(fmt::format("{}", fmt::join(given, ",")));
    if (!faults) return reader_.fail(node, faults.error(), std::string(kExample));
    policy_.faults = *faults;
  }

  void read_choices(const YAML::Node& root) {
    static constexpr auto kRunners = sim::text_for_each<Runner>({"persistent", "ephemeral"});
    static constexpr auto kTools = sim::text_for_each<models::Dialect>({"terraform", "opentofu"});
    std::size_t chosen = 0;
    reader_.choice(root, "runner", kRunners, chosen);
    if (root["runner"]) policy_.runner = static_cast<Runner>(chosen);
    chosen = 0;
    reader_.choice(root, "tool", kTools, chosen);
    if (root["tool"]) policy_.tool = static_cast<models::Dialect>(chosen);
  }

  void read_store(const YAML::Node& node) {
    if (!node.IsMap())
      return reader_.fail(node, "store is not a mapping", "store: {honours_if_none_match: true}");
    policy_.store = read_store_promises(reader_, node);
    const YAML::Mark mark = node.Mark();
    policy_.store_where = {policy_.file, static_cast<unsigned>(mark.line + 1),
                           static_cast<unsigned>(mark.column + 1)};
  }

  void read_fail_on(const YAML::Node& node) {
    const std::string name = reader_.scalar(node, "a grade, or never");
    const auto fail_on = parse_fail_on(name);
    if (!fail_on) return reader_.fail(node, fmt::format("fail_on is '{}'", name), fail_on.error());
    policy_.fail_on = *fail_on;
  }

  std::vector<std::string> globs(const YAML::Node& node, std::string_view key) {
    const std::string example = fmt::format("{}: [live/legacy, \"sandbox-*\"]", key);
    std::vector<std::string> all;
    if (!node.IsSequence() || node.size() == 0) {
      reader_.fail(node, fmt::format("{} is not a list of paths", key), example);
      return all;
    }
    for (const YAML::Node& item : node) {
      all.push_back(reader_.scalar(item, "a path"));
      if (all.back().empty()) reader_.fail(item, "an empty path", example);
    }
    return all;
  }

  void read_acceptances(const YAML::Node& node) {
    if (!node.IsSequence())
      return reader_.fail(node, "accept is not a list", "accept: [{rule: LS-S3-310, reason: ...}]");
    for (const YAML::Node& item : node) read_acceptance(item);
  }

  void read_acceptance(const YAML::Node& item) {
    if (!item.IsMap())
      return reader_.fail(item, "not an acceptance", "{rule: LS-S3-310, reason: ..., expires: 2027-03-01}");
    reader_.keys(item, names_of(kAcceptanceKeys));
    if (!item["rule"]) return reader_.fail(item, "the acceptance has no rule", "rule: LS-S3-310");
    const std::string given = reader_.scalar(item["rule"], "a rule's id");
    auto rule = RulePattern::parse(given);
    if (!rule)
      return reader_.fail(item["rule"], fmt::format("unknown rule '{}'", given), rule.error(),
                          "`lockstorm audit` names the rules of what it finds");
    const YAML::Mark mark = item.Mark();
    Acceptance acceptance{*std::move(rule), "", std::nullopt, {}, {}};
    acceptance.where = {policy_.file, static_cast<unsigned>(mark.line + 1),
                        static_cast<unsigned>(mark.column + 1)};
    reader_.text(item, "reason", acceptance.reason);
    if (acceptance.reason.find_first_not_of(" \t\n") == std::string::npos)
      return reader_.fail(item["reason"] ? item["reason"] : item, "the acceptance has no reason",
                          "reason: why it can stay as it is, and who says so");
    if (item["expires"]) {
      const std::string day = reader_.scalar(item["expires"], "a day such as 2027-03-01");
      const auto date = parse_date(day);
      if (!date) return reader_.fail(item["expires"], fmt::format("expires is '{}'", day), date.error());
      acceptance.expires = *date;
    }
    if (item["paths"]) acceptance.paths = globs(item["paths"], "paths");
    policy_.accept.push_back(std::move(acceptance));
  }

  YamlReader& reader_;
  Policy& policy_;
};

}  // namespace

std::expected<std::optional<fs::path>, InputError> find_policy(const fs::path& path) {
  std::error_code error;
  fs::path folder = fs::is_directory(path, error) ? path : path.parent_path();
  if (folder.empty()) folder = ".";
  const std::size_t levels = folders_up(folder).size();
  for (std::size_t level = 0; level < levels; ++level) {
    const fs::path file = (folder / kPolicyName).lexically_normal();
    if (fs::exists(fs::symlink_status(file, error))) return file;
    for (const std::string_view alike : {".lockstorm.yml", "lockstorm.yaml", "lockstorm.yml"}) {
      if (fs::exists(folder / alike, error))
        return std::unexpected(InputError{{(folder / alike).lexically_normal().string(), 0, 0},
                                          "is not read: a policy has another name",
                                          std::string(kPolicyName),
                                          "rename it, or give it with --config"});
    }
    folder /= "..";
  }
  return std::nullopt;
}

std::expected<Policy, InputError> parse_policy(const std::string& text, const fs::path& file) {
  Policy policy;
  policy.file = file.string();
  policy.directory = file.has_parent_path() ? file.parent_path() : fs::path(".");
  YamlStructure structure = examine_yaml(text, policy.file, "policy");
  if (structure.error) return std::unexpected(*structure.error);
  YamlReader reader(policy.file, std::move(structure.keys_without_value));
  try {
    const YAML::Node root = YAML::Load(text);
    // A file of comments is one that decides nothing yet.
    if (!root.IsNull()) PolicyReader(reader, policy).read(root);
  } catch (const YAML::Exception& error) {
    const auto line = static_cast<unsigned>(error.mark.line + 1);
    const auto column = static_cast<unsigned>(error.mark.column + 1);
    return std::unexpected(InputError{{policy.file, line, column}, "broken YAML: " + error.msg, "", ""});
  }
  if (reader.error()) return std::unexpected(*reader.error());
  return policy;
}

std::expected<Policy, InputError> read_policy(const fs::path& file) {
  const auto text = read_input_file(file, kPolicyFile);
  if (!text) return std::unexpected(text.error());
  return parse_policy(*text, file);
}

std::span<const YamlKey> policy_keys() { return kPolicyKeys; }
std::span<const YamlKey> acceptance_keys() { return kAcceptanceKeys; }

}  // namespace lockstorm::scenarios
