// HTML pages: one file that needs nothing else, whose document says what a diagram needs.
#include "reports/html/html_page.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "reports/campaigns/matrix_report.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/search/walk_scenario.hpp"
#include "scenarios/story/tell.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using nlohmann::json;
using scenarios::Counterexample;
using scenarios::CounterexampleStep;
using scenarios::VerifyResult;

constexpr std::size_t kMostBytesOfPage = 400'000;
const std::string kPaused = "audit/terraform/s3+dynamodb/jobs=2/pause,operator=unresponsive";

VerifyResult verified(const std::string& name) {
  return scenarios::verify(scenarios::find_scenario(name).value(), {});
}

std::string page_of(const VerifyResult& result) { return html_results(std::span(&result, 1), "verify"); }

const Counterexample& violation(const VerifyResult& result, Property property) {
  return *result.counterexample_of(property);
}

// The JSON document inside a page.
json document_of(const std::string& page) {
  const std::string_view mark = "id=\"data\">";
  const std::size_t begin = page.find(mark) + mark.size();
  return json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

std::size_t count(std::string_view text, std::string_view words) {
  std::size_t number = 0;
  for (std::size_t at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1))
    ++number;
  return number;
}

// Every number that refers to a text, a step, a lane or a version refers to one that exists.
void expect_whole(const json& document) {
  const std::size_t texts = document["strings"].size();
  for (const json& step : document["steps"]) {
    ASSERT_GE(step.size(), 3U);
    EXPECT_LT(step[1], texts);
    EXPECT_LT(step[2], texts);
    if (step.size() > 8 && step[8].is_array()) {
      for (const json& change : step[8]) EXPECT_LT(change.at(1), texts);
    }
    if (step.size() > 9 && step[9].is_array()) {
      EXPECT_LT(step[9].at(1), step[9].at(0));
    }
    if (step.size() > 10) {
      EXPECT_LE(step[10], texts);
    }
    if (step.size() > 11) {
      EXPECT_LE(step[11], texts);
    }
  }
  for (const json& run : document["runs"]) {
    ASSERT_EQ(run.size(), 13U);
    for (std::size_t i = 0; i < 7; ++i) EXPECT_LT(run[i], texts);
    EXPECT_LT(run[12], texts);
    const json& cast = document["casts"].at(run[10].get<std::size_t>());
    ASSERT_EQ(cast[2].size(), cast[3].size());
    const json& path = document["paths"].at(run[11].get<std::size_t>());
    EXPECT_LE(run[9], path.size());
    for (const json& number : path) {
      const json& step = document["steps"].at(number.get<std::size_t>());
      EXPECT_LE(step[0], cast[0].size());
      if (step.size() > 5) {
        EXPECT_LE(step[5], cast[2].size());
      }
    }
  }
}

TEST(HtmlPage, NeedsNothingElse) {
  const VerifyResult result = verified(kPaused);
  const std::string page = page_of(result);
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_TRUE(page.ends_with("</html>\n"));
  EXPECT_EQ(count(page, "http://"), 1U);  // the namespace of SVG
  EXPECT_EQ(count(page, "http://www.w3.org/2000/svg"), 1U);
  EXPECT_EQ(count(page, "https://"), 0U);
  for (const std::string_view other : {"src=\"", "@import", "url(", "fetch(", "XMLHttpRequest"})
    EXPECT_EQ(count(page, other), 0U) << other;
  EXPECT_EQ(count(page, "</script>"), 2U);
  EXPECT_LT(page.size(), kMostBytesOfPage);
  expect_whole(document_of(page));
  EXPECT_EQ(document_of(page)["runs"].size(), result.counterexamples.size());
}

TEST(HtmlPage, SameInputSameBytes) { EXPECT_EQ(page_of(verified(kPaused)), page_of(verified(kPaused))); }

TEST(HtmlPage, TheReplayCommandNamesTheFile) {
  const auto scenario = scenarios::parse_scenario("backend: {type: s3}\n", "own.yaml", "own");
  ASSERT_TRUE(scenario.has_value());
  const json document = document_of(page_of(scenarios::verify(*scenario, {})));
  for (const json& run : document["runs"])
    EXPECT_TRUE(run[7].get<std::string>().ends_with(" --scenario own.yaml"));
  const json of_library = document_of(page_of(verified(kPaused)));
  for (const json& run : of_library["runs"]) EXPECT_FALSE(run[7].get<std::string>().contains("--scenario"));
}

