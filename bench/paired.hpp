// Ratios that hold on a noisy machine: two pieces of work in turn, the median of the pairwise ratios.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace lockstorm::bench {

inline double seconds_of(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

/// Runs `subject` and `reference` in turn, each iteration of `state` once, and reports counters `ratio`
/// (median of subject / reference), `subject_s` and `reference_s` (medians). The iteration time is the
/// subject's.
template <class Subject, class Reference>
void run_paired(benchmark::State& state, Subject&& subject, Reference&& reference) {
  subject();
  reference();
  std::vector<double> ratios;
  std::vector<double> subject_s;
  std::vector<double> reference_s;
  for (auto _ : state) {
    subject_s.push_back(seconds_of(subject));
    reference_s.push_back(seconds_of(reference));
    ratios.push_back(subject_s.back() / reference_s.back());
    state.SetIterationTime(subject_s.back());
  }
  state.counters["ratio"] = median(ratios);
  state.counters["subject_s"] = median(subject_s);
  state.counters["reference_s"] = median(reference_s);
}

}  // namespace lockstorm::bench
