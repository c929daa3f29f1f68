#include "models/services/dispatcher.hpp"

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"

#include <fmt/format.h>

namespace lockstorm::models {

// How many are lost is counted, and not which: whose successor somebody is makes no difference to anybody.
sim::Effect<Dispatcher::Response> Dispatcher::apply(Value& value, sim::Slot caller,
                                                    const Request& request) const {
  if (std::holds_alternative<Report>(request)) {
    value.reported.insert(sim::Who::process(caller));
    return {};
  }
  unsigned lost = 0;
  bool all_over = true;
  for (auto slot = first; slot < first + jobs; ++slot) {
    const sim::Who job = sim::Who::process(static_cast<sim::Slot>(slot));
    const bool ended = value.ended.contains(job);
    const bool reported = value.reported.contains(job);
    if ((ended && !reported) || (gives_up_silent && !ended && value.silent.contains(job))) ++lost;
    all_over = all_over && (ended || reported);
  }
  if (value.started < lost) {
    ++value.started;
    return {{Status::start}, 0};
  }
  return {{all_over ? Status::all_over : Status::nothing_yet}, 0};
}

void Dispatcher::process_ended(Value& value, sim::Slot slot) const {
  if (!looks_after(slot)) return;
  value.ended.insert(sim::Who::process(slot));
  value.silent.erase(sim::Who::process(slot));
}

void Dispatcher::process_paused(Value& value, sim::Slot slot, bool paused) const {
  if (!looks_after(slot) || !gives_up_silent) return;
  if (paused) {
    value.silent.insert(sim::Who::process(slot));
  } else {
    value.silent.erase(sim::Who::process(slot));
  }
}

std::string Dispatcher::Report::describe(const sim::ProcessNames&) const {
  return "tells the CI system that it has ended";
}

std::string Dispatcher::AskForWork::describe(const sim::ProcessNames&) const {
  return "asks the CI system whether a job was lost";
}

std::string Dispatcher::Response::describe(const sim::ProcessNames&) const {
  switch (status) {
    case Status::ok:
      return "noted";
    case Status::nothing_yet:
      return "none so far";
    case Status::start:
      return "start it anew";
    case Status::all_over:
      return "all have ended";
  }
  return "";
}

std::string Dispatcher::Value::describe(const sim::ProcessNames&) const {
  return contents_text({{"started anew", started == 0 ? "none" : fmt::format("{}", started)}});
}

sim::AnswerFacts Dispatcher::told(const Request&, const Response& response) {
  return {status_text(response), false, {}, {}};
}

}  // namespace lockstorm::models
