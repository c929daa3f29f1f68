#include "reports/bench/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "reports/ci/json_input.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;

// What Google Benchmark itself says of a benchmark (its JSON reporter); everything else is a counter.
const std::set<std::string, std::less<>> kOwnFields{"name",
                                                    "family_index",
                                                    "per_family_instance_index",
                                                    "run_name",
                                                    "run_type",
                                                    "repetitions",
                                                    "repetition_index",
                                                    "threads",
                                                    "iterations",
                                                    "real_time",
                                                    "cpu_time",
                                                    "time_unit",
                                                    "label",
                                                    "aggregate_name",
                                                    "aggregate_unit",
                                                    "error_occurred",
                                                    "error_message"};

double nanoseconds(double time, std::string_view unit) {
  return time * (unit == "s" ? 1e9 : unit == "ms" ? 1e6 : unit == "us" ? 1e3 : 1.0);
}

void add(BenchRun& run, std::string name, Better better, double sample) {
  if (!(sample > 0) || !std::isfinite(sample)) return;  // nothing was measured
  auto found = std::ranges::find(run.series, name, &BenchSeries::name);
  if (found == run.series.end()) {
    run.series.push_back({std::move(name), better, {}});
    found = std::prev(run.series.end());
  }
  found->samples.push_back(sample);
}

std::expected<void, std::string> add_benchmark(BenchRun& run, std::string_view program,
                                               const Json& benchmark) {
  if (benchmark.value("run_type", "iteration") != "iteration") return {};
  std::string name = benchmark.at("name").get<std::string>();
  // Its settings, which every run repeats: "BM_X/iterations:15/manual_time".
  for (const std::string_view setting :
       {"/iterations:", "/repeats:", "/manual_time", "/real_time", "/process_time"}) {
    if (const std::size_t at = name.find(setting); at != std::string::npos) name.resize(at);
  }
  name = fmt::format("{}/{}", program, name);
  if (benchmark.value("error_occurred", false))
    return std::unexpected(
        fmt::format("{} failed: {}", name, benchmark.value("error_message", "it does not say why")));
  bool has_figure = false;
  for (const auto& [counter, value] : benchmark.items()) {
    if (!value.is_number() || kOwnFields.contains(counter)) continue;
    const std::optional<Better> better = better_of(counter);
    if (!better) continue;
    add(run, name + "/" + counter, *better, value.get<double>());
    has_figure = true;
  }
  if (!has_figure)
    add(run, name + "/time_ns", Better::lower,
        nanoseconds(benchmark.at("real_time").get<double>(), benchmark.value("time_unit", "ns")));
  return {};
}

}  // namespace

double median(std::vector<double> samples) {
  if (samples.empty()) return 0;
  std::ranges::sort(samples);
  const std::size_t middle = samples.size() / 2;
  return samples.size() % 2 == 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

std::optional<Better> better_of(std::string_view counter) {
  for (const std::string_view end : {"per_s", "per_second", "speed_up", "times_as_fast"})
    if (counter.ends_with(end)) return Better::higher;
  // Times of subject and reference are what a ratio is made of; the ratio says it without the machine.
  if (counter == "subject_s" || counter == "reference_s") return std::nullopt;
  if (counter.starts_with("ns_") || counter.starts_with("bytes") || counter.starts_with("KiB") ||
      counter == "ratio" || counter.ends_with("_s") || counter.ends_with("_ns"))
    return Better::lower;
  return std::nullopt;
}

std::expected<void, std::string> add_samples(BenchRun& run, std::string_view program, std::string_view json) {
  const Json document = Json::parse(json, nullptr, false);
  if (!document.is_object() || !document.contains("benchmarks") || !document["benchmarks"].is_array())
    return std::unexpected(fmt::format("{} printed something else than Google Benchmark's JSON", program));
  try {
    for (const Json& benchmark : document["benchmarks"]) {
      if (auto added = add_benchmark(run, program, benchmark); !added) return added;
    }
  } catch (const Json::exception& error) {
    return std::unexpected(fmt::format("{}: {}", program, error.what()));
  }
  return {};
}

Json json_of(const BenchRun& run) {
  Json json{{"label", run.label}, {"series", Json::array()}};
  for (const BenchSeries& series : run.series) {
    json["series"].push_back({{"name", series.name},
                              {"better", series.better == Better::higher ? "higher" : "lower"},
                              {"samples", series.samples}});
  }
  return json;
}

std::expected<BenchRun, std::string> run_of(const Json& json) {
  BenchRun run;
  const JsonPlace root(json);
  run.label = root.at("label").text();
  for (const JsonPlace& item : root.at("series").items()) {
    const std::string better = item.at("better").text();
    if (better != "higher" && better != "lower") item.at("better").refuse("higher or lower");
    BenchSeries series{item.at("name").text(), better == "higher" ? Better::higher : Better::lower, {}};
    for (const JsonPlace& sample : item.at("samples").items()) {
      series.samples.push_back(sample.number());
      if (!(series.samples.back() > 0)) sample.refuse("a positive number");
    }
    if (series.samples.empty()) item.at("samples").refuse("samples");
    run.series.push_back(std::move(series));
  }
  if (!root.error().empty()) return std::unexpected(root.error());
  return run;
}

std::expected<BenchRun, std::string> read_run(std::string_view text) {
  const auto json = read_json(text);
  if (!json) return std::unexpected(json.error());
  return run_of(*json);
}

std::expected<std::vector<BenchRun>, std::string> read_history(std::string_view json_lines) {
  std::vector<BenchRun> runs;
  std::istringstream lines{std::string(json_lines)};
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.empty()) continue;
    auto run = read_run(line);
    if (!run) return std::unexpected(fmt::format("line {}: {}", number, run.error()));
    runs.push_back(*std::move(run));
  }
  return runs;
}

}  // namespace lockstorm::reports
