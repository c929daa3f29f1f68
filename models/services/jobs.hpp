// The CI system as an operator sees it: which jobs run, which are silent, which are gone.
#pragma once

#include <string>
#include <variant>

#include "models/services/process_set.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

struct Jobs {
  static constexpr std::string_view kName = "ci";
  static constexpr bool kIsLocal = true;

  enum class Status : std::uint16_t { running, silent, gone };

  struct Value {
    ProcessSet ended;
    ProcessSet paused;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  struct QueryJob {
    sim::Who job;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// Is any job there at all?
  struct QueryAll {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<QueryJob, QueryAll>;
  struct Response {
    Status status = Status::running;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// Of jobs from before the world began.
  Status earlier = Status::running;
  /// How many there are: the first so many processes.
  std::uint16_t jobs = 0;

  [[nodiscard]] Value initial() const { return {}; }
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  void process_ended(Value& value, sim::Slot slot) const;
  void process_started(Value& value, sim::Slot slot) const;
  void process_paused(Value& value, sim::Slot slot, bool paused) const;
  static std::string_view operation(const Request& request) {
    return std::holds_alternative<QueryAll>(request) ? "QueryAll" : "QueryJob";
  }
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
