// Google Cloud Storage: two objects, the state and its lock, under generation preconditions
// (backend-protocols.md 4.5).
#pragma once

#include <string>
#include <variant>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// Strongly consistent; every operation is atomic. Each successful insert makes a generation that was never
/// there before; changing an object's metadata makes a new metageneration of the same generation.
struct Gcs {
  static constexpr std::string_view kName = "gcs";

  enum class Status : std::uint16_t {
    ok = 200,
    no_content = 204,
    forbidden = 403,
    not_found = 404,
    precondition_failed = 412,
    too_many_requests = 429,
    service_unavailable = 503,
  };
  enum class Object : std::uint16_t { state, lock };

  /// Generations start again after so many locks: only runs with thousands of clients get there, and nobody
  /// remembers a generation for so long.
  static constexpr std::uint16_t kMaxGenerations = 0x7FFF;

  /// Preconditions on the lock object; all that are given must hold.
  struct Match {
    static constexpr std::uint16_t kAny = 0xFFFF;  ///< not sent
    static constexpr std::uint16_t kAbsent = 0;    ///< ifGenerationMatch=0, `DoesNotExist`
    std::uint16_t generation = kAny;               ///< ifGenerationMatch
    std::uint16_t metageneration = kAny;           ///< ifMetagenerationMatch
  };
  /// Precondition on the state object. No client keeps its generation as a number: a generation is told by
  /// what it holds. That is exact as long as no content is stored twice. Where every writer sends the
  /// precondition only one thing does so: whoever creates a state and finds that somebody was faster writes
  /// that state back as it is (2.4.3b). A writer that read it before would be refused by the real store; here
  /// it goes on, over the very content that it has read.
  enum class Condition : std::uint16_t { none, if_generation_match };

  struct Value {
    StateSnapshot state;
    LockInfo lock;                     ///< body of the lock object; its id is a random UUID, not the lock id
    std::uint16_t generation = 0;      ///< of the lock object, 0: there is none
    std::uint16_t metageneration = 0;  ///< of the lock object
    /// Generations of the lock object so far. Counts what succeeded, not what was tried, so that a run has
    /// as many as it has locks.
    std::uint16_t generations = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// objects.insert of the state. `if_generation_match` with an absent `generation`: 0, must not exist.
  struct InsertState {
    StateSnapshot body;
    StateSnapshot generation{};
    Condition condition = Condition::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct DeleteState {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// objects.insert of the lock.
  struct InsertLock {
    LockInfo body;
    Match match;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// objects.delete of the lock.
  struct DeleteLock {
    Match match;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// objects.patch of the lock's metadata: a heartbeat could be one. No released client sends it.
  struct PatchLock {
    Match match;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// objects.get with alt=media: the body.
  struct GetMedia {
    Object object = Object::state;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// objects.get: the metadata.
  struct GetAttributes {
    Object object = Object::state;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request =
      std::variant<InsertState, DeleteState, InsertLock, DeleteLock, PatchLock, GetMedia, GetAttributes>;

  struct Response {
    Status status = Status::ok;
    StateSnapshot state;               ///< GetMedia state
    LockInfo lock;                     ///< GetMedia lock
    std::uint16_t generation = 0;      ///< InsertLock, PatchLock, GetAttributes lock
    std::uint16_t metageneration = 0;  ///< the same
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  StateSnapshot initial_state;  ///< what stands there before the first step

  [[nodiscard]] Value initial() const { return {initial_state, {}, 0, 0, 0}; }
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  [[nodiscard]] static Response refuse(const Request& request, sim::Refusal kind);
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
