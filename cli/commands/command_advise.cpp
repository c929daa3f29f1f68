// `lockstorm advise`: what to do now, with this lock or this broken state.
#include "cli/advise.hpp"
#include "cli/command.hpp"
#include "cli/usage.hpp"
#include "scenarios/data/timestamp.hpp"
#include "scenarios/data/verdict.hpp"

namespace lockstorm::cli {
namespace {

std::string must_be_timestamp(const std::string& text) {
  return scenarios::parse_timestamp(text) ? "" : "a time such as 2026-11-29T10:11:12Z";
}

// What is said and answers nothing would be taken for heard.
std::string misplaced(const AdviseArguments& arguments) {
  if (arguments.what == "unlock")
    return arguments.situation.empty() ? "" : "`advise unlock` takes no SITUATION";
  if (arguments.situation.empty())
    return "`advise recover` takes a SITUATION: errored-state, digest-mismatch or lineage-refused";
  const bool is_about_a_lock = !arguments.lock_info.empty() || !arguments.job.empty() ||
                               !arguments.age.empty() || !arguments.as_of.empty();
  return is_about_a_lock ? "--lock-info, --job, --age and --as-of are for `advise unlock`" : "";
}

int advise(const AdviseArguments& arguments, const Global& global) {
  if (const std::string problem = misplaced(arguments); !problem.empty()) {
    print_error("lockstorm: " + problem + "\n");
    return scenarios::kExitUsage;
  }
  return arguments.what == "unlock" ? advise_unlock(arguments, global) : advise_recover(arguments, global);
}

}  // namespace

Action add_advise(CommandLine command) {
  auto options = std::make_shared<AdviseArguments>();
  command
      .add_option("WHAT", options->what,
                  "unlock: whether a lock may be removed by force, and how; recover: the way out of a "
                  "SITUATION")
      .required()
      .one_of({"unlock", "recover"});
  command
      .add_option("SITUATION", options->situation,
                  "Of `recover`: errored-state (a state could not be saved), digest-mismatch (state and "
                  "digest differ), lineage-refused (`state push` is refused by lineage or serial)")
      .one_of({"errored-state", "digest-mismatch", "lineage-refused"});
  add_advised_state_options(command, options->state);
  command
      .add_option(
          "--lock-info", options->lock_info,
          "What is known of the lock: the text that a refused command printed, or its record as JSON; - "
          "is standard input")
      .type_name("FILE")
      .check(must_be_file_name);
  command
      .add_option("--job", options->job,
                  "The job that has the lock is dead, alive, or nobody knows (default unknown)")
      .one_of({"dead", "unknown", "alive"})
      .type_name("STATE");
  command
      .add_option("--age", options->age,
                  "How long ago a dead job has ended, e.g. 20m (default: perhaps just now)")
      .type_name("DURATION")
      .check(must_be_duration);
  command
      .add_option("--as-of", options->as_of,
                  "At what time it is asked, e.g. 2026-11-29T10:11:12Z (default: now)")
      .type_name("TIME")
      .check(must_be_timestamp);
  return [options](const Global& global) { return advise(*options, global); };
}

}  // namespace lockstorm::cli
