// Oracle Cloud Object Storage: two objects, the state and its lock, under entity-tag preconditions
// (backend-protocols.md 3.15).
#pragma once

#include <array>
#include <string>
#include <variant>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// Strongly consistent, as the reference takes it to be (8.3); every operation is atomic. The bucket keeps no
/// versions: listing them shows the objects that there are.
struct OracleObjects {
  static constexpr std::string_view kName = "oci";

  enum class Status : std::uint16_t {
    ok = 200,
    no_content = 204,
    not_found = 404,            ///< also of a delete
    precondition_failed = 412,  ///< IfMatchFailed, IfNoneMatchFailed
    too_many_requests = 429,
    internal_server_error = 500,
  };
  enum class Condition : std::uint16_t { none, if_none_match_any, if_match };
  enum class Object : std::uint16_t { state, lock };

  /// Entity tags start again after so many writes: only runs with thousands of clients get there, and nobody
  /// remembers a tag for so long.
  static constexpr std::uint16_t kMaxEtag = 0x7FFF;

  /// A multipart upload that has been neither committed nor aborted. Its parts show nowhere.
  struct Upload {
    sim::Who by;
    StateSnapshot body;
    friend auto operator<=>(const Upload&, const Upload&) = default;
  };
  /// One for each client.
  static constexpr std::size_t kMaxUploads = sim::kMaxPermutedProcesses;

  struct Value {
    StateSnapshot state;
    LockInfo lock;
    std::array<Upload, kMaxUploads> uploads{};  ///< sorted
    /// Writes of each object so far, the last of which is its entity tag while it exists: no tag comes twice.
    std::uint16_t state_writes = 0;
    std::uint16_t lock_writes = 0;
    void normalise();
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// PutObject of the state. A fence's If-Match is told by what it holds, as no client keeps a tag that long;
  /// that is exact as long as every writer is fenced (Gcs::Condition).
  struct PutState {
    StateSnapshot body;
    StateSnapshot match{};
    Condition condition = Condition::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// Begins an upload of the state in parts, another one than the caller's last.
  struct CreateUpload {
    StateSnapshot body;  ///< a ghost: what the parts will make
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct UploadPart {
    std::uint16_t part = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// The parts become the object, at once and unconditionally; 404 when that upload is no longer open.
  struct CommitUpload {
    StateSnapshot body;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct PutLock {
    LockInfo body;
    Condition condition = Condition::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct HeadState {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct GetState {
    std::uint16_t if_match = 0;  ///< an entity tag; 0: not sent
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct GetLock {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// `intended` is a ghost: the lock the client believes it removes; nobody's when it means whatever is
  /// there.
  struct DeleteObject {
    LockId intended;
    Object object = Object::state;
    std::uint16_t if_match = 0;  ///< an entity tag; 0: not sent
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// ListObjects below the workspace prefix.
  struct ListWorkspaces {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// ListObjectVersions of all names that begin as the state's: the lock's does.
  struct ListVersions {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<PutState, PutLock, HeadState, GetState, GetLock, DeleteObject, ListWorkspaces,
                               ListVersions, CreateUpload, UploadPart, CommitUpload>;

  struct Response {
    Status status = Status::ok;
    StateSnapshot state;             ///< GetState
    LockInfo lock;                   ///< GetLock
    std::uint16_t etag = 0;          ///< HeadState, GetLock
    std::uint16_t state_listed = 0;  ///< the listings
    std::uint16_t lock_listed = 0;   ///< ListVersions
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  StateSnapshot initial_state;

  [[nodiscard]] Value initial() const { return {initial_state, {}, {}, 0, 0}; }
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  [[nodiscard]] static Response refuse(const Request& request, sim::Refusal kind);
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
