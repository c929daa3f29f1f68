#include <fmt/format.h>

#include <algorithm>

#include "reports/contend/advice_report.hpp"
#include "reports/contend/time_words.hpp"
#include "reports/format/layout.hpp"
#include "reports/format/markdown.hpp"
#include "scenarios/data/printable.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::TriedCurve;
using scenarios::TriedSetting;

constexpr auto kAdviceGroups =
    sim::text_for_each<scenarios::Group>({"none: the lock's own retry", "a queue", "one waits, the newest"});

const TriedSetting& tried_with(const TriedCurve& curve, std::uint64_t value) {
  return *std::ranges::find(curve.tried, value, &TriedSetting::value);
}

std::string timeout_words(std::uint64_t seconds) {
  if (seconds == 0) return "0s";
  if (seconds % 3600 == 0) return fmt::format("{}h", seconds / 3600);
  return seconds % 60 == 0 ? fmt::format("{}m", seconds / 60) : fmt::format("{}s", seconds);
}

std::string timeouts_sentence(const scenarios::ContendAdvice& advice) {
  const TriedCurve& curve = advice.timeouts;
  const TriedSetting& last = curve.tried.back();
  if (!curve.answer)
    return fmt::format("No -lock-timeout up to {} will do: with that one {} of the jobs still give up.",
                       timeout_words(last.value), percent_text(last.gave_up.value));
  const TriedSetting& first = curve.tried.front();
  const TriedSetting& right = tried_with(curve, *curve.answer);
  return fmt::format(
      "-lock-timeout={} is the least that was tried with which at most {} of the jobs give up: "
      "{}; without one {} do.",
      timeout_words(*curve.answer), percent_text(advice.most_give_up),
      with_interval(right.gave_up, percent_text), percent_text(first.gave_up.value));
}

std::string bound_words(const scenarios::ContendAdvice& advice) {
  return span_text(static_cast<double>(advice.bound.count()) / 1000);
}

std::string pipelines_sentence(const scenarios::ContendAdvice& advice) {
  const TriedCurve& curve = *advice.pipelines;
  const bool bursts = advice.settings->arrivals.kind == scenarios::ArrivalKind::bursts;
  const std::string_view what = bursts ? "jobs in a burst" : "pipelines";
  if (!curve.answer)
    return fmt::format("Even {} {} are too many for one wait in a hundred to stay within {}.",
                       curve.tried.front().value, what, bound_words(advice));
  const TriedSetting& most = tried_with(curve, *curve.answer);
  const TriedSetting& last = curve.tried.back();
  std::string text = fmt::format("Up to {} {} on {}, 99 of 100 jobs wait no longer than {}: {}.",
                                 *curve.answer, what, counted(advice.settings->states, "state"),
                                 bound_words(advice), with_interval(most.wait.p99_s, span_text));
  if (last.value > *curve.answer && last.cut_off > 0)
    text += fmt::format(" With {} some runs do not end.", last.value);
  return text;
}

std::string states_sentence(const scenarios::ContendAdvice& advice) {
  const TriedCurve& curve = *advice.states;
  const TriedSetting& now = curve.tried.front();
  if (curve.answer && *curve.answer == now.value)
    return fmt::format("Splitting is not needed: with {}, 99 of 100 jobs wait no longer than {}.",
                       counted(now.value, "state"), span_text(now.wait.p99_s.value));
  if (!curve.answer)
    return fmt::format("Splitting does not suffice: in {} states one wait in a hundred is still above {}.",
                       curve.tried.back().value, bound_words(advice));
  return fmt::format(
      "Split into {} equal states, 99 of 100 jobs wait no longer than {}, instead of {} with {}.",
      *curve.answer, span_text(tried_with(curve, *curve.answer).wait.p99_s.value),
      span_text(now.wait.p99_s.value), counted(now.value, "state"));
}

std::string groups_sentence(const scenarios::ContendAdvice& advice) {
  const TriedCurve& curve = advice.groups;
  const TriedSetting& retry = curve.tried[0];
  const TriedSetting& queue = curve.tried[1];
  if (!curve.answer)
    return "Some runs do not end, so that a group and the lock's own retry cannot be compared.";
  const bool is_queue = *curve.answer == queue.value;
  return fmt::format(
      "{}: 99 of 100 jobs wait at most {} in a queue and {} with the lock's own retry, at {} and {} requests "
      "a "
      "job.",
      is_queue ? "A concurrency group that queues its jobs does better than the lock's own retry"
               : "A concurrency group that queues its jobs does no better than the lock's own retry",
      span_text(queue.wait.p99_s.value), span_text(retry.wait.p99_s.value),
      number_text(queue.requests_each.value), number_text(retry.requests_each.value));
}

