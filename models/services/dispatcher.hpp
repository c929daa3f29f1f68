// The part of a CI system that starts a job anew when it has lost the one before.
#pragma once

#include <string>
#include <variant>

#include "models/services/process_set.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// It knows of a job that it has ended when its runner says so, and takes it for lost when the runner is no
/// more.
struct Dispatcher {
  static constexpr std::string_view kName = "dispatcher";
  static constexpr bool kIsLocal = true;

  struct Value {
    ProcessSet ended;
    ProcessSet silent;
    ProcessSet reported;        ///< the runner has said how the job ended
    std::uint16_t started = 0;  ///< successors so far
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// A runner says that its job has ended.
  struct Report {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// Is there a job to be started anew?
  struct AskForWork {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<Report, AskForWork>;

  enum class Status : std::uint16_t { ok, nothing_yet, start, all_over };
  struct Response {
    Status status = Status::ok;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  std::uint16_t first = 0;  ///< the jobs that it looks after: so many, from that process on
  std::uint16_t jobs = 0;
  bool gives_up_silent = false;  ///< also a job whose runner is not heard of is taken for lost

  [[nodiscard]] Value initial() const { return {}; }
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  void process_ended(Value& value, sim::Slot slot) const;
  void process_paused(Value& value, sim::Slot slot, bool paused) const;
  static std::string_view operation(const Request& request) {
    return std::holds_alternative<Report>(request) ? "report" : "ask for work";
  }
  static sim::RequestFacts about(const Request&) { return {"job"}; }
  static sim::AnswerFacts told(const Request& request, const Response& response);

 private:
  [[nodiscard]] bool looks_after(sim::Slot slot) const { return slot >= first && slot < first + jobs; }
};

}  // namespace lockstorm::models
