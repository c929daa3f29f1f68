#include "scenarios/config/values/module_scope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenarios/config/values/functions.hpp"
#include "scenarios/config/values/variable_value.hpp"

namespace lockstorm::scenarios::values {

Value ModuleScope::value_of(const std::vector<std::string>& names) {
  const std::string& root = names.front();
  const std::string second = names.size() > 1 ? names[1] : "";
  std::string reference = second.empty() ? root : root + "." + second;
  if (root == "var") return once(reference, &ModuleScope::variable, second);
  if (root == "local") return once(reference, &ModuleScope::local, second);
  if (root == "path") return path(second);
  if ((root == "terraform" || root == "tofu") && second == "workspace") {
    add_source({fmt::format("{} is \"{}\"", reference, surroundings_.workspace), {}});
    return text_value(surroundings_.workspace);
  }
  if (root == "data" && names.size() > 2) reference += "." + names[2];
  throw Unknown{.needs = std::move(reference), .because = "is known only when the tool runs"};
}

Value ModuleScope::call(const std::string& function, const std::vector<Value>& arguments) {
  return call_function(function, arguments, surroundings_.directory);
}

Value ModuleScope::once(const std::string& reference, Value (ModuleScope::*compute)(const std::string&),
                        const std::string& name) {
  const auto [known, is_new] = known_.try_emplace(reference);
  if (!is_new && !known->second.is_done) throw Unknown{.needs = reference, .because = "refers to itself"};
  if (is_new) {
    const std::vector<ValueSource> before = std::exchange(sources_, {});
    try {
      known->second.value = (this->*compute)(name);
    } catch (const Unknown&) {
      known_.erase(known);
      sources_ = before;
      throw;
    }
    known->second.is_done = true;
    known->second.sources = std::exchange(sources_, before);
  }
  for (const ValueSource& source : known->second.sources) add_source(source);
  return known->second.value;
}

Value ModuleScope::variable(const std::string& name) {
  const auto declaration = declared_.variables.find(name);
  const std::string reference = "var." + name;
  if (declaration == declared_.variables.end())
    throw Unknown{.needs = reference, .because = "is not declared"};
  const auto given = given_.find(name);
  VariableValue found =
      value_of_variable(name, declaration->second, given == given_.end() ? nullptr : &given->second);
  add_source(found.source);
  return std::move(found.value);
}

Value ModuleScope::local(const std::string& name) {
  const auto declaration = declared_.locals.find(name);
  if (declaration == declared_.locals.end())
    throw Unknown{.needs = "local." + name, .because = "is not declared"};
  Value value = evaluate(parse(declaration->second.expression, JsonStrings::templates), *this);
  if (sources_.empty()) add_source({fmt::format("local {}", name), declaration->second.where});
  return value;
}

Value ModuleScope::path(const std::string& name) {
  if (name == "cwd") return text_value(surroundings_.directory);
  // The tools run in the root module's directory.
  if (name == "module" || name == "root") return text_value(".");
  throw Unknown{.needs = "path." + name, .because = "is not known to OpenTofu"};
}

void ModuleScope::add_source(const ValueSource& source) {
  if (std::ranges::find(sources_, source) == sources_.end()) sources_.push_back(source);
}

}  // namespace lockstorm::scenarios::values
