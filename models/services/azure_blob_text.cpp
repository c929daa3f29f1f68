// How Azure Blob requests and responses read in reports.
#include <fmt/format.h>

#include <array>

#include "models/services/azure_blob.hpp"
#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

std::string with_lease(const LockId& lease, const sim::ProcessNames& names) {
  return lease.empty() ? std::string{} : fmt::format(" with the lease of {}", lease.describe(names));
}

std::string condition_text(AzureBlob::Condition condition) {
  switch (condition) {
    case AzureBlob::Condition::none:
      return "";
    case AzureBlob::Condition::if_none_match_any:
      return " If-None-Match:*";
    case AzureBlob::Condition::if_match:
      return " If-Match";
  }
  return "";
}

std::string_view lease_state_text(AzureLease::State state) {
  constexpr auto kNames =
      sim::text_for_each<AzureLease::State>({"available", "leased", "breaking", "broken", "expired"});
  return kNames[static_cast<std::size_t>(state)];
}

std::string seconds_text(std::uint16_t seconds) {
  return seconds == kInfiniteLease ? std::string("for ever") : fmt::format("for {} s", seconds);
}

}  // namespace

std::string_view azure_error_name(AzureError error) {
  constexpr auto kNames = sim::text_for_each<AzureError>({
      "",
      "BlobNotFound",
      "BlobAlreadyExists",
      "ConditionNotMet",
      "InvalidHeaderValue",
      "LeaseAlreadyPresent",
      "LeaseIdMissing",
      "LeaseIdMismatchWithBlobOperation",
      "LeaseIdMismatchWithLeaseOperation",
      "LeaseNotPresentWithBlobOperation",
      "LeaseNotPresentWithLeaseOperation",
      "LeaseLost",
      "LeaseIsBreakingAndCannotBeAcquired",
      "LeaseIsBreakingAndCannotBeChanged",
      "LeaseIsBrokenAndCannotBeRenewed",
      "InternalError",
      "ServerBusy",
      "AuthorizationFailure",
  });
  return kNames[static_cast<std::size_t>(error)];
}

std::string AzureBlob::PutBlob::describe(const sim::ProcessNames& names) const {
  return fmt::format("Put Blob{}{} ({})", condition_text(condition), with_lease(lease, names),
                     body.exists() ? body.describe(names) : "empty");
}
std::string AzureBlob::GetBlob::describe(const sim::ProcessNames& names) const {
  return fmt::format("Get Blob{}", with_lease(lease, names));
}
std::string AzureBlob::GetProperties::describe(const sim::ProcessNames& names) const {
  return fmt::format("Get Blob Properties{}", with_lease(lease, names));
}
std::string AzureBlob::SetMetadata::describe(const sim::ProcessNames& names) const {
  return fmt::format("Set Blob Metadata{} ({})", with_lease(lease, names),
                     metadata.empty() ? "no lock info" : metadata.describe(names));
}
std::string AzureBlob::SnapshotBlob::describe(const sim::ProcessNames& names) const {
  return fmt::format("Snapshot Blob{}", with_lease(lease, names));
}
std::string AzureBlob::DeleteBlob::describe(const sim::ProcessNames& names) const {
  return fmt::format("Delete Blob{}", with_lease(lease, names));
}
std::string AzureBlob::AcquireLease::describe(const sim::ProcessNames& names) const {
  return fmt::format("Acquire Lease {} ({})", seconds_text(duration_s), proposed.describe(names));
}
std::string AzureBlob::RenewLease::describe(const sim::ProcessNames& names) const {
  return fmt::format("Renew Lease ({})", lease.describe(names));
}
std::string AzureBlob::ChangeLease::describe(const sim::ProcessNames& names) const {
  return fmt::format("Change Lease ({} to {})", lease.describe(names), proposed.describe(names));
}
std::string AzureBlob::ReleaseLease::describe(const sim::ProcessNames& names) const {
  return fmt::format("Release Lease ({})", lease.describe(names));
}
std::string AzureBlob::BreakLease::describe(const sim::ProcessNames&) const {
  return period_s == kNoBreakPeriod ? std::string("Break Lease")
                                    : fmt::format("Break Lease in {} s", period_s);
}

std::string AzureBlob::Response::describe(const sim::ProcessNames& names) const {
  std::string text = fmt::format("{}", static_cast<int>(status));
  if (error != AzureError::none) return fmt::format("{} {}", text, azure_error_name(error));
  if (state.exists()) text += ", " + state.describe(names);
  if (lease_state != AzureLease::State::available) text += fmt::format(", {}", lease_state_text(lease_state));
  if (!metadata.empty()) text += ", " + metadata.describe(names);
  return text;
}

std::string AzureBlob::Value::describe(const sim::ProcessNames& names) const {
  std::string held(lease_state_text(lease.state));
  if (!lease.id.empty()) held += ", " + lease.id.describe(names);
  return contents_text({{"blob", exists == 0      ? "none"
                                 : state.exists() ? state.describe(names)
                                                  : "empty"},
                        {"lease", held},
                        {"terraformlockid", metadata.empty() ? "none" : metadata.describe(names)}});
}

sim::RequestFacts AzureBlob::about(const Request& request) {
  constexpr std::string_view kBlob = "blob";
  constexpr std::string_view kLease = "lease";
  constexpr auto kFacts = sim::one_for_each<Request, sim::RequestFacts>({
      {kBlob},
      {kBlob, sim::LockUse::looks},
      {kBlob, sim::LockUse::looks},
      {"metadata", sim::LockUse::notes},
      {"snapshot"},
      {kBlob},
      {kLease, sim::LockUse::asks},
      {kLease, sim::LockUse::renews},
      {kLease, sim::LockUse::renews},
      {kLease, sim::LockUse::releases},
      {kLease, sim::LockUse::releases},
  });
  return kFacts[request.index()];
}

sim::AnswerFacts AzureBlob::told(const Request&, const Response& response) {
  Response bare;
  bare.status = response.status;
  bare.error = response.error;
  return {status_text(bare), static_cast<int>(response.status) >= 400, response.metadata.id.owner,
          version_facts(response.state), response.is_locked()};
}

}  // namespace lockstorm::models
