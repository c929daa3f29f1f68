#include "reports/text/scenario_format.hpp"

#include <fmt/format.h>

#include "reports/format/layout.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::KeyDeclaration;
using scenarios::KeySection;

// "a whole number from 1 to 10; default 5; for example max_retries: 6".
std::string values_text(const KeyDeclaration& key) {
  std::string text = key.values;
  if (!key.standard.empty()) text += fmt::format("; without it: {}", key.standard);
  return text + fmt::format("; for example {}", key.example);
}

std::string in_a_cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

std::string table(const KeySection& section) {
  std::string out = "| key | meaning | values | without it | example |\n|---|---|---|---|---|\n";
  for (const KeyDeclaration& key : section.keys)
    out += fmt::format("| `{}` | {} | {} | {} | `{}` |\n", key.name, in_a_cell(key.meaning),
                       in_a_cell(key.values), in_a_cell(key.standard), key.example);
  return out;
}

}  // namespace

std::string text_keys(const std::vector<KeySection>& sections, const Style& style) {
  constexpr std::size_t kIndent = 4;
  std::string out;
  for (const KeySection& section : sections) {
    const std::string name = section.name.empty() ? "a scenario" : section.name;
    out += (out.empty() ? "" : "\n") + paragraph(name + ": " + section.summary, style);
    for (const KeyDeclaration& key : section.keys) {
      out += "  " + style(Ink::bold, key.name) + "\n" + paragraph(key.meaning, style, kIndent) +
             paragraph(values_text(key), style, kIndent);
    }
  }
  return out;
}

nlohmann::ordered_json json_keys(const std::vector<KeySection>& sections) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const KeySection& section : sections) {
    nlohmann::ordered_json keys = nlohmann::ordered_json::array();
    for (const KeyDeclaration& key : section.keys)
      keys.push_back({{"key", key.name},
                      {"meaning", key.meaning},
                      {"values", key.values},
                      {"default", key.standard},
                      {"example", key.example}});
    json.push_back({{"section", section.name}, {"summary", section.summary}, {"keys", std::move(keys)}});
  }
  return json;
}

std::string scenario_page() {
  std::string out =
      "# The scenario format\n\n"
      "Every key of a scenario file. This page is written from what the reader declares "
      "(`lockstorm describe scenario`, and `lockstorm describe BACKEND` for one backend's keys); a test "
      "holds the two together.\n";
  for (const KeySection& section : scenarios::common_sections()) {
    out += section.name.empty()
               ? fmt::format("\n## The root\n\n{}", table(section))
               : fmt::format("\n## `{}`: {}\n\n{}", section.name, section.summary, table(section));
  }
  for (const scenarios::BackendType* type : scenarios::backend_types()) {
    out += fmt::format("\n## `type: {}`\n\n{}.\n", type->name, type->summary);
    for (const KeySection& section : scenarios::sections_of(*type))
      out += fmt::format("\n### `{}` with `type: {}`\n\n{}", section.name, type->name, table(section));
  }
  return out;
}

}  // namespace lockstorm::reports
