#include "scenarios/repository/backend_file.hpp"

#include <utility>

#include "scenarios/config/json_bodies.hpp"
#include "scenarios/config/syntax/hcl_syntax.hpp"
#include "scenarios/config/syntax/hcl_values.hpp"
#include "scenarios/config/syntax/json_document.hpp"
#include "scenarios/config/syntax/source_text.hpp"

namespace lockstorm::scenarios {
namespace {

std::expected<BackendArgumentMap, InputError> arguments_in_native(const SourceText& source) {
  const auto body = hcl::parse(source);
  if (!body) return std::unexpected(body.error());
  BackendArgumentMap arguments;
  for (const auto& [name, attribute] : body->attributes) {
    if (auto value = hcl::evaluate(attribute.expression))
      arguments.emplace(name, Attribute{std::move(*value), source.location(attribute.name)});
  }
  for (const hcl::Block& block : body->blocks) {
    arguments.try_emplace(std::string(block.type), Unresolved{std::string(block.text)},
                          source.location(block.type));
  }
  return arguments;
}

std::expected<BackendArgumentMap, InputError> arguments_in_json(const SourceText& source) {
  const auto document = json::parse(source);
  if (!document) return std::unexpected(document.error());
  if (document->kind != json::Kind::object) {
    return std::unexpected(InputError{source.location(document->begin),
                                      "the root of a file for -backend-config must be an object",
                                      "a JSON object of backend arguments", ""});
  }
  BackendArgumentMap arguments;
  for (const json::Member& member : document->members) {
    if (member.key == "//") continue;
    if (auto value = value_of(source, member.value))
      arguments.insert_or_assign(member.key, Attribute{*std::move(value), source.location(member.key_begin)});
  }
  return arguments;
}

}  // namespace

std::expected<BackendArgumentMap, InputError> read_backend_file(const std::filesystem::path& file) {
  const auto source = read_source(file);
  if (!source) return std::unexpected(source.error());
  return source->file().ends_with(".json") ? arguments_in_json(*source) : arguments_in_native(*source);
}

BackendBlock completed(BackendBlock block, const BackendArgumentMap& arguments) {
  for (const auto& [name, attribute] : arguments) block.arguments.insert_or_assign(name, attribute);
  return block;
}

}  // namespace lockstorm::scenarios
