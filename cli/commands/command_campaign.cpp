// `lockstorm campaign run|status|report`: hunts and proofs in shards, on all cores of one machine or on many
// machines.
#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <numeric>

#include "cli/campaign/campaign_report.hpp"
#include "cli/campaign/cluster.hpp"
#include "cli/campaign/local_workers.hpp"
#include "cli/campaign/shard_worker.hpp"
#include "cli/command.hpp"
#include "cli/output_file.hpp"
#include "cli/publish.hpp"
#include "cli/results.hpp"
#include "cli/temporary_file.hpp"
#include "cli/usage.hpp"
#include "reports/campaigns/shards_report.hpp"
#include "reports/ci/json_report.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/data/verdict.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;
using scenarios::InputError;

struct CampaignArguments {
  std::string what;
  std::string place;
  std::string folder;
  std::string html_file;
  bool retry = false;
  bool slurm = false;
  bool kubernetes = false;
  bool dry_run = false;
  bool ok_when_reported = false;
  std::string shard;
  std::uint64_t parent = 0;
};

bool is_folder(const std::string& place) {
  std::error_code ignored;
  return fs::is_directory(place, ignored);
}

// A spec's campaign lies beside where one is, under the spec's name.
fs::path folder_of(const CampaignArguments& options) {
  if (!options.folder.empty()) return options.folder;
  if (is_folder(options.place)) return options.place;
  return fs::path(options.place).filename().replace_extension(".campaign");
}

struct Asked {
  scenarios::CampaignSpec spec;
  std::vector<scenarios::Scenario> found;
};

std::expected<Asked, InputError> read_asked(const std::string& file) {
  auto spec = scenarios::read_campaign_spec(file);
  if (!spec) return std::unexpected(std::move(spec).error());
  auto found = scenarios_of(*spec);
  if (!found) return std::unexpected(std::move(found).error());
  return Asked{*std::move(spec), *std::move(found)};
}

std::expected<CampaignIndex, InputError> begin_or_open(const CampaignArguments& options) {
  if (is_folder(options.place)) return CampaignIndex::open(options.place);
  const auto asked = read_asked(options.place);
  if (!asked) return std::unexpected(asked.error());
  return CampaignIndex::begin(folder_of(options), asked->spec, asked->found);
}

// What the index says and the parts do not bear out is made again.
std::optional<InputError> make_ready(CampaignIndex& index, bool retry) {
  const auto found = index.scenarios();
  if (!found) return found.error();
  for (const scenarios::ShardRow& shard : index.reopen_lost_parts(
           [&](const scenarios::ShardRow& row) { return part_is_whole(index, row, *found); }))
    print_error(fmt::format("lockstorm: {} is not there, or not whole: shard {} is made again\n",
                            scenarios::printable(index.part_file(shard)), shard.id));
  remove_left_temporary_files(index.folder() / "parts");
  if (retry) index.retry_failed();
  return std::nullopt;
}

int print_or_complain(const std::expected<std::string, InputError>& text) {
  if (!text) return bad_input(text.error());
  print_whole(scenarios::printable_lines(*text));
  return 0;
}

// What would be submitted, with nothing begun: of a spec all shards.
int print_slurm_scripts(const CampaignArguments& options) {
  if (is_folder(options.place)) {
    print_error("lockstorm: --dry-run is for a campaign that is to begin: give the spec\n");
    return scenarios::kExitUsage;
  }
  const auto asked = read_asked(options.place);
  if (!asked) return bad_input(asked.error());
  std::vector<std::int64_t> shards(asked->found.size() * asked->spec.shards);
  std::iota(shards.begin(), shards.end(), 1);
  return print_or_complain(slurm_scripts(asked->spec, folder_of(options), shards));
}

// Pods begin the campaign, with the build that they have: here it is only written down.
int write_kubernetes(const CampaignArguments& options) {
  if (is_folder(options.place)) {
    print_error("lockstorm: --kubernetes begins a campaign in the cluster: give the spec\n");
    return scenarios::kExitUsage;
  }
  const auto asked = read_asked(options.place);
  if (!asked) return bad_input(asked.error());
  const auto manifest = kubernetes_file(asked->spec, asked->found);
  if (!manifest || options.dry_run) return print_or_complain(manifest);
  fs::path file = fs::path(options.place).filename();
  file.replace_extension(".kubernetes.yaml");
  if (const auto failed = write_output_file(file.string(), *manifest)) return bad_input(*failed);
  return print_or_complain(
      fmt::format("Written: {}. `kubectl apply -f {}` begins the campaign.\n", file.string(), file.string()));
}

std::string misplaced(const CampaignArguments& options, const Global& global) {
  if (global.seed != Global{}.seed || global.memory_bytes != Global{}.memory_bytes)
    return "of a campaign, its spec says `seed` and `memory`";
  if (options.what != "run" && (options.slurm || options.kubernetes || options.dry_run || options.retry))
    return "--slurm, --kubernetes, --dry-run and --retry are for `campaign run`";
  if (options.slurm && options.kubernetes) return "--slurm or --kubernetes, not both";
  if (options.dry_run && !options.slurm && !options.kubernetes)
    return "--dry-run prints what --slurm or --kubernetes would submit";
  if (options.what != "work" && !options.shard.empty()) return "--shard is for `campaign work`";
  return {};
}

