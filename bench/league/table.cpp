#include "bench/league/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace lockstorm::league {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

// Rank k so that P(Binomial(n, 1/2) < k) <= 2.5 %: the k-th smallest is a lower bound of the median.
std::size_t lower_rank(std::size_t n) {
  double probability = std::pow(0.5, static_cast<double>(n));
  double sum = 0;
  std::size_t k = 0;
  while (k < n && sum + probability <= 0.025) {
    sum += probability;
    probability *= static_cast<double>(n - k) / static_cast<double>(k + 1);
    ++k;
  }
  return k;  // 0: too few trials for a bound
}

std::string number(double value, bool runs) {
  if (std::isinf(value)) return "-";
  if (runs) return fmt::format("{:.0f}", value);
  return value < 0.1 ? fmt::format("{:.1f} ms", value * 1e3) : fmt::format("{:.1f} s", value);
}

std::string interval(const Median& median, bool runs) {
  if (std::isinf(median.value)) return "-";
  const std::string low = number(median.low, runs);
  const std::string high = std::isinf(median.high) ? "…" : number(median.high, runs);
  if (low == high) return number(median.value, runs);
  return fmt::format("{} ({} to {})", number(median.value, runs), low, high);
}

double rate(const std::vector<Trial>& trials) {
  const auto killed = std::ranges::count_if(trials, [](const Trial& trial) { return trial.killed; });
  return trials.empty() ? 0 : static_cast<double>(killed) / static_cast<double>(trials.size());
}

struct Total {
  std::size_t trials = 0;
  std::size_t kills = 0;
  std::size_t always = 0;  // mutants that every trial killed
  std::vector<double> medians;
};

// Wilson's score interval, 95 %.
std::pair<double, double> wilson(std::size_t kills, std::size_t trials) {
  if (trials == 0) return {0, 1};
  constexpr double kZ = 1.96;
  const double n = static_cast<double>(trials);
  const double p = static_cast<double>(kills) / n;
  const double middle = p + kZ * kZ / (2 * n);
  const double half = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  const double scale = 1 + kZ * kZ / n;
  return {(middle - half) / scale, (middle + half) / scale};
}

std::string totals(const std::vector<Row>& rows) {
  std::vector<std::string> order;
  std::map<std::string, Total> totals;
  for (const Row& row : rows) {
    for (const Score& score : row.scores) {
      const auto [position, is_new] = totals.try_emplace(score.strategy);
      if (is_new) order.push_back(score.strategy);
      Total& total = position->second;
      total.trials += score.trials.size();
      for (const Trial& trial : score.trials) total.kills += trial.killed ? 1 : 0;
      total.always += rate(score.trials) == 1 ? 1 : 0;
      total.medians.push_back(median_of(score.trials, true).value);
    }
  }
  std::string text =
      "| strategy | trials that killed, 95 % interval | mutants killed in every trial | median of the median "
      "runs |\n"
      "|---|---|---|---|\n";
  for (const std::string& name : order) {
    Total& total = totals.at(name);
    std::ranges::sort(total.medians);
    const auto [low, high] = wilson(total.kills, total.trials);
    text += fmt::format("| {} | {:.1f} % ({:.1f} to {:.1f}) | {} of {} | {} |\n", name,
                        100.0 * static_cast<double>(total.kills) / static_cast<double>(total.trials),
                        100 * low, 100 * high, total.always, rows.size(),
                        number(total.medians[total.medians.size() / 2], true));
  }
  return text;
}

const Score* score_of(const Row& row, std::string_view strategy) {
  const auto found = std::ranges::find(row.scores, strategy, &Score::strategy);
  return found == row.scores.end() ? nullptr : &*found;
}

// How many schedules the strategy takes, or how many have not been enough.
std::string schedules(const Row& row, std::string_view strategy, std::uint64_t most_runs) {
  const Score* score = score_of(row, strategy);
  if (score == nullptr) return "";
  const Median median = median_of(score->trials, true);
  return std::isinf(median.value) ? fmt::format("> {}", most_runs) : interval(median, true);
}

