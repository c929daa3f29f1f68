#include "checkers/logs/logged_history.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>
#include <map>
#include <tuple>

#include "checkers/logs/lock_weave.hpp"
#include "checkers/logs/version_weave.hpp"

namespace lockstorm::checkers::logs {
namespace {

// In the order of the files, each request once.
void settle_entries(LogReading& reading) {
  auto& entries = reading.entries;
  std::ranges::stable_sort(
      entries, {}, [](const LogEntry& entry) { return std::tuple(entry.file, entry.line, entry.column); });
  boost::unordered_flat_set<std::string> seen;
  reading.repeated += std::erase_if(entries, [&](const LogEntry& entry) {
    return !entry.request_id.empty() && !seen.insert(entry.request_id).second;
  });
}

void number_entries(LoggedHistory& history) {
  history.numbers_are_lines = true;
  std::uint32_t last = 0;
  for (const LogEntry& entry : history.entries) {
    history.numbers_are_lines = history.numbers_are_lines && entry.file == 0 && entry.line > last;
    last = entry.line;
  }
  std::uint32_t number = 0;
  for (const LogEntry& entry : history.entries)
    history.numbers.push_back(history.numbers_are_lines ? entry.line : ++number);
}

// 0 before 1 before 2: what a run does in one moment, if it holds its lock already and if not.
int rank(LogAct act, bool holds) {
  switch (act) {
    case LogAct::take_lock:
      return holds ? 3 : 0;
    case LogAct::read_state:
      return 1;
    case LogAct::write_state:
    case LogAct::delete_state:
      return 2;
    case LogAct::free_lock:
    case LogAct::break_lock:
      return holds ? 2 : 3;
  }
  return 0;
}

// Those of one run that began in one moment stand in the order in which a run does such things.
void order_by_protocol(std::vector<Numbered>& entries) {
  boost::unordered_flat_set<std::string> holding;
  for (std::size_t first = 0; first < entries.size();) {
    std::size_t end = first;
    while (end < entries.size() && entries[end]->earliest == entries[first]->earliest) ++end;
    std::map<std::string_view, std::vector<std::size_t>> by_run;
    for (std::size_t i = first; i < end; ++i) by_run[entries[i]->run].push_back(i);
    for (const auto& [run, places] : by_run) {
      std::vector<Numbered> ordered;
      for (const std::size_t i : places) ordered.push_back(entries[i]);
      const bool holds = holding.contains(std::string(run));
      std::ranges::stable_sort(ordered, {}, [&](const Numbered& one) { return rank(one->act, holds); });
      for (std::size_t i = 0; i < places.size(); ++i) entries[places[i]] = ordered[i];
      for (const Numbered& one : ordered) {
        if (one->act == LogAct::take_lock && one->outcome == LogOutcome::done) holding.insert(one->run);
        if (one->act == LogAct::free_lock) holding.erase(one->run);
      }
    }
    first = end;
  }
}

}  // namespace

const LogEntry* LoggedHistory::entry(std::uint32_t number) const {
  const auto found = std::ranges::lower_bound(numbers, number);
  if (found == numbers.end() || *found != number) return nullptr;
  return &entries[static_cast<std::size_t>(found - numbers.begin())];
}

LoggedHistory logged_history(LogReading& reading) {
  settle_entries(reading);
  LoggedHistory history;
  history.entries = std::move(reading.entries);
  number_entries(history);
  std::map<std::string_view, std::vector<Numbered>> by_state;
  for (std::size_t i = 0; i < history.entries.size(); ++i)
    by_state[history.entries[i].object].push_back({&history.entries[i], history.numbers[i]});
  for (auto& [name, entries] : by_state) {
    std::ranges::stable_sort(entries, {}, [](const Numbered& one) { return one->earliest; });
    order_by_protocol(entries);
    LoggedState& state = history.states.emplace_back();
    state.name = name;
    weave_locks(entries, state);
    weave_versions(entries, state);
  }
  return history;
}

}  // namespace lockstorm::checkers::logs
