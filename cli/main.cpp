// The `lockstorm` command: parses the command line, runs one command, turns whatever happens into an exit
// status.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <sstream>

#include "cli/built_from.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "cli/publish.hpp"
#include "cli/threads.hpp"
#include "cli/usage.hpp"
#include "cli/word_order.hpp"
#include "scenarios/data/verdict.hpp"
#include "sim/limits.hpp"
#include "sim/process/promise_check.hpp"

namespace lockstorm::cli {
namespace {

// What of its result a command writes into files of everybody's options.
enum class Writes : std::uint8_t { nothing, json, json_and_markdown, json_and_perfetto, all };

struct CommandInfo {
  const char* name;
  const char* does;
  Action (*add)(CommandLine);
  Writes writes;
  bool shares_work = false;  ///< on several threads
};

constexpr std::array<CommandInfo, 25> kCommands{{
    {"audit", "Reads a Terraform/OpenTofu configuration and verifies its backend for concurrent CI jobs",
     add_audit, Writes::all, true},
    {"compare", "Compares two configurations: findings that go, come and stay, and how to roll out safely",
     add_compare, Writes::json, true},
    {"pipeline", "What the CI files say: who runs when, kept apart by what, and what can go wrong of it",
     add_pipeline, Writes::json},
    {"advise", "What to do now: whether a lock may be removed by force, or the way out of a broken state",
     add_advise, Writes::json, true},
    {"matrix", "Every backend in both tools' dialects under standard faults, as one table", add_matrix,
     Writes::all, true},
    {"verify", "Visits every reachable state of a scenario: a proof or a shortest counterexample", add_verify,
     Writes::all, true},
    {"explore", "One scenario that is too large for memory: levels on disk, shared by threads or MPI ranks",
     add_explore, Writes::all},
    {"hunt", "Randomised search of worlds that are too large to exhaust", add_hunt, Writes::all, true},
    {"campaign", "Hunts and proofs on many machines: in shards, on all cores, Slurm or Kubernetes",
     add_campaign, Writes::all, true},
    {"merge", "Joins the JSON of a campaign's shards into the report of the whole", add_merge, Writes::all},
    {"simulate", "One random run of a scenario, decided by --seed; with --timed in virtual time",
     add_simulate, Writes::json_and_perfetto},
    {"contend", "How long jobs wait for the lock, how many give up, and which -lock-timeout is right",
     add_contend, Writes::json_and_markdown, true},
    {"replay", "Runs a counterexample again, step by step", add_replay, Writes::all},
    {"certify", "Finds again what a certificate of `verify` says", add_certify, Writes::nothing, true},
    {"judge", "Checks recorded histories: linearizability, lost updates, lock exclusion", add_judge,
     Writes::json},
    {"bench", "Runs the benchmarks and says what became slower, beyond chance", add_bench,
     Writes::json_and_markdown},
    {"serve", "A modelled server that real tools talk to", add_serve, Writes::nothing},
    {"confirm", "A counterexample, forced on the real tool", add_confirm, Writes::json},
    {"probe", "Which promises a real store keeps", add_probe, Writes::json},
    {"record", "What a tool and its real store say to each other, written down", add_record, Writes::nothing},
    {"accept", "Whether what a real tool has sent is a run of the model", add_accept, Writes::json},
    {"list", "Backends, services, properties, faults, scenarios", add_list, Writes::json},
    {"describe", "What a property, fault, backend or scenario is", add_describe, Writes::json},
    {"manual", "Prints the manual page: `lockstorm manual | man -l -`", add_manual, Writes::nothing},
    {"completions", "Prints what a shell sources to complete the command line", add_completions,
     Writes::nothing},
}};

constexpr const char* kFooter =
    "\nSCENARIO is a YAML file, a name of the library (`lockstorm list`), or a glob of names.\n"
    "Exit status: 0 held, 1 violated, 2 unknown, 3 invalid run, 4 nondeterminism, 64 usage, 65 bad input,\n"
    "70 internal error. `audit` ends with 1 only for a finding that is new, not accepted, not inherent and "
    "at\n"
    "or above --fail-on.";

void add_global_options(CLI::App& app, Global& global) {
  app.add_option("--json", global.json_file, "Write the result as JSON to FILE; - is standard output")
      ->type_name("FILE")
      ->check(must_be_file_name);
  add_publish_options(CommandLine(app), global.published);
  app.add_option_function<std::string>(
         "--seed", [&global](const std::string& text) { global.seed = parse_seed(text).value(); },
         "Seed of random choices (default 1)")
      ->type_name("N")
      ->check(must_be_seed);
  app.add_option("--threads,--jobs", global.jobs, "Threads (default: one for each processor)")
      ->type_name("N")
      ->check(whole_number(1, 1024));
  app.add_option_function<std::string>(
         "--memory", [&global](const std::string& size) { global.memory_bytes = parse_size(size).value(); },
         "Memory the command may take, e.g. 8G (default 4G)")
      ->type_name("SIZE")
      ->check(must_be_size);
  app.set_version_flag("--version", version_text(), "Print the version, what it was built from, and stop");
}

// What is hidden in it is hidden first: the end of a URL may be what tells that there is a password.
int usage_error(const std::string& message) {
  print_error(fmt::format("lockstorm: {}\n`lockstorm --help` shows commands and options.\n",
                          scenarios::abridged(scenarios::printable(message))));
  return scenarios::kExitUsage;
}

// A file that was asked for and would never be written is no success.
std::optional<std::string> unwritten_file(const CommandInfo& command, const Global& global) {
  const PublishedFiles& files = global.published;
  const std::array<std::pair<const char*, const std::string*>, 6> asked{{{"--json", &global.json_file},
                                                                         {"--junit", &files.junit},
                                                                         {"--sarif", &files.sarif},
                                                                         {"--markdown", &files.markdown},
                                                                         {"--perfetto", &files.perfetto},
                                                                         {"--badge", &files.badge}}};
  for (const auto& [option, file] : asked) {
    const bool is_written = command.writes == Writes::all ||
                            (command.writes != Writes::nothing && file == &global.json_file) ||
                            (command.writes == Writes::json_and_markdown && file == &files.markdown) ||
                            (command.writes == Writes::json_and_perfetto && file == &files.perfetto);
    if (!file->empty() && !is_written) return fmt::format("`{}` writes no {} file", command.name, option);
  }
  return std::nullopt;
}

// What --help and --version print goes the same way as reports.
int print_help(const CLI::App& app, const CLI::Success& asked) {
  std::ostringstream text;
  const int status = app.exit(asked, text, text);
  print_whole(text.str());
  return status;
}

void limit_threads(Global& global) {
  const unsigned wanted = global.threads();
  global.jobs = startable_threads(wanted);
  if (global.threads() < wanted)
    print_error(
        fmt::format("lockstorm: only {} of {} threads can be started here (ulimit -u): it goes on with {}\n",
                    global.threads(), wanted, global.threads()));
}

std::string options_of_every_command(const CLI::App& app) {
  const CLI::Formatter formatter;
  return "Of every command:\n" + formatter.make_groups(&app, CLI::AppFormatMode::Normal);
}

int parse_and_run(int argc, char** argv) {
  CLI::App app{
      "Finds out whether concurrent terraform/tofu applies on a state backend can corrupt or lose state.",
      "lockstorm"};
  Global global;
  std::map<const CLI::App*, Action> actions;
  app.allow_extras();
  app.footer(kFooter);
  add_global_options(app, global);
  for (const CommandInfo& info : kCommands) {
    CLI::App* command = app.add_subcommand(info.name, info.does);
    command->footer([&app] { return options_of_every_command(app); });
    command->fallthrough();
    command->allow_extras();
    actions[command] = info.add(CommandLine(*command));
  }
  if (const std::optional<std::string> empty = option_without_value(argc, argv)) return usage_error(*empty);
  try {
    std::vector<std::string> words = in_parsing_order(app, {argv + 1, argv + std::max(argc, 1)});
    std::ranges::reverse(words);  // as this way of parsing wants them
    app.parse(std::move(words));
  } catch (const CLI::Success& asked) {  // --help, --version
    return print_help(app, asked);
  } catch (const CLI::ParseError& error) {
    const std::optional<std::string> unknown = unknown_words(app);
    return usage_error(unknown && error.get_name() == "RequiredError" ? *unknown : error.what());
  }
  if (const std::optional<std::string> unknown = unknown_words(app)) return usage_error(*unknown);
  const CLI::App* chosen = app.get_subcommands().front();
  const auto* const info = std::ranges::find(kCommands, chosen->get_name(), &CommandInfo::name);
  if (const std::optional<std::string> unwritten = unwritten_file(*info, global))
    return usage_error(*unwritten);
  if (const auto error = check_published(global)) return bad_input(*error);
  tell_of_interrupts(chosen->get_name());
  if (info->shares_work) limit_threads(global);
  return actions.at(chosen)(global);
}

}  // namespace
}  // namespace lockstorm::cli

