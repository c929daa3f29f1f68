// Amazon S3 and compatible stores: two objects, the state and its lock file (backend-protocols.md 4.2).
#pragma once

#include <string>
#include <variant>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

enum class Versioning : std::uint8_t { never, enabled, suspended };

/// What a store promises. The defaults are AWS as documented; every other setting is a deviation seen in the
/// field (server-semantics.md 3.3).
struct S3Promises {
  bool honours_if_none_match = true;
  bool honours_if_match = true;
  /// False: puts with a condition are answered 501 NotImplemented, as by stores that do not know the headers.
  bool conditional_puts = true;
  /// False: before December 2020, overwrites, deletes and probed-while-absent keys are eventually consistent
  /// (4.2.1).
  bool strong_reads = true;
  Versioning versioning = Versioning::never;
  /// False: in a versioned bucket If-None-Match is ignored (radosgw 16: every contender wins).
  bool versioned_conditional_puts = true;
  /// False: with versioning suspended a deleted key answers 412 to If-None-Match for ever (radosgw 16).
  bool suspended_conditional_puts = true;
  bool missing_key_if_match_is_412 = false;  ///< radosgw: 412 instead of 404
  bool if_match_recognises_etags = true;     ///< radosgw: a quoted ETag, as SDKs send it, never matches
  bool honours_delete_if_match = true;       ///< radosgw: deletes anyway
  /// Whose policy does not allow to list the whole bucket is told 403 of a key that is not there (4.2.5).
  bool missing_key_is_403 = false;
  /// How often AWS answers 409 ConditionalRequestConflict to If-None-Match because a DELETE of that key has
  /// come in between (4.2.3). Where it answers so to one of several puts or to If-Match instead of 412, that
  /// is no different to these clients, and 412 here.
  std::uint16_t conflicts = 0;
};

struct S3 {
  static constexpr std::string_view kName = "s3";

  enum class Status : std::uint16_t {
    ok = 200,
    no_content = 204,
    bad_request = 400,
    forbidden = 403,
    not_found = 404,
    conflict = 409,
    precondition_failed = 412,
    server_error = 500,
    not_implemented = 501,
    slow_down = 503,
  };
  enum class Object : std::uint16_t { state, lockfile };
  enum class Condition : std::uint16_t { none, if_none_match_any, if_match };
  /// What a store calls its listing.
  enum class Listing : std::uint16_t { list_objects_v2, list_objects, get_bucket };

  struct Value {
    StateSnapshot state;
    StateSnapshot older_state;  ///< what a stale read may still show; only kept without strong reads
    LockInfo lock;
    LockInfo older_lock;
    std::uint16_t lock_deleted = 0;  ///< the lock key has been deleted before; only kept where a dial asks
    std::uint16_t conflicts_left = 0;
    /// Who deleted the lock last, as long as that may have come between a put and its commit: until the lock
    /// is there again. Only kept while conflicts are left.
    sim::Who deleted_by;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// PutObject on the state key.
  struct PutState {
    StateSnapshot body;
    StateSnapshot etag;  ///< if_match: the version that must be current
    Condition condition = Condition::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// PutObject on the lock file's key.
  struct PutLock {
    LockInfo body;
    Condition condition = Condition::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct GetObject {
    Object key = Object::state;
    std::uint16_t range = 0;  ///< 0: all of it; 1, 2: its first and its last bytes
    /// The object is encrypted with a key of the customer's (SSE-C), which the request does not bring along.
    std::uint16_t lacks_key = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct HeadObject {
    Object key = Object::state;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// DeleteObject on the lock file's key. `intended` is a ghost: the lock the client believes it removes.
  struct DeleteLock {
    LockId intended;
    LockInfo etag;
    Condition condition = Condition::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct DeleteState {
    StateSnapshot etag;
    Condition condition = Condition::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// The listing below the workspace prefix.
  struct ListWorkspaces {
    Listing api = Listing::list_objects_v2;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request =
      std::variant<PutState, PutLock, GetObject, HeadObject, DeleteLock, DeleteState, ListWorkspaces>;

  struct Response {
    Status status = Status::ok;
    StateSnapshot state;       ///< GetObject state: the body; its MD5 is the ETag
    LockInfo lock;             ///< GetObject lockfile
    std::uint16_t listed = 0;  ///< ListWorkspaces: the state object is listed
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  S3Promises promises;
  bool lock_here = true;        ///< the lock file is what makes a holder; false: this bucket keeps no lock
  StateSnapshot initial_state;  ///< what stands there before the first step

  [[nodiscard]] Value initial() const {
    return {initial_state,
            promises.strong_reads ? StateSnapshot{} : initial_state,
            {},
            {},
            0,
            promises.conflicts,
            {}};
  }
  /// Alternative 1 of a read is the older version, of a put of the lock that a delete has come in between.
  [[nodiscard]] unsigned alternatives(const Value& value, const Request& request) const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                                            unsigned alternative) const;
  [[nodiscard]] static Response refuse(const Request& request, sim::Refusal kind);
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static constexpr std::string_view kCountedEvent = "conflicts";
  [[nodiscard]] unsigned events_spent(const Value& value) const {
    return promises.conflicts - value.conflicts_left;
  }
  static std::string_view name_of(Listing api);
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

/// Tencent Cloud Object Storage, as far as plain objects go.
struct TencentCos : S3 {
  static constexpr std::string_view kName = "cos";
};

/// Alibaba Cloud Object Storage Service, as far as plain objects go.
struct AlibabaOss : S3 {
  static constexpr std::string_view kName = "oss";
};

}  // namespace lockstorm::models
