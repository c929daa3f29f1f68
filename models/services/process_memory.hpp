// The memory of each process as a store: states and locks in package variables (backend-protocols.md 3.14).
#pragma once

#include <array>
#include <string>
#include <variant>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// Calls never leave the caller's process: each process has a state and a lock of its own, and both end with
/// it.
struct ProcessMemory {
  static constexpr std::string_view kName = "memory";
  static constexpr bool kIsLocal = true;
  static constexpr std::size_t kMaxProcesses = sim::kMaxPermutedProcesses;

  enum class Status : std::uint16_t {
    ok,
    locked,      ///< "state locked"
    not_locked,  ///< "state not locked"
    invalid_id,  ///< "invalid lock id"
    no_process,  ///< the caller was killed before the call was made: nothing happened, nobody sees this
                 ///< answer
  };

  struct Entry {
    sim::Who process;
    std::uint16_t gone = 0;
    StateSnapshot state;
    LockInfo lock;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  /// Entries of processes whose memory is not as it was at their start, sorted.
  struct Value {
    std::array<Entry, kMaxProcesses> entries{};
    void normalise();
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// A command begins: every command is a process of its own.
  struct Start {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct Lock {
    LockInfo info;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct Unlock {
    LockId id;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct ReadLock {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct Get {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct Put {
    StateSnapshot state;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<Start, Lock, Unlock, ReadLock, Get, Put>;

  struct Response {
    Status status = Status::ok;
    StateSnapshot state;  ///< Get
    LockInfo lock;        ///< ReadLock; Lock that was refused: the holder
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  [[nodiscard]] Value initial() const { return {}; }
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  void process_ended(Value& value, sim::Slot slot) const;
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
