#include <nlohmann/json.hpp>

#include "reports/ci/json_report.hpp"
#include "reports/contend/timeline_report.hpp"
#include "reports/format/version.hpp"
#include "scenarios/data/fnv1a.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;

double seconds(std::uint64_t us) { return static_cast<double>(us) / 1e6; }

Json job_json(const scenarios::JobFigures& job, std::size_t number) {
  Json json{{"n", number},
            {"state", job.state + 1},
            {"pipeline", job.pipeline + 1},
            {"end", job_end_name(job.end)},
            {"arrived_s", seconds(job.arrived_us)}};
  if (job.asked) json["asked_s"] = seconds(job.asked_us);
  if (job.granted) json["granted_s"] = seconds(job.granted_us);
  if (job.end != scenarios::JobEnd::running) json["ended_s"] = seconds(job.ended_us);
  json["group_wait_s"] = seconds(job.group_wait_us);
  json["lock_wait_s"] = seconds(job.lock_wait_us);
  json["overtaken"] = job.overtaken;
  json["requests"] = job.requests;
  json["lock_requests"] = job.lock_requests;
  json["nanodollars"] = job.nanodollars;
  return json;
}

// One piece of a lane.
Json slice(std::string_view name, std::uint64_t from_us, std::uint64_t to_us, std::uint32_t state,
           std::size_t lane) {
  return {{"name", name},           {"ph", "X"},        {"ts", from_us},
          {"dur", to_us - from_us}, {"pid", state + 1}, {"tid", lane}};
}

Json named(std::string_view what, std::uint32_t state, std::size_t lane, const std::string& name) {
  return {{"name", what}, {"ph", "M"}, {"pid", state + 1}, {"tid", lane}, {"args", {{"name", name}}}};
}

void add_lane(Json& events, const scenarios::JobFigures& job, std::size_t number, std::uint64_t end_us) {
  const std::uint64_t ended_us = job.end == scenarios::JobEnd::running ? end_us : job.ended_us;
  const std::uint64_t let_us = job.arrived_us + job.group_wait_us;
  events.push_back(named("thread_name", job.state, number, "job " + std::to_string(number)));
  if (job.group_wait_us > 0)
    events.push_back(slice("in its group's queue", job.arrived_us, let_us, job.state, number));
  if (ended_us > let_us) events.push_back(slice(job_end_words(job.end), let_us, ended_us, job.state, number));
  const std::uint64_t wait_end_us = job.granted ? job.granted_us : ended_us;
  if (job.asked && job.lock_wait_us > 0 && wait_end_us >= job.asked_us)
    events.push_back(slice("waits for the lock", job.asked_us, wait_end_us, job.state, number));
  if (job.granted && ended_us >= job.granted_us)
    events.push_back(slice("has the lock", job.granted_us, ended_us, job.state, number));
}

}  // namespace

Json timeline_json(const scenarios::TimedWorld& world, const scenarios::RunFigures& run,
                   const scenarios::DayOptions& day) {
  Json json{{"lockstorm", kVersion},
            {"scenario", world.scenario.name},
            {"engine", "simulate"},
            {"model", "timed"},
            {"seed", day.seed},
            {"run", day.run + 1},
            {"end_s", seconds(run.end_us)}};
  Json jobs = Json::array();
  for (std::size_t i = 0; i < run.jobs.size(); ++i) jobs.push_back(job_json(run.jobs[i], i + 1));
  json["jobs"] = std::move(jobs);
  Json spans = Json::array();
  for (const scenarios::LockSpan& span : run.spans)
    spans.push_back({{"state", span.state + 1},
                     {"job", span.job + 1},
                     {"from_s", seconds(span.from_us)},
                     {"to_s", seconds(span.to_us)}});
  json["lock"] = std::move(spans);
  json["violated"] = Json::array();
  for (const checkers::Property property : world.world->applicable) {
    const scenarios::Breach& breach = run.breaches[property];
    if (breach.count > 0)
      json["violated"].push_back({{"property", checkers::property_name(property)},
                                  {"times", breach.count},
                                  {"first_s", seconds(breach.first_us)}});
  }
  json["cut_off"] = run.stuck.has_value();
  json["events"] = run.events;
  json["trace"] = scenarios::hex(run.trace_hash);
  return json;
}

std::string timeline_perfetto(const scenarios::RunFigures& run) {
  Json events = Json::array();
  for (std::size_t i = 0; i < run.jobs.size(); ++i) add_lane(events, run.jobs[i], i + 1, run.end_us);
  for (const scenarios::LockSpan& span : run.spans) {
    const std::string name = "job " + std::to_string(span.job + 1);
    events.push_back(slice(name, span.from_us, span.to_us, span.state, 0));
    events.back()["cat"] = "lock";
  }
  return json_text({{"traceEvents", std::move(events)}, {"displayTimeUnit", "ms"}});
}

}  // namespace lockstorm::reports
