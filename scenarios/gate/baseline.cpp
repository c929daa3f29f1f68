#include "scenarios/gate/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "scenarios/config/syntax/json_document.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/gate/rule_ids.hpp"
#include "scenarios/pipeline/hazard_findings.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::string_view kBaselineFormat = "lockstorm-baseline";
constexpr int kVersion = 1;
constexpr InputKind kBaselineFile{"what `lockstorm audit --write-baseline` wrote", 64 * kMiB};
constexpr std::string_view kWriteItAnew = "write it anew with `lockstorm audit --write-baseline`";

// Hazards are told apart by their jobs, states by what completes their blocks.
std::string_view second_key(std::string_view rule) {
  return pipeline::hazard_of_id(rule) != 0 ? "job" : "completed_by";
}

// Thrown inside this file only.
struct Broken {
  InputError error;
};

class BaselineReader {
 public:
  explicit BaselineReader(const SourceText& source) : source_(source) {}

  void read(const json::Value& root, Baseline& baseline) {
    if (root.kind != json::Kind::object) fail(root.begin, "the file is no baseline");
    const std::string format = text_of(root, "format");
    if (format != kBaselineFormat) fail(member(root, "format").key_begin, "the file is no baseline");
    const json::Member& version = member(root, "version");
    if (version.value.kind != json::Kind::number || version.value.number != kVersion)
      fail(version.key_begin, "the baseline is of another version", fmt::format("version {}", kVersion));
    only(root, std::array<std::string_view, 3>{"format", "version", "findings"});
    const json::Member& findings = member(root, "findings");
    if (findings.value.kind != json::Kind::array) fail(findings.key_begin, "\"findings\" is no list");
    for (const json::Value& finding : findings.value.items) read_finding(finding, baseline);
  }

 private:
  [[noreturn]] void fail(std::size_t offset, std::string problem, std::string expected = {}) const {
    if (expected.empty()) expected = kBaselineFile.expected;
    throw Broken{
        {source_.location(offset), std::move(problem), std::move(expected), std::string(kWriteItAnew)}};
  }

  [[nodiscard]] const json::Member& member(const json::Value& object, std::string_view key) const {
    const auto found = std::ranges::find(object.members, key, &json::Member::key);
    if (found == object.members.end()) fail(object.begin, fmt::format("\"{}\" is missing", key));
    return *found;
  }

  [[nodiscard]] std::string text_of(const json::Value& object, std::string_view key) const {
    const json::Member& found = member(object, key);
    if (found.value.kind != json::Kind::string) fail(found.key_begin, fmt::format("\"{}\" is no text", key));
    return found.value.string;
  }

  // A key that is not known might mean something.
  void only(const json::Value& object, std::span<const std::string_view> keys) const {
    for (const json::Member& one : object.members) {
      if (std::ranges::find(keys, one.key) == keys.end())
        fail(one.key_begin, fmt::format("unknown key \"{}\"", one.key));
      if (std::ranges::count(object.members, one.key, &json::Member::key) > 1)
        fail(one.key_begin, fmt::format("\"{}\" stands twice", one.key));
    }
  }

  void read_finding(const json::Value& value, Baseline& baseline) const {
    if (value.kind != json::Kind::object) fail(value.begin, "this is no finding");
    KnownFinding finding;
    finding.rule = text_of(value, "rule");
    const std::string_view second = second_key(finding.rule);
    only(value, std::array<std::string_view, 3>{"rule", "path", second});
    if (const auto rule = known_rule_id(finding.rule); !rule || *rule != finding.rule)
      fail(member(value, "rule").key_begin, fmt::format("unknown rule '{}'", finding.rule));
    finding.place.path = text_of(value, "path");
    if (value.members.size() > 2) finding.place.completed_by = text_of(value, second);
    baseline.findings.emplace(std::move(finding), source_.location(value.begin));
  }

  const SourceText& source_;
};

std::string in_json_quotes(const std::string& text) { return nlohmann::json(text).dump(); }

}  // namespace

std::filesystem::path Baseline::directory() const {
  const std::filesystem::path parent = std::filesystem::path(file).parent_path();
  return parent.empty() ? std::filesystem::path(".") : parent;
}

std::expected<Baseline, InputError> read_baseline(const std::filesystem::path& file) {
  auto text = read_input_file(file, kBaselineFile);
  if (!text) return std::unexpected(text.error());
  const SourceText source(file.string(), *std::move(text));
  auto document = json::parse(source);
  if (!document) {
    document.error().hint = kWriteItAnew;
    return std::unexpected(document.error());
  }
  Baseline baseline;
  baseline.file = file.string();
  try {
    BaselineReader(source).read(*document, baseline);
  } catch (Broken& broken) {
    return std::unexpected(std::move(broken.error));
  }
  return baseline;
}

std::string baseline_text(const std::set<KnownFinding>& findings) {
  std::string out = fmt::format("{{\n  \"format\": \"{}\",\n  \"version\": {},\n  \"findings\": [",
                                kBaselineFormat, kVersion);
  std::string_view before = "\n";
  for (const KnownFinding& finding : findings) {
    out += fmt::format("{}    {{\"path\": {}, ", before, in_json_quotes(finding.place.path));
    if (!finding.place.completed_by.empty())
      out +=
          fmt::format("\"{}\": {}, ", second_key(finding.rule), in_json_quotes(finding.place.completed_by));
    out += fmt::format("\"rule\": {}}}", in_json_quotes(finding.rule));
    before = ",\n";
  }
  return out + (findings.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

}  // namespace lockstorm::scenarios
