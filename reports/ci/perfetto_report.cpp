// Counterexamples as trace events (the JSON form that the Perfetto UI opens): a process for each
// counterexample, a track for each actor, and one for each service.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "reports/ci/json_report.hpp"
#include "reports/ci/published.hpp"
#include "reports/story/step_queries.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::Counterexample;
using scenarios::CounterexampleStep;

constexpr std::uint64_t kStep_us = 1000;

class Trace {
 public:
  void add(const scenarios::VerifyResult& result, const Counterexample& counterexample) {
    ++process_;
    tracks_.clear();
    meta("process_name", 0,
         fmt::format("{}: {}", result.scenario.name, checkers::property_name(counterexample.property)));
    for (const std::string& actor : counterexample.actors) track(actor);
    for (const CounterexampleStep& step : counterexample.steps) add(step, counterexample);
  }

  [[nodiscard]] Json take() { return {{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events_)}}; }

 private:
  void add(const CounterexampleStep& step, const Counterexample& counterexample) {
    const int actor = track(step.actor);
    Json arguments{{"step", step.number}, {"at", step.at}, {"event", step.event}};
    if (!step.note.empty()) arguments["note"] = step.note;
    if (is_adverse(step)) arguments["fault"] = true;
    slice(step, actor, kStep_us * 9 / 10, arguments);
    if (step.number == counterexample.decisive_step) instant("decisive moment", step, actor);
    if (&step == &counterexample.steps.back())
      instant(fmt::format("violates {}", checkers::property_name(counterexample.property)), step, actor);
    if (step.service.empty() || step.event != "effect") return;
    const int service = track("service " + step.service);
    slice(step, service, kStep_us / 2, arguments);
    flow("s", step, service);
    flow("f", step, actor);
  }

  int track(const std::string& name) {
    const auto [position, is_new] = tracks_.try_emplace(name, static_cast<int>(tracks_.size()) + 1);
    if (is_new) meta("thread_name", position->second, name);
    return position->second;
  }

  void meta(const char* what, int track, const std::string& name) {
    events_.push_back(
        {{"ph", "M"}, {"pid", process_}, {"tid", track}, {"name", what}, {"args", {{"name", name}}}});
  }
  void slice(const CounterexampleStep& step, int track, std::uint64_t duration_us, const Json& arguments) {
    events_.push_back({{"ph", "X"},
                       {"pid", process_},
                       {"tid", track},
                       {"ts", step.number * kStep_us},
                       {"dur", duration_us},
                       {"cat", is_adverse(step) ? "fault" : "step"},
                       {"name", step.text},
                       {"args", arguments}});
  }
  void instant(const std::string& name, const CounterexampleStep& step, int track) {
    events_.push_back({{"ph", "i"},
                       {"pid", process_},
                       {"tid", track},
                       {"ts", step.number * kStep_us},
                       {"s", "p"},
                       {"name", name}});
  }
  void flow(const char* phase, const CounterexampleStep& step, int track) {
    Json event{{"ph", phase},
               {"pid", process_},
               {"tid", track},
               {"ts", step.number * kStep_us + kStep_us / 4},
               {"id", process_ * 100'000 + static_cast<int>(step.number)},
               {"cat", "call"},
               {"name", step.operation}};
    if (*phase == 'f') event["bp"] = "e";
    events_.push_back(std::move(event));
  }

  Json events_ = Json::array();
  int process_ = 0;
  std::map<std::string, int> tracks_;
};

}  // namespace

std::string perfetto_report(std::span<const scenarios::VerifyResult> results) {
  Trace trace;
  for (const scenarios::VerifyResult& result : results) {
    for (const Counterexample& counterexample : result.counterexamples) trace.add(result, counterexample);
  }
  return json_text(trace.take());
}

}  // namespace lockstorm::reports
