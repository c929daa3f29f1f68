// What can go wrong with states because of how a pipeline is written: the 28 hazards, and which of them are
// in one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// From least to most.
enum class Severity : std::uint8_t {
  harmless,  ///< it looks bad and is not
  note,
  refused,   ///< a lock is left behind, a job is lost or refused
  by_fault,  ///< state can be damaged with one fault of those that pipelines produce
  damage     ///< state or infrastructure can be damaged without a fault
};

/// Whether a hazard is told for itself.
enum class Standing : std::uint8_t {
  reported,
  part_of_another,  ///< a worse one of the same job includes it
  residual          ///< what is left when all is as it should be, and what is harmless: one line
};

struct Cause {
  SourceLocation where;
  std::string what;  ///< a clause
};

struct Hazard {
  unsigned number = 0;  ///< 1 for P01
  Severity severity{};
  Standing standing{};
  unsigned part_of = 0;  ///< the number of the one that includes it
  std::size_t job = 0;   ///< of Pipeline::jobs
  std::string why;       ///< here; one sentence
  std::vector<Cause> causes;
  bool is_assumed = false;  ///< true in one of two ways that no file tells apart
  std::string assumption;   ///< which
};

struct HazardRule {
  std::string_view name;  ///< "no-serialiser"
  std::string_view title;
  std::string_view happens;  ///< what comes of it
  std::string_view fix;
  std::string_view in_model;  ///< how the model has it
  std::string_view sources;
};

inline constexpr unsigned kHazards = 28;

/// Of the hazard of that number, from 1 to 28.
[[nodiscard]] const HazardRule& hazard_rule(unsigned number);
/// "LS-CI-P01".
[[nodiscard]] std::string hazard_id(unsigned number);
[[nodiscard]] std::string_view severity_name(Severity severity);

/// What the state's own lock is worth.
enum class StateLock : std::uint8_t {
  unknown,
  locks,
  none  ///< none that two runs have in common
};

/// Which lock `force-unlock` removes.
enum class ForceUnlock : std::uint8_t {
  unknown,
  with_its_id,
  any,     ///< whoever has it, whatever id it is given
  nothing  ///< there is none in its reach
};

struct StateFacts {
  StateLock lock = StateLock::unknown;
  std::string backend{};    ///< "s3 with use_lockfile"; empty: unknown
  std::string lock_ends{};  ///< when that of a killed job ends by itself, a clause; empty: it stays
  ForceUnlock force_unlock{};
  std::string why_unknown{};  ///< a clause
};

using StateFactsOf = std::function<StateFacts(const StatePlace&)>;

/// All hazards, worst first, then by job and number.
[[nodiscard]] std::vector<Hazard> find_hazards(const Pipeline& pipeline, const StateFactsOf& facts = {});

}  // namespace lockstorm::scenarios::pipeline
