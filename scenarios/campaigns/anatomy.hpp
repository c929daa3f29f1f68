// A backend taken apart: the calls of each operation in order, read off the model by running it, and what is
// left behind when the client is killed after each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/world/aftermath.hpp"

namespace lockstorm::scenarios {

/// What there is when the client is killed at some point and nobody else does anything.
struct LeftBehind {
  Aftermath found;
  bool locked = false;  ///< by the servers' record
  friend bool operator==(const LeftBehind&, const LeftBehind&) = default;
};

struct AnatomyCall {
  std::string_view operation;  ///< as the tools' code names it: "Lock"; empty: outside of the backend
  bool background = false;     ///< from another fiber of the client, e.g. a heartbeat
  std::string service;
  std::string text;  ///< request with its preconditions, and the answer: "GetObject .tflock -> 404"
  LeftBehind left;   ///< by a kill just then
  std::optional<LeftBehind> left_later;  ///< when leases and sessions have run out, if that is different
};

/// One command from its first call to its last.
struct AnatomyRun {
  std::string name;  ///< "apply", "Lock while another client holds it", ...
  LeftBehind before;
  std::vector<AnatomyCall> calls;
};

/// One mode of a backend used by one tool.
struct Anatomy {
  models::Dialect tool = models::Dialect::terraform;
  std::string backend;  ///< "s3 with use_lockfile"
  std::vector<AnatomyRun> runs;
};

/// Every mode that the matrix has a row for, by every tool that has the backend.
std::vector<Anatomy> dissect(const BackendType& type);

}  // namespace lockstorm::scenarios
