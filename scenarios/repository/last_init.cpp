#include "scenarios/repository/last_init.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

#include "scenarios/config/syntax/json_document.hpp"
#include "scenarios/config/syntax/source_text.hpp"
#include "scenarios/data/input_file.hpp"

namespace lockstorm::scenarios {
namespace {

namespace fs = std::filesystem;

constexpr double kFormat = 3;

fs::path data_directory(const fs::path& directory, const Environment& environment) {
  const auto said = environment.find("TF_DATA_DIR");
  return directory / (said == environment.end() || said->second.empty() ? ".terraform" : said->second);
}

const json::Value* member_of(const json::Value& object, std::string_view name) {
  const auto found = std::ranges::find(object.members, name, &json::Member::key);
  return found == object.members.end() ? nullptr : &found->value;
}

/// What stands there is a value, never an expression. Nothing for null.
std::optional<AttributeValue> literal(const SourceText& source, const json::Value& value) {
  switch (value.kind) {
    case json::Kind::null:
      return std::nullopt;
    case json::Kind::boolean:
      return value.boolean;
    case json::Kind::number:
      return value.number;
    case json::Kind::string:
      return value.string;
    case json::Kind::array:
    case json::Kind::object:
      break;
  }
  if (value.items.empty() && value.members.empty()) return std::nullopt;
  return Unresolved{std::string(source.text().substr(value.begin, value.end - value.begin))};
}

std::optional<BackendBlock> block_in(const SourceText& source) {
  const auto document = json::parse(source);
  if (!document) return std::nullopt;
  const json::Value* version = member_of(*document, "version");
  const json::Value* backend = member_of(*document, "backend");
  if (version == nullptr || version->number != kFormat || backend == nullptr) return std::nullopt;
  const json::Value* type = member_of(*backend, "type");
  const json::Value* config = member_of(*backend, "config");
  if (type == nullptr || type->string.empty() || config == nullptr) return std::nullopt;
  BackendBlock block{type->string, {}, source.location(type->begin)};
  for (const json::Member& member : config->members) {
    if (auto value = literal(source, member.value))
      block.arguments.insert_or_assign(member.key,
                                       Attribute{*std::move(value), source.location(member.key_begin)});
  }
  return block;
}

/// Alike for the tool: a text may stand for a number or a flag.
bool are_alike(const AttributeValue& a, const AttributeValue& b) {
  const auto text_of = [](const AttributeValue& value) -> std::string {
    if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? "" : *text;
  };
  return a == b || (a.index() != b.index() && !text_of(a).empty() && text_of(a) == text_of(b));
}

/// Not set, for what is written down of it.
bool says_nothing(const AttributeValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  const bool* flag = std::get_if<bool>(&value);
  return (text != nullptr && text->empty()) || (flag != nullptr && !*flag) ||
         std::holds_alternative<Unresolved>(value);
}

}  // namespace

std::optional<LastInit> last_init(const fs::path& directory, const Environment& environment) {
  const fs::path file = data_directory(directory, environment) / "terraform.tfstate";
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return std::nullopt;
  const auto source = read_source(file.lexically_normal());
  if (!source) return std::nullopt;
  auto block = block_in(*source);
  if (!block) return std::nullopt;
  return LastInit{*std::move(block), source->file()};
}

SinceInit since_init(const BackendBlock& block, const LastInit& last) {
  if (block.type != last.block.type) return SinceInit::moved;
  for (const auto& [name, attribute] : block.arguments) {
    const auto then = last.block.arguments.find(name);
    const bool is_new = then == last.block.arguments.end() && !says_nothing(attribute.value);
    const bool differs = then != last.block.arguments.end() &&
                         !std::holds_alternative<Unresolved>(attribute.value) &&
                         !std::holds_alternative<Unresolved>(then->second.value) &&
                         !are_alike(attribute.value, then->second.value);
    if (is_new || differs) return SinceInit::changed;
  }
  return SinceInit::same;
}

SelectedWorkspace selected_workspace(const fs::path& directory, const Environment& environment) {
  if (const auto said = environment.find("TF_WORKSPACE"); said != environment.end() && !said->second.empty())
    return {said->second, {"TF_WORKSPACE", {}}};
  const fs::path file = (data_directory(directory, environment) / "environment").lexically_normal();
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return {};
  const auto text = read_input_file(file, kConfigurationFile);
  if (!text) return {};
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t begin = std::min(text->find_first_not_of(kBlank), text->size());
  const std::string name = text->substr(begin, text->find_last_not_of(kBlank) + 1 - begin);
  if (name.empty() || name == "default") return {};
  return {name, {"workspace select", {file.string(), 0, 0}}};
}

void tell_workspace(const fs::path& directory, const Environment& environment,
                    TerraformConfiguration& configuration) {
  SelectedWorkspace selected = selected_workspace(directory, environment);
  if (selected.source.what.empty()) return;
  configuration.evaluated.push_back({"the workspace", selected.name, {}, {std::move(selected.source)}});
  configuration.workspace = std::move(selected.name);
}

}  // namespace lockstorm::scenarios
