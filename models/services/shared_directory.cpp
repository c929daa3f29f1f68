#include "models/services/shared_directory.hpp"

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"

namespace lockstorm::models {

sim::Effect<SharedDirectory::Response> SharedDirectory::apply(Value& value, sim::Slot caller,
                                                              const Request& request) const {
  const sim::Who who = sim::Who::process(caller);
  if (std::holds_alternative<UnlockDirectory>(request)) {
    if (value.holder == who) value.holder = {};
    return {};
  }
  if (!value.holder.is_nobody()) return {{0}, 0};
  value.holder = who;
  return {};
}

void SharedDirectory::process_ended(Value& value, sim::Slot slot) const {
  if (value.holder == sim::Who::process(slot)) value.holder = {};
}

std::string SharedDirectory::LockDirectory::describe(const sim::ProcessNames&) const {
  return "lock .terraform/terraform.tfstate";
}
std::string SharedDirectory::UnlockDirectory::describe(const sim::ProcessNames&) const {
  return "unlock .terraform/terraform.tfstate";
}
std::string SharedDirectory::Response::describe(const sim::ProcessNames&) const {
  return granted != 0 ? "ok" : "resource temporarily unavailable";
}
std::string SharedDirectory::Value::describe(const sim::ProcessNames& names) const {
  return contents_text({{"lock", holder.is_nobody() ? std::string() : names.name(holder)}});
}

sim::AnswerFacts SharedDirectory::told(const Request&, const Response& response) {
  return {status_text(response), response.granted == 0, {}, {}};
}

}  // namespace lockstorm::models
