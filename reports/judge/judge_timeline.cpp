#include "reports/judge/judge_timeline.hpp"
#include "reports/format/markup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace lockstorm::reports {
namespace {

using checkers::Call;
using checkers::Event;
using checkers::EventType;
using checkers::kNever;

// A browser is still quick with so many bars.
constexpr std::size_t kShownCalls = 2000;
// A short history fills the page, a long one scrolls.
constexpr std::size_t kPageWidth = 1150;
constexpr std::size_t kLeastPixelsAnEvent = 14;
constexpr std::size_t kMostPixelsAnEvent = 110;
constexpr std::size_t kLaneHeight = 26;

constexpr std::string_view kTimelineHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>lockstorm judge</title><style>
body{font:14px/1.5 system-ui,sans-serif;margin:2em;color:#1d2430;background:#fff}
h2{margin:1.5em 0 .3em}.proof{max-width:60em;margin:.3em 0 .3em 1em}
.held{color:#1a7f37}.violated{color:#c62828}.unknown{color:#9a6700}
.scroll{overflow-x:auto;border:1px solid #d0d7de;border-radius:6px;margin:1em 0}
.lanes{position:relative}.lane{position:absolute;left:0;right:0;border-top:1px solid #eef1f4;color:#57606a;font-size:11px}
.lane b{position:sticky;left:4px}
.call{position:absolute;height:18px;border-radius:3px;background:#cfe3f7;font:11px/18px ui-monospace,monospace;overflow:hidden;white-space:nowrap;padding:0 3px;box-sizing:border-box}
.fail{background:#e3e6ea;color:#57606a}.open{background:#fbe7b8;border-right:3px dotted #9a6700}.named{background:#c62828;color:#fff;z-index:1}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#d0d7de}.call{background:#1f4a75}.fail{background:#30363d}.open{background:#5c4813}.named{background:#c62828}.scroll,.lane{border-color:#30363d}}
</style></head><body><h1>lockstorm judge</h1>
)";

std::set<std::uint32_t> lines_named(const JudgedFile& judged) {
  std::set<std::uint32_t> lines;
  for (const auto& verdict : judged.verdicts)
    for (const auto& finding : verdict.findings) lines.insert(finding.lines.begin(), finding.lines.end());
  return lines;
}

// The part of the calls that is shown: all, or those around the first that a finding names.
std::span<const Call> shown(const JudgedFile& judged, std::span<const Call> calls,
                            const std::set<std::uint32_t>& lines) {
  if (calls.size() <= kShownCalls) return calls;
  const auto first = std::ranges::find_if(
      calls, [&](const Call& call) { return lines.contains(judged.history[call.invoked].line); });
  const auto at = first == calls.end() ? std::size_t{0} : static_cast<std::size_t>(first - calls.begin());
  const std::size_t start = std::min(at - std::min(at, kShownCalls / 2), calls.size() - kShownCalls);
  return calls.subspan(start, kShownCalls);
}

class Timeline {
 public:
  Timeline(const JudgedFile& judged, std::span<const Call> calls, const std::set<std::uint32_t>& lines)
      : judged_(judged), calls_(calls), lines_(lines) {
    for (const Call& call : calls) {
      lanes_.try_emplace(judged.history[call.invoked].process, 0);
      last_ = std::max({last_, call.invoked, call.completed == kNever ? 0 : call.completed});
    }
    std::size_t number = 0;
    for (auto& [process, lane] : lanes_) lane = number++;
  }

  std::string draw() {
    if (calls_.empty()) return {};
    const std::size_t events = last_ - calls_.front().invoked + 3;
    pixels_an_event_ = std::clamp(kPageWidth / events, kLeastPixelsAnEvent, kMostPixelsAnEvent);
    const std::size_t width = events * pixels_an_event_;
    std::string html =
        fmt::format("<div class=\"scroll\"><div class=\"lanes\" style=\"width:{}px;height:{}px\">\n", width,
                    lanes_.size() * 2 * kLaneHeight);
    for (const auto& [process, lane] : lanes_) {
      html += fmt::format("<div class=\"lane\" style=\"top:{}px\"><b>process {}</b></div>\n",
                          lane * 2 * kLaneHeight, process);
    }
    for (const Call& call : calls_) html += bar(call);
    return html + "</div></div>\n";
  }

 private:
  [[nodiscard]] std::string bar(const Call& call) const {
    const Event& invoked = judged_.history[call.invoked];
    const bool is_known = call.completed != kNever;
    const checkers::Value& value =
        is_known && invoked.value.is_nil() ? judged_.history[call.completed].value : invoked.value;
    const bool is_named =
        lines_.contains(invoked.line) || (is_known && lines_.contains(judged_.history[call.completed].line));
    const std::size_t left = (call.invoked - calls_.front().invoked) * pixels_an_event_;
    const std::size_t right =
        ((is_known ? call.completed : last_ + 1) - calls_.front().invoked) * pixels_an_event_;
    const std::string label = escaped(fmt::format("{}{}{}", invoked.function,
                                                  invoked.key.is_nil() ? "" : " " + to_text(invoked.key),
                                                  value.is_nil() ? "" : " " + to_text(value)));
    const std::string_view kind = is_named                          ? " named"
                                  : !is_known                       ? " open"
                                  : call.outcome == EventType::fail ? " fail"
                                                                    : "";
    return fmt::format(
        "<div class=\"call{}\" style=\"left:{}px;width:{}px;top:{}px\" title=\"line {}: {}{}\">{}</div>\n",
        kind, left, std::max(right - left, pixels_an_event_),
        lanes_.at(invoked.process) * 2 * kLaneHeight + kLaneHeight - 6, invoked.line, label,
        is_known ? fmt::format(", until line {}", judged_.history[call.completed].line) : ", result unknown",
        label);
  }

  const JudgedFile& judged_;
  std::span<const Call> calls_;
  const std::set<std::uint32_t>& lines_;
  std::map<std::uint32_t, std::size_t> lanes_;
  std::size_t pixels_an_event_ = kLeastPixelsAnEvent;
  std::uint32_t last_ = 0;
};

std::string section(const JudgedFile& judged) {
  const auto verdict = verdict_name(verdict_of(judged));
  std::string html =
      fmt::format("<h2>{}: <span class=\"{}\">{}</span></h2>\n<p>{}, {}</p>\n", escaped(judged.file), verdict,
                  verdict, name_of(judged.model), name_of(judged.format));
  for (const auto& key : judged.verdicts) {
    for (const auto& finding : key.findings) {
      html +=
          fmt::format("<p class=\"proof\"><b>{}{}</b>: {}</p>\n", info_of(finding.anomaly).name,
                      key.key.is_nil() ? "" : escaped(" of key " + to_text(key.key)), escaped(finding.proof));
    }
    if (!key.why_unknown.empty())
      html += fmt::format("<p class=\"proof\">Could not be decided: {}.</p>\n", escaped(key.why_unknown));
  }
  const auto calls = checkers::calls_of(judged.history);
  if (!calls) return html;
  const auto lines = lines_named(judged);
  const auto part = shown(judged, *calls, lines);
  if (part.size() < calls->size())
    html += fmt::format("<p>{} of {} operations are shown.</p>\n", part.size(), calls->size());
  return html + Timeline(judged, part, lines).draw();
}

}  // namespace

std::string html_timeline(std::span<const JudgedFile> judged) {
  std::string html(kTimelineHead);
  for (const JudgedFile& file : judged) html += section(file);
  return html + "</body></html>\n";
}

}  // namespace lockstorm::reports
