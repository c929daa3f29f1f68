#include "reports/judge/judge_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <nlohmann/json.hpp>

#include "reports/html/html_page.hpp"
#include "reports/html/page_data.hpp"
#include "reports/judge/anomaly_words.hpp"
#include "reports/judge/lock_bands.hpp"
#include "reports/judge/shown_history.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Call;
using checkers::Event;
using checkers::EventType;
using checkers::KeyVerdict;
using checkers::kNever;
using checkers::Value;
using Json = PageData::Json;

// More keys than that nobody reads on a page; the report has them all.
constexpr std::size_t kMostShownKeys = 200;
// Lanes of locks; those of the first holds that are drawn.
constexpr std::size_t kMostShownBands = 2000;

std::string_view end_words(LockBand::End end) {
  switch (end) {
    case LockBand::End::none:
      return "to the end of the recording";
    case LockBand::End::released:
      return "until it asked for the release";
    case LockBand::End::released_by_another:
      return "until another process was told that it released it";
    case LockBand::End::evicted:
      return "until it was evicted";
    case LockBand::End::crashed:
      return "until it crashed";
    case LockBand::End::lease:
      return "until its lease ran out";
  }
  return {};
}

// Writes one history as page/history.js reads it: events are numbers from 0, times are nanoseconds since the
// first event.
class JudgedPage {
 public:
  JudgedPage(PageData& data, const JudgedFile& judged)
      : data_(data),
        judged_(judged),
        history_(judged.history),
        // Times are a scale where every event has one and they differ.
        is_timed_(!history_.empty() && std::ranges::all_of(history_, &has_time) &&
                  history_.front().time != history_.back().time) {
    if (auto calls = checkers::calls_of(history_)) calls_ = *std::move(calls);
    shown_ = shown_history(history_, calls_, judged.verdicts);
    for (std::uint32_t i = 0; i < shown_.calls.size(); ++i) {
      number_of_[shown_.calls[i].invoked] = i;
      if (shown_.calls[i].completed != kNever) number_of_[shown_.calls[i].completed] = i;
    }
  }

  Json document() {
    Json page{{"file", judged_.file},
              {"verdict", verdict_name(verdict_of(judged_))},
              {"model", name_of(judged_.model)},
              {"format", name_of(judged_.format)},
              {"all", shown_.all},
              {"timed", is_timed_}};
    keys(page);
    Json& parts = page["parts"] = Json::array();
    for (const ShownPart& part : shown_.parts)
      parts.push_back({part.first, part.last, time(part.first), time(part.last), part.left_out_before});
    page["left_out_after"] = shown_.left_out_after;
    Json& operations = page["operations"] = Json::array();
    for (const Call& call : shown_.calls) operations.push_back(operation(call));
    Json& crashes = page["crashes"] = Json::array();
    for (const ShownPart& part : shown_.parts) {
      for (std::uint32_t i = part.first; i <= part.last; ++i) {
        if (history_[i].function == checkers::kCrash)
          crashes.push_back({history_[i].process, i, time(i), history_[i].line});
      }
    }
    holds(page);
    return page;
  }

 private:
  static bool has_time(const Event& event) { return event.time.has_value(); }

  [[nodiscard]] std::uint64_t time(std::chrono::nanoseconds moment) const {
    // Unsigned, since two times may be further apart than a signed number tells.
    return static_cast<std::uint64_t>(moment.count()) -
           static_cast<std::uint64_t>(history_.front().time->count());
  }
  [[nodiscard]] std::uint64_t time(std::uint32_t event) const {
    return is_timed_ ? time(*history_[event].time) : 0;
  }

  void keys(Json& page) {
    Json& keys = page["keys"] = Json::array();
    std::uint64_t quiet = 0;
    for (const KeyVerdict& key : judged_.verdicts) {
      const bool says_something = !key.findings.empty() || !key.why_unknown.empty() || key.lock;
      if (!says_something || keys.size() == kMostShownKeys) {
        ++quiet;
        continue;
      }
      Json findings = Json::array();
      for (const checkers::Finding& finding : key.findings) findings.push_back(one_finding(finding));
      keys.push_back({{"name", name_of_part(key)},
                      {"verdict", verdict_name(verdict_of(key.judgement))},
                      {"findings", std::move(findings)},
                      {"why_unknown", key.why_unknown},
                      {"lock", key.lock ? lock_sentences(*key.lock) : std::string()}});
    }
    page["other_keys"] = judged_.verdicts.size() > 1 ? quiet : 0;
  }

