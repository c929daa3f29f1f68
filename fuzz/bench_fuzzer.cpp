// Fuzzes the readers of benchmarks' figures (baseline, history, Google Benchmark's own JSON): what is read is
// finite, is written and reads back as the same, and can be compared with itself.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "fuzz/expectation.hpp"
#include "reports/bench/comparison.hpp"
#include "reports/bench/samples.hpp"

namespace {

using namespace lockstorm;

void check(const reports::BenchRun& run) {
  for (const reports::BenchSeries& series : run.series)
    fuzz::expect(std::ranges::all_of(series.samples, [](double x) { return x > 0; }), "samples are positive");
  const auto text =
      reports::json_of(run).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  const auto again = reports::read_run(text);
  const bool is_finite = std::ranges::all_of(run.series, [](const reports::BenchSeries& series) {
    return std::ranges::all_of(series.samples, [](double x) { return std::isfinite(x); });
  });
  fuzz::expect(!is_finite || (again && *again == run), "what was written reads back as the same");
  fuzz::expect(!reports::compare(run, run, 0.05, false).any_worse(), "nothing is slower than itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  if (const auto run = reports::read_run(text)) check(*run);
  if (const auto runs = reports::read_history(text)) std::ranges::for_each(*runs, check);
  reports::BenchRun sampled;
  if (reports::add_samples(sampled, "fuzz", text)) (void)sampled;
  return 0;
}
