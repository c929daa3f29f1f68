// What a person has in hand of a lock: the text that a refused command printed, or the record itself.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "models/terraform/command.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/data/timestamp.hpp"

namespace lockstorm::scenarios {

/// LockInfo (backend-protocols.md 2.1), as far as it is there.
struct LockRecord {
  std::string id;
  std::string operation;  ///< "OperationTypeApply"
  std::string who;
  std::string version;
  std::string path;
  std::optional<Timestamp> created;
  /// Of a Kubernetes Lease.
  std::string lease;
  std::string name_space;
  /// The id is the one of the message's first line: under `Lock Info` there stands the refused job's own
  /// (http; confirm.md 2, D9).
  bool from_message = false;

  /// The command that has the lock, as far as `operation` says; what applies and what destroys locks alike.
  [[nodiscard]] std::optional<models::Command> command() const;
};

/// Understands the text of the error message with its `Lock Info:`, whatever the terminal has drawn around
/// it; and as JSON: the LockInfo of a lock object, a DynamoDB item or the answer of `get-item`, a Kubernetes
/// Lease, a Consul key's API answer, the metadata of an Azure blob, the description of a Cloud Storage
/// object. `name`: of the file, for messages.
std::expected<LockRecord, InputError> parse_lock_record(std::string_view text, const std::string& name);

}  // namespace lockstorm::scenarios
