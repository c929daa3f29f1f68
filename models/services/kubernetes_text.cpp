// How Kubernetes requests and responses read in reports.
#include <fmt/format.h>

#include <array>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/kubernetes.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

std::string secret_name(std::uint16_t part) {
  return part == 0 ? std::string("secret") : fmt::format("secret part-{}", part);
}

std::string contents(const Kubernetes::Secret& secret, const sim::ProcessNames& names) {
  if (!secret.state.exists()) return "no data";
  if (secret.parts == 1) return secret.state.describe(names);
  return fmt::format("a part of {}", secret.state.describe(names));
}

std::string version_text(const Kubernetes::Secret& version, const sim::ProcessNames& names) {
  if (!version.state.exists()) return "without data";
  return fmt::format("of {}", version.state.describe(names));
}

std::string list_text(const Kubernetes::Secrets& secrets, const sim::ProcessNames& names) {
  switch (Kubernetes::join(secrets)) {
    case Kubernetes::Reading::absent:
      return secrets[0].exists == 0 ? "no secret" : "no data";
    case Kubernetes::Reading::complete:
      return secrets[0].state.describe(names);
    case Kubernetes::Reading::broken:
      return "parts that do not fit together";
  }
  return "";
}

}  // namespace

std::string Kubernetes::ListSecrets::describe(const sim::ProcessNames&) const { return "LIST secrets"; }
std::string Kubernetes::GetSecret::describe(const sim::ProcessNames&) const {
  return fmt::format("GET {}{}", secret_name(part), for_write != 0 ? " for its version" : "");
}
std::string Kubernetes::CreateSecret::describe(const sim::ProcessNames& names) const {
  return fmt::format("CREATE {} ({})", secret_name(part), contents(body, names));
}
std::string Kubernetes::UpdateSecret::describe(const sim::ProcessNames& names) const {
  return fmt::format("UPDATE {} over the version {} ({})", secret_name(part), version_text(version, names),
                     contents(body, names));
}
std::string Kubernetes::DeleteSecret::describe(const sim::ProcessNames&) const {
  return fmt::format("DELETE {}", secret_name(part));
}
std::string Kubernetes::GetLease::describe(const sim::ProcessNames&) const { return "GET lease"; }
std::string Kubernetes::CreateLease::describe(const sim::ProcessNames& names) const {
  return fmt::format("CREATE lease ({})", holder.describe(names));
}
std::string Kubernetes::UpdateLease::describe(const sim::ProcessNames& names) const {
  if (holder.empty()) return fmt::format("UPDATE lease: clear {}", version.holder.describe(names));
  return fmt::format("UPDATE lease ({})", holder.describe(names));
}

std::string Kubernetes::Response::describe(const sim::ProcessNames& names) const {
  switch (status) {
    case Status::ok:
      if (lease.exists()) return lease.holder.empty() ? "free" : lease.holder.describe(names);
      if (secrets[0].exists != 0) return list_text(secrets, names);
      return is_list != 0 ? "no secrets" : "ok";
    case Status::not_found:
      return "404";
    case Status::forbidden:
      return "403 Forbidden";
    case Status::already_exists:
      return "409 AlreadyExists";
    case Status::conflict:
      return "409 Conflict";
    case Status::too_many_requests:
      return "429, Retry-After";
    case Status::server_error:
      return retry_after != 0 ? "500, Retry-After" : "500";
  }
  return "";
}

std::string_view Kubernetes::operation(const Request& request) {
  constexpr auto kNames =
      sim::text_for_each<Request>({"list secrets", "get secret", "create secret", "update secret",
                                   "delete secret", "get lease", "create lease", "update lease"});
  return kNames[request.index()];
}

std::string Kubernetes::Value::describe(const sim::ProcessNames& names) const {
  std::string parts;
  for (const Secret& secret : secrets) {
    if (secret.exists == 0) continue;
    parts += (parts.empty() ? "" : " + ") +
             (secret.parts > 1 ? "a part of " + secret.state.describe(names) : secret.state.describe(names));
  }
  return contents_text({{"lease", !lease.exists()        ? "none"
                                  : lease.holder.empty() ? "free"
                                                         : lease.holder.describe(names)},
                        {secrets.size() > 1 && secrets[1].exists != 0 ? "secrets" : "secret",
                         parts.empty() ? "none" : parts}});
}

sim::RequestFacts Kubernetes::about(const Request& request) {
  constexpr std::string_view kSecret = "secret";
  constexpr std::string_view kLease = "lease";
  if (std::holds_alternative<GetLease>(request)) return {kLease, sim::LockUse::looks};
  if (std::holds_alternative<CreateLease>(request)) return {kLease, sim::LockUse::asks};
  if (const auto* update = std::get_if<UpdateLease>(&request))
    return {kLease, update->holder.empty() ? sim::LockUse::releases : sim::LockUse::asks};
  return {kSecret};
}

sim::AnswerFacts Kubernetes::told(const Request&, const Response& response) {
  Response bare;
  bare.status = response.status;
  return {status_text(bare), response.status != Status::ok, response.lease.holder.id.owner,
          version_facts(response.secrets[0].state)};
}

}  // namespace lockstorm::models
