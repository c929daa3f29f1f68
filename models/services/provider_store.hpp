// What a provider keeps states in for Terraform: a state and its lock (backend-protocols.md 3.15).
#pragma once

#include <string>
#include <variant>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// Which store it is the protocol does not say. This one does what the protocol expects of all of them: every
/// request is atomic, and whoever reads sees the last write.
struct ProviderStore {
  static constexpr std::string_view kName = "state-store";

  enum class Status : std::uint16_t {
    ok,
    locked,      ///< "Workspace Already Locked"
    not_locked,  ///< there is no lock, or it has another id
    throttled,
    failed,          ///< the store answers with an error
    version_passed,  ///< a fenced write: the state is no longer the one that was read
  };

  struct Value {
    StateSnapshot state;
    LockInfo lock;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// Creates the lock: if there is none, or, without the condition, in the place of whichever there is by
  /// now.
  struct CreateLock {
    LockInfo info;
    std::uint16_t if_absent = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct ReadLock {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// Deletes the lock: the one with this id, or, without the condition, whichever there is by now.
  struct DeleteLock {
    LockId id;
    std::uint16_t only_this_one = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct ReadState {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// Fenced: only on top of `read`. Under a lock: only while it is the one with that id, or, with no id,
  /// while there is none.
  struct WriteState {
    StateSnapshot state;
    StateSnapshot read;
    std::uint16_t is_fenced = 0;
    std::uint16_t needs_lock = 0;
    LockId lock{};
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<CreateLock, ReadLock, DeleteLock, ReadState, WriteState>;

  struct Response {
    Status status = Status::ok;
    StateSnapshot state;  ///< ReadState
    LockInfo lock;        ///< ReadLock; CreateLock that was refused: the holder
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  bool lock_here = true;  ///< false: the provider takes no lock
  StateSnapshot initial_state{};

  [[nodiscard]] Value initial() const { return {initial_state, {}}; }
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static Response refuse(const Request& request, sim::Refusal kind);
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
