#include <fmt/format.h>

#include <algorithm>

#include "reports/contend/contend_report.hpp"
#include "reports/contend/time_words.hpp"
#include "reports/format/layout.hpp"
#include "scenarios/campaigns/matrix.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/data/scenario.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::ContendResult;

constexpr std::size_t kLabelWidth = 22;

std::string row(std::string_view label, std::string_view text) {
  return fmt::format("  {}{}\n", pad(std::string(label), kLabelWidth), text);
}

std::string group_words(scenarios::Group group) {
  switch (group) {
    case scenarios::Group::none:
      return "";
    case scenarios::Group::queue:
      return ", jobs of a state in a queue";
    case scenarios::Group::newest:
      return ", one job of a state at a time, the newest waits";
  }
  return "";
}

std::string set_up_text(const ContendResult& result) {
  const auto& settings = *result.settings;
  std::string timeouts;
  for (const scenarios::Fleet& fleet : result.scenario.all_fleets()) {
    const std::string one = fmt::format("-lock-timeout={}s", fleet.client.lock_timeout.count() / 1000);
    if (timeouts.find(one) == std::string::npos) timeouts += (timeouts.empty() ? "" : " or ") + one;
  }
  return fmt::format("{}, {}; {} on {}, {}{}", scenarios::tool_name(result.scenario.client.tool),
                     result.scenario.backend->summary(), counted(settings.pipelines, "pipeline"),
                     counted(settings.states, "state"), timeouts, group_words(settings.group));
}

std::string histogram_text(const ContendResult& result) {
  constexpr std::uint64_t kBar = 50;
  const auto bins = result.histogram.bins();
  std::uint64_t most = 1;
  for (const auto& bin : bins) most = std::max(most, bin.count);
  std::string text;
  for (const auto& bin : bins) {
    if (bin.to_us <= 1 && bin.count == 0) continue;  // asking takes a moment
    const std::uint64_t length = (bin.count * kBar + most - 1) / most;
    const std::string label = bin.to_us <= 1 ? "not at all" : "up to " + span_text_us(bin.to_us);
    text += row(label, fmt::format("{} {}", std::string(length, '#'), grouped(bin.count)));
  }
  return text;
}

std::string wait_rows(const ContendResult& result) {
  const auto& wait = result.wait;
  return row("half of them", with_interval(wait.p50_s, span_text)) +
         row("9 of 10", with_interval(wait.p90_s, span_text)) +
         row("99 of 100", with_interval(wait.p99_s, span_text)) + row("the longest", span_text(wait.max_s)) +
         row("on average", with_interval(wait.mean_s, span_text));
}

std::string end_rows(const ContendResult& result) {
  std::string text = row("done", with_interval(result.ends.done, percent_text));
  const auto add = [&](std::string_view label, const scenarios::Estimate& share) {
    if (share.value > 0) text += row(label, with_interval(share, percent_text));
  };
  add("gave up waiting", result.ends.gave_up);
  add("stopped by an error", result.ends.refused);
  add("failed", result.ends.failed);
  add("killed", result.ends.killed);
  add("cancelled", result.ends.cancelled);
  return text;
}

std::string fairness_rows(const ContendResult& result) {
  std::string text =
      row("overtaken", with_interval(result.fairness.overtaken_share, percent_text) + " of them");
  text += row("how often", fmt::format("{} on average, {} at the most",
                                       with_interval(result.fairness.overtakings_mean, number_text),
                                       result.fairness.overtakings_max));
  text += row("Jain's index", with_interval(result.fairness.jain, number_text) + " of their waits");
  return text;
}

std::string recovery_rows(const ContendResult& result) {
  const auto& recovery = result.recovery;
  if (recovery.holders_killed == 0) return "";
  std::string text = fmt::format("\nAfter a job was killed that had the lock ({} times)\n",
                                 grouped(recovery.holders_killed));
  if (recovery.recovered > 0) {
    text += row("next one granted", fmt::format("after {} on average; half of them within {}, 9 of 10 within "
                                                "{}, the longest {}",
                                                span_text(recovery.mean_s), span_text(recovery.p50_s),
                                                span_text(recovery.p90_s), span_text(recovery.max_s)));
  }
  if (recovery.unrecovered > 0)
    text +=
        row("never", fmt::format("{} times nobody was granted it any more", grouped(recovery.unrecovered)));
  return text;
}

