// Finds backend and cloud blocks in a syntax tree of HCL's native syntax.
#include <fmt/format.h>

#include <optional>

#include "scenarios/config/body_schema.hpp"
#include "scenarios/config/file_findings.hpp"
#include "scenarios/config/syntax/hcl_syntax.hpp"
#include "scenarios/config/syntax/hcl_values.hpp"

namespace lockstorm::scenarios {
namespace {

using Complaint = std::optional<InputError>;

/// A block has `count` labels, and if one, then it is the type: complains as Terraform does.
Complaint check_labels(const SourceText& source, const hcl::Block& block, std::size_t count) {
  if (block.labels.size() < count) {
    return InputError{source.location(block.type), fmt::format("missing type for {} block", block.type),
                      "one label, the type, as in: backend \"s3\" {", ""};
  }
  if (block.labels.size() > count) {
    return InputError{source.location(block.labels[count]),
                      fmt::format("extraneous label {} for {} block", block.labels[count], block.type),
                      count == 0 ? "no labels" : "one label, the type", ""};
  }
  return std::nullopt;
}

void add_open_arguments(const SourceText& source, const hcl::Body& body, const SourceLocation& block,
                        bool is_nested, FileFindings& found) {
  for (const auto& [name, attribute] : body.attributes) {
    const auto value = hcl::evaluate(attribute.expression);
    if (!value || !std::holds_alternative<Unresolved>(*value)) continue;
    found.open_arguments.push_back(
        {block,
         std::string(name),
         {std::string(attribute.expression), source.location(attribute.expression)},
         is_nested});
  }
  for (const hcl::Block& nested : body.blocks) add_open_arguments(source, nested.body, block, true, found);
}

BackendBlock read_backend(const SourceText& source, const hcl::Block& block, std::string type,
                          FileFindings& found) {
  BackendBlock backend{std::move(type), {}, source.location(block.type)};
  for (const auto& [name, attribute] : block.body.attributes) {
    if (auto value = hcl::evaluate(attribute.expression)) {
      backend.arguments.emplace(name, Attribute{std::move(*value), source.location(attribute.name)});
    }
  }
  add_open_arguments(source, block.body, backend.where, false, found);
  for (const hcl::Block& nested : block.body.blocks) {
    backend.arguments.try_emplace(std::string(nested.type), Unresolved{std::string(nested.text)},
                                  source.location(nested.type));
  }
  return backend;
}

Complaint read_required_version(const SourceText& source, const hcl::AttributeSyntax& attribute,
                                FileFindings& found) {
  const std::optional<AttributeValue> value = hcl::evaluate(attribute.expression);
  if (value) return add_required_version(*value, source.location(attribute.name), found);
  return std::nullopt;
}

/// The first complaint about a name that the body does not have, arguments first.
Complaint check_names(const SourceText& source, const BodySchema& schema, const hcl::Body& body) {
  for (const auto& [name, attribute] : body.attributes) {
    if (auto complaint = check_argument(schema, name, source.location(attribute.name))) return complaint;
  }
  for (const hcl::Block& block : body.blocks) {
    if (auto complaint = check_block(schema, block.type, source.location(block.type))) return complaint;
  }
  return std::nullopt;
}

Complaint read_terraform_block(const SourceText& source, const hcl::Block& terraform, FileFindings& found) {
  if (auto complaint = check_labels(source, terraform, 0)) return complaint;
  if (auto complaint = check_names(source, terraform_block_schema(), terraform.body)) return complaint;
  const auto version = terraform.body.attributes.find("required_version");
  if (version != terraform.body.attributes.end()) {
    if (auto complaint = read_required_version(source, version->second, found)) return complaint;
  }
  for (const hcl::Block& block : terraform.body.blocks) {
    if (block.type == "backend" || block.type == "state_store") {
      if (auto complaint = check_labels(source, block, 1)) return complaint;
      auto& list = block.type == "backend" ? found.backends : found.state_stores;
      list.push_back(read_backend(source, block, hcl::evaluate_label(block.labels[0]), found));
    } else if (block.type == "cloud") {
      if (auto complaint = check_labels(source, block, 0)) return complaint;
      found.clouds.push_back(read_backend(source, block, "cloud", found));
    } else if (block.type == "encryption" && !found.encryption) {
      found.encryption = source.location(block.type);
    }
  }
  return std::nullopt;
}

}  // namespace

std::expected<FileFindings, InputError> find_in_native(const SourceText& source) {
  const auto body = hcl::parse(source);
  if (!body) return std::unexpected(body.error());
  FileFindings found;
  if (auto complaint = check_names(source, top_level_schema(), *body))
    return std::unexpected(std::move(*complaint));
  for (const hcl::Block& block : body->blocks) {
    if (block.type == "language" && !found.language_of_opentofu)
      found.language_of_opentofu = source.location(block.type);
    if (block.type == "provider") found.has_provider = true;
    if (block.type != "terraform") continue;
    if (auto complaint = read_terraform_block(source, block, found))
      return std::unexpected(std::move(*complaint));
  }
  add_declarations(source, *body, found);
  return found;
}

std::optional<InputError> add_required_version(const AttributeValue& value, SourceLocation where,
                                               FileFindings& found) {
  if (const auto* const text = std::get_if<std::string>(&value)) {
    found.required_versions.emplace_back(*text, std::move(where));
  } else if (const auto* const number = std::get_if<double>(&value)) {
    // The tools convert the number, not what is written: 1.10 is "1.1".
    found.required_versions.emplace_back(fmt::format("{}", *number), std::move(where));
  } else {
    return InputError{std::move(where), "required_version cannot be used",
                      "a version constraint as a plain string, as in \">= 1.6\"",
                      "neither Terraform nor OpenTofu allows references here"};
  }
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
