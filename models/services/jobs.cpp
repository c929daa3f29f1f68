#include "models/services/jobs.hpp"
#include "models/services/contents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace lockstorm::models {
namespace {

using Set = std::array<sim::Who, Jobs::kMaxJobs>;

bool contains(const Set& set, sim::Who who) { return std::ranges::find(set, who) != set.end(); }

// Empty places ("nobody") sort last.
void sort_set(Set& set) { std::ranges::sort(set, std::greater<>{}); }

void insert(Set& set, sim::Who who) {
  if (contains(set, who)) return;
  *std::ranges::find(set, sim::Who::nobody()) = who;
  sort_set(set);
}

void erase(Set& set, sim::Who who) {
  std::ranges::replace(set, who, sim::Who::nobody());
  sort_set(set);
}

}  // namespace

void Jobs::Value::normalise() {
  sort_set(ended);
  sort_set(paused);
}

sim::Effect<Jobs::Response> Jobs::apply(Value& value, sim::Slot, const Request& request) const {
  const sim::Who job = std::get<QueryJob>(request).job;
  if (contains(value.ended, job)) return {{Status::gone}, 0};
  return {{contains(value.paused, job) ? Status::silent : Status::running}, 0};
}

void Jobs::process_ended(Value& value, sim::Slot slot) const {
  insert(value.ended, sim::Who::process(slot));
  erase(value.paused, sim::Who::process(slot));
}

void Jobs::process_paused(Value& value, sim::Slot slot, bool paused) const {
  if (paused) {
    insert(value.paused, sim::Who::process(slot));
  } else {
    erase(value.paused, sim::Who::process(slot));
  }
}

std::string Jobs::QueryJob::describe(const sim::ProcessNames& names) const {
  return fmt::format("looks whether {} still runs", names.name(job));
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
  const auto list = [&names](const Set& set) {
    std::string text;
    for (const sim::Who who : set) {
      if (!who.is_nobody()) text += (text.empty() ? "" : ", ") + names.name(who);
    }
    return text;
  };
  return contents_text({{"gone", list(ended)}, {"silent", list(paused)}});
}

}  // namespace lockstorm::models
