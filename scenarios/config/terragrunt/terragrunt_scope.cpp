#include "scenarios/config/terragrunt/terragrunt_scope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenarios/config/syntax/hcl_values.hpp"
#include "scenarios/config/values/functions.hpp"
#include "scenarios/config/values/parser.hpp"

namespace lockstorm::scenarios::terragrunt {

using values::JsonStrings;
using values::Unknown;
using values::Value;

namespace {

namespace fs = std::filesystem;

const hcl::AttributeSyntax* attribute_in(const hcl::Body& body, std::string_view name) {
  const auto found = body.attributes.find(name);
  return found == body.attributes.end() ? nullptr : &found->second;
}

std::string label_of(const hcl::Block& block) {
  return block.labels.empty() ? "" : hcl::evaluate_label(block.labels.front());
}

}  // namespace

Unknown refusal(InputError error) {
  return {.needs = "", .because = "", .final = false, .refusal = std::move(error)};
}

Unknown refusal(std::string problem, std::string expected, std::string hint) {
  return refusal(InputError{{}, std::move(problem), std::move(expected), std::move(hint)});
}

Scope::Scope(ParsedFilePtr file, Place place, Surroundings& surroundings)
    : file_(std::move(file)), place_(std::move(place)), surroundings_(surroundings) {
  keeps_symbols = true;
}

void Scope::add_source(ValueSource source) {
  if (std::ranges::find(sources_, source) == sources_.end()) sources_.push_back(std::move(source));
}

Value Scope::value_of(const hcl::AttributeSyntax& attribute) {
  const values::SourceExpression source{std::string(attribute.expression),
                                        file_->source.location(attribute.expression)};
  try {
    return evaluate_part(parse(source, JsonStrings::templates), *this);
  } catch (Unknown& failure) {
    if (failure.refusal && failure.refusal->where.file.empty()) failure.refusal->where = source.where;
    return symbol_for(failure);
  }
}

std::optional<std::string> Scope::text_of(const hcl::AttributeSyntax& attribute) {
  const Value value = value_of(attribute);
  return value.is_single() && !value.is_null() ? std::optional(to_text(value)) : std::nullopt;
}

std::optional<bool> Scope::flag_of(const hcl::AttributeSyntax& attribute) {
  const std::optional<std::string> text = text_of(attribute);
  if (text == "true") return true;
  return text == "false" ? std::optional(false) : std::nullopt;
}

Value Scope::value_of(const std::vector<std::string>& names) {
  const std::string& root = names.front();
  const std::string second = names.size() > 1 ? names[1] : "";
  if (is_at_includes_)
    throw refusal("an include block refers to a name: Terragrunt reads it before there are any",
                  "functions and texts alone");
  if (root == "local") return local(second);
  if (root == "include") return included(names);
  if (root == "feature") return feature(second);
  if (root == "values") return unit_value(second);
  throw Unknown{.needs = second.empty() ? root : root + "." + second,
                .because = "is known only when Terragrunt runs"};
}

Value Scope::call(const std::string& function, const std::vector<Value>& arguments) {
  if (auto value = call_own_function(*this, function, arguments)) return *std::move(value);
  return values::call_function(function, arguments, file_->path.parent_path().string());
}

Value Scope::local(const std::string& name) {
  const hcl::AttributeSyntax* attribute = nullptr;
  for (const hcl::Block& block : file_->body.blocks) {
    if (block.type == "locals" && attribute == nullptr) attribute = attribute_in(block.body, name);
  }
  if (attribute == nullptr) throw refusal(fmt::format("there is no local value '{}' in this file", name));
  const auto [known, is_new] = locals_.try_emplace(name);
  if (is_new) {
    std::vector<ValueSource> before = std::exchange(sources_, {});
    try {
      known->second.value = value_of(*attribute);
    } catch (const Unknown&) {
      locals_.erase(known);
      sources_ = std::move(before);
      throw;
    }
    known->second.is_done = true;
    known->second.sources = std::exchange(sources_, std::move(before));
  } else if (!known->second.is_done) {
    Unknown circle = refusal(fmt::format("the local value '{}' refers to itself", name));
    circle.refusal->where = file_->source.location(attribute->name);
    throw circle;
  }
  for (const ValueSource& source : known->second.sources) add_source(source);
  return known->second.value;
}

/// A flag's default, which `--feature` may change.
Value Scope::feature(const std::string& name) {
  for (const hcl::Block& block : file_->body.blocks) {
    const hcl::AttributeSyntax* standard = attribute_in(block.body, "default");
    if (block.type == "feature" && label_of(block) == name && standard != nullptr)
      return values::object_value({{"name", values::text_value(name)}, {"value", value_of(*standard)}});
  }
  throw Unknown{.needs = "feature." + name, .because = "is known only when Terragrunt runs"};
}

/// What a stack gives its units stands in a file beside them (Terragrunt: pkg/config/stack.go, ReadValues).
Value Scope::unit_value(const std::string& name) {
  const fs::path file = file_->path.parent_path() / "terragrunt.values.hcl";
  if (surroundings_.files.exists(file)) {
    const auto parsed = surroundings_.files.parse(file);
    if (!parsed) throw refusal(parsed.error());
    Scope scope(*parsed, place_, surroundings_);
    if (const auto* attribute = attribute_in((*parsed)->body, name)) return scope.value_of(*attribute);
  }
  throw Unknown{.needs = "values." + name, .because = "is set by the stack that the unit is part of"};
}

const std::vector<Include>& Scope::includes() {
  if (includes_) return *includes_;
  const values::Across reading(is_at_includes_, true);
  std::vector<Include> found;
  for (const hcl::Block& block : file_->body.blocks) {
    if (block.type != "include") continue;
    Include include{.name = label_of(block), .file = {}, .where = file_->source.location(block.type)};
    const auto refuse = [&](std::string problem, std::string expected) {
      Unknown failure = refusal(std::move(problem), std::move(expected));
      failure.refusal->where = include.where;
      throw failure;
    };
    if (place_.included)
      refuse("a file that is included includes another: Terragrunt has one level of includes",
             "read_terragrunt_config() for what else is needed");
    const hcl::AttributeSyntax* path = attribute_in(block.body, "path");
    if (path == nullptr) refuse("the include has no path", "path = find_in_parent_folders(\"root.hcl\")");
    const std::optional<std::string> text = text_of(*path);
    if (!text) refuse("it is not known without running Terragrunt which file this includes", "");
    include.file = normal(place_.configuration.parent_path() / *text);
    if (const auto* expose = attribute_in(block.body, "expose"))
      include.is_exposed = flag_of(*expose).value_or(false);
    if (const auto* strategy = attribute_in(block.body, "merge_strategy")) {
      const std::string how = text_of(*strategy).value_or("");
      if (how != "no_merge" && how != "shallow" && how != "deep")
        refuse("merge_strategy is none that Terragrunt has", "no_merge, shallow or deep");
      include.is_merged = how != "no_merge";
      include.is_deep = how == "deep";
    }
    if (!surroundings_.files.exists(include.file))
      refuse(
          fmt::format("the file that is included is not there: {}", surroundings_.files.shown(include.file)),
          "a Terragrunt file");
    found.push_back(std::move(include));
  }
  includes_ = std::move(found);
  return *includes_;
}

Value Scope::exposed(const Include& include) {
  if (const auto known = exposed_.find(include.name); known != exposed_.end()) return known->second;
  if (!include.is_exposed)
    throw refusal(
        fmt::format("the include{} is not exposed", include.name.empty() ? "" : " '" + include.name + "'"),
        "expose = true in the include block");
  const auto parsed = surroundings_.files.parse(include.file);
  if (!parsed) throw refusal(parsed.error());
  Place there = place_;
  there.included = include.file;
  Scope scope(*parsed, std::move(there), surroundings_);
  return exposed_.emplace(include.name, scope.as_value()).first->second;
}

/// `include.NAME`, or with a single include that has no name `include.locals` (Terragrunt:
/// pkg/config/cty_helpers.go, includeMapAsCtyVal).
Value Scope::included(const std::vector<std::string>& names) {
  const std::vector<Include>& all = includes();
  const std::string second = names.size() > 1 ? names[1] : "";
  for (const Include& include : all) {
    const bool is_single = all.size() == 1 && include.name.empty();
    if (!is_single && include.name != second) continue;
    Value value = exposed(include);
    if (!is_single) return value;
    const values::Object* object = value.object();
    const auto member = object->find(second);
    if (member != object->end()) return member->second;
  }
  throw refusal(fmt::format("nothing is included as '{}'", second));
}

Value Scope::as_value() {
  values::Object members;
  const auto body_value = [&](const hcl::Body& body) {
    values::Object object;
    for (const auto& [name, attribute] : body.attributes)
      object.emplace(std::string(name), value_of(attribute));
    return values::object_value(std::move(object));
  };
  for (const auto& [name, attribute] : file_->body.attributes)
    members.insert_or_assign(std::string(name), value_of(attribute));
  values::Object generated;
  for (const hcl::Block& block : file_->body.blocks) {
    if (block.type == "locals") {
      values::Object locals;
      for (const auto& [name, attribute] : block.body.attributes)
        locals.emplace(std::string(name), local(std::string(name)));
      members.insert_or_assign("locals", values::object_value(std::move(locals)));
    } else if (block.type == "generate") {
      generated.insert_or_assign(label_of(block), body_value(block.body));
    } else if (block.type == "remote_state" || block.type == "terraform") {
      members.insert_or_assign(std::string(block.type), body_value(block.body));
    }
  }
  if (!generated.empty()) members.insert_or_assign("generate", values::object_value(std::move(generated)));
  // What it includes counts where the file says nothing itself; locals are its own.
  for (auto include = includes().rbegin(); include != includes().rend(); ++include) {
    if (!include->is_merged) continue;
    Include open = *include;
    open.is_exposed = true;
    const Value parent = exposed(open);
    for (const auto& [name, member] : *parent.object()) {
      if (name != "locals") members.try_emplace(name, member);
    }
  }
  return values::object_value(std::move(members));
}

Value value_of_file(const fs::path& file, const Place& place, Surroundings& surroundings) {
  const auto [known, is_new] = surroundings.read.try_emplace(file);
  if (!is_new && !known->second)
    throw refusal(fmt::format("{} is read while it is being read: the files refer to each other in a circle",
                              surroundings.files.shown(file)));
  if (!is_new) return *known->second;
  const auto parsed = surroundings.files.parse(file);
  if (!parsed) throw refusal(parsed.error());
  Scope scope(*parsed, {file, place.unit, std::nullopt}, surroundings);
  Value value;
  try {
    value = scope.as_value();
  } catch (...) {
    surroundings.read.erase(file);
    throw;
  }
  surroundings.read.at(file) = value;
  return value;
}

}  // namespace lockstorm::scenarios::terragrunt
