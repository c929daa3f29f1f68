#include "reports/judge/shown_history.hpp"

#include <algorithm>
#include <ranges>

namespace lockstorm::reports {
namespace {

using checkers::Call;
using checkers::History;
using checkers::kNever;

// So many operations have surroundings of their own; of a history that has more to tell the first ones.
constexpr std::size_t kMostAnchors = 24;
// A gap that leaves out fewer operations than that is not worth its place.
constexpr std::size_t kLeastGap = 20;
// Of those that began before a part and end in it or after it.
constexpr std::size_t kMostInFlight = 200;

struct CallRange {
  std::size_t begin = 0, end = 0;
};

// The call that an event begins or ends.
std::vector<std::uint32_t> calls_by_event(const History& history, std::span<const Call> calls) {
  std::vector<std::uint32_t> by_event(history.size(), kNever);
  for (std::uint32_t i = 0; i < calls.size(); ++i) {
    by_event[calls[i].invoked] = i;
    if (calls[i].completed != kNever) by_event[calls[i].completed] = i;
  }
  return by_event;
}

std::vector<std::size_t> anchors(const History& history, std::span<const Call> calls,
                                 std::span<const checkers::KeyVerdict> verdicts) {
  const auto by_event = calls_by_event(history, calls);
  std::vector<std::size_t> found;
  for (const auto& verdict : verdicts) {
    for (const auto& finding : verdict.findings) {
      for (const std::uint32_t event : events_named(history, finding)) {
        const std::size_t call = by_event[event];
        if (call == kNever || std::ranges::find(found, call) != found.end()) continue;
        if (found.size() == kMostAnchors) return found;
        found.push_back(call);
      }
    }
  }
  return found;
}

// Around each of the anchors, in order, those merged that touch.
std::vector<CallRange> ranges_around(std::vector<std::size_t> around, std::size_t all, std::size_t most) {
  if (all <= most) return {{0, all}};
  if (around.empty()) return {{0, most}};
  std::ranges::sort(around);
  const std::size_t reach = most / (2 * around.size());
  std::vector<CallRange> ranges;
  for (const std::size_t call : around) {
    const CallRange range{call - std::min(call, reach), std::min(all, call + reach)};
    if (!ranges.empty() && range.begin <= ranges.back().end + kLeastGap) {
      ranges.back().end = std::max(ranges.back().end, range.end);
    } else {
      ranges.push_back(range);
    }
  }
  if (ranges.front().begin <= kLeastGap) ranges.front().begin = 0;
  if (all - ranges.back().end <= kLeastGap) ranges.back().end = all;
  return ranges;
}

}  // namespace

std::vector<std::uint32_t> events_named(const History& history, const checkers::Finding& finding) {
  std::vector<std::uint32_t> events;
  for (const std::uint32_t line : finding.lines) {
    // Lines rise with the events.
    const auto on_line = std::ranges::equal_range(history, line, {}, &checkers::Event::line);
    if (on_line.size() > 1) return {};
    if (on_line.empty()) continue;
    const auto event = static_cast<std::uint32_t>(on_line.begin() - history.begin());
    if (std::ranges::find(events, event) == events.end()) events.push_back(event);
  }
  return events;
}

ShownHistory shown_history(const History& history, std::span<const Call> calls,
                           std::span<const checkers::KeyVerdict> verdicts, std::size_t most) {
  ShownHistory shown{.calls = {}, .parts = {}, .left_out_after = 0, .all = calls.size()};
  if (history.empty()) return shown;
  const auto ranges = ranges_around(anchors(history, calls, verdicts), calls.size(), most);
  std::size_t next = 0;
  for (const CallRange& range : ranges) {
    std::vector<Call> in_flight;
    for (; next < range.begin; ++next) in_flight.push_back(calls[next]);
    const std::size_t skipped = in_flight.size();
    // A call of unknown result may take effect at any time; of those only the ones in the part are drawn.
    std::erase_if(in_flight, [&](const Call& call) {
      return call.completed == kNever || call.completed < calls[range.begin].invoked;
    });
    if (in_flight.size() > kMostInFlight) in_flight.resize(kMostInFlight);
    shown.calls.insert(shown.calls.end(), in_flight.begin(), in_flight.end());
    shown.calls.insert(shown.calls.end(), calls.begin() + static_cast<std::ptrdiff_t>(range.begin),
                       calls.begin() + static_cast<std::ptrdiff_t>(range.end));
    next = range.end;
    const bool is_first = range.begin == 0, is_last = range.end == calls.size();
    shown.parts.push_back(
        {.first = is_first ? 0 : calls[range.begin].invoked,
         .last = is_last ? static_cast<std::uint32_t>(history.size()) - 1 : calls[range.end].invoked - 1,
         .left_out_before = skipped - in_flight.size()});
  }
  shown.left_out_after = calls.size() - next;
  return shown;
}

}  // namespace lockstorm::reports
