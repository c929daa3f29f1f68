// `lockstorm advise recover`: the way out of a broken situation, tried in worlds that begin there.
#include "cli/advise.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "cli/verify_all.hpp"
#include "reports/campaigns/recovery_report.hpp"
#include "scenarios/data/backend_type.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::Situation;

Situation situation_of(const AdviseArguments& arguments) {
  if (arguments.situation == "digest-mismatch") return Situation::digest_mismatch;
  return arguments.situation == "lineage-refused" ? Situation::lineage_refused : Situation::errored_state;
}

void verify_recovery(reports::RecoveryAnswer& answer, const Global& global) {
  answer.results = verify_all(recovery_scenarios(answer.plan), global, "worlds", {.explain = false});
  answer.trials = judge_recovery(answer.plan, answer.results);
  std::vector<OpenQuestion> shown;
  for (const scenarios::RecoveryTrial& trial : answer.trials) {
    if (!trial.shown) continue;
    scenarios::VerifyResult& result = answer.results[*trial.shown];
    if (scenarios::Counterexample* found = result.counterexample_of(trial.property))
      shown.push_back({&result.scenario, found});
    break;  // one is told
  }
  complete_stories(shown, global);
}

}  // namespace

int advise_recover(const AdviseArguments& arguments, const Global& global) {
  const auto state = find_advised_state(arguments.state);
  if (!state) return bad_input(state.error());
  if (const auto error = check_published(global, {}, state->files)) return bad_input(*error);
  reports::RecoveryAnswer answer;
  answer.question = {state->backend, state->tool, situation_of(arguments)};
  answer.directory = state->directory;
  answer.where = state->where;
  answer.names = state->names;
  auto plan = plan_recovery(answer.question);
  if (!plan)
    return bad_input({{arguments.state.backend, 0, 0},
                      plan.error(),
                      "a situation that this backend knows",
                      "`lockstorm describe " + std::string(state->backend->type().name) +
                          "` shows what it can leave behind"});
  answer.plan = *std::move(plan);
  verify_recovery(answer, global);
  Results written(global);
  written.write(global.json_file, [&] { return json_recovery(answer); });
  return written.end(text_recovery(answer, stdout_style()), is_proved(answer) ? 0 : 2);
}

}  // namespace lockstorm::cli
