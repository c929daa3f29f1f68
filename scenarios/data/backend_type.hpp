// The backend types this version models, and what is true of a type whatever its settings.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

/// A server that a backend works on, as `list` and `describe` name it.
struct BackendService {
  std::string_view name;
  std::string_view summary;  ///< one clause
};

/// A variable of the environment that says an argument which the block does not have.
struct EnvironmentArgument {
  std::string_view argument;
  std::string_view variables;  ///< with spaces between; the first that is set counts
};

/// Which versions of a tool have a backend, or an argument of one.
struct Availability {
  bool exists = true;
  std::string_view since{};  ///< the first version, "1.12"; empty: all versions that matter
  std::string_view until{};  ///< the first version that has it no more; empty: there is none
};

/// Arguments that some versions of the tools refuse.
struct ArgumentVersions {
  std::string_view names;  ///< with spaces between
  Availability terraform{};
  Availability opentofu{};
  std::string_view instead{};  ///< what to write where it is gone
};

struct BackendType {
  std::string_view name;     ///< as in `backend "NAME"` and `type: NAME`
  std::string_view summary;  ///< one clause
  /// Every argument of the tools' backend block, of either tool, with spaces between. Empty: no backend of
  /// the tools, so `audit` does not know it.
  std::string_view arguments{};
  /// Which arguments there are a provider decides: none is refused, and none is read.
  bool any_argument = false;
  /// The arguments that say which state it is, with spaces between: a block without one of them is partial,
  /// and -backend-config completes it.
  std::string_view identifying{};
  /// The arguments that are booleans and those that are numbers, with spaces between: the tools refuse a
  /// block in which one is something else. Texts take anything.
  std::string_view flags{};
  std::string_view numbers{};
  /// Those that decide how jobs lock, or which state it is; credentials and the like are left out.
  std::span<const EnvironmentArgument> environment{};
  /// What a user can say of the server besides the keys of `store`, with spaces between: it decides whether
  /// there is anything to verify.
  std::string_view premises{};
  /// Arguments that are not listed here are known to all versions that matter.
  std::span<const ArgumentVersions> versions{};
  std::span<const BackendService> services{};
  Availability terraform{};
  Availability opentofu{};
  /// Jobs on different machines share neither state nor lock.
  bool one_machine = false;
  /// The rows that `matrix` has for it: modes as in an audit's names, "-" for the defaults, with spaces
  /// between.
  std::string_view matrix_modes = "-";
  /// A backend block with nothing but defaults.
  std::unique_ptr<BackendConfig> (*defaults)() = nullptr;

  /// Whether any version of the tool has it, of the arguments that are listed above.
  [[nodiscard]] bool has_argument(std::string_view argument, models::Dialect tool) const;
  [[nodiscard]] bool available(models::Dialect tool) const {
    return tool == models::Dialect::terraform ? terraform.exists : opentofu.exists;
  }
};

/// For BackendType::defaults.
template <class Config>
std::unique_ptr<BackendConfig> default_config() {
  return std::make_unique<Config>();
}

/// All backend types, in the order of list.txt.
std::span<const BackendType* const> backend_types();

/// The type of that name, or null.
const BackendType* backend_type_named(std::string_view name);

/// "Terraform from 1.12, not OpenTofu"; empty when every version of both tools has it.
std::string availability_text(const BackendType& type);

/// Why the tools, or the models, refuse this scenario: its tool does not have the backend, or the backend
/// objects.
std::optional<Objection> objection_to(const Scenario& scenario);

}  // namespace lockstorm::scenarios