namespace {

// Whatever happens becomes a message and an exit status.
int run_command(int argc, char** argv) {
  using lockstorm::cli::print_error;
  try {
    return lockstorm::cli::parse_and_run(argc, argv);
  } catch (const lockstorm::cli::CannotPrint& failure) {
    return lockstorm::cli::ends_by_broken_pipe() ? lockstorm::scenarios::kExitBadInput
                                                 : lockstorm::cli::bad_input(failure.error);
  } catch (const std::bad_alloc&) {
    print_error("lockstorm: out of memory; try a smaller --memory or fewer --jobs\n");
  } catch (const lockstorm::sim::BrokenPromise& error) {
    print_error(fmt::format(
        "lockstorm: {}\nThis is a bug in a model of lockstorm, not in the input; please report it.\n",
        lockstorm::scenarios::printable(error.what())));
  } catch (const lockstorm::sim::LimitExceeded& error) {
    print_error(fmt::format("lockstorm: beyond a limit of the engine: {}\n",
                            lockstorm::scenarios::printable(error.what())));
  } catch (const std::exception& error) {
    print_error(fmt::format(
        "lockstorm: internal error: {}\nThis is a bug in lockstorm; please report it with the command "
        "line.\n",
        lockstorm::scenarios::printable(error.what())));
  }
  return lockstorm::scenarios::kExitInternal;
}

}  // namespace

int main(int argc, char** argv) {
  lockstorm::cli::prepare_standard_streams();
  const int status = run_command(argc, argv);
  lockstorm::cli::end_by_broken_pipe();
  return status;
}
