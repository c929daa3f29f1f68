#include "cli/workflow_fixer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "scenarios/config/config_files.hpp"
#include "scenarios/fixes/workflow_edits.hpp"
#include "scenarios/pipeline/backend_facts.hpp"
#include "scenarios/pipeline/read_pipeline.hpp"

namespace lockstorm::cli {
namespace {

namespace pl = scenarios::pipeline;
using scenarios::Grade;
using scenarios::WorkflowEdit;

constexpr std::size_t kMostTries = 400;

// Which hazard of which job.
using Identity = std::tuple<unsigned, std::string, std::string>;

// A pipeline as it would be, and what is hazardous in it.
struct Reading {
  pl::Pipeline pipeline;
  std::vector<pl::HazardFinding> findings;

  [[nodiscard]] Identity identity(const pl::HazardFinding& finding) const {
    const pl::Job& job = pipeline.jobs[finding.hazard.job];
    return {finding.hazard.number, job.file, job.name};
  }
  // How many commands change a state, in all runs.
  [[nodiscard]] std::size_t changes() const {
    std::size_t count = 0;
    for (const pl::Job& job : pipeline.jobs)
      for (const pl::JobRun& run : job.runs)
        count += static_cast<std::size_t>(std::ranges::count_if(
            run.commands, [](const pl::Command& command) { return pl::writes(command.verb); }));
    return count;
  }
  // Its grade; nothing: it is not there.
  [[nodiscard]] std::optional<Grade> grade(const Identity& of) const {
    for (const pl::HazardFinding& one : findings)
      if (identity(one) == of) return one.grade;
    return std::nullopt;
  }
};

class WorkflowFixer {
 public:
  WorkflowFixer(const reports::PipelineInAudit& before, std::span<const std::filesystem::path> audited,
                bool unsafe_too)
      : audited_(audited), unsafe_too_(unsafe_too), facts_(before.answer.facts) {
    now_ = {before.answer.pipeline, before.findings};
  }

  Fixes fix() {
    while (try_next()) {
    }
    Fixes fixes;
    for (const auto& [file, text] : overlay_) fixes.files.push_back({file, on_disk(file), text});
    fixes.told = std::move(done_);
    fixes.told.insert(fixes.told.end(), left_.begin(), left_.end());
    for (const pl::HazardFinding& finding : now_.findings) {
      if (finding.grade == Grade::info || !by_hand_.contains(now_.identity(finding))) continue;
      fixes.told.push_back(
          fmt::format("{}: there is no edit against {}; `lockstorm describe {}` says what to change.",
                      place_of(finding), finding.id(), finding.id()));
    }
    return fixes;
  }

 private:
  static std::string on_disk(const std::string& file) {
    const auto source = scenarios::read_source(file);
    return source ? std::string(source->text()) : std::string();
  }

  [[nodiscard]] std::string text_of(const std::string& file) const {
    const auto edited = overlay_.find(file);
    return edited == overlay_.end() ? on_disk(file) : edited->second;
  }

  static std::string place_of(const pl::HazardFinding& finding) {
    return fmt::format("{}:{}", scenarios::printable(finding.where.file), finding.where.line);
  }

  // The worst hazard that was not tried as things stand. False: there is none.
  bool try_next() {
    for (const pl::HazardFinding& finding : now_.findings) {
      if (!tried_.insert(now_.identity(finding)).second) continue;
      const pl::HazardFinding wanted = finding;
      const auto edits = scenarios::edits_against(now_.pipeline, wanted,
                                                  [this](const std::string& file) { return text_of(file); });
      if (edits.empty()) by_hand_.insert(now_.identity(wanted));
      for (const WorkflowEdit& edit : edits)
        if (try_edit(wanted, edit)) break;
      return tries_ < kMostTries;
    }
    return false;
  }

  [[nodiscard]] Reading reading_with(const pl::TextOverlay& overlay) const {
    Reading reading;
    auto pipeline = pl::read_pipeline(now_.pipeline.root, overlay);
    if (!pipeline) return reading;
    reading.pipeline = *std::move(pipeline);
    reading.findings = hazard_findings(reading.pipeline, find_hazards(reading.pipeline, facts_), audited_);
    return reading;
  }

  bool try_edit(const pl::HazardFinding& wanted, const WorkflowEdit& edit) {
    ++tries_;
    const Identity identity = now_.identity(wanted);
    const std::string place = place_of(wanted);
    const auto leave = [&](std::string_view why) {
      left_.push_back(fmt::format("{}: {} against {} {}.", place, edit.what, wanted.id(), why));
      return false;
    };
    if (!edit.price.empty() && !unsafe_too_) return leave("is left to --fix-unsafe: " + edit.price);
    pl::TextOverlay overlay = overlay_;
    for (const auto& [file, text] : edit.files) overlay.insert_or_assign(file, text);
    Reading after = reading_with(overlay);
    if (after.pipeline.jobs.size() != now_.pipeline.jobs.size() ||
        after.pipeline.complaints.size() > now_.pipeline.complaints.size())
      return leave("is not written: the file could not be read then");
    if (after.changes() != now_.changes())
      return leave("is not written: what changes states would go with it");
    const auto left = after.grade(identity);
    if (left && *left >= wanted.grade) return leave("is not written: it does not help by itself");
    for (const pl::HazardFinding& one : after.findings) {
      const auto was = now_.grade(after.identity(one));
      if (one.grade >= wanted.grade && (!was || *was < one.grade))
        return leave(fmt::format("is not written: {} would come", one.id()));
    }
    done_.push_back(fmt::format("{}: {}{}; gone: {}.", place, edit.what,
                                edit.price.empty() ? "" : ", and " + edit.price, gone_text(after)));
    overlay_ = std::move(overlay);
    now_ = std::move(after);
    return true;
  }

  [[nodiscard]] std::string gone_text(const Reading& after) const {
    std::set<std::string> gone;
    for (const pl::HazardFinding& one : now_.findings)
      if (!after.grade(now_.identity(one))) gone.insert(one.id());
    std::string text;
    for (const std::string& id : gone) text += (text.empty() ? "" : ", ") + id;
    return text.empty() ? "nothing, but less grave" : text;
  }

  std::span<const std::filesystem::path> audited_;
  bool unsafe_too_;
  pl::StateFactsOf facts_;
  Reading now_;
  pl::TextOverlay overlay_;
  std::set<Identity> tried_;
  std::set<Identity> by_hand_;  ///< against which there is no edit
  std::size_t tries_ = 0;
  std::vector<std::string> done_;
  std::vector<std::string> left_;
};

}  // namespace

Fixes find_workflow_fixes(const reports::PipelineInAudit& pipeline,
                          std::span<const std::filesystem::path> audited, bool unsafe_too) {
  return WorkflowFixer(pipeline, audited, unsafe_too).fix();
}

}  // namespace lockstorm::cli
