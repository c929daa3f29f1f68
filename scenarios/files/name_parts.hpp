// The parts that names of scenarios are made of: a backend in some mode, jobs, and what may go wrong.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/data/scenario.hpp"

namespace lockstorm::scenarios {

/// "s3+lockfile+retries=1": the type and its modes that are no defaults.
std::string backend_part(const BackendConfig& backend);
bool read_backend_part(std::string_view text, AnyBackend& backend);

/// "jobs=2,first-apply,ephemeral,lock-timeout=300000ms": what equal jobs have in common.
std::string jobs_part(const Scenario& scenario);
/// False where a part means nothing; `first-apply` is the scenario's, the others are the client's.
bool read_jobs_part(std::string_view text, Scenario& scenario);
/// One of its parts.
bool read_job_word(std::string_view word, Scenario& scenario);

/// "crash,lose_response,operator=dead"; "no-faults".
std::string faults_part(const Scenario& scenario);
bool read_faults_part(std::string_view text, Scenario& scenario);

}  // namespace lockstorm::scenarios
