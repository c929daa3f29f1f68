// A workspace of HCP Terraform / Terraform Enterprise as client-side operations use it: its lock and its
// state versions (backend-protocols.md 3.13). Runs on the server have a queue of their own and are not
// modelled.
#pragma once

#include <string>
#include <variant>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// The server checks every upload: the workspace must be locked by the caller's user, the lineage must be
/// that of the current version and the serial greater (3.13.3). Uploads are one request here; the real
/// library makes it two, of which the first is checked and the second only delivers the text.
/// What a server that speaks the API of HCP Terraform promises. The defaults are its own; every other setting
/// is a deviation of servers that somebody else has written.
struct TfePromises {
  bool exclusive_lock = true;  ///< false: whoever asks for the lock gets it, also while another has it
  bool needs_lock = true;      ///< a state is only accepted from whoever has locked
  bool checks_lineage = true;  ///< ... and only of the lineage that is there
  bool checks_serial = true;   ///< ... and above the serial that is there
};

struct TfeWorkspace {
  static constexpr std::string_view kName = "hcp-terraform";

  enum class Status : std::uint16_t {
    ok,
    not_found,          ///< 404: no state version yet
    conflict,           ///< 409: already locked, not locked, or by another user; an upload that does not fit
    pending,            ///< 409: the latest state version is still being processed
    too_many_requests,  ///< 429
    server_error,       ///< 5xx
    unauthorized,       ///< 401
  };

  struct Value {
    StateSnapshot state;        ///< of the current state version
    LockId lock;                ///< the lock request that locked it; the server knows only its user
    std::uint16_t pending = 0;  ///< the current state version may still be processed
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// GET workspaces/NAME: StateMgr's, and what a person looks at.
  struct ReadWorkspace {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct Lock {
    LockId id;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct Unlock {
    LockId meant;  ///< a ghost: the caller's own lock
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct ForceUnlock {
    LockId meant;  ///< a ghost: the lock that was seen; the request names only the workspace
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// GET current-state-version: which it is, not yet its text.
  struct ReadCurrent {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// GET of a version's text, which never changes.
  struct Download {
    StateSnapshot version;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct CreateStateVersion {
    StateSnapshot state;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request =
      std::variant<ReadWorkspace, Lock, Unlock, ForceUnlock, ReadCurrent, Download, CreateStateVersion>;

  struct Response {
    Status status = Status::ok;
    LockId lock;  ///< whose lock it is: what the workspace's page says; no client is told in a refusal
    StateSnapshot state;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  StateSnapshot initial_state;
  /// All jobs use the token of one user or team: the server cannot tell them apart.
  bool shared_user = false;
  TfePromises promises{};

  [[nodiscard]] Value initial() const { return {initial_state, {}, 0}; }
  /// An unlock may come while the version is still being processed: 0 not, 1 so.
  [[nodiscard]] unsigned alternatives(const Value& value, const Request& request) const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                                            unsigned alternative) const;
  static Response refuse(const Request& request, sim::Refusal kind);
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
