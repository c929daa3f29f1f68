// Variables and locals that a file declares.
#include "scenarios/config/file_findings.hpp"
#include "scenarios/config/json_bodies.hpp"
#include "scenarios/config/syntax/hcl_values.hpp"

namespace lockstorm::scenarios {
namespace {

values::SourceExpression expression_of(const SourceText& source, const hcl::AttributeSyntax& attribute) {
  return {std::string(attribute.expression), source.location(attribute.expression)};
}

values::SourceExpression expression_of(const SourceText& source, const json::Value& value) {
  return {value, source.location(value.begin)};
}

void add_variable(const SourceText& source, const hcl::Block& block, FileFindings& found) {
  if (block.labels.size() != 1) return;
  values::VariableDeclaration variable{{}, source.location(block.type)};
  for (const auto& [name, attribute] : block.body.attributes)
    variable.settings.emplace(name, expression_of(source, attribute));
  found.declared.variables.try_emplace(hcl::evaluate_label(block.labels[0]), std::move(variable));
}

using Complaint = std::optional<InputError>;

void add_variables(const SourceText& source, const json::Value& variables, FileFindings& found) {
  const auto add_one = [&](const json::Member& labelled) -> Complaint {
    return for_each_block(labelled.value, [&](const json::Value& body) -> Complaint {
      values::VariableDeclaration variable{{}, source.location(labelled.key_begin)};
      auto complaint = for_each_property(source, body, "a variable", [&](const json::Member& setting) {
        variable.settings.try_emplace(setting.key, expression_of(source, setting.value));
        return Complaint{};
      });
      found.declared.variables.try_emplace(labelled.key, std::move(variable));
      return complaint;
    });
  };
  (void)for_each_member(source, variables, "variables", add_one);
}

void add_locals(const SourceText& source, const json::Value& locals, FileFindings& found) {
  (void)for_each_block(locals, [&](const json::Value& body) -> Complaint {
    return for_each_property(source, body, "locals", [&](const json::Member& local) {
      found.declared.locals.try_emplace(
          local.key,
          values::LocalDeclaration{expression_of(source, local.value), source.location(local.key_begin)});
      return Complaint{};
    });
  });
}

}  // namespace

void add_declarations(const SourceText& source, const hcl::Body& body, FileFindings& found) {
  for (const hcl::Block& block : body.blocks) {
    if (block.type == "variable") add_variable(source, block, found);
    if (block.type != "locals") continue;
    for (const auto& [name, attribute] : block.body.attributes) {
      found.declared.locals.try_emplace(
          std::string(name),
          values::LocalDeclaration{expression_of(source, attribute), source.location(attribute.name)});
    }
  }
}

void add_declarations(const SourceText& source, const json::Value& document, FileFindings& found) {
  (void)for_each_property(source, document, "the root", [&](const json::Member& member) {
    if (member.key == "variable") add_variables(source, member.value, found);
    if (member.key == "locals") add_locals(source, member.value, found);
    return Complaint{};
  });
}

}  // namespace lockstorm::scenarios
