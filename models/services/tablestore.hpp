// Alibaba Cloud TableStore holding the oss backend's two rows: the lock and the state's digest
// (backend-protocols.md 3.12).
#pragma once

#include <string>
#include <variant>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// A row is written and read atomically, and reads see every write before them. A row condition is evaluated
/// with the write.
struct TableStore {
  static constexpr std::string_view kName = "tablestore";

  enum class Status : std::uint16_t {
    ok,
    condition_check_fail,   ///< OTSConditionCheckFail
    server_busy,            ///< OTSServerBusy: not executed
    internal_server_error,  ///< OTSInternalServerError: executed or not
    no_permission_access,   ///< OTSNoPermissionAccess
  };
  /// RowExistenceExpectation.
  enum class Expect : std::uint16_t { ignore, exist, not_exist };
  enum class Row : std::uint16_t { lock, digest };

  struct Value {
    LockInfo lock;         ///< row `<bucket>/<key>`, column Info; empty: no such row
    StateSnapshot digest;  ///< row `<bucket>/<key>-md5`: the state whose MD5 is its column Digest
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  struct DescribeTable {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct PutLock {
    LockInfo info;
    Expect expect = Expect::ignore;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct PutDigest {
    StateSnapshot digest;
    std::uint16_t compares = 0;  ///< with a column condition: Digest must be `expected`
    StateSnapshot expected{};
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct GetRow {
    Row row = Row::lock;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// `intended` is a ghost: the lock the client believes it removes.
  struct DeleteLock {
    LockId intended;
    Expect expect = Expect::ignore;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct DeleteDigest {
    Expect expect = Expect::ignore;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<DescribeTable, PutLock, PutDigest, GetRow, DeleteLock, DeleteDigest>;

  struct Response {
    Status status = Status::ok;
    LockInfo lock;              ///< GetRow lock; empty: no row
    StateSnapshot digest;       ///< GetRow digest
    std::uint16_t is_read = 0;  ///< GetRow: found or not
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  StateSnapshot initial_digest;

  [[nodiscard]] Value initial() const { return {{}, initial_digest}; }
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  [[nodiscard]] static Response refuse(const Request& request, sim::Refusal kind);
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
