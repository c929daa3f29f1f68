// The arguments of a configuration's backend block, typed, with a complaint for each that is not understood.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/terraform/backend.hpp"
#include "scenarios/data/configuration.hpp"

namespace lockstorm::scenarios {

/// What is wrong with an argument, if anything.
using Complaint = std::optional<InputError>;

/// " = var.lock" where an expression is nothing but a reference, for messages that name the argument before
/// it; else nothing: an argument's value may be or hold a credential, in whatever way it is put together.
[[nodiscard]] std::string reference_shown(const Unresolved& unresolved);

/// Arguments of the block and of the command line, which wins, as for -backend-config.
class BackendArguments {
 public:
  /// What there is to know of the jobs and the server besides the block.
  struct Surroundings {
    std::string workspace = "default";              ///< that jobs work in
    std::map<std::string, std::string> premises{};  ///< as BackendType::premises names them
    std::map<std::string, std::string> store{};     ///< what is said of the store otherwise
  };

  BackendArguments(BackendBlock block, const std::map<std::string, std::string>& given, models::Dialect tool,
                   Surroundings surroundings);

  [[nodiscard]] models::Dialect tool() const { return tool_; }
  [[nodiscard]] const SourceLocation& where() const { return block_.where; }
  /// Whether it is said what the store does, so that nothing is taken for granted there.
  [[nodiscard]] bool store_says(const std::string& key) const { return surroundings_.store.contains(key); }
  [[nodiscard]] const std::string& workspace() const { return surroundings_.workspace; }
  /// What the user says of that premise; empty: nothing.
  [[nodiscard]] std::string premise(const std::string& name) const;
  [[nodiscard]] const Attribute* find(const std::string& name) const;
  [[nodiscard]] bool has(const std::string& name) const { return find(name) != nullptr; }

  /// Complains about arguments that are not among `valid` (names with spaces between).
  [[nodiscard]] Complaint unknown(std::string_view valid) const;

  /// Complains, as the tools do, about one of `flags` that is no boolean or of `numbers` that is none (names
  /// with spaces between); what is not known without running the tool may be anything.
  [[nodiscard]] Complaint mistyped(std::string_view flags, std::string_view numbers) const;

  // Each leaves `out` alone when the argument is absent.

  /// A flag decides how jobs lock: one that is not known without running the tool is asked for.
  [[nodiscard]] Complaint flag(const std::string& name, bool& out) const;
  /// A text that decides how jobs lock by being there, such as a table's name; `what` it is, and what `none`
  /// means. One that may be empty or null for all that is written is asked for.
  [[nodiscard]] Complaint presence(const std::string& name, std::string_view what, bool& out,
                                   std::vector<std::string>& assumptions) const;
  /// Without these (names with spaces between) -backend-config completes the block, and may say there how
  /// jobs lock: asked for, unless one of the `deciding` arguments is said.
  [[nodiscard]] Complaint completed_elsewhere(std::string_view required, std::string_view deciding,
                                              std::string_view hint) const;
  /// Whether one of these (names with spaces between) is not in the block.
  [[nodiscard]] bool lacks_any(std::string_view names) const;
  /// `what`: "a number of attempts". A number that is not known is taken as `out` was, and that is noted.
  [[nodiscard]] Complaint whole_number(const std::string& name, std::string_view what, std::uint32_t& out,
                                       std::vector<std::string>& assumptions) const;

 private:
  BackendBlock block_;
  models::Dialect tool_;
  Surroundings surroundings_;
};

}  // namespace lockstorm::scenarios
