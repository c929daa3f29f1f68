// What is to be forced on real processes: the steps of a run, as far as the network shows them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/terraform/choice.hpp"
#include "sim/steps.hpp"

namespace lockstorm::wire::confirm {

/// The service of provider calls. Real ones are held where a provisioner asks the gate whether it may go on.
inline constexpr std::string_view kProvider = "cloud";

/// What an answer says, as far as a real one can be compared with it.
struct Told {
  std::string status;        ///< "200", "412 PreconditionFailed"; empty: no answer comes
  bool is_refusal = false;   ///< what was asked for was not done, or is not there
  std::uint32_t serial = 0;  ///< of the state that it brings; 0: none
};

struct ScriptStep {
  std::size_t number = 0;  ///< from 1
  std::size_t actor = 0;   ///< number in Script::actors
  sim::MoveKind kind = sim::MoveKind::send;
  bool is_time = false;        ///< time passes; `kind` says nothing
  std::string service;         ///< of calls
  std::string operation;       ///< of calls, by the model's names
  std::string object;          ///< of calls
  bool changes = false;        ///< of calls: the request is meant to change what is stored
  std::size_t sent = 0;        ///< of calls: number of the step that sends the request
  unsigned alternative = 0;    ///< of effects: which of the model's, where it is open what the service does
  Told told;                   ///< of effects and answers
  bool begins_to_act = false;  ///< an operator has seen enough and runs force-unlock from here on
  models::Choice choice{};     ///< of choices
  bool second_way = false;
  std::string text;  ///< what happens, in the words of the report
};

struct ScriptActor {
  std::string name;  ///< "client-1"
  bool is_operator = false;
};

struct Script {
  std::vector<ScriptActor> actors;
  std::vector<ScriptStep> steps;
};

}  // namespace lockstorm::wire::confirm