TEST(HtmlPage, NoTextEndsTheScript) {
  VerifyResult result = verified(kPaused);
  result.scenario.name = "</script><script>alert(1)</script><!--";
  result.counterexamples.front().steps.front().text = "</script><b>";
  const std::string page = page_of(result);
  EXPECT_EQ(count(page, "</script>"), 2U);
  EXPECT_EQ(count(page, "<!--"), 0U);
  EXPECT_EQ(document_of(page)["results"][0]["scenario"], result.scenario.name);
}

TEST(HtmlPage, TextThatIsNoUtf8) {
  VerifyResult result = verified(kPaused);
  result.scenario.description = "\xff\xfe";
  EXPECT_NO_THROW(document_of(page_of(result)));
}

// The largest library worlds make runs of hundreds of steps with dozens of lanes.
TEST(HtmlPage, ALongRunStaysSmall) {
  VerifyResult result;
  result.scenario = scenarios::find_scenario("crowds/forty-jobs-dynamodb").value();
  std::vector<std::uint32_t> picks;
  for (std::uint32_t i = 0; i < 3000; ++i) picks.push_back(i * 2'654'435'761U);
  const auto walked = scenarios::walk_scenario(result.scenario, picks);
  ASSERT_GE(walked.schedule.size(), 500U);
  const auto told =
      scenarios::tell(result.scenario, *scenarios::build_world(result.scenario), walked.schedule);
  ASSERT_TRUE(told.has_value());
  const std::string page = html_replay(result, *told);
  EXPECT_LT(page.size(), kMostBytesOfPage);
  const json document = document_of(page);
  expect_whole(document);
  EXPECT_EQ(document["paths"][0].size(), walked.schedule.size());
}

TEST(RunFacts, ACallIsOfOneActorAndHasOneSendAtMostAndOneResponse) {
  for (const Counterexample& told : verified(kPaused).counterexamples) {
    std::map<std::size_t, std::vector<const CounterexampleStep*>> calls;
    for (const CounterexampleStep& step : told.steps) {
      if (step.call != 0) calls[step.call].push_back(&step);
      if (!step.operation.empty()) {
        EXPECT_NE(step.call, 0U) << step.text;
      }
    }
    EXPECT_GT(calls.size(), 5U);
    for (const auto& [number, steps] : calls) {
      std::multiset<std::string> events;
      for (const CounterexampleStep* step : steps) {
        events.insert(step->event);
        EXPECT_EQ(step->actor, steps.front()->actor) << number;
        EXPECT_EQ(step->service_index, steps.front()->service_index) << number;
        EXPECT_EQ(step->operation, steps.front()->operation) << number;
      }
      EXPECT_LE(events.count("send"), 1U);
      EXPECT_LE(events.count("effect"), 1U);
      EXPECT_LE(events.count("response"), events.count("effect"));
    }
  }
}

TEST(RunFacts, ALateEffectBelongsToTheCallThatWasGivenUp) {
  const VerifyResult result = verified("audit/terraform/s3+lockfile/jobs=2/late_request");
  const Counterexample& told = violation(result, Property::no_lost_update);
  const auto late = std::ranges::find(told.steps, "late effect", &CounterexampleStep::event);
  ASSERT_NE(late, told.steps.end());
  const auto sent = std::ranges::find(told.steps, late->call, &CounterexampleStep::call);
  EXPECT_EQ(sent->event, "send");
  EXPECT_LT(sent->number, late->number);
  EXPECT_EQ(sent->actor, late->actor);
  EXPECT_TRUE(std::ranges::any_of(told.steps, [&](const CounterexampleStep& step) {
    return step.call == late->call && step.event == "time-out";
  }));
  // It was made from what its sender had read back then, and replaces what came since.
  EXPECT_NE(late->version.number, 0U);
  EXPECT_NE(late->version.based_on, late->version.replaced);
}

// The same on every library scenario whose messages come late or twice: no call takes effect more often than
// it was sent or copied.
TEST(RunFacts, LateEffectsAreOfCallsThatAreUnderWay) {
  for (const std::string name :
       {"audit/terraform/s3+dynamodb/jobs=2/late_request", "audit/opentofu/s3+lockfile/jobs=2/late_request",
        "audit/terraform/gcs/jobs=2/late_request", "audit/terraform/kubernetes/jobs=2/crash",
        "audit/terraform/s3+lockfile/jobs=2/crash"}) {
    for (const Counterexample& told : verified(name).counterexamples) {
      std::map<std::size_t, int> under_way;
      for (const CounterexampleStep& step : told.steps) {
        if (step.event == "send") ++under_way[step.call];
        if (step.text.ends_with("a copy is still on its way")) ++under_way[step.call];
        if (step.event == "effect" || step.event == "late effect" || step.event == "request lost") {
          EXPECT_GT(under_way[step.call], 0) << name << " " << step.text;
          --under_way[step.call];
        }
      }
    }
  }
}

TEST(RunFacts, TwoBelieveWhileTheRecordNamesOne) {
  const VerifyResult result = verified(kPaused);
  const Counterexample& told = violation(result, Property::mutual_exclusion);
  EXPECT_EQ(told.steps.back().believers, (std::vector<std::size_t>{0, 1}));
  for (const CounterexampleStep& step : told.steps) {
    if (&step != &told.steps.back()) {
      EXPECT_LT(step.believers.size(), 2U);
    }
    for (const scenarios::ServiceView& view : step.changes) {
      if (view.keeps_lock) {
        EXPECT_LE(view.holders.size(), 1U);
      }
    }
  }
  const auto taken = std::ranges::find_if(told.steps, &CounterexampleStep::takes_lock);
  ASSERT_EQ(taken->changes.size(), 1U);
  EXPECT_EQ(told.services.at(taken->changes[0].service), "dynamodb");
  EXPECT_EQ(taken->changes[0].holders, std::vector<std::size_t>{taken->actor_slot});
  EXPECT_EQ(taken->changes[0].contents.find("lock item: " + taken->actor + "'s lock"), 0U);
  EXPECT_EQ(told.beginning.at(taken->changes[0].service).contents.find("lock item: no lock"), 0U);
}

TEST(RunFacts, VersionsForkWhereAnUpdateIsLost) {
  const VerifyResult result = verified(kPaused);
  const Counterexample& told = violation(result, Property::no_lost_update);
  const scenarios::StateVersion last = told.steps.back().version;
  EXPECT_NE(last.number, 0U);
  EXPECT_LT(last.based_on, last.replaced);
}

TEST(RunFacts, EveryServiceSaysWhatItHolds) {
  for (const scenarios::MatrixRow& row : scenarios::plan_matrix({})) {
    const auto world = scenarios::build_world(row.configurations.front());
    const auto told = scenarios::tell(row.configurations.front(), *world, {});
    ASSERT_TRUE(told.has_value());
    std::string all;
    for (const scenarios::ServiceView& view : told->beginning) all += view.contents;
    EXPECT_FALSE(all.empty()) << row.backend;
  }
}

TEST(HtmlMatrix, CellsLeadToCounterexamples) {
  MatrixAnswer answer;
  answer.row = scenarios::plan_matrix({{"inmem"}, models::Dialect::terraform}).front();
  for (const scenarios::Scenario& scenario : answer.row.configurations)
    answer.results.push_back(scenarios::verify(scenario, {}));
  answer.cells = scenarios::conclude_row(answer.results);
  const std::string page = html_matrix(std::span(&answer, 1));
  EXPECT_EQ(page, html_matrix(std::span(&answer, 1)));
  const json document = document_of(page);
  expect_whole(document);
  const json& row = document["matrix"]["rows"].at(0);
  ASSERT_EQ(row["cells"].size(), checkers::PropertySet::of_backends().size());
  std::size_t violated = 0;
  for (const json& cell : row["cells"]) {
    if (cell.is_null()) continue;
    const bool is_violated = document["strings"].at(cell[1].get<std::size_t>()) == "violated";
    EXPECT_EQ(is_violated, !cell[3].is_null());
    violated += is_violated ? 1 : 0;
  }
  EXPECT_GT(violated, 0U);
  EXPECT_EQ(document["runs"].size(), violated);
  EXPECT_EQ(row["configurations"].size(), answer.results.size());
}

}  // namespace
}  // namespace lockstorm::reports
