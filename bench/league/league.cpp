// `league`: every strategy on every mutant, and the explorer on each; prints the table of
// `reports/league.md`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

#include "bench/league/table.hpp"
#include "scenarios/library.hpp"

namespace {

using namespace lockstorm;

struct Options {
  unsigned trials = 15;
  std::uint64_t most_runs = 20'000;
  std::string mutants = "*";
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
  for (const std::string& name : scenarios::strategy_names()) against(name, {name});
  return scores;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Sets every strategy, and the explorer, on every mutant"};
  app.add_option("--trials", options.trials, "trials of a strategy on a mutant")->check(CLI::PositiveNumber);
  app.add_option("--runs", options.most_runs, "schedules of a trial")->check(CLI::PositiveNumber);
  app.add_option("--mutants", options.mutants, "glob of names");
  app.add_flag("--explorer-only", options.explorer_only, "no random search");
  CLI11_PARSE(app, argc, argv);

  std::map<std::string_view, sim::Violations> proved;
  std::vector<league::Row> rows;
  for (const league::Mutant& mutant : league::all_mutants()) {
    if (!scenarios::glob_matches(options.mutants, mutant.name)) continue;
    const scenarios::Scenario control = league::library_scenario(mutant.control);
    const auto [position, is_new] = proved.try_emplace(mutant.control);
    if (is_new) position->second = league::proved(control);
    league::Contest contest(control, position->second, mutant.mutation);
    league::Row row{std::string(mutant.name),
                    std::string(mutant.what),
                    std::string(mutant.control),
                    contest.explore(),
                    {}};
    fmt::print(stderr, "{:45} explorer {} {} states {:.2f} s\n", row.mutant,
               row.explored.killed     ? "kills"
               : row.explored.complete ? "DOES NOT KILL"
                                       : "gives up",
               row.explored.states, row.explored.seconds);
    if (!options.explorer_only) row.scores = score(contest, options);
    rows.push_back(std::move(row));
  }
  fmt::print("{}", options.explorer_only ? "" : league::league_table(rows, options.most_runs));
  return 0;
}
