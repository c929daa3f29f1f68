// The directory of a local state: the state file, its kernel lock and its `.lock.info`
// (backend-protocols.md 3.10, 4.8).
#pragma once

#include <array>
#include <string>
#include <variant>

#include "models/services/process_set.hpp"
#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// System calls on one local disk: certain, immediate, and each of them atomic; a rewrite of the state file
/// is not, because it takes several. The record lock is advisory: it excludes only those who ask for it.
struct LocalFiles {
  static constexpr std::string_view kName = "disk";
  static constexpr bool kIsLocal = true;
  /// Each is kept by a process that has it open, and the one who removes the name has not: one less than the
  /// processes of a scenario that begins without a state.
  static constexpr std::size_t kMaxNameless = sim::kMaxPermutedProcesses - 1;

  enum class Status : std::uint16_t {
    ok,
    empty_file,   ///< Stat: there is a file, of no bytes
    would_block,  ///< EAGAIN: another process holds the record lock
    no_entry,     ///< ENOENT
    no_process,   ///< the caller was killed before the call was made: nothing happened, nobody sees this
                  ///< answer
  };

  struct Nameless {
    StateSnapshot contents;
    sim::Who holder;
    ProcessSet open;
    friend auto operator<=>(const Nameless&, const Nameless&) = default;
  };

  struct Value {
    StateSnapshot contents;  ///< of the state file; absent: empty or no file, which clients cannot tell apart
    /// A ghost: the complete state that was stored last and that nobody finds by name, because a rewrite has
    /// destroyed it and not replaced it yet or because it was written into a file that has lost its name.
    StateSnapshot destroyed;
    LockInfo info;             ///< `.terraform.tfstate.lock.info`; empty: no such file
    sim::Who holder;           ///< whose record lock is on the state file
    std::uint16_t exists = 0;  ///< there is a file by the name terraform.tfstate
    ProcessSet open;           ///< who has it open
    /// Files that have lost their name while somebody had them open: locks on them exclude only each other.
    std::array<Nameless, kMaxNameless> nameless{};
    /// Processes that are no more: a dead process makes no system calls.
    ProcessSet gone;
    void normalise();
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  struct Stat {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// O_RDWR | O_CREATE.
  struct Open {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// unlink of terraform.tfstate, whatever it has in it by now.
  struct RemoveState {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// F_SETLK, a write lock on the whole state file, without waiting.
  struct LockFile {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// F_SETLK unlock and close; closing any descriptor of the file drops the lock as well.
  struct UnlockFile {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// F_GETLK: would a lock be refused?
  struct QueryLock {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct ReadState {
    std::uint16_t for_backup = 0;  ///< 1: the text is only kept for `.backup`; no decision rests on it
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// Seek 0, ftruncate 0.
  struct Truncate {
    std::uint16_t for_good = 0;  ///< 1: nothing is written after it, the state is deleted
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// The first bytes of the new text have reached the file, the rest has not.
  struct WritePrefix {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// The rest of the text, and fsync.
  struct WriteContents {
    StateSnapshot text;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct WriteInfo {
    LockInfo info;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct ReadInfo {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// `intended` is a ghost: the lock the client believes it describes.
  struct RemoveInfo {
    LockId intended;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<LockFile, UnlockFile, QueryLock, ReadState, Truncate, WritePrefix,
                               WriteContents, WriteInfo, ReadInfo, RemoveInfo, Stat, Open, RemoveState>;

  struct Response {
    Status status = Status::ok;
    StateSnapshot state;        ///< ReadState
    LockInfo info;              ///< ReadInfo
    std::uint16_t is_read = 0;  ///< 1: the answer to ReadState, so that "no state" can be told from "done"
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  StateSnapshot initial_state;  ///< what stands there before the first step

  [[nodiscard]] Value initial() const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  /// 4.8: the kernel closes the descriptors of a process that ends, however it ends.
  void process_ended(Value& value, sim::Slot slot) const;
  void process_started(Value& value, sim::Slot slot) const;
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
