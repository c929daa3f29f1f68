#include "scenarios/pipeline/hazard_findings.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <system_error>

#include "scenarios/pipeline/state_directories.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

namespace fs = std::filesystem;

// Numbers of troubles, see troubles.cpp.
using Numbers = std::vector<unsigned>;

// What a cut comes to, by what the tool hears of it.
Numbers brought_by_cut(const Job& job) {
  std::set<unsigned> numbers;
  for (const JobRun& run : job.runs) {
    for (const Command& command : run.commands) {
      if (removes_lock(command.verb)) continue;
      switch (command.hears) {
        case Hears::nothing:
        case Hears::nothing_unseen:
          numbers.insert({2, 3, 20});
          break;
        case Hears::once:
          numbers.insert({4, 5});
          break;
        case Hears::once_then_kill:
          numbers.insert({4, 5, 32});
          break;
        case Hears::twice:
          numbers.insert({30});
          break;
      }
    }
  }
  return {numbers.begin(), numbers.end()};
}

Numbers brought_by(const Hazard& hazard, const Job& job) {
  switch (hazard.number) {
    case 1:
    case 2:
    case 3:
    case 13:
    case 15:
    case 17:
    case 19:
    case 21:
    case 22:
      return {0, 1};  // jobs at once
    case 5:
    case 6:
    case 10:
    case 14:
    case 20:
      return brought_by_cut(job);
    case 7:
    case 8:
    case 24:
      return {18, 20, 22, 26, kUnlockOfRunning};  // somebody removes a lock
    case 9:
      return {2, 3, 16, 17, 46};  // a machine that vanishes, and may come back
    case 18:
      return {2, 20};  // what is left of the first try
    case 26:
      return {30};
    default:
      return {};
  }
}

bool works_in(const Job& job, const StateDirectory& directory) {
  bool has_command = false;
  for (const JobRun& run : job.runs) {
    for (const Command& command : run.commands) {
      has_command = true;
      if (directory.may_have(command)) return true;
    }
  }
  return !has_command;
}

}  // namespace

Grade grade_of(Severity severity) {
  switch (severity) {
    case Severity::damage:
      return scenarios::grade_of(Occurrence::every_day, Harm::state);
    case Severity::by_fault:
      return scenarios::grade_of(Occurrence::pipeline_fault, Harm::state);
    case Severity::refused:
      return scenarios::grade_of(Occurrence::every_day, Harm::refused);
    case Severity::note:
      return scenarios::grade_of(Occurrence::pipeline_fault, Harm::refused);
    case Severity::harmless:
      break;
  }
  return Grade::info;
}

std::vector<HazardFinding> hazard_findings(const Pipeline& pipeline, const std::vector<Hazard>& hazards,
                                           std::span<const fs::path> audited) {
  std::vector<StateDirectory> directories;
  for (const fs::path& path : audited) {
    std::error_code error;
    directories.emplace_back(pipeline, fs::is_regular_file(path, error) ? path.parent_path() : path);
  }
  std::vector<HazardFinding> found;
  for (const Hazard& hazard : hazards) {
    const Job& job = pipeline.jobs[hazard.job];
    const bool is_here = std::ranges::any_of(
        directories, [&](const StateDirectory& directory) { return works_in(job, directory); });
    if (hazard.standing != Standing::reported || !is_here) continue;
    HazardFinding one{hazard,
                      grade_of(hazard.severity),
                      hazard.causes.empty() ? job.where : hazard.causes.front().where,
                      {}};
    for (const unsigned number : brought_by(hazard, job)) {
      if (const Trouble* trouble = trouble_numbered(number)) one.bring.push_back(trouble);
    }
    found.push_back(std::move(one));
  }
  std::ranges::stable_sort(found, std::ranges::greater{}, &HazardFinding::grade);
  return found;
}

unsigned hazard_of_id(std::string_view id) {
  std::string upper(id);
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
  for (unsigned number = 1; number <= kHazards; ++number)
    if (hazard_id(number) == upper) return number;
  return 0;
}

}  // namespace lockstorm::scenarios::pipeline