std::string unseen_words(const scenarios::SafetyEstimate& estimate) {
  std::string text = fmt::format("not seen in {}", span_text(estimate.watched_s));
  if (!estimate.proof) return text;
  const scenarios::Scenario& explored = *estimate.proof->explored;
  const std::string jobs =
      fmt::format("{}, {}", counted(explored.clients(), "job"), scenarios::adversity_text(explored));
  switch (estimate.proof->answer) {
    case scenarios::SafetyProof::Answer::held:
      return text + fmt::format("; proved for {} ({} states)", jobs, grouped(estimate.proof->states));
    case scenarios::SafetyProof::Answer::possible:
      return text + fmt::format(", but possible with {}", jobs);
    case scenarios::SafetyProof::Answer::unknown:
      return text + fmt::format("; not proved with {}", jobs);
  }
  return text;
}

}  // namespace

std::string safety_words(const scenarios::SafetyEstimate& estimate) {
  if (estimate.runs_violated == 0) return unseen_words(estimate);
  return fmt::format("the first after {} on average, {} in all, first in run {}",
                     with_interval(estimate.first_s, span_text), counted(estimate.violations, "time"),
                     estimate.first_run + 1);
}

std::string stuck_text(const scenarios::Stuck& stuck) {
  std::string text = fmt::format("{} had not ended", counted(stuck.waiting, "job"));
  if (stuck.is_crowded) text += ", and more were there at once on one state than its servers can tell apart";
  if (!stuck.job) return text;
  text += fmt::format("; job {} waits", *stuck.job + 1);
  if (stuck.for_)
    text += fmt::format(" for the lock of job {}{}", *stuck.for_ + 1,
                        stuck.holder_is_dead ? ", which was killed and whose lock nobody removes" : "");
  return text;
}

std::string contend_text(const ContendResult& result, const Style& style) {
  std::string text = fmt::format("{}: {}, {}, seed {}\n", scenarios::printable(result.scenario.name),
                                 counted(result.runs, "run"), counted(result.jobs, "job"), result.seed);
  text += paragraph(set_up_text(result), style) + "\n";
  const double waited =
      result.jobs == 0 ? 0 : static_cast<double>(result.waited) / static_cast<double>(result.jobs);
  text += fmt::format("How long jobs wait until they are granted the lock ({} do not get it at once)\n",
                      percent_text(waited));
  text += wait_rows(result) + "\n" + histogram_text(result);
  text += "\nHow they end\n" + end_rows(result);
  text += "\nThe lock\n";
  text += row("somebody has it", with_interval(result.utilisation, percent_text) + " of the time");
  text += row("jobs done an hour", with_interval(result.done_per_hour, number_text));
  text += row("waiting at any time", with_interval(result.waiting_mean, number_text) + " jobs");
  if (result.waited > 0) text += "\nFairness among those who wait\n" + fairness_rows(result);
  if (result.overtaking) text += "\n" + paragraph(overtaking_words(*result.overtaking), style);
  text += "\nA job costs\n";
  text += row("requests", fmt::format("{}, of which {} ask for the lock",
                                      with_interval(result.requests_each, number_text),
                                      with_interval(result.lock_requests_each, number_text)));
  text += row("their price", with_interval(result.nanodollars_each, price_text));
  if (result.throttled > 0) text += row("throttled", grouped(result.throttled) + " requests in all");
  text += recovery_rows(result);
  if (!result.safety.empty()) text += "\nWhat must not happen\n";
  for (const scenarios::SafetyEstimate& estimate : result.safety)
    text += row(checkers::property_name(estimate.property), safety_words(estimate));
  if (result.runs < result.wanted)
    text +=
        "\n" +
        paragraph(fmt::format("Time was over before {} of {} runs were made: what they would have shown is "
                              "unknown, and a longer --for decides.",
                              result.wanted - result.runs, result.wanted),
                  style);
  if (result.runs == 0) return text;
  if (result.jobs == 0) {
    text +=
        "\n" +
        paragraph("No job started in any run: the time in which jobs start (`for`) is over before.", style);
  } else if (result.ends.done.value == 0) {
    text += "\n" + paragraph("No job of any run succeeded, so that the figures above say nothing of waiting.",
                             style);
  }
  if (result.cut_off > 0 && result.stuck)
    text +=
        "\n" + paragraph(fmt::format("{} of {} runs were cut off, the first of them run {}: {}. What is said "
                                     "above is not known of them.",
                                     result.cut_off, result.runs, result.first_cut_off + 1,
                                     stuck_text(*result.stuck)),
                         style);
  text += "\n" + paragraph(
                     "measured on a model with the durations that the scenario gives or docs/contend.md "
                     "lists; intervals are of 95 %, and tell chance from difference, not the model from "
                     "reality",
                     style, 10, "Bounds:");
  return text;
}

}  // namespace lockstorm::reports
