// Where the rules put the hazards that they find: one for each job and rule, with all its causes.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "scenarios/pipeline/hazards.hpp"
#include "scenarios/pipeline/overlap.hpp"

namespace lockstorm::scenarios::pipeline {

class HazardList {
 public:
  explicit HazardList(const Pipeline& pipeline, StateFactsOf facts)
      : pipeline_(pipeline),
        facts_(std::move(facts)),
        runs_(distinct_runs(pipeline)),
        at_state_(by_state(runs_)),
        in_group_(by_group(runs_)) {}

  /// Adds it, or its causes to the one that the job has; the worse severity stays.
  Hazard& add(unsigned number, std::size_t job, Severity severity, std::string why,
              std::vector<Cause> causes);
  [[nodiscard]] bool has(unsigned number, std::size_t job) const;
  [[nodiscard]] Hazard* find(unsigned number, std::size_t job);

  [[nodiscard]] const Pipeline& pipeline() const { return pipeline_; }
  [[nodiscard]] const std::vector<RunOf>& runs() const { return runs_; }
  /// Numbers of runs that have to do with one state, for each state.
  [[nodiscard]] const std::map<std::string, std::vector<std::size_t>>& at_state() const { return at_state_; }
  /// Numbers of runs that can have what this one is: a group of that name, or what else it is.
  [[nodiscard]] std::span<const std::size_t> sharing(const Serialiser& held) const;
  [[nodiscard]] StateFacts facts(const StatePlace& state) const {
    return facts_ ? facts_(state) : StateFacts{};
  }
  /// Whether jobs can be refused at this state because others have its lock.
  [[nodiscard]] bool may_refuse(const StatePlace& state) const {
    return facts(state).lock != StateLock::none;
  }
  /// What two writers at once come to: only the state's lock is between them.
  [[nodiscard]] Severity at_once(const Command& a, const Command& b) const;
  /// Adds one that is as bad as two writers at once, and says what the state's lock makes of them.
  Hazard& add_at_once(unsigned number, std::size_t job, const Command& a, const Command& b, std::string why,
                      std::vector<Cause> causes);

  [[nodiscard]] std::vector<Hazard> take() { return std::move(hazards_); }
  [[nodiscard]] std::vector<Hazard>& all() { return hazards_; }

 private:
  using Numbers = std::map<std::string, std::vector<std::size_t>>;
  static Numbers by_state(const std::vector<RunOf>& runs);
  static Numbers by_group(const std::vector<RunOf>& runs);

  const Pipeline& pipeline_;
  StateFactsOf facts_;
  std::vector<RunOf> runs_;
  Numbers at_state_;
  Numbers in_group_;
  std::vector<Hazard> hazards_;
};

/// Rules about who can meet whom: P01, P02, P03, P04, P11, P15, P16, P17, P19, P22.
void find_meetings(HazardList& list);
/// Rules about cancels, limits, lost machines and repetition: P05, P06, P09, P10, P14, P18, P20, P23, P26.
void find_cuts(HazardList& list);
/// Rules about who removes a lock: P07, P08, P24.
void find_unlocks(HazardList& list);
/// Rules about one job by itself: P12, P13, P21, P25, P27, P28.
void find_in_jobs(HazardList& list);

/// "apply of 'infra'": how people are told of a job.
[[nodiscard]] std::string job_words(const Job& job);

}  // namespace lockstorm::scenarios::pipeline
