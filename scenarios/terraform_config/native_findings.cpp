// Finds backend and cloud blocks in a syntax tree of HCL's native syntax.
#include <fmt/format.h>

#include <array>
#include <optional>

#include "scenarios/terraform_config/file_findings.hpp"
#include "scenarios/terraform_config/hcl_syntax.hpp"
#include "scenarios/terraform_config/hcl_values.hpp"

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

BackendBlock read_backend(const SourceText& source, const hcl::Block& block, std::string type) {
  BackendBlock backend{std::move(type), {}, source.location(block.type)};
  for (const auto& [name, attribute] : block.body.attributes) {
    if (auto value = hcl::evaluate(attribute.expression)) {
      backend.arguments.emplace(name, Attribute{std::move(*value), source.location(attribute.name)});
    }
  }
  for (const hcl::Block& nested : block.body.blocks) {
    backend.arguments.try_emplace(std::string(nested.type), Unresolved{std::string(nested.text)},
                                  source.location(nested.type));
  }
  return backend;
}

Complaint read_required_version(const SourceText& source, const hcl::AttributeSyntax& attribute,
                                FileFindings& found) {
  const SourceLocation where = source.location(attribute.name);
  const std::optional<AttributeValue> value = hcl::evaluate(attribute.expression);
  if (!value) return std::nullopt;
  if (const auto* const text = std::get_if<std::string>(&*value)) {
    found.required_versions.emplace_back(*text, where);
  } else if (std::holds_alternative<double>(*value)) {
    found.required_versions.emplace_back(attribute.expression,
                                         where);  // Terraform converts a number to a string
  } else {
    return unusable_required_version(where);
  }
  return std::nullopt;
}

Complaint read_terraform_block(const SourceText& source, const hcl::Block& terraform, FileFindings& found) {
  if (auto complaint = check_labels(source, terraform, 0)) return complaint;
  for (const std::string_view name : {"backend", "cloud"}) {
    const auto argument = terraform.body.attributes.find(name);
    if (argument == terraform.body.attributes.end()) continue;
    return argument_instead_of_block(name, source.location(argument->second.name));
  }
  const auto version = terraform.body.attributes.find("required_version");
  if (version != terraform.body.attributes.end()) {
    if (auto complaint = read_required_version(source, version->second, found)) return complaint;
  }
  for (const hcl::Block& block : terraform.body.blocks) {
    if (block.type == "backend") {
      if (auto complaint = check_labels(source, block, 1)) return complaint;
      found.backends.push_back(read_backend(source, block, hcl::evaluate_label(block.labels[0])));
    } else if (block.type == "cloud") {
      if (auto complaint = check_labels(source, block, 0)) return complaint;
      found.clouds.push_back(read_backend(source, block, "cloud"));
    }
  }
  return std::nullopt;
}

}  // namespace

std::expected<FileFindings, InputError> find_in_native(const SourceText& source) {
  const auto body = hcl::parse(source);
  if (!body) return std::unexpected(body.error());
  FileFindings found;
  const auto argument = body->attributes.find("terraform");
  if (argument != body->attributes.end()) {
    return std::unexpected(argument_instead_of_block("terraform", source.location(argument->second.name)));
  }
  for (const hcl::Block& block : body->blocks) {
    if (block.type != "terraform") continue;
    if (auto complaint = read_terraform_block(source, block, found))
      return std::unexpected(std::move(*complaint));
  }
  return found;
}

InputError argument_instead_of_block(std::string_view name, SourceLocation where) {
  return {std::move(where), fmt::format("an argument named '{}' is not expected here", name),
          fmt::format("a block of type '{}'", name), fmt::format("write '{} {{' without '='", name)};
}

InputError unusable_required_version(SourceLocation where) {
  return {std::move(where), "required_version cannot be used",
          "a version constraint as a plain string, as in \">= 1.6\"",
          "neither Terraform nor OpenTofu allows references here"};
}

}  // namespace lockstorm::scenarios
