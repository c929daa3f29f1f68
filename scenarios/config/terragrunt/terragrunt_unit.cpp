#include "scenarios/config/terragrunt/terragrunt_unit.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "scenarios/config/syntax/hcl_values.hpp"
#include "scenarios/config/terragrunt/terragrunt_remote_state.hpp"
#include "scenarios/config/terragrunt/terragrunt_scope.hpp"

namespace lockstorm::scenarios::terragrunt {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> texts_in(const values::Value& value) {
  std::vector<std::string> texts;
  if (value.list() == nullptr) return texts;
  for (const values::Value& item : *value.list()) {
    if (const std::string* text = item.text()) texts.push_back(*text);
  }
  return texts;
}

/// Takes over from the files of a unit, the one that counts first: what is set stays.
class UnitMerge {
 public:
  explicit UnitMerge(Unit& unit) : unit_(unit) {}

  /// `is_deep`: how the file is included; the unit itself is not.
  void take(Scope& scope, bool is_deep) {
    for (const hcl::Block& block : scope.file().body.blocks) {
      if (block.type == "remote_state" && !unit_.remote_state)
        unit_.remote_state = remote_state_of(scope, block);
      if (block.type == "generate") take_generate(scope, block, is_deep);
      if (block.type == "terraform") take_terraform(scope, block);
      if (block.type == "errors") take_errors(scope, block);
    }
    for (const auto& [name, attribute] : scope.file().body.attributes) {
      if (name == "remote_state" && !unit_.remote_state)
        unit_.remote_state = remote_state_of(scope, attribute);
      if (name == "generate") take_generate(scope, attribute, is_deep);
      if (name == "retryable_errors") take_retries(scope, attribute);
      if (name == "terraform_binary") take_text(scope, attribute, unit_.binary);
      if (name == "terraform_version_constraint") take_text(scope, attribute, unit_.version_constraint);
    }
    of_other_files_.merge(of_this_file_);
    of_this_file_.clear();
  }

 private:
  void take_generate(Scope& scope, const hcl::Block& block, bool is_deep) {
    values::Object members;
    for (const auto& [name, attribute] : block.body.attributes)
      members.insert_or_assign(std::string(name), scope.value_of(attribute));
    const std::string label = block.labels.empty() ? "" : hcl::evaluate_label(block.labels.front());
    add_generate(label, members, scope.file().source.location(block.type), is_deep);
  }

  void take_generate(Scope& scope, const hcl::AttributeSyntax& attribute, bool is_deep) {
    const values::Value value = scope.value_of(attribute);
    if (value.object() == nullptr) return;
    for (const auto& [label, members] : *value.object()) {
      if (members.object() != nullptr)
        add_generate(label, *members.object(), scope.file().source.location(attribute.name), is_deep);
    }
  }

  void add_generate(const std::string& label, const values::Object& members, const SourceLocation& where,
                    bool is_deep) {
    if (of_other_files_.contains(label)) {
      if (is_deep) return;
      throw refusal_at(where, fmt::format("two files generate something called '{}'", label),
                       "names that differ, or merge_strategy = \"deep\"");
    }
    if (!of_this_file_.insert(label).second)
      throw refusal_at(where, fmt::format("the file generates something called '{}' twice", label),
                       "names that differ");
    const auto disable = members.find("disable");
    if (disable != members.end() && disable->second == values::Value{true}) return;
    const auto contents = members.find("contents");
    const bool has_text = contents != members.end() &&
                          (contents->second.text() != nullptr || contents->second.symbol() != nullptr);
    if (!has_text)
      throw refusal_at(where, "a generate block has no text for contents", "contents = <<EOF ...");
    unit_.generated.emplace(label, Generate{target_of(members, where), contents->second, where});
  }

  void take_terraform(Scope& scope, const hcl::Block& block) {
    const auto source = block.body.attributes.find("source");
    if (source != block.body.attributes.end() && !unit_.source)
      unit_.source = ModuleSource{scope.value_of(source->second), scope.place().configuration.parent_path(),
                                  scope.file().source.location(source->second.name)};
    for (const hcl::Block& extra : block.body.blocks) {
      if (extra.type == "before_hook" || extra.type == "after_hook") unit_.has_hooks = true;
      if (extra.type != "extra_arguments" || extra.labels.empty()) continue;
      ExtraArguments arguments{{}, {}, scope.file().source.location(extra.type)};
      for (const auto& [name, attribute] : extra.body.attributes) {
        if (name == "commands") arguments.commands = texts_in(scope.value_of(attribute));
        if (name == "arguments") arguments.arguments = texts_in(scope.value_of(attribute));
      }
      unit_.extra_arguments.try_emplace(hcl::evaluate_label(extra.labels.front()), std::move(arguments));
    }
  }

  void take_errors(Scope& scope, const hcl::Block& block) {
    for (const hcl::Block& retry : block.body.blocks) {
      const auto said = retry.body.attributes.find("retryable_errors");
      if (retry.type == "retry" && said != retry.body.attributes.end()) take_retries(scope, said->second);
    }
  }

  void take_retries(Scope& scope, const hcl::AttributeSyntax& attribute) {
    unit_.retries.push_back(
        {texts_in(scope.value_of(attribute)), scope.file().source.location(attribute.name)});
  }

  static void take_text(Scope& scope, const hcl::AttributeSyntax& attribute,
                        std::optional<std::pair<std::string, SourceLocation>>& into) {
    if (into) return;
    if (auto text = scope.text_of(attribute))
      into.emplace(*std::move(text), scope.file().source.location(attribute.name));
  }

  Unit& unit_;
  // Labels of what is generated.
  std::set<std::string> of_this_file_;
  std::set<std::string> of_other_files_;
};

void read_into(Unit& unit, const ParsedFilePtr& file, Surroundings& surroundings) {
  const Place place{file->path, file->path, std::nullopt};
  Scope own(file, place, surroundings);
  const std::vector<Include>& includes = own.includes();
  for (const Include& include : includes) unit.included.push_back(include.file);
  UnitMerge merge(unit);
  merge.take(own, false);
  // The last include counts before those above it (Terragrunt: handleInclude).
  for (auto include = includes.rbegin(); include != includes.rend(); ++include) {
    if (!include->is_merged) continue;
    const auto parsed = surroundings.files.parse(include->file);
    if (!parsed) throw refusal(parsed.error());
    Place there = place;
    there.included = include->file;
    Scope parent(*parsed, std::move(there), surroundings);
    (void)parent.includes();  // which refuses any
    merge.take(parent, include->is_deep);
  }
}

}  // namespace

std::expected<Unit, InputError> read_unit(const fs::path& file, FileCache& files,
                                          const std::map<std::string, std::string>& environment) {
  Unit unit;
  unit.file = normal(file);
  const auto parsed = files.parse(unit.file);
  if (!parsed) return std::unexpected(parsed.error());
  Surroundings surroundings{files, environment};
  try {
    read_into(unit, *parsed, surroundings);
  } catch (const values::Unknown& failure) {
    if (failure.refusal) return std::unexpected(*failure.refusal);
    return std::unexpected(InputError{
        {files.shown(unit.file), 0, 0}, "is not known without running Terragrunt", "a Terragrunt file", ""});
  }
  return unit;
}

}  // namespace lockstorm::scenarios::terragrunt
