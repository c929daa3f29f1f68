// What came out of a verification, or of a search that took its place.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/data/scenario.hpp"
#include "scenarios/data/searched.hpp"
#include "scenarios/data/verdict.hpp"
#include "scenarios/search/reached.hpp"
#include "scenarios/story/counterexample.hpp"
#include "scenarios/story/mechanism.hpp"
#include "sim/process/promise_check.hpp"

namespace lockstorm::scenarios {

struct Explored {
  bool complete = false;
  std::size_t states = 0;
  std::size_t transitions = 0;
  std::size_t end_states = 0;
  std::size_t cut_off = 0;  ///< of these, where bounded time was over before everybody had finished
  std::size_t depth = 0;
  double seconds = 0;
  std::uint64_t fingerprint = 0;  ///< of the reachable set; 0: not asked for
  sim::PromiseSample promises;    ///< how far what clients forget was held to what they do
};

/// Why a run proves nothing.
enum class Invalidity : std::uint8_t {
  none,
  nobody_succeeds,      ///< some command ends with success in no run without faults and operators
  fault_never_fired,    ///< a declared fault took effect in no run
  operator_never_acts,  ///< an operator removed no lock in any run
};

struct VerifyResult {
  /// The simplest; nullptr where the property is not violated, or the search for it grew too large.
  [[nodiscard]] const Counterexample* counterexample_of(checkers::Property property) const;
  [[nodiscard]] Counterexample* counterexample_of(checkers::Property property);
  /// What it declares took effect in no run: it says nothing against the backend, and nothing for it.
  [[nodiscard]] bool cannot_happen() const;
  /// Nothing was found in the runs that were looked at, and nothing is proved.
  [[nodiscard]] bool only_searched() const { return searched && verdict == Verdict::held; }
  /// What it says of a property, nothing where that was not checked. What is proved of jobs that never
  /// succeed is no proof.
  [[nodiscard]] std::optional<Verdict> answer(checkers::Property property) const;

  Scenario scenario;
  Verdict verdict = Verdict::unknown;
  std::map<checkers::Property, Verdict> properties;
  Explored explored;
  std::optional<Searched> searched;  ///< set: some runs were looked at, not all, and `held` is no proof
  std::array<std::uint64_t, sim::kFaultKinds> fired{};
  /// The hardest way back that a killed job has left others in some run; where `stale-lock-recovery` applies.
  Recovery recovery = Recovery::nobody;
  std::vector<CommandReached> reached;       ///< what each command has come to in some run
  Invalidity invalidity = Invalidity::none;  ///< of an invalid run
  /// One per violated property, and one for each other mechanism that was asked for; those of a property
  /// together, the simplest first.
  std::vector<Counterexample> counterexamples;
  /// How properties are violated, as far as that was looked for.
  std::map<checkers::Property, Mechanisms> mechanisms;
  std::string why;             ///< unknown, invalid: the reason
  bool out_of_memory = false;  ///< some search was cut short by VerifyOptions::max_bytes
};

}  // namespace lockstorm::scenarios
