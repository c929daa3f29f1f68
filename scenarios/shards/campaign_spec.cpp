#include "scenarios/shards/campaign_spec.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "scenarios/data/input_file.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr InputKind kCampaignFile{"what a campaign is to do (*.yaml)", kMiB};
constexpr std::uint64_t kMostRuns = std::uint64_t{1} << 50U;

SourceLocation place(const CampaignSpec& spec, const YAML::Node& node) {
  const YAML::Mark mark = node.Mark();
  return {spec.file, static_cast<unsigned>(mark.line + 1), static_cast<unsigned>(mark.column + 1)};
}

// Reads one spec; the first thing that is wrong stays in the reader.
class CampaignSpecReader {
 public:
  CampaignSpecReader(YamlReader& reader, CampaignSpec& spec) : reader_(reader), spec_(spec) {}

  void read(const YAML::Node& root) {
    if (!root.IsMap())
      return reader_.fail(root, "a campaign is a mapping", "hunt: {scenarios: [...], runs: 1000000}");
    reader_.keys(root,
                 {"hunt", "verify", "shards", "attempts", "lost_after", "memory", "slurm", "kubernetes"});
    if (!root["hunt"] && !root["verify"])
      return reader_.fail(root, "the campaign does nothing", "hunt: {scenarios: [crowds/*], runs: 1000000}",
                          "or verify: {scenarios: [s3/*]}");
    if (root["hunt"] && root["verify"])
      return reader_.fail(root["verify"], "a campaign hunts or verifies, not both", "a campaign for each");
    if (root["hunt"]) read_hunt(root["hunt"]);
    if (root["verify"]) read_verify(root["verify"]);
    if (root["verify"] && root["shards"])
      return reader_.fail(root["shards"], "a proof is not divided: each scenario is one shard", "no shards");
    reader_.number(root, "shards", 2, kLanes, spec_.shards);
    reader_.number(root, "attempts", 1, 100, spec_.attempts);
    reader_.duration(root, "lost_after", spec_.lost_after);
    if (root["lost_after"] && spec_.lost_after < std::chrono::seconds(1))
      reader_.fail(root["lost_after"], "nobody is lost so soon", "a duration of 1s or more");
    if (root["memory"]) read_memory(root["memory"]);
    if (root["slurm"]) read_slurm(root["slurm"]);
    if (root["kubernetes"]) read_kubernetes(root["kubernetes"]);
  }

 private:
  void read_hunt(const YAML::Node& node) {
    if (!node.IsMap())
      return reader_.fail(node, "hunt is not a mapping", "hunt: {scenarios: [crowds/*], runs: 1000000}");
    reader_.keys(node, {"scenarios", "runs", "seed", "depth", "strategies"});
    read_scenarios(node, "[crowds/*, mine.yaml]");
    reader_.number(node, "runs", 1, kMostRuns, spec_.runs);
    reader_.number(node, "seed", 0, std::numeric_limits<std::int64_t>::max(), spec_.seed);
    reader_.number(node, "depth", 1, 64, spec_.depth);
    if (node["strategies"]) read_strategies(node["strategies"]);
  }

  void read_verify(const YAML::Node& node) {
    if (!node.IsMap()) return reader_.fail(node, "verify is not a mapping", "verify: {scenarios: [s3/*]}");
    reader_.keys(node, {"scenarios"});
    spec_.kind = CampaignKind::verify;
    spec_.shards = 1;
    read_scenarios(node, "[s3/*, mine.yaml]");
  }

  void read_scenarios(const YAML::Node& node, std::string_view example) {
    const YAML::Node scenarios = node["scenarios"];
    if (!scenarios || !scenarios.IsSequence() || scenarios.size() == 0)
      return reader_.fail(scenarios ? scenarios : node, "no scenario is listed",
                          fmt::format("scenarios: {}", example));
    for (const YAML::Node& item : scenarios) {
      spec_.references.push_back(reader_.scalar(item, "a file, a name of the library, or a glob of names"));
      spec_.where.push_back(place(spec_, item));
      if (spec_.references.back().empty()) return reader_.fail(item, "an empty name", std::string(example));
    }
  }

