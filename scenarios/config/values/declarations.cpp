#include "scenarios/config/values/declarations.hpp"

#include <utility>

namespace lockstorm::scenarios::values {

void Declarations::append(Declarations file) {
  variables.merge(std::move(file.variables));
  locals.merge(std::move(file.locals));
}

void Declarations::override_with(Declarations file) {
  for (auto& [name, variable] : file.variables) {
    const auto [declared, is_new] = variables.try_emplace(name, variable);
    if (is_new) continue;
    for (auto& [setting, expression] : variable.settings)
      declared->second.settings.insert_or_assign(setting, std::move(expression));
  }
  for (auto& [name, local] : file.locals) locals.insert_or_assign(name, std::move(local));
}

}  // namespace lockstorm::scenarios::values
