// Azure Blob Storage: the one blob that is the state, its metadata and its lease (backend-protocols.md 4.3).
#pragma once

#include <string>
#include <variant>

#include "models/services/azure_lease.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// What a store promises. The defaults are Azure as documented (server-semantics.md 3.1).
struct AzurePromises {
  /// False: Azurite answers `LeaseNotPresentWithBlobOperation` where Azure says `LeaseLost`.
  bool names_lost_leases = true;
};

/// Single-blob operations are strongly consistent and atomic. Lease operations leave ETag and metadata alone.
struct AzureBlob {
  static constexpr std::string_view kName = "azure-blob";

  enum class Status : std::uint16_t {
    ok = 200,
    created = 201,
    accepted = 202,
    bad_request = 400,
    forbidden = 403,
    not_found = 404,
    conflict = 409,
    precondition_failed = 412,
    server_error = 500,
    server_busy = 503,
  };
  enum class Condition : std::uint16_t { none, if_none_match_any, if_match };

  struct Value {
    StateSnapshot state;  ///< the body; absent: the body is empty, or there is no blob
    LockInfo metadata;    ///< `x-ms-meta-terraformlockid`; empty: not there
    AzureLease lease;
    std::uint16_t exists = 0;
    std::uint16_t etag = 0;  ///< counts writes, only where somebody compares ETags
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// Put Blob: replaces content and metadata atomically and keeps the lease.
  struct PutBlob {
    StateSnapshot body;  ///< absent: an empty body
    LockInfo metadata{};
    LockId lease{};  ///< `x-ms-lease-id`; empty: not sent
    Condition condition = Condition::none;
    std::uint16_t etag = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct GetBlob {
    LockId lease{};
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// HEAD: metadata and lease status.
  struct GetProperties {
    LockId lease{};
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// Set Blob Metadata: replaces all of it.
  struct SetMetadata {
    LockInfo metadata{};
    LockId lease{};
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// Snapshots cannot be leased and nobody here reads them; what matters is who may make one.
  struct SnapshotBlob {
    LockId lease{};
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct DeleteBlob {
    LockId lease{};
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct AcquireLease {
    LockId proposed;
    std::uint16_t duration_s = kInfiniteLease;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct RenewLease {
    LockId lease;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct ChangeLease {
    LockId lease;
    LockId proposed;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct ReleaseLease {
    LockId lease;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct BreakLease {
    std::uint16_t period_s = kNoBreakPeriod;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<PutBlob, GetBlob, GetProperties, SetMetadata, SnapshotBlob, DeleteBlob,
                               AcquireLease, RenewLease, ChangeLease, ReleaseLease, BreakLease>;

  struct Response {
    Status status = Status::ok;
    AzureError error = AzureError::none;
    StateSnapshot state;  ///< GetBlob
    LockInfo metadata;    ///< GetBlob, GetProperties
    /// GetBlob, GetProperties: `x-ms-lease-state`
    AzureLease::State lease_state = AzureLease::State::available;
    std::uint16_t lease_time_s = 0;  ///< BreakLease: `x-ms-lease-time`
    std::uint16_t etag = 0;

    [[nodiscard]] bool is_locked() const {
      return lease_state == AzureLease::State::leased || lease_state == AzureLease::State::breaking;
    }
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  AzurePromises promises;
  bool keeps_etags = false;     ///< somebody sends If-Match; without one, counting writes only makes states
  std::uint16_t tick_s = 1;     ///< how long a tick of a world with bounded time is
  StateSnapshot initial_state;  ///< what stands there before the first step

  [[nodiscard]] Value initial() const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  [[nodiscard]] static Response refuse(const Request& request, sim::Refusal kind);
  void tick(Value& value) const { value.lease.pass(tick_s); }
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

/// As the documentation spells it, e.g. `LeaseIdMissing`.
std::string_view azure_error_name(AzureError error);

}  // namespace lockstorm::models