  void read_strategies(const YAML::Node& node) {
    if (!node.IsSequence() || node.size() == 0)
      return reader_.fail(node, "strategies is not a list", "strategies: [pct:3, random]");
    const sim::StreamPool none;
    const std::vector<std::string> names = strategy_names(true);
    for (const YAML::Node& item : node) {
      spec_.strategies.push_back(reader_.scalar(item, "the name of a strategy"));
      if (!make_strategy(spec_.strategies.back(), none))
        return reader_.unknown_name(item, "strategy", spec_.strategies.back(),
                                    std::vector<std::string_view>(names.begin(), names.end()));
      if (std::ranges::count(spec_.strategies, spec_.strategies.back()) > 1)
        return reader_.fail(item, fmt::format("'{}' stands twice", spec_.strategies.back()),
                            "each strategy once");
    }
  }

  void read_memory(const YAML::Node& node) {
    const std::string text = reader_.scalar(node, "a size such as 4G");
    const auto bytes = size_of(text);
    if (!bytes) return reader_.fail(node, fmt::format("'{}' is no size", text), "a size such as 512M or 4G");
    spec_.memory_bytes = *bytes;
  }

  static std::optional<std::size_t> size_of(std::string_view text) {
    constexpr std::string_view kUnits = "KMGT";
    if (text.size() < 2 || text.size() > 8) return std::nullopt;
    const std::size_t unit = kUnits.find(text.back());
    std::size_t number = 0;
    for (const char digit : text.substr(0, text.size() - 1)) {
      if (digit < '0' || digit > '9') return std::nullopt;
      number = number * 10 + static_cast<std::size_t>(digit - '0');
    }
    if (unit == std::string_view::npos) return std::nullopt;
    const std::size_t bytes = number << (10U * (unit + 1));
    constexpr std::size_t kLeast = 64 * kMiB;
    return bytes >= kLeast && bytes <= std::size_t{1} << 46U ? std::optional(bytes) : std::nullopt;
  }

  void read_slurm(const YAML::Node& node) {
    if (!node.IsMap()) return reader_.fail(node, "slurm is not a mapping", "slurm: {partition: batch}");
    reader_.keys(node, {"partition", "account", "time", "memory", "options"});
    SlurmPlace& slurm = spec_.slurm;
    for (const auto& [key, out] : {std::pair("partition", &slurm.partition),
                                   {"account", &slurm.account},
                                   {"time", &slurm.time},
                                   {"memory", &slurm.memory}}) {
      reader_.text(node, key, *out);
      if (node[key]) refuse_second_line(node[key], *out);
    }
    if (!node["options"]) return;
    if (!node["options"].IsSequence())
      return reader_.fail(node["options"], "options is not a list", "options: [--qos=low, --exclusive]");
    for (const YAML::Node& item : node["options"]) {
      slurm.options.push_back(reader_.scalar(item, "an option of sbatch, such as --qos=low"));
      refuse_second_line(item, slurm.options.back());
      if (!slurm.options.back().starts_with("-"))
        return reader_.fail(item, "not an option of sbatch", "--qos=low");
    }
  }

  void read_kubernetes(const YAML::Node& node) {
    if (!node.IsMap())
      return reader_.fail(node, "kubernetes is not a mapping",
                          "kubernetes: {image: registry.example/lockstorm:0.2.0, claim: campaigns}");
    reader_.keys(node, {"image", "namespace", "claim", "cpu", "memory", "parallelism"});
    KubernetesPlace& place = spec_.kubernetes;
    for (const auto& [key, out] : {std::pair("image", &place.image),
                                   {"namespace", &place.name_space},
                                   {"claim", &place.claim},
                                   {"memory", &place.memory}}) {
      reader_.text(node, key, *out);
      if (node[key]) refuse_second_line(node[key], *out);
    }
    if (node["cpu"]) place.cpu = reader_.scalar(node["cpu"], "a quantity such as 1 or 500m");
    if (node["cpu"]) refuse_second_line(node["cpu"], place.cpu);
    reader_.number(node, "parallelism", 1, 100'000, place.parallelism);
  }

  // In a line of a script, what stands behind a newline would be another one.
  void refuse_second_line(const YAML::Node& node, const std::string& text) {
    const bool is_one_line = std::ranges::all_of(text, [](unsigned char c) { return c >= ' ' && c != 0x7f; });
    if (text.empty() || !is_one_line) reader_.fail(node, "not one line of text", "one line, not empty");
  }

  YamlReader& reader_;
  CampaignSpec& spec_;
};

}  // namespace

