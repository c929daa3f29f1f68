// What a state and its lock are really called in their store, as far as the configuration says it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/data/configuration.hpp"

namespace lockstorm::scenarios {

/// Arguments of a backend block that are names and no credentials.
class StateNames {
 public:
  /// Of a block that nobody has: every name is a placeholder.
  explicit StateNames(std::string type) : type_(std::move(type)) {}
  /// `given`: arguments from the command line, which win.
  StateNames(const BackendBlock& block, const std::map<std::string, std::string>& given);

  std::string workspace = "default";

  [[nodiscard]] const std::string& type() const { return type_; }
  /// The argument, else `standard`, else its name in angle brackets: "<bucket>".
  [[nodiscard]] std::string name(std::string_view argument, std::string_view standard = {}) const;
  [[nodiscard]] bool knows(std::string_view argument) const;
  [[nodiscard]] bool is_default_workspace() const { return workspace == "default"; }

  /// The key of the state's object, key or path in its store; empty where the backend has none.
  [[nodiscard]] std::string state() const;
  /// The same of the lock; empty where a lock is no object of its own.
  [[nodiscard]] std::string lock() const;

 private:
  std::string type_;
  std::map<std::string, std::string, std::less<>> arguments_;
};

/// What LockInfo has under `Path` for the lock of this state; nothing: the configuration does not say it.
std::optional<std::string> path_in_lock_info(const StateNames& names);

}  // namespace lockstorm::scenarios
