// `league`: every strategy on every mutant, and the explorer on each; prints the table of
// `reports/league.md`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

#include "bench/league/table.hpp"
#include "scenarios/files/library.hpp"
#include "sim/explore/parallel.hpp"

namespace {

using namespace lockstorm;

struct Options {
  unsigned trials = 15;
  std::uint64_t most_runs = 20'000;
  std::string mutants = "*";
  std::vector<std::string> strategies = scenarios::strategy_names();
  unsigned threads = 1;
  bool explorer_only = false;
};

std::vector<league::Score> score(league::Contest& contest, const Options& options) {
  std::vector<league::Score> scores;
  const auto against = [&](const std::string& name, const std::vector<std::string>& strategies) {
    league::Score one{name, {}};
    for (unsigned trial = 0; trial < options.trials; ++trial)
      one.trials.push_back(contest.search(strategies, trial + 1, options.most_runs));
    scores.push_back(std::move(one));
  };
  against("portfolio", scenarios::strategy_names());
  for (const std::string& name : options.strategies) against(name, {name});
  return scores;
}

league::Row row_of(const league::Mutant& mutant, checkers::PropertySet proved, const Options& options) {
  const scenarios::Scenario control = league::scenario_of(mutant.control);
  league::Contest contest(control, proved, mutant.mutation);
  league::Row row{std::string(mutant.name), std::string(mutant.what), mutant.control.name(),
                  control.clients(),        contest.explore(),        {}};
  fmt::print(stderr, "{:45} explorer {} {} states {:.2f} s\n", row.mutant,
             row.explored.killed     ? "kills"
             : row.explored.complete ? "DOES NOT KILL"
                                     : "gives up",
             row.explored.states, row.explored.seconds);
  if (!options.explorer_only) row.scores = score(contest, options);
  return row;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Sets every strategy, and the explorer, on every mutant"};
  app.add_option("--trials", options.trials, "trials of a strategy on a mutant")->check(CLI::PositiveNumber);
  app.add_option("--runs", options.most_runs, "schedules of a trial")->check(CLI::PositiveNumber);
  app.add_option("--mutants", options.mutants, "glob of names");
  app.add_option("--strategies", options.strategies, "those that are set on the mutants beside the portfolio")
      ->delimiter(',');
  app.add_option("--threads", options.threads, "mutants at once; only times depend on it")
      ->check(CLI::PositiveNumber);
  app.add_flag("--explorer-only", options.explorer_only, "no random search");
  CLI11_PARSE(app, argc, argv);

  std::vector<league::Mutant> mutants;
  std::map<league::Control, checkers::PropertySet> proved;
  for (league::Mutant& mutant : league::all_mutants()) {
    if (!scenarios::glob_matches(options.mutants, mutant.name)) continue;
    const auto [position, is_new] = proved.try_emplace(mutant.control);
    if (is_new) position->second = league::proved(league::scenario_of(mutant.control));
    mutants.push_back(std::move(mutant));
  }
  std::vector<league::Row> rows(mutants.size());
  sim::run_parallel(options.threads, mutants.size(), [&](std::size_t i) {
    rows[i] = row_of(mutants[i], proved.at(mutants[i].control), options);
  });
  fmt::print("{}", options.explorer_only ? "" : league::league_table(rows, options.most_runs));
  return 0;
}