std::expected<CampaignSpec, InputError> parse_campaign_spec(std::string text, const std::string& file) {
  CampaignSpec spec;
  spec.file = file;
  spec.text = std::move(text);
  YamlStructure structure = examine_yaml(spec.text, file, "campaign");
  if (structure.error) return std::unexpected(*structure.error);
  YamlReader reader(file, std::move(structure.keys_without_value));
  try {
    const YAML::Node root = YAML::Load(spec.text);
    if (root.IsNull())
      return std::unexpected(
          InputError{{file, 1, 1}, "the campaign is empty", "hunt: {scenarios: [crowds/*]}", ""});
    CampaignSpecReader(reader, spec).read(root);
  } catch (const YAML::Exception& error) {
    return std::unexpected(InputError{
        {file, static_cast<unsigned>(error.mark.line + 1), static_cast<unsigned>(error.mark.column + 1)},
        "broken YAML: " + error.msg,
        "",
        ""});
  }
  if (reader.error()) return std::unexpected(*reader.error());
  return spec;
}

std::expected<CampaignSpec, InputError> read_campaign_spec(const std::filesystem::path& file) {
  auto text = read_input_file(file, kCampaignFile);
  if (!text) return std::unexpected(text.error());
  return parse_campaign_spec(*std::move(text), file.string());
}

std::expected<std::vector<Scenario>, InputError> scenarios_of(const CampaignSpec& spec) {
  std::vector<Scenario> all;
  for (std::size_t i = 0; i < spec.references.size(); ++i) {
    const std::string beside = (std::filesystem::path(spec.file).parent_path() / spec.references[i]).string();
    std::error_code ignored;
    const bool is_file = std::filesystem::exists(beside, ignored);
    auto found = find_scenarios(is_file ? beside : spec.references[i]);
    if (!found) {
      InputError error = found.error();
      if (!is_file) {  // else it is wrong in the scenario's own file
        error.where = spec.where[i];
        error.problem = fmt::format("'{}': {}", printable(spec.references[i]), error.problem);
      }
      return std::unexpected(std::move(error));
    }
    for (Scenario& scenario : *found) {
      if (std::ranges::any_of(all, [&](const Scenario& other) { return other.name == scenario.name; }))
        return std::unexpected(InputError{spec.where[i],
                                          fmt::format("the scenario '{}' is there twice", scenario.name),
                                          "each scenario once, and each with a name of its own", ""});
      all.push_back(std::move(scenario));
    }
  }
  return all;
}

HuntOptions hunt_options_of(const CampaignSpec& spec, Shard shard) {
  HuntOptions hunt;
  hunt.seed = spec.seed;
  hunt.runs = spec.runs;
  hunt.depth = spec.depth;
  hunt.all = true;  // or a shard would stop where the others do not
  hunt.max_bytes = spec.memory_bytes;
  hunt.shard = shard;
  hunt.strategies = spec.strategies;
  return hunt;
}

std::string canonical_text(const CampaignSpec& spec, const std::vector<Scenario>& found) {
  std::string text;
  for (const Scenario& scenario : found)
    text += fmt::format("scenario {} {:016x}\n", printable(scenario.name), fingerprint(scenario));
  if (spec.kind == CampaignKind::verify) return text + fmt::format("verify\nmemory {}\n", spec.memory_bytes);
  return text +
         fmt::format("runs {}\nseed {}\ndepth {}\nstrategies {}\nshards {}\nmemory {}\n", spec.runs,
                     spec.seed, spec.depth,
                     spec.strategies.empty() ? "all" : fmt::format("{}", fmt::join(spec.strategies, " ")),
                     spec.shards, spec.memory_bytes);
}

}  // namespace lockstorm::scenarios