std::string dynamodb_sentence(const scenarios::ContendAdvice& advice) {
  const TriedCurve& curve = *advice.dynamodb;
  if (!curve.answer)
    return fmt::format("A DynamoDB table that serves {} requests a second does not suffice.",
                       curve.tried.back().value);
  return fmt::format("A DynamoDB table that serves {} a second suffices: {} of all requests are throttled.",
                     counted(*curve.answer, "request"),
                     percent_text(tried_with(curve, *curve.answer).throttled_share));
}

std::string value_words(std::string_view kind, std::uint64_t value) {
  if (kind == "timeouts") return timeout_words(value);
  if (kind == "groups") return std::string(group_words(static_cast<scenarios::Group>(value)));
  return fmt::format("{}", value);
}

std::string curve_rows(std::string_view kind, std::string_view head, const TriedCurve& curve) {
  constexpr std::size_t kFirst = 28;
  constexpr std::size_t kOther = 12;
  std::string text =
      fmt::format("  {}{}{}{}{}{}\n", pad(std::string(head), kFirst), pad("half", kOther),
                  pad("9 of 10", kOther), pad("99 of 100", kOther), pad("give up", kOther), "requests");
  for (const TriedSetting& tried : curve.tried) {
    text += fmt::format(
        "{} {}{}{}{}{}{}{}\n", curve.answer && *curve.answer == tried.value ? ">" : " ",
        pad(value_words(kind, tried.value), kFirst), pad(span_text(tried.wait.p50_s.value), kOther),
        pad(span_text(tried.wait.p90_s.value), kOther), pad(span_text(tried.wait.p99_s.value), kOther),
        pad(percent_text(tried.gave_up.value), kOther), number_text(tried.requests_each.value),
        tried.cut_off > 0 ? fmt::format("  {} cut off", counted(tried.cut_off, "run")) : "");
  }
  return text;
}

}  // namespace

std::string_view group_words(scenarios::Group group) {
  return kAdviceGroups[static_cast<std::size_t>(group)];
}

AdviceSentences advice_sentences(const scenarios::ContendAdvice& advice) {
  AdviceSentences sentences;
  sentences.timeouts = timeouts_sentence(advice);
  if (advice.pipelines) sentences.pipelines = pipelines_sentence(advice);
  if (advice.states) sentences.states = states_sentence(advice);
  sentences.groups = groups_sentence(advice);
  if (advice.dynamodb) sentences.dynamodb = dynamodb_sentence(advice);
  return sentences;
}

std::string advice_text(const scenarios::ContendAdvice& advice, const Style& style) {
  const AdviceSentences said = advice_sentences(advice);
  std::string text =
      fmt::format("{}: what to set, by {} of each setting, seed {}\n\n",
                  scenarios::printable(advice.scenario.name), counted(advice.runs, "run"), advice.seed);
  const auto add = [&](const std::string& sentence, std::string_view kind, std::string_view head,
                       const TriedCurve& curve) {
    text += paragraph(sentence, style) + curve_rows(kind, head, curve) + "\n";
  };
  add(said.timeouts, "timeouts", "-lock-timeout", advice.timeouts);
  if (advice.pipelines) {
    const bool bursts = advice.settings->arrivals.kind == scenarios::ArrivalKind::bursts;
    add(said.pipelines, "pipelines", bursts ? "jobs in a burst" : "pipelines", *advice.pipelines);
  }
  if (advice.states) add(said.states, "states", "states", *advice.states);
  add(said.groups, "groups", "group", advice.groups);
  if (advice.dynamodb) add(said.dynamodb, "dynamodb", "DynamoDB requests a second", *advice.dynamodb);
  return text + paragraph(
                    "all but the first and the last are measured where nobody gives up; on a model with the "
                    "durations that the scenario gives or docs/contend.md lists",
                    style, 10, "Bounds:");
}

std::string advice_markdown(const scenarios::ContendAdvice& advice) {
  const AdviceSentences said = advice_sentences(advice);
  std::string text = fmt::format("**{}**\n\n", markdown_text(advice.scenario.name));
  for (const std::string* sentence :
       {&said.timeouts, &said.pipelines, &said.states, &said.groups, &said.dynamodb}) {
    if (!sentence->empty()) text += fmt::format("- {}\n", markdown_text(*sentence));
  }
  return text;
}

}  // namespace lockstorm::reports