  // [name, meaning, how often, proof, what was expected, numbers of operations, events that are not drawn].
  Json one_finding(const checkers::Finding& finding) {
    std::vector<std::uint32_t> operations;
    const std::vector<std::uint32_t> events = events_named(history_, finding);
    std::uint64_t elsewhere = events.empty() ? finding.lines.size() : 0;
    for (const std::uint32_t event : events) {
      const auto found = number_of_.find(event);
      if (found == number_of_.end()) {
        ++elsewhere;
      } else if (std::ranges::find(operations, found->second) == operations.end()) {
        operations.push_back(found->second);
      }
    }
    const auto& info = info_of(finding.anomaly);
    return {info.name,  info.meaning, finding.count, finding.proof, expected_instead(finding.anomaly),
            operations, elsewhere};
  }

  // [process, function, key, asked, answered, outcome, its line, the answer's, event, the answer's, time, the
  // answer's]; what has no answer ends after the time.
  Json operation(const Call& call) {
    const Event& invoked = history_[call.invoked];
    const bool is_answered = call.completed != kNever;
    const auto value_text = [&](const Value& value) {
      return data_.text(value.is_nil() ? "" : to_text(value));
    };
    const Value nothing;
    const Value& answer = is_answered ? history_[call.completed].value : nothing;
    Json json = Json::array({invoked.process, data_.text(invoked.function), value_text(invoked.key),
                             value_text(invoked.value), value_text(answer), outcome(call), invoked.line,
                             is_answered ? history_[call.completed].line : 0, call.invoked,
                             is_answered ? Json(call.completed) : Json(nullptr), time(call.invoked)});
    if (is_answered) json.push_back(time(call.completed));
    return json;
  }

  static int outcome(const Call& call) {
    if (call.completed == kNever) return 2;
    return call.outcome == EventType::fail ? 1 : 0;
  }

  // [lock, process, event of the grant, event of the end, time, time, line of the grant, words, whether a
  // finding names the grant] of those that some part shows.
  void holds(Json& page) {
    Json& locks = page["locks"] = Json::array();
    Json& holds = page["holds"] = Json::array();
    const LockBands bands = lock_bands(history_, calls_);
    boost::unordered_flat_map<std::uint32_t, std::size_t> numbers;
    std::uint64_t left_out = 0;
    for (const LockBand& band : bands.bands) {
      const bool is_shown = std::ranges::any_of(shown_.parts, [&](const ShownPart& part) {
        return band.granted <= part.last && (band.until == kNever || band.until >= part.first);
      });
      if (!is_shown) continue;
      if (holds.size() == kMostShownBands) {
        ++left_out;
        continue;
      }
      const auto [lock, is_new] = numbers.try_emplace(band.lock, locks.size());
      const Value& key = bands.keys[band.lock];
      if (is_new) locks.push_back(key.is_nil() ? "" : to_text(key));
      const bool is_open = band.until == kNever;
      Json end = nullptr;
      if (is_timed_ && band.lease_end) {
        end = time(*band.lease_end);
      } else if (!is_open) {
        end = time(band.until);
      }
      holds.push_back({lock->second, band.process, band.granted, is_open ? Json(nullptr) : Json(band.until),
                       time(band.granted), std::move(end), history_[band.granted].line,
                       data_.text(end_words(band.end)), is_overlapping(band.granted) ? 1 : 0});
    }
    page["holds_left_out"] = left_out;
  }

  [[nodiscard]] bool is_overlapping(std::uint32_t granted) const {
    return std::ranges::any_of(judged_.verdicts, [&](const KeyVerdict& key) {
      return std::ranges::any_of(key.findings, [&](const checkers::Finding& finding) {
        return finding.anomaly == checkers::Anomaly::overlapping_holders &&
               std::ranges::find(finding.lines, history_[granted].line) != finding.lines.end();
      });
    });
  }

  PageData& data_;
  const JudgedFile& judged_;
  const checkers::History& history_;
  bool is_timed_;
  std::vector<Call> calls_;
  ShownHistory shown_;
  /// [event]: the operation's number on the page.
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> number_of_;
};

}  // namespace

std::string html_judgements(std::span<const JudgedFile> judged) {
  PageData data;
  Json files = Json::array();
  for (const JudgedFile& file : judged) files.push_back(JudgedPage(data, file).document());
  const std::string title =
      judged.size() == 1 ? judged.front().file : fmt::format("{} histories", judged.size());
  return html_page("lockstorm judge: " + title, data.document("judge", {{"judged", std::move(files)}}),
                   PageKind::histories);
}

}  // namespace lockstorm::reports
