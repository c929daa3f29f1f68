// `lockstorm explore SCENARIO`: one space that is too large for memory, or for one machine.
#include <fmt/format.h>

#include "cli/certificate_file.hpp"
#include "cli/command.hpp"
#include "cli/explore/members.hpp"
#include "cli/mpi/mpi.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "cli/verify_all.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::cli {
namespace {

struct ExploreArguments {
  std::string reference;
  std::string folder;
  unsigned members = 1;
  bool mpi = false;
  bool levels = false;
  std::string certificate;
};

int tell(const ExploreArguments& options, const Global& global, const LevelTable& table,
         const scenarios::VerifyResult& result) {
  const std::vector<scenarios::VerifyResult> results{result};
  std::string text = text_report(result, stdout_style());
  if (options.levels) text += "\n" + table.text();
  Results written(global);
  written.write(global.json_file, [&] { return reports::json_report(results, "explore"); });
  publish(written, global, results);
  written.add(write_certificate(options.certificate, results));
  const int status = written.end(text, 0);
  return status != 0 ? status : exit_status(result.verdict);
}

scenarios::InputError refused(const ExploreArguments& options, const std::string& why) {
  return {{options.folder, 0, 0}, why, "a folder that is empty, or holds the levels of this search", ""};
}

int run_explore(const ExploreArguments& options, const Global& global) {
  const auto found = scenarios::find_scenarios(options.reference);
  if (!found) return bad_input(found.error());
  if (found->size() != 1)
    return bad_input({{options.reference, 0, 0},
                      fmt::format("these are {} scenarios", found->size()),
                      "one scenario",
                      "`lockstorm campaign` for many"});
  if (const auto error = check_published(global, {options.certificate}, files_of(*found)))
    return bad_input(*error);
  std::unique_ptr<sim::Exchange> ranks;
  if (options.mpi) {
    auto joined = join_mpi();
    if (!joined) return bad_input({{"--mpi", 0, 0}, joined.error(), "a build with MPI", "--members N"});
    ranks = *std::move(joined);
  }
  const bool is_first = ranks == nullptr || ranks->rank() == 0;
  LevelTable table;
  try {
    const scenarios::VerifyResult result = explore_together(
        found->front(), {options.folder, options.members, ranks.get(), !options.certificate.empty()}, global,
        table);
    // A file of its own that a rank cannot write or read is nothing that the others know of.
    const bool others_wait = ranks && !result.explored.complete && !result.out_of_memory;
    const int status = is_first || others_wait ? tell(options, global, table, result) : 0;
    if (others_wait) abandon_mpi(status);
    return status;
  } catch (const sim::LevelFolderRefused& error) {
    const int status = is_first ? bad_input(refused(options, error.what())) : scenarios::kExitBadInput;
    if (ranks) abandon_mpi(status);
    return status;
  } catch (const std::exception& error) {
    if (!ranks) throw;
    print_error(fmt::format("lockstorm: rank {}: {}\n", ranks->rank(), scenarios::printable(error.what())));
    abandon_mpi(scenarios::kExitInternal);
    throw;
  }
}

}  // namespace

Action add_explore(CommandLine command) {
  auto options = std::make_shared<ExploreArguments>();
  command.add_option("SCENARIO", options->reference, "YAML file or library name").required();
  command
      .add_option(
          "--spill", options->folder,
          "Keep the levels of the search in DIR; the same command goes on from what is there. Ranks share it")
      .type_name("DIR")
      .check(must_be_file_name)
      .required();
  command
      .add_option("--members", options->members,
                  "Threads that share the search (default 1); --memory is for all")
      .type_name("N")
      .check(whole_number(1, 256));
  command.add_flag("--mpi", options->mpi,
                   "Ranks of an MPI job share the search: `mpirun -n 4 lockstorm explore --mpi ...`; "
                   "--memory is for each");
  command.add_flag("--levels", options->levels,
                   "Tell of each level its states, seconds, and what was sent for it");
  add_certificate_option(command, options->certificate);
  return [options](const Global& global) { return run_explore(*options, global); };
}

}  // namespace lockstorm::cli
