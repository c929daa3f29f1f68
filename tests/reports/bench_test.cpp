// Benchmarks compared: rank tests against brute force, false alarms that stay rare, figures that are read
// from what benchmarks print.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <set>

#include "reports/bench/bench_report.hpp"
#include "reports/format/markup.hpp"
#include "test_paths.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::reports {
namespace {

std::string data(const std::string& file) { return file_text(LOCKSTORM_TEST_DATA "/bench/" + file); }

// U of every way to deal ranks to two samples.
double p_by_enumeration(const std::vector<double>& a, const std::vector<double>& b) {
  const std::size_t n = a.size(), m = b.size();
  const auto distance = [&](double u) { return std::abs(u - static_cast<double>(n * m) / 2); };
  double observed = 0;
  for (const double x : a) {
    for (const double y : b) observed += y > x ? 1 : 0;
  }
  std::vector<int> second(n, 0);
  second.resize(n + m, 1);
  double extreme = 0, all = 0;
  do {
    double u = 0, firsts = 0;
    for (const int is_second : second) {
      if (is_second != 0) u += firsts;
      firsts += is_second == 0 ? 1 : 0;
    }
    ++all;
    extreme += distance(u) >= distance(observed) ? 1 : 0;
  } while (std::ranges::next_permutation(second).found);
  return extreme / all;
}

RC_GTEST_PROP(MannWhitney, IsWhatEnumerationSays, ()) {
  auto ranks = std::vector<double>(12);
  std::iota(ranks.begin(), ranks.end(), 1.0);
  std::shuffle(ranks.begin(), ranks.end(), std::mt19937(*rc::gen::arbitrary<unsigned>()));
  const auto n = *rc::gen::inRange(1, 7);
  const auto m = *rc::gen::inRange(1, 7);
  const std::vector<double> a(ranks.begin(), ranks.begin() + n);
  const std::vector<double> b(ranks.begin() + n, ranks.begin() + n + m);
  RC_ASSERT(std::abs(mann_whitney_p(a, b) - p_by_enumeration(a, b)) < 1e-9);
  RC_ASSERT(mann_whitney_p(a, b) == mann_whitney_p(b, a));
}

TEST(MannWhitney, OfPublishedTables) {
  // Nine against nine with no overlap: 2 / C(18, 9).
  std::vector<double> low(9), high(9);
  std::iota(low.begin(), low.end(), 1.0);
  std::iota(high.begin(), high.end(), 101.0);
  EXPECT_NEAR(mann_whitney_p(low, high), 2.0 / 48620, 1e-12);
  // n = m = 8: U = 13 is the critical value of the two-sided test at 5 %.
  const std::vector<double> a{1, 2, 3, 4, 5, 6, 7, 15.5};
  EXPECT_NEAR(mann_whitney_p(a, std::vector{2.5, 8., 9., 10., 11., 12., 13., 14.}), 0.04988, 5e-6);  // U = 13
  EXPECT_NEAR(mann_whitney_p(a, std::vector{1.5, 8., 9., 10., 11., 12., 13., 14.}), 0.06496, 5e-6);  // U = 14
  EXPECT_EQ(mann_whitney_p(a, a), 1);
  EXPECT_EQ(mann_whitney_p({}, a), 1);
}

double pairs_won(std::span<const double> a, std::span<const double> b) {
  double won = 0;
  for (const double x : a) {
    for (const double y : b) won += y > x ? 1.0 : y == x ? 0.5 : 0.0;
  }
  return won;
}

// The share of shuffles of both samples together that are at least as far apart.
TEST(MannWhitney, TheNormalApproximationIsWhatShufflingSays) {
  std::mt19937 random(1);
  constexpr int kShuffles = 4000;
  for (const double shift : {1.0, 1.1, 1.3}) {
    std::vector<double> a(25), b(30);
    for (double& x : a) x = static_cast<double>(random() % 40);  // with ties
    for (double& x : b) x = std::floor(static_cast<double>(random() % 40) * shift);
    const double middle = static_cast<double>(a.size() * b.size()) / 2;
    const double observed = std::abs(pairs_won(a, b) - middle);
    std::vector<double> both = a;
    both.insert(both.end(), b.begin(), b.end());
    int as_far = 0;
    for (int i = 0; i < kShuffles; ++i) {
      std::ranges::shuffle(both, random);
      const std::span<const double> all(both);
      as_far += std::abs(pairs_won(all.first(a.size()), all.subspan(a.size())) - middle) >= observed ? 1 : 0;
    }
    EXPECT_NEAR(mann_whitney_p(a, b), static_cast<double>(as_far) / kShuffles, 0.035) << shift;
  }
}

RC_GTEST_PROP(Ratio, ScalesAndIsCovered, (unsigned seed)) {
  std::mt19937 random(seed);
  std::vector<double> a(9), b(9);
  for (double& x : a) x = 1 + static_cast<double>(random() % 1000) / 10'000;
  for (double& x : b) x = 1 + static_cast<double>(random() % 1000) / 10'000;
  const RatioEstimate same = ratio_of(a, b);
  RC_ASSERT(same.low <= same.ratio && same.ratio <= same.high);
  for (double& x : b) x *= 2;
  RC_ASSERT(std::abs(ratio_of(a, b).ratio - 2 * same.ratio) < 1e-9);
  RC_ASSERT(std::abs(ratio_of(b, a).ratio * ratio_of(a, b).ratio - 1) < 1e-9);
  // Significant exactly when the interval leaves out 1.
  const RatioEstimate doubled = ratio_of(a, b);
  RC_ASSERT((mann_whitney_p(a, b) <= 0.05) == (doubled.low > 1 || doubled.high < 1));
}

TEST(Ratio, TooFewSamplesExcludeNothing) {
  const RatioEstimate ratio = ratio_of(std::vector{1.0, 1.1}, std::vector{2.0, 2.1});
  EXPECT_EQ(ratio.low, 0);
  EXPECT_TRUE(std::isinf(ratio.high));
}

TEST(Holm, IsHolms) {
  const std::vector<double> corrected = holm(std::vector{0.01, 0.04, 0.03, 0.005});
  const std::vector<double> expected{0.03, 0.06, 0.06, 0.02};
  ASSERT_EQ(corrected.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(corrected[i], expected[i], 1e-12);
}

BenchRun drawn(std::mt19937& random, std::size_t figures, double slower) {
  std::lognormal_distribution<double> noise(0.0, 0.1);
  BenchRun run;
  for (std::size_t i = 0; i < figures; ++i) {
    BenchSeries series{"figure " + std::to_string(i), Better::lower, {}};
    for (int sample = 0; sample < 9; ++sample)
      series.samples.push_back(noise(random) * (i == 0 ? slower : 1.0));
    run.series.push_back(std::move(series));
  }
  return run;
}

TEST(Comparison, RarelyAccusesWhatIsUnchanged) {
  std::mt19937 random(7);
  int alarms = 0;
  constexpr int kRuns = 2000;
  for (int i = 0; i < kRuns; ++i) {
    const BenchRun before = drawn(random, 20, 1), after = drawn(random, 20, 1);
    const BenchComparison comparison = compare(before, after, 0, true);
    alarms +=
        std::ranges::any_of(comparison.differences, [](const auto& d) { return d.change != Change::same; });
  }
  EXPECT_LT(alarms, kRuns * 0.05 + 3 * std::sqrt(kRuns * 0.05 * 0.95));
}

TEST(Comparison, FindsWhatBecameSlower) {
  std::mt19937 random(7);
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    const BenchComparison comparison = compare(drawn(random, 20, 1), drawn(random, 20, 1.5), 0.05, true);
    found += comparison.differences[0].change == Change::worse ? 1 : 0;
    EXPECT_EQ(comparison.any_worse(), std::ranges::any_of(comparison.differences, [](const auto& d) {
                return d.change == Change::worse;
              }));
  }
  EXPECT_GT(found, 190);
}

TEST(Comparison, KnowsWhichWayIsGoodAndWhatIsMissing) {
  const std::vector<double> low{1, 1.01, 1.02, 1.03, 1.04, 1.05}, high{2, 2.01, 2.02, 2.03, 2.04, 2.05};
  const BenchRun before{
      "a", {{"rate", Better::higher, low}, {"time", Better::lower, low}, {"old", Better::lower, low}}};
  const BenchRun after{
      "b", {{"rate", Better::higher, high}, {"time", Better::lower, high}, {"new", Better::lower, low}}};
  const BenchComparison comparison = compare(before, after, 0.05, false);
  EXPECT_EQ(comparison.differences[0].change, Change::better);
  EXPECT_EQ(comparison.differences[1].change, Change::worse);
  EXPECT_EQ(comparison.only_before, std::vector<std::string>{"old"});
  EXPECT_EQ(comparison.only_after, std::vector<std::string>{"new"});
  // A threshold beyond the change, and samples too few for any p.
  EXPECT_EQ(compare(before, after, 1.5, false).differences[1].change, Change::same);
  const BenchRun few_before{"a", {{"time", Better::lower, {1, 1.1}}}},
      few_after{"b", {{"time", Better::lower, {9, 9.1}}}};
  EXPECT_EQ(compare(few_before, few_after, 0.05, false).differences[0].change, Change::unclear);
}

TEST(Samples, AreReadFromWhatBenchmarksPrint) {
  BenchRun run{"x", {}};
  ASSERT_TRUE(add_samples(run, "judge_bench", data("judge_bench.json")));
  ASSERT_TRUE(add_samples(run, "fibers_bench", data("fibers_bench.json")));
  ASSERT_TRUE(add_samples(run, "fibers_bench", data("fibers_bench.json")));
  std::set<std::string> names;
  for (const BenchSeries& series : run.series) names.insert(series.name);
  EXPECT_TRUE(names.contains("fibers_bench/BM_TwoThreads/speed_up"));
  EXPECT_TRUE(names.contains("fibers_bench/BM_SwitchAgainstFcontext/ns_a_switch"));
  EXPECT_TRUE(names.contains("judge_bench/recorded_etcd/time_ns"));
  EXPECT_TRUE(names.contains("judge_bench/lock/items_per_second"));
  EXPECT_FALSE(names.contains("fibers_bench/BM_TwoThreads/subject_s"));
  EXPECT_EQ(std::ranges::find(run.series, "fibers_bench/BM_TwoThreads/speed_up", &BenchSeries::name)
                ->samples.size(),
            2U);
  EXPECT_EQ(run_of(json_of(run)), run);
  EXPECT_EQ(read_history(json_of(run).dump() + "\n\n" + json_of(run).dump() + "\n").value().size(), 2U);
}

TEST(Samples, SayWhatIsWrong) {
  BenchRun run;
  EXPECT_EQ(add_samples(run, "x_bench", "Segmentation fault").error(),
            "x_bench printed something else than Google Benchmark's JSON");
  EXPECT_EQ(
      add_samples(
          run, "x_bench",
          R"({"benchmarks": [{"name": "a", "error_occurred": true, "error_message": "wrong verdict"}]})")
          .error(),
      "x_bench/a failed: wrong verdict");
  EXPECT_FALSE(run_of(nlohmann::ordered_json::parse(
      R"({"label": "x", "series": [{"name": "a", "better": "lower", "samples": []}]})")));
  EXPECT_TRUE(read_history("{}\n").error().starts_with("line 1: "));
}

TEST(BenchReport, InAllForms) {
  const std::vector<double> low{1, 1.01, 1.02, 1.03, 1.04, 1.05}, high{2, 2.01, 2.02, 2.03, 2.04, 2.05};
  BenchAnswer answer{{"b<", {{"x_bench/time_ns", Better::lower, high}}}, std::nullopt, {}};
  answer.history = {{"a", {{"x_bench/time_ns", Better::lower, low}}}, answer.run};
  EXPECT_EQ(text_bench(answer, {}), "x_bench/time_ns      2.02  (2 to 2.05)  lower is better\n");
  answer.comparison = compare(answer.history[0], answer.run, 0.05, true);
  EXPECT_TRUE(
      text_bench(answer, {})
          .starts_with("x_bench/time_ns      1.02 ->     2.02  +97.6 % (+93.3 to +102.0)   worse\n\n1 "
                       "figure of 1 worse, 0 better\n"))
      << text_bench(answer, {});
  EXPECT_NE(
      markdown_bench(answer).find(
          "| x_bench/time_ns | 1.02 | 2.02 | +97.6 % (+93.3 to +102.0) | 0.00216 | :red_circle: worse |"),
      std::string::npos)
      << markdown_bench(answer);
  const auto json = nlohmann::json::parse(json_bench(answer));
  EXPECT_EQ(json["comparison"]["differences"][0]["change"], "worse");
  const std::string page = html_bench(answer);
  EXPECT_EQ(page.find("b<"), std::string::npos) << "labels are escaped";
  EXPECT_NE(page.find("Trend over 2 runs"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos) << "it needs no network";
}

}  // namespace
}  // namespace lockstorm::reports