// Before long work is done for them.
std::optional<int> refused_files(const CampaignIndex& index, const CampaignArguments& options,
                                 const Global& global) {
  if (const std::string why = unwritten_files(index, global, options.html_file); !why.empty()) {
    print_error("lockstorm: " + why + "\n");
    return scenarios::kExitUsage;
  }
  if (const auto error = check_published(global, {options.html_file})) return bad_input(*error);
  return std::nullopt;
}

int run_campaign(const CampaignArguments& options, const Global& global) {
  if (options.kubernetes) return write_kubernetes(options);
  if (options.dry_run) return print_slurm_scripts(options);
  auto index = begin_or_open(options);
  if (!index) return bad_input(index.error());
  if (const auto status = refused_files(*index, options, global)) return *status;
  if (const auto error = make_ready(*index, options.retry)) return bad_input(*error);
  if (options.slurm) return print_or_complain(submit_to_slurm(*index));
  if (const int status = make_shards_here(*index, global.threads()); status != 0) return status;
  const int status = report_campaign(*index, global, options.html_file);
  return options.ok_when_reported && status < scenarios::kExitUsage ? 0 : status;
}

// "index": the variable that Kubernetes sets in the pods of an Indexed Job, from 0.
std::optional<std::int64_t> shard_number(const std::string& text) {
  if (text != "index") return std::stoll(text);
  const char* const index = std::getenv("JOB_COMPLETION_INDEX");  // NOLINT(concurrency-mt-unsafe)
  if (index == nullptr || !whole_number(0, 1'000'000)(index).empty()) return std::nullopt;
  return std::stoll(index) + 1;
}

std::string must_be_shard(const std::string& text) {
  return text == "index" ? std::string() : whole_number(1, 1'000'000)(text);
}

int work_on_campaign(const CampaignArguments& options) {
  auto index = begin_or_open(options);
  if (!index) return bad_input(index.error());
  WorkerOptions worker;
  worker.parent = static_cast<std::int64_t>(options.parent);
  if (!options.shard.empty()) {
    worker.only = shard_number(options.shard);
    if (!worker.only) {
      print_error("lockstorm: --shard index: JOB_COMPLETION_INDEX is not set, or no number\n");
      return scenarios::kExitUsage;
    }
  }
  return make_shards(*index, worker);
}

int campaign_status(const CampaignArguments& options, const Global& global) {
  auto index = CampaignIndex::open(folder_of(options), true);
  if (!index) return bad_input(index.error());
  if (const auto error = check_published(global)) return bad_input(*error);
  const scenarios::CampaignProgress progress = index->progress();
  Results written(global);
  written.write(global.json_file, [&] { return reports::json_text(reports::shards_json(progress)); });
  const bool is_done = progress.count(scenarios::ShardState::done) == progress.shards.size();
  return written.end(reports::shards_text(progress, stdout_style()),
                     is_done ? 0 : exit_status(scenarios::Verdict::unknown));
}

int report_of_campaign(const CampaignArguments& options, const Global& global) {
  auto index = CampaignIndex::open(folder_of(options));
  if (!index) return bad_input(index.error());
  if (const auto status = refused_files(*index, options, global)) return *status;
  return report_campaign(*index, global, options.html_file);
}

int campaign(const CampaignArguments& options, const Global& global) {
  if (const std::string problem = misplaced(options, global); !problem.empty()) {
    print_error("lockstorm: " + problem + "\n");
    return scenarios::kExitUsage;
  }
  try {
    if (options.what == "run") return run_campaign(options, global);
    if (options.what == "work") return work_on_campaign(options);
    if (options.what == "status") return campaign_status(options, global);
    return report_of_campaign(options, global);
  } catch (const DatabaseFailure& failure) {
    return bad_input(failure.error);
  }
}

}  // namespace

Action add_campaign(CommandLine command) {
  auto options = std::make_shared<CampaignArguments>();
  command
      .add_option("WHAT", options->what,
                  "run: begins the campaign or goes on with it, and reports; status: how far it is; report: "
                  "what the shards that are done have found; work: makes shards and reports nothing, for "
                  "batch systems")
      .required()
      .one_of({"run", "status", "report", "work"});
  command
      .add_option("PLACE", options->place,
                  "What the campaign is to do (*.yaml), or the folder of one that was begun")
      .required()
      .check(must_not_be_empty);
  command.add_option("--folder", options->folder, "Where its state is kept (default: SPEC's name, .campaign)")
      .type_name("DIR")
      .check(must_not_be_empty);
  command.add_flag("--retry", options->retry, "Shards that have failed get all their attempts again");
  command.add_flag("--slurm", options->slurm,
                   "Submit it to Slurm: an array of shards, and a job that reports when it has ended");
  command.add_flag("--kubernetes", options->kubernetes,
                   "Write it for Kubernetes: an Indexed Job of shards, and a Job that reports");
  command.add_flag("--dry-run", options->dry_run, "Print what --slurm or --kubernetes would submit");
  command.add_flag("--ok-when-reported", options->ok_when_reported,
                   "Exit status 0 once the report is written, whatever it says");
  command
      .add_option("--shard", options->shard,
                  "Of `work`: only shard N; index: the one of this pod (JOB_COMPLETION_INDEX)")
      .type_name("N")
      .check(must_be_shard);
  command.add_option("--parent", options->parent, "Of `work`: stop when process N has ended")
      .type_name("N")
      .check(whole_number(1, std::uint64_t{1} << 31U));
  add_html_option(command, options->html_file);
  return [options](const Global& global) { return campaign(*options, global); };
}

}  // namespace lockstorm::cli
