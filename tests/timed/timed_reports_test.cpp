// What is said of runs in virtual time: text, JSON, Markdown, pages and timelines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/contend/advice_report.hpp"
#include "reports/contend/contend_html.hpp"
#include "reports/contend/contend_report.hpp"
#include "reports/contend/time_words.hpp"
#include "reports/contend/timeline_report.hpp"
#include "scenarios/contend/advise.hpp"
#include "tests/timed/timed_case.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::test::timed_case;
using testing::HasSubstr;
using testing::Not;

scenarios::Scenario pairs(const std::string& client) {
  return timed_case(client,
                    "for: 8h, plan: 0s, apply: 60s, arrivals: {burst: 2, every: {uniform: [1h, 1h]}}");
}

scenarios::ContendResult result_of(const scenarios::Scenario& scenario) {
  auto result = scenarios::contend(scenario, {.runs = 4, .seed = 1, .threads = 1, .one_done = {}});
  EXPECT_TRUE(result);
  return std::move(*result);
}

TEST(TimedWords, SayDurationsSharesAndPrices) {
  EXPECT_EQ(span_text(0), "0 s");
  EXPECT_EQ(span_text(0.154), "0.15 s");
  EXPECT_EQ(span_text(31.42), "31.4 s");
  EXPECT_EQ(span_text(59.96), "1m 00s");
  EXPECT_EQ(span_text(3600), "1h 00m");
  EXPECT_EQ(span_text(2 * 86'400 + 4 * 3600), "2d 04h");
  EXPECT_EQ(percent_text(0), "0 %");
  EXPECT_EQ(percent_text(0.00001), "< 0.01 %");
  EXPECT_EQ(percent_text(0.077), "7.7 %");
  EXPECT_EQ(percent_text(0.999), "99.90 %");
  EXPECT_EQ(percent_text(1), "100 %");
  EXPECT_EQ(price_text(37'000), "$0.000037");
}

// Two jobs at once, one of which waits for 63 s.
TEST(TimedReports, SayWhatWasMeasured) {
  const scenarios::ContendResult result = result_of(pairs("count: 2, lock_timeout: 5m"));
  const std::string text = contend_text(result, {});
  EXPECT_THAT(text, HasSubstr("(50.0 % do not get it at once)"));
  EXPECT_THAT(text, HasSubstr("the longest           1m 03s"));
  EXPECT_THAT(text, HasSubstr("done                  100 %"));
  EXPECT_THAT(text, Not(HasSubstr("gave up")));
  const auto json = contend_json(result);
  EXPECT_EQ(json["wait"]["max_s"], 63.0);
  EXPECT_EQ(json["jobs"], 4 * 16);
  EXPECT_EQ(json["cut_off"], 0);
  EXPECT_THAT(contend_markdown({&result, 1}), HasSubstr("| case | 64 |"));
}

TEST(TimedReports, SayWhatTheyDoNotKnow) {
  const std::string text =
      contend_text(result_of(timed_case("count: 1", "for: 1s, arrivals: {every: {uniform: [9h, 9h]}}")), {});
  EXPECT_THAT(text, HasSubstr("No job started in any run"));
  EXPECT_THAT(text, Not(HasSubstr("Fairness")));
}

TEST(TimedReports, AdviseTheTimeoutWithWhichHardlyAnybodyGivesUp) {
  const auto advice = scenarios::advise_contention(
      pairs("count: 2"), {.contend = {.runs = 3, .seed = 1, .threads = 1, .one_done = {}},
                          .bound = std::chrono::minutes(2),
                          .one_tried = {}});
  ASSERT_TRUE(advice);
  EXPECT_EQ(advice->timeouts.answer, 120U);  // 60 s end before the attempt at 63 s
  ASSERT_TRUE(advice->pipelines && advice->states);
  EXPECT_EQ(advice->pipelines->answer, 2U);  // the third of a burst waits for longer than two minutes
  EXPECT_EQ(advice->states->answer, 1U);
  EXPECT_FALSE(advice->dynamodb);
  const std::string text = advice_text(*advice, {});
  EXPECT_THAT(text, HasSubstr("-lock-timeout=2m is the least"));
  EXPECT_EQ(advice_json(*advice)["lock_timeout_s"]["answer"], 120);
  EXPECT_THAT(contend_html({}, {&*advice, 1}), HasSubstr("<svg"));
}

// Timeouts against jobs of a burst: the second of two gives up at once without one, and nobody who waits for
// an hour.
TEST(TimedReports, DrawTimeoutsAgainstLoadAsShades) {
  const auto advice = scenarios::advise_contention(
      pairs("count: 2"), {.contend = {.runs = 4, .seed = 1, .threads = 1, .one_done = {}},
                          .bound = std::chrono::minutes(2),
                          .grid = true,
                          .one_tried = {}});
  ASSERT_TRUE(advice && advice->grid);
  EXPECT_EQ(advice->grid->runs, 1U);
  EXPECT_EQ(advice->grid->pipelines, (std::vector<std::uint32_t>{1, 2, 4, 8}));
  const auto json = advice_json(*advice)["grid"]["tried"];
  ASSERT_EQ(json.size(), 6 * 4);
  EXPECT_EQ(json[0]["gave_up"]["value"], 0.0);
  EXPECT_EQ(json[1]["lock_timeout_s"], 0);
  EXPECT_EQ(json[1]["pipelines"], 2);
  EXPECT_EQ(json[1]["gave_up"]["value"], 0.5);
  EXPECT_EQ(json[5 * 4 + 1]["gave_up"]["value"], 0.0);
  EXPECT_THAT(contend_html({}, {&*advice, 1}),
              HasSubstr("<td class=\"n\" style=\"background:rgba(198,40,40,0.28)\">50.0 %</td>"));
}

TEST(TimedReports, QuoteNamesSafely) {
  scenarios::Scenario scenario = pairs("count: 2");
  scenario.name = "<script>|x";
  const scenarios::ContendResult result = result_of(scenario);
  EXPECT_THAT(contend_html({&result, 1}, {}), Not(HasSubstr("<script")));
  EXPECT_THAT(contend_markdown({&result, 1}), Not(HasSubstr("<script>|")));
}

TEST(TimedReports, DrawARunAsLanes) {
  const auto world = scenarios::timed_world(pairs("count: 2, lock_timeout: 40s"));
  ASSERT_TRUE(world);
  const scenarios::RunFigures run = scenarios::run_day(*world, {.seed = 1, .keeps_spans = true});
  const std::string text = timeline_text(*world, run, {.seed = 1}, {});
  EXPECT_THAT(text, HasSubstr("waited 40.0 s, gave up"));
  EXPECT_THAT(timeline_html(*world, run, {.seed = 1}), HasSubstr("class=\"wait\""));
  const auto json = timeline_json(*world, run, {.seed = 1});
  EXPECT_EQ(json["jobs"].size(), run.jobs.size());
  EXPECT_EQ(json["jobs"][0]["end"], "done");
  EXPECT_EQ(json["lock"].size(), run.jobs.size() / 2);
  const auto trace = nlohmann::json::parse(timeline_perfetto(run));
  for (const auto& event : trace["traceEvents"]) {
    if (event["ph"] == "X") {
      EXPECT_GE(event["dur"].get<std::int64_t>(), 0);
    }
  }
}

}  // namespace
}  // namespace lockstorm::reports
