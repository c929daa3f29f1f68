// The Kubernetes API as the kubernetes backend uses it: the secrets that hold a state, and the Lease that is
// its lock (backend-protocols.md 3.7, 4.6).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// One cluster, one state. Reads are quorum reads, every object is versioned on its own, and nothing is
/// atomic over two of them.
///
/// A resourceVersion is opaque and compared for equality only (4.6.1), so an object's content stands for its
/// version here. That is exact as long as no object takes the same content twice: a state is written once
/// (its writer counts its writes) and an unchanged object keeps its version in Kubernetes too; a lock id
/// holds the Lease once and is released once, and a Lease that is free remembers which id was released
/// last; a secret is created once, because all clients cut a state into equally many parts.
struct Kubernetes {
  static constexpr std::string_view kName = "kubernetes";
  static constexpr std::size_t kMaxParts = 3;

  enum class Status : std::uint16_t {
    ok,
    not_found,          ///< 404
    already_exists,     ///< 409 AlreadyExists
    conflict,           ///< 409 Conflict: the resourceVersion is not the current one
    too_many_requests,  ///< 429 with Retry-After
    server_error,       ///< 5xx; Response::retry_after says whether it asks to come back
    forbidden,          ///< 403
  };

  /// Secret `tfstate-<ws>-<suffix>[-part-<n>]`.
  struct Secret {
    StateSnapshot state;       ///< whose bytes its `tfstate` key holds a part of; none: no such key
    std::uint16_t parts = 0;   ///< in how many parts that text was cut
    std::uint16_t exists = 0;  ///< the object exists
    friend auto operator<=>(const Secret&, const Secret&) = default;
  };
  using Secrets = std::array<Secret, kMaxParts>;

  /// Lease `lock-tfstate-<ws>-<suffix>`: `holder` is holderIdentity and the lock-info annotation.
  struct Lease {
    LockInfo holder;
    LockId released;  ///< a ghost, part of the version: free since this id was released
    [[nodiscard]] bool exists() const { return !holder.empty() || !released.empty(); }
    friend auto operator<=>(const Lease&, const Lease&) = default;
  };

  struct Value {
    Lease lease;
    StateSnapshot latest;  ///< a ghost: the state whose last part was written last
    Secrets secrets{};
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// LIST of the state's secrets by labels, in the order of their numeric suffix.
  struct ListSecrets {
    std::uint16_t for_write = 0;  ///< a ghost, 1: no decision rests on the data
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct GetSecret {
    std::uint16_t part = 0;
    std::uint16_t for_write = 0;  ///< a ghost, 1: only the resourceVersion is used
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct CreateSecret {
    Secret body;
    std::uint16_t part = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// PUT with the resourceVersion of `version`.
  struct UpdateSecret {
    Secret body;
    Secret version;
    std::uint16_t part = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct DeleteSecret {
    std::uint16_t part = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct GetLease {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct CreateLease {
    LockInfo holder;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// PUT with the resourceVersion of `version`; an empty holder clears holderIdentity and the annotation.
  struct UpdateLease {
    LockInfo holder;
    Lease version;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<ListSecrets, GetSecret, CreateSecret, UpdateSecret, DeleteSecret, GetLease,
                               CreateLease, UpdateLease>;

  struct Response {
    Status status = Status::ok;
    std::uint16_t retry_after = 0;  ///< the answer carries Retry-After
    Lease lease;
    Secrets secrets{};
    std::uint16_t is_list = 0;  ///< of secrets: found or not
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  StateSnapshot initial_state;      ///< what stands there before the first step
  std::uint16_t initial_parts = 1;  ///< in how many secrets
  /// 5xx answers ask to come back (`ServerTimeout`, what an unreachable etcd becomes); false: a bare 500.
  bool server_error_retry_after = true;

  /// With a state the Lease is there as well, free since an earlier run.
  [[nodiscard]] Value initial() const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  [[nodiscard]] Response refuse(const Request& request, sim::Refusal kind) const;
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);

  enum class Reading : std::uint8_t { absent, complete, broken };
  /// What a client makes of the secrets: their data joined and unpacked. A secret without data makes the
  /// whole state absent; parts of two texts do not unpack; surplus parts behind a complete text are trailing
  /// bytes, which nobody looks at (3.7 Get).
  static Reading join(const Secrets& secrets);
};

}  // namespace lockstorm::models
