// Finds backend and cloud blocks in a document of HCL's JSON syntax.
#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "scenarios/config/body_schema.hpp"
#include "scenarios/config/file_findings.hpp"
#include "scenarios/config/json_bodies.hpp"
#include "scenarios/config/syntax/hcl_values.hpp"
#include "scenarios/config/syntax/json_document.hpp"

namespace lockstorm::scenarios {
namespace {

using Complaint = std::optional<InputError>;

Complaint read_backend(const SourceText& source, const json::Member& typed, const json::Value& body,
                       std::vector<BackendBlock>& blocks, FileFindings& found) {
  BackendBlock backend{typed.key, {}, source.location(typed.key_begin)};
  std::map<std::string_view, SourceLocation> seen;
  const auto read_argument = [&](const json::Member& member) -> Complaint {
    const SourceLocation where = source.location(member.key_begin);
    const auto [earlier, is_new] = seen.emplace(member.key, where);
    if (!is_new) {
      return InputError{where,
                        fmt::format("the argument '{}' is already set at line {}, column {}", member.key,
                                    earlier->second.line, earlier->second.column),
                        "each argument once", ""};
    }
    if (auto value = value_of(source, member.value)) {
      if (std::holds_alternative<Unresolved>(*value)) {
        found.open_arguments.push_back(
            {backend.where, member.key, {member.value, source.location(member.value.begin)}});
      }
      backend.arguments.emplace(member.key, Attribute{std::move(*value), where});
    }
    return std::nullopt;
  };
  if (auto complaint = for_each_property(source, body, "a backend's configuration", read_argument))
    return complaint;
  blocks.push_back(std::move(backend));
  return std::nullopt;
}

/// Reads `"backend": {"s3": { ... }}`, or another block with one label, its type.
Complaint read_typed_blocks(const SourceText& source, const json::Member& block,
                            std::vector<BackendBlock>& blocks, FileFindings& found) {
  std::size_t types = 0;
  const auto read_type = [&](const json::Member& typed) {
    ++types;
    return for_each_block(typed.value, [&](const json::Value& body) {
      return read_backend(source, typed, body, blocks, found);
    });
  };
  if (auto complaint = for_each_member(source, block.value, fmt::format("'{}'", block.key), read_type))
    return complaint;
  if (types > 0) return std::nullopt;
  return InputError{source.location(block.value.begin), fmt::format("missing type for {} block", block.key),
                    "one key, the type, as in: \"backend\": {\"s3\": {", ""};
}

Complaint read_required_version(const SourceText& source, const json::Member& member, FileFindings& found) {
  const auto value = value_of(source, member.value);
  if (value) return add_required_version(*value, source.location(member.key_begin), found);
  return std::nullopt;
}

Complaint read_terraform_block(const SourceText& source, const json::Value& body, FileFindings& found) {
  return for_each_property(source, body, "'terraform'", [&](const json::Member& member) -> Complaint {
    if (auto complaint =
            check_property(terraform_block_schema(), member.key, source.location(member.key_begin)))
      return complaint;
    if (member.key == "backend") return read_typed_blocks(source, member, found.backends, found);
    if (member.key == "state_store") return read_typed_blocks(source, member, found.state_stores, found);
    if (member.key == "required_version") return read_required_version(source, member, found);
    if (member.key == "encryption" && !found.encryption) found.encryption = source.location(member.key_begin);
    if (member.key != "cloud") return std::nullopt;
    return for_each_block(member.value, [&](const json::Value& block) {
      return read_backend(source, member, block, found.clouds, found);
    });
  });
}

}  // namespace

std::expected<FileFindings, InputError> find_in_json(const SourceText& source) {
  const auto document = json::parse(source);
  if (!document) return std::unexpected(document.error());
  FileFindings found;
  auto complaint = for_each_property(
      source, *document, "the root of a JSON configuration", [&](const json::Member& member) {
        auto unknown = check_property(top_level_schema(), member.key, source.location(member.key_begin));
        if (member.key == "language" && !found.language_of_opentofu)
          found.language_of_opentofu = source.location(member.key_begin);
        if (member.key == "provider") found.has_provider = true;
        if (unknown || member.key != "terraform") return unknown;
        return for_each_block(
            member.value, [&](const json::Value& body) { return read_terraform_block(source, body, found); });
      });
  if (complaint) return std::unexpected(std::move(*complaint));
  add_declarations(source, *document, found);
  return found;
}

}  // namespace lockstorm::scenarios
