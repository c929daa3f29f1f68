// The infrastructure that applies change: resources that really exist, whatever any state file says.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// A provider's API. Its own messages are reliable (what happens to them is the provider's business, not the
/// backend's), but a request of a client that dies stays in flight like any other.
struct Cloud {
  static constexpr std::string_view kName = "cloud";
  static constexpr bool kIsLocal = true;
  /// Instances one address may accumulate; more are counted as the last one.
  static constexpr std::uint8_t kMaxInstances = 6;

  struct Value {
    std::array<std::uint8_t, kMaxResources> live{};     ///< bit i: instance i + 1 of that address exists
    std::array<std::uint8_t, kMaxResources> created{};  ///< how many were ever created
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  struct ReadResource {
    std::uint8_t address = 0;
    std::uint8_t instance = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  struct CreateResource {
    std::uint8_t address = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  struct UpdateResource {
    std::uint8_t address = 0;
    std::uint8_t instance = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  struct DeleteResource {
    std::uint8_t address = 0;
    std::uint8_t instance = 0;
    std::uint8_t unasked = 0;  ///< a ghost: the configuration lacks it, and nobody has said that it shall go
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  using Request = std::variant<ReadResource, CreateResource, UpdateResource, DeleteResource>;

  struct Response {
    std::uint8_t found = 0;     ///< 0: 404
    std::uint8_t instance = 0;  ///< created or touched
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };

  /// Resources `0..existing-1` exist from the start as instance 1.
  std::uint8_t existing = 0;
  /// This one exists too, as instance 1, and no state knows it (for `import`).
  std::optional<std::uint8_t> unmanaged{};

  [[nodiscard]] Value initial() const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
