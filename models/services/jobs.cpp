#include "models/services/jobs.hpp"
#include "models/services/contents.hpp"
#include "models/services/facts.hpp"

#include <fmt/format.h>

#include <array>

namespace lockstorm::models {

sim::Effect<Jobs::Response> Jobs::apply(Value& value, sim::Slot, const Request& request) const {
  if (std::holds_alternative<QueryAll>(request)) {
    Response all{Status::gone};
    for (sim::Slot slot = 0; slot < jobs; ++slot) {
      const sim::Who job = sim::Who::process(slot);
      if (value.ended.contains(job)) continue;
      if (!value.paused.contains(job)) return {{Status::running}, 0};
      all.status = Status::silent;
    }
    return {all, 0};
  }
  const sim::Who job = std::get<QueryJob>(request).job;
  if (job.is_predecessor()) return {{earlier}, 0};
  if (value.ended.contains(job)) return {{Status::gone}, 0};
  return {{value.paused.contains(job) ? Status::silent : Status::running}, 0};
}

void Jobs::process_ended(Value& value, sim::Slot slot) const {
  value.ended.insert(sim::Who::process(slot));
  value.paused.erase(sim::Who::process(slot));
}

void Jobs::process_started(Value& value, sim::Slot slot) const { value.ended.erase(sim::Who::process(slot)); }

void Jobs::process_paused(Value& value, sim::Slot slot, bool paused) const {
  if (paused) {
    value.paused.insert(sim::Who::process(slot));
  } else {
    value.paused.erase(sim::Who::process(slot));
  }
}

std::string Jobs::QueryJob::describe(const sim::ProcessNames& names) const {
  return fmt::format("looks whether {} still runs", names.name(job));
}

std::string Jobs::QueryAll::describe(const sim::ProcessNames&) const {
  return "looks whether any job still runs";
}

std::string Jobs::Response::describe(const sim::ProcessNames&) const {
  switch (status) {
    case Status::running:
      return "it runs";
    case Status::silent:
      return "no sign of life";
    case Status::gone:
      return "it is gone";
  }
  return "";
}

std::string Jobs::Value::describe(const sim::ProcessNames& names) const {
  const auto list = [&names](const ProcessSet& set) {
    std::string text;
    set.for_each([&](sim::Who who) { text += (text.empty() ? "" : ", ") + names.name(who); });
    return text;
  };
  return contents_text({{"gone", list(ended)}, {"silent", list(paused)}});
}

sim::RequestFacts Jobs::about(const Request&) { return {"job"}; }

sim::AnswerFacts Jobs::told(const Request&, const Response& response) {
  return {status_text(response), false, {}, {}};
}

}  // namespace lockstorm::models
