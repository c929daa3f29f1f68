// A working directory that several jobs have in common, as far as its own lock goes: what `init` locks while
// it writes down which backend there is (.terraform/terraform.tfstate).
#pragma once

#include <string>
#include <variant>

#include "sim/service.hpp"

namespace lockstorm::models {

/// A lock of the kernel's: it is refused at once, and goes with its process.
struct SharedDirectory {
  static constexpr std::string_view kName = "directory";
  static constexpr bool kIsLocal = true;

  struct Value {
    sim::Who holder;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  struct LockDirectory {
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  struct UnlockDirectory {
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  using Request = std::variant<LockDirectory, UnlockDirectory>;

  struct Response {
    std::uint16_t granted = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };

  [[nodiscard]] Value initial() const { return {}; }
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  void process_ended(Value& value, sim::Slot slot) const;
  static std::string_view operation(const Request& request) {
    return std::holds_alternative<LockDirectory>(request) ? "lock" : "unlock";
  }
  static sim::RequestFacts about(const Request&) { return {"directory"}; }
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
