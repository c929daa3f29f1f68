// The page of recorded histories: which operations it draws, who held a lock when, and the document that the
// diagram is drawn from.
#include "reports/judge/judge_page.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "checkers/formats/format.hpp"
#include "checkers/locks/lock_reader.hpp"
#include "reports/judge/anomaly_words.hpp"
#include "reports/judge/lock_bands.hpp"
#include "reports/judge/shown_history.hpp"
#include "test_paths.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Call;
using checkers::Event;
using checkers::EventType;
using checkers::History;
using checkers::kNever;
using nlohmann::json;

History history_of(const std::string& lines) { return checkers::read_history(lines).value(); }

std::string line(std::uint32_t process, const std::string& type, const std::string& function,
                 const std::string& value = "null", const std::string& more = "") {
  return R"({"process":)" + std::to_string(process) + R"(,"type":")" + type + R"(","f":")" + function +
         R"(","value":)" + value + more + "}\n";
}

std::string call(std::uint32_t process, const std::string& function, const std::string& value = "null",
                 const std::string& type = "ok") {
  return line(process, "invoke", function, value) + line(process, type, function, value);
}

LockBands bands_of(const History& history) {
  return lock_bands(history, checkers::calls_of(history).value());
}

JudgedFile judged_file(const std::string& name, History history) {
  const auto model = checkers::recognise_model(history).value();
  auto verdicts = checkers::judge(history, model, {}).value();
  return {.file = name,
          .format = checkers::Format::json_lines,
          .model = model,
          .history = std::move(history),
          .verdicts = std::move(verdicts)};
}

JudgedFile judged_data(const std::string& name) {
  return judged_file(
      name, checkers::read_history(file_text(std::string(LOCKSTORM_SOURCE) + "/tests/data/histories/" + name))
                .value());
}