// The strategy with the lowest median, if there is one.
std::string best(const Row& row) {
  const Score* best = nullptr;
  double runs = kNever;
  for (std::size_t i = 1; i < row.scores.size(); ++i) {
    const double median = median_of(row.scores[i].trials, true).value;
    if (median >= runs) continue;
    runs = median;
    best = &row.scores[i];
  }
  return best == nullptr ? "-" : fmt::format("{} {}", best->strategy, number(runs, true));
}

std::string hard_mutants(const std::vector<Row>& rows, std::uint64_t most_runs) {
  std::string lines;
  std::size_t hard = 0;
  std::size_t trials = 0;
  std::size_t kills = 0;
  for (const Row& row : rows) {
    if (!is_hard(row)) continue;
    ++hard;
    for (const Trial& trial : row.scores.front().trials) {
      ++trials;
      kills += trial.killed ? 1 : 0;
    }
    lines +=
        fmt::format("| {} | {} | {} | {} | {} |\n", row.mutant, row.clients,
                    schedules(row, "uniform", most_runs), schedules(row, "portfolio", most_runs), best(row));
  }
  if (hard == 0) return "";
  const auto [low, high] = wilson(kills, trials);
  return fmt::format(
             "\n{} of the {} mutants are hard: uniform random search needs more than {:.0f} schedules for "
             "them, "
             "as a median,\nin worlds of {} and more clients. The portfolio kills {:.1f} % ({:.1f} to "
             "{:.1f}) of "
             "its trials on these.\n\n"
             "| hard mutant | clients | uniform, schedules | portfolio, schedules | best alone |\n"
             "|---|---|---|---|---|\n",
             hard, rows.size(), kHardRuns, kHardClients,
             100.0 * static_cast<double>(kills) / static_cast<double>(trials), 100 * low, 100 * high) +
         lines;
}

}  // namespace

bool is_hard(const Row& row) {
  const Score* uniform = score_of(row, "uniform");
  return uniform != nullptr && row.clients >= kHardClients &&
         median_of(uniform->trials, true).value > kHardRuns;
}

Median median_of(const std::vector<Trial>& trials, bool runs) {
  std::vector<double> values;
  for (const Trial& trial : trials) {
    const double value = runs ? static_cast<double>(trial.runs) : trial.seconds;
    values.push_back(trial.killed ? value : kNever);
  }
  if (values.empty()) return {kNever, kNever, kNever};
  std::ranges::sort(values);
  const std::size_t rank = lower_rank(values.size());
  if (rank == 0) return {values[values.size() / 2], values.front(), kNever};
  return {values[values.size() / 2], values[rank - 1], values[values.size() - rank]};
}

std::string league_table(const std::vector<Row>& rows, std::uint64_t most_runs) {
  std::size_t trials = 0;
  for (const Row& row : rows) {
    for (const Score& score : row.scores) trials = std::max(trials, score.trials.size());
  }
  std::string text = fmt::format(
      "{} mutants, {} trials of each strategy with different seeds, at most {} complete schedules each.\n\n",
      rows.size(), trials, most_runs);
  text += totals(rows);
  text += hard_mutants(rows, most_runs);
  text +=
      "\nMutant by mutant: what it does otherwise, its control, the states that the explorer has seen of it, "
      "and\n"
      "the portfolio's and the best single strategy's median number of schedules to the first violation, "
      "with the\n"
      "95 % confidence interval of the median; beside it that of uniform random search.\n\n"
      "| mutant | what it does | control | explorer, states | portfolio, schedules | portfolio, time | "
      "uniform, "
      "schedules | best alone |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const Row& row : rows) {
    const std::vector<Trial> none;
    const std::vector<Trial>& portfolio = row.scores.empty() ? none : row.scores.front().trials;
    text += fmt::format("| {} | {} | {} | {}{} | {} | {} | {} | {} |\n", row.mutant, row.what, row.control,
                        row.explored.killed ? "" : "not killed, ", row.explored.states,
                        schedules(row, "portfolio", most_runs), interval(median_of(portfolio, false), false),
                        schedules(row, "uniform", most_runs), best(row));
  }
  return text;
}

}  // namespace lockstorm::league
