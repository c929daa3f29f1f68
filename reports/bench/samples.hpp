// Figures of benchmarks, sampled repeatedly: read from Google Benchmark's JSON, kept as JSON of our own.
#pragma once

#include <cstdint>
#include <expected>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::reports {

/// Which way is good.
enum class Better : std::uint8_t { higher, lower };

/// One figure of one benchmark, a sample for each repetition.
struct BenchSeries {
  std::string name;  ///< "hunt_bench/BM_TwoCores/speed_up"
  Better better = Better::lower;
  std::vector<double> samples;  ///< positive

  friend bool operator==(const BenchSeries&, const BenchSeries&) = default;
};

struct BenchRun {
  std::string label;  ///< of what was measured: a commit, a date
  std::vector<BenchSeries> series;

  friend bool operator==(const BenchRun&, const BenchRun&) = default;
};

[[nodiscard]] double median(std::vector<double> samples);

/// Which way is good for a counter of that name; nothing where it is no figure of speed or size (`states`).
[[nodiscard]] std::optional<Better> better_of(std::string_view counter);

/// Adds what a benchmark program printed with --benchmark_format=json: of each benchmark its counters that
/// are figures, else its time. The error says what is wrong with the text.
[[nodiscard]] std::expected<void, std::string> add_samples(BenchRun& run, std::string_view program,
                                                           std::string_view json);

[[nodiscard]] nlohmann::ordered_json json_of(const BenchRun& run);
/// What json_of made, as text.
[[nodiscard]] std::expected<BenchRun, std::string> read_run(std::string_view text);
[[nodiscard]] std::expected<BenchRun, std::string> run_of(const nlohmann::ordered_json& json);

/// A line for each run. The error names the line.
[[nodiscard]] std::expected<std::vector<BenchRun>, std::string> read_history(std::string_view json_lines);

}  // namespace lockstorm::reports