json page_document(const std::string& page) {
  const std::string_view mark = "id=\"data\">";
  const std::size_t begin = page.find(mark) + mark.size();
  return json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

json judged_document(const JudgedFile& judged) {
  return page_document(html_judgements(std::span(&judged, 1)))["judged"][0];
}

TEST(LockBands, AHoldLastsFromItsGrantToTheRequestOfItsRelease) {
  const LockBands found = bands_of(history_of(call(3, "acquire") + call(3, "release")));
  ASSERT_EQ(found.bands.size(), 1U);
  EXPECT_EQ(found.bands[0].process, 3U);
  EXPECT_EQ(found.bands[0].granted, 1U);
  EXPECT_EQ(found.bands[0].until, 2U);
  EXPECT_EQ(found.bands[0].end, LockBand::End::released);
}

TEST(LockBands, EndsInEachOfItsWays) {
  const auto end_after = [](const std::string& events) {
    const LockBands found = bands_of(history_of(call(0, "acquire", R"({"id":"a"})") + events));
    return std::pair(found.bands.at(0).end, found.bands.at(0).until);
  };
  using End = LockBand::End;
  EXPECT_EQ(end_after(call(1, "acquire", "null", "fail")), std::pair(End::none, kNever));
  EXPECT_EQ(end_after(call(0, "release", R"({"id":"a"})", "fail")), std::pair(End::none, kNever));
  EXPECT_EQ(end_after(call(0, "release", R"({"id":"b"})")), std::pair(End::none, kNever));
  EXPECT_EQ(end_after(call(0, "release", R"({"id":"a"})", "unknown")), std::pair(End::released, 2U));
  EXPECT_EQ(end_after(call(1, "release", R"({"id":"a"})")), std::pair(End::released_by_another, 3U));
  EXPECT_EQ(end_after(call(1, "evict", R"({"id":"a"})")), std::pair(End::evicted, 3U));
  EXPECT_EQ(end_after(call(1, "evict", R"({"id":"a"})", "fail")), std::pair(End::none, kNever));
  EXPECT_EQ(end_after(line(0, "invoke", "crash")), std::pair(End::crashed, 2U));
  EXPECT_EQ(end_after(line(1, "invoke", "crash")), std::pair(End::none, kNever));
}

TEST(LockBands, ALeaseRunsOutWhetherOrNotAnybodyAsks) {
  const auto at = [](int ns) { return R"(,"time_ns":)" + std::to_string(ns); };
  const std::string leased = R"({"id":"a","lease_ns":100})";
  const LockBands found = bands_of(history_of(line(0, "invoke", "acquire", leased, at(10)) +
                                              line(0, "ok", "acquire", leased, at(20)) +
                                              line(1, "invoke", "crash", "null", at(500))));
  ASSERT_EQ(found.bands.size(), 1U);
  EXPECT_EQ(found.bands[0].end, LockBand::End::lease);
  EXPECT_EQ(found.bands[0].lease_end, std::chrono::nanoseconds(110));
}

TEST(LockBands, WhoEntersTwiceLeavesTwice) {
  const LockBands found =
      bands_of(history_of(call(0, "acquire") + call(0, "acquire") + call(0, "release") + call(0, "release")));
  ASSERT_EQ(found.bands.size(), 1U);
  EXPECT_EQ(found.bands[0].until, 6U);
}

// Calls of a few processes on a lock, one after the other within each process, in any order between them.
std::string random_lock_events() {
  static const std::vector<std::string> functions{"acquire", "release", "release", "acquire", "evict"};
  static const std::vector<std::string> types{"ok", "ok", "ok", "fail", "unknown"};
  std::map<std::uint32_t, std::string> waiting;
  std::string lines;
  for (const auto& [process, function, type, id] :
       *rc::gen::container<std::vector<std::tuple<std::uint32_t, int, int, int>>>(
           rc::gen::tuple(rc::gen::inRange(0U, 3U), rc::gen::inRange(0, 6), rc::gen::inRange(0, 5),
                          rc::gen::inRange(0, 3)))) {
    const auto open = waiting.find(process);
    if (open != waiting.end()) {
      lines += line(process, types[static_cast<std::size_t>(type)], open->second);
      waiting.erase(open);
    } else if (function == 5) {
      lines += line(process, "invoke", "crash");
    } else {
      const std::string& name = functions[static_cast<std::size_t>(function)];
      lines += line(process, "invoke", name, id == 0 ? "null" : R"({"id":)" + std::to_string(id) + "}");
      waiting.emplace(process, name);
    }
  }
  return lines;
}

RC_GTEST_PROP(LockBands, CoverEveryHoldOfWhichTheCheckerIsCertain, ()) {
  const std::string lines = random_lock_events();
  RC_PRE(!lines.empty());
  const History history = history_of(lines);
  const LockBands found = bands_of(history);
  const auto locks = checkers::locks_of(history).value();
  for (const auto& lock : locks) {
    const checkers::LockReport report = checkers::check_lock_history(lock.events);
    // After a violation the checker goes on as if the lock were free.
    if (!report.findings.empty()) continue;
    for (const auto& hold : report.certain_holds) {
      RC_ASSERT(std::ranges::any_of(found.bands, [&](const LockBand& band) {
        return band.process == hold.process && band.granted <= hold.from && band.until >= hold.until;
      }));
    }
  }
}

// Reads and writes of one process, and a read that shows what nobody wrote.
History long_history(std::uint32_t operations, std::uint32_t wrong) {
  History history;
  for (std::uint32_t i = 0; i < operations; ++i) {
    const std::int64_t value = i == wrong + 1 ? -1 : i / 2;
    const char* function = i % 2 == 0 ? "write" : "read";
    const auto at = [&](std::uint32_t half) { return std::chrono::nanoseconds(2'000 * i + half * 900); };
    history.push_back({.type = EventType::invoke,
                       .process = i % 2,
                       .line = 2 * i + 1,
                       .function = function,
                       .value = i % 2 == 0 ? checkers::Value(value) : checkers::Value(),
                       .time = at(0)});
    history.push_back({.type = EventType::ok,
                       .process = i % 2,
                       .line = 2 * i + 2,
                       .function = function,
                       .value = checkers::Value(value),
                       .time = at(1)});
  }
  return history;
}

std::uint64_t left_out(const ShownHistory& shown) {
  std::uint64_t sum = shown.left_out_after;
  for (const ShownPart& part : shown.parts) sum += part.left_out_before;
  return sum;
}

TEST(ShownHistory, AShortOneIsShownWhole) {
  const History history = long_history(1000, 500);
  const auto calls = checkers::calls_of(history).value();
  const ShownHistory shown = shown_history(history, calls, {});
  EXPECT_EQ(shown.calls, calls);
  ASSERT_EQ(shown.parts.size(), 1U);
  EXPECT_EQ(shown.parts[0].first, 0U);
  EXPECT_EQ(shown.parts[0].last, history.size() - 1);
  EXPECT_EQ(left_out(shown), 0U);
}

TEST(ShownHistory, OfALongOneTheSurroundingsOfEachEventThatAFindingNames) {
  const History history = long_history(1000, 500);
  const auto calls = checkers::calls_of(history).value();
  // Of operations 100, 101 and 700.
  const checkers::KeyVerdict verdict{.findings = {{.proof = "", .lines = {1402, 201, 204}}}};
  const ShownHistory shown = shown_history(history, calls, std::span(&verdict, 1), 120);
  ASSERT_EQ(shown.parts.size(), 2U);
  EXPECT_EQ(shown.parts[0].first, 160U);
  EXPECT_EQ(shown.parts[0].last, 241U);
  EXPECT_EQ(shown.parts[0].left_out_before, 80U);
  EXPECT_EQ(shown.parts[1].first, 1360U);
  EXPECT_EQ(shown.parts[1].left_out_before, 559U);
  EXPECT_EQ(shown.calls.size(), 81U);
  EXPECT_EQ(shown.calls.size() + left_out(shown), 1000U);
}

TEST(ShownHistory, WhatBeganBeforeAPartAndEndsInItIsShown) {
  History history = long_history(1000, 500);
  history.insert(history.begin(), {.type = EventType::invoke, .process = 9, .line = 1, .function = "read"});
  history.push_back({.type = EventType::ok, .process = 9, .line = 1, .function = "read"});
  for (std::uint32_t i = 0; i < history.size(); ++i) history[i].line = i + 1;
  history.front().time = history[1].time;
  history.back().time = history[history.size() - 2].time;
  const auto calls = checkers::calls_of(history).value();
  const checkers::KeyVerdict verdict{.findings = {{.proof = "", .lines = {1002}}}};
  const ShownHistory shown = shown_history(history, calls, std::span(&verdict, 1), 40);
  EXPECT_EQ(history[shown.calls.front().invoked].process, 9U);
  EXPECT_EQ(shown.calls.size() + left_out(shown), 1001U);
}

TEST(ShownHistory, EventsThatShareALineAreNotToldApart) {
  History history = long_history(4, 9);
  for (Event& event : history) event.line = 1;
  EXPECT_TRUE(events_named(history, {.proof = "", .lines = {1}}).empty());
}

TEST(JudgePage, TellsWhoDidWhatWhenAndWhatWasExpected) {
  const json judged = judged_document(judged_data("lock-two-holders.jsonl"));
  EXPECT_EQ(judged["verdict"], "violated");
  EXPECT_EQ(judged["timed"], true);
  const json& finding = judged["keys"][0]["findings"][0];
  EXPECT_EQ(finding[0], "overlapping-holders");
  EXPECT_EQ(finding[4], expected_instead(checkers::Anomaly::overlapping_holders));
  EXPECT_EQ(finding[5], json({0, 1}));
  EXPECT_EQ(judged["operations"][1][0], 1);
  EXPECT_EQ(judged["operations"][1][10], 700);
  EXPECT_EQ(judged["operations"][1][11], 2100);
  ASSERT_EQ(judged["holds"].size(), 2U);
  EXPECT_EQ(judged["holds"][0][8], 1);
  EXPECT_EQ(judged["locks"], json({R"("prod")"}));
}

TEST(JudgePage, WithoutTimesTheScaleIsTheOrderOfEvents) {
  const json judged =
      judged_document(judged_file("h", history_of(call(0, "write", "1") + call(1, "read", "1"))));
  EXPECT_EQ(judged["timed"], false);
  EXPECT_EQ(judged["parts"], json({{0, 3, 0, 0, 0}}));
}

TEST(JudgePage, SaysHowManyOperationsOfALongHistoryAreLeftOut) {
  const JudgedFile judged = judged_file("long", long_history(100'000, 60'000));
  const std::string page = html_judgements(std::span(&judged, 1));
  EXPECT_LT(page.size(), 400'000U);
  const json document = page_document(page)["judged"][0];
  EXPECT_EQ(document["all"], 100'000);
  std::uint64_t sum = document["left_out_after"].get<std::uint64_t>() + document["operations"].size();
  for (const json& part : document["parts"]) sum += part[4].get<std::uint64_t>();
  EXPECT_EQ(sum, 100'000U);
  EXPECT_FALSE(document["keys"][0]["findings"][0][5].empty());
  EXPECT_EQ(document["keys"][0]["findings"][0][6], 0);
}

TEST(JudgePage, TheSameHistoriesMakeTheSameBytes) {
  for (const std::string name : {"lock-two-holders.jsonl", "states-lost-update.jsonl", "store.edn",
                                 "evict-failed.jsonl", "cas-register.log"}) {
    const JudgedFile first = judged_data(name), again = judged_data(name);
    EXPECT_EQ(html_judgements(std::span(&first, 1)), html_judgements(std::span(&again, 1))) << name;
  }
}

TEST(JudgePage, TimesThatAreFurtherApartThanANumberTellsAreKept) {
  const auto at = [](const std::string& ns) { return R"(,"time_ns":)" + ns; };
  const json judged = judged_document(
      judged_file("h", history_of(line(0, "invoke", "write", "1", at("-9223372036854775808")) +
                                  line(0, "ok", "write", "1", at("9223372036854775807")))));
  EXPECT_EQ(judged["operations"][0][11], std::numeric_limits<std::uint64_t>::max());
}

}  // namespace
}  // namespace lockstorm::reports
