// Jobs of a pipeline that can meet at a state, in words: who they are, why nothing keeps them apart, and what
// comes of it in the world of the two.
#pragma once

#include <string>

#include "reports/campaigns/audit_answer.hpp"
#include "reports/format/style.hpp"

namespace lockstorm::reports {

/// "'plan' of drift beside 'apply' of infra".
std::string meeting_words(const scenarios::pipeline::Pipeline& pipeline,
                          const scenarios::pipeline::JobMeeting& meeting);

/// The first meeting of a job; that it takes part in none is an error of the caller.
const scenarios::pipeline::JobMeeting& meeting_of(const MetJobs& met, std::size_t job);

/// Who is who in the runs of this world, and the line of each cause.
std::string who_meets(const scenarios::pipeline::Pipeline& pipeline, const MetJobs& met, const Style& style);

/// " Jobs that meet: 3 worlds, 1 violated."; empty: none do.
std::string met_jobs_sentence(const PipelineInAudit& in);

/// All worlds: what was proved, and a run for what is violated. Empty: no jobs meet.
std::string text_met_jobs(const PipelineInAudit& in, const Style& style);

}  // namespace lockstorm::reports
