#include "cli/campaign/cluster.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "cli/campaign/environment.hpp"
#include "cli/output_file.hpp"
#include "cli/temporary_folder.hpp"
#include "reports/campaigns/batch_files.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/files/library.hpp"
#include "wire/confirm/process.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;
using scenarios::InputError;
using scenarios::ShardRow;
using scenarios::ShardState;

constexpr std::chrono::milliseconds kLookForEnd{20};

reports::ClusterPlace place_of(const fs::path& folder) {
  std::error_code ignored;
  return {fs::read_symlink("/proc/self/exe", ignored).string(),
          fs::absolute(folder).lexically_normal().string(), fs::current_path().string()};
}

struct Said {
  int status = 0;
  std::string text;
};

// One of Slurm's commands, and what it says.
std::expected<Said, InputError> ask_slurm(std::vector<std::string> command) {
  const std::string name = command.front();
  const fs::path program = wire::confirm::program_on_path(name);
  if (program.empty())
    return std::unexpected(InputError{{name, 0, 0},
                                      "Slurm's command is not on PATH",
                                      "a machine that may submit jobs",
                                      "--dry-run prints what would be submitted"});
  command.front() = program.string();
  const TemporaryFolder scratch;
  auto started = wire::confirm::ToolProcess::start(
      {command, fs::current_path(), whole_environment(), scratch.path() / "said"});
  if (!started) return std::unexpected(InputError{{name, 0, 0}, started.error(), "", ""});
  std::optional<int> status;
  while (!(status = started->ended())) std::this_thread::sleep_for(kLookForEnd);
  return Said{*status, started->printed()};
}

// `sbatch --parsable` prints "JOB" or "JOB;CLUSTER", perhaps behind warnings.
std::string job_in(const std::string& said) {
  std::string job;
  std::size_t from = 0;
  while (from < said.size()) {
    const std::size_t end = std::min(said.find('\n', from), said.size());
    const std::string line = said.substr(from, end - from);
    const std::string number = line.substr(0, line.find(';'));
    if (!number.empty() && number.find_first_not_of("0123456789") == std::string::npos) job = number;
    from = end + 1;
  }
  return job;
}

std::string one_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::expected<std::string, InputError> submit(const std::string& script, std::vector<std::string> options) {
  std::vector<std::string> command{"sbatch", "--parsable"};
  command.insert(command.end(), options.begin(), options.end());
  command.push_back(script);
  auto said = ask_slurm(std::move(command));
  if (!said) return std::unexpected(said.error());
  std::string job = job_in(said->text);
  if (said->status != 0 || job.empty())
    return std::unexpected(InputError{{script, 0, 0},
                                      "Slurm refuses the job: " + one_line(said->text),
                                      "",
                                      "`slurm:` of the campaign says what it asks for; nothing is lost, and "
                                      "`lockstorm campaign run` goes on"});
  return job;
}

std::vector<std::int64_t> open_shards(const scenarios::CampaignProgress& progress) {
  std::vector<std::int64_t> open;
  for (const ShardRow& shard : progress.shards) {
    if (shard.state == ShardState::todo || shard.state == ShardState::running) open.push_back(shard.id);
  }
  return open;
}

// Of an earlier submission, which would do the same. Slurm no longer knows those that ended some minutes ago.
std::string job_under_way(const scenarios::CampaignProgress& progress) {
  for (const scenarios::SubmittedJob& job : progress.jobs) {
    const auto said = ask_slurm({"squeue", "--noheader", "--format=%A", "--jobs=" + job.job});
    if (said && said->status == 0 && !job_in(said->text).empty()) return job.job;
  }
  return {};
}

}  // namespace

std::expected<std::string, InputError> slurm_scripts(const scenarios::CampaignSpec& spec,
                                                     const fs::path& folder,
                                                     const std::vector<std::int64_t>& shards) {
  const reports::ClusterPlace place = place_of(folder);
  return slurm_array_script(spec, place, shards) + "\n" + slurm_report_script(spec, place);
}

std::expected<std::string, InputError> submit_to_slurm(CampaignIndex& index) {
  const scenarios::CampaignProgress progress = index.progress();
  const std::vector<std::int64_t> shards = open_shards(progress);
  if (shards.empty())
    return fmt::format("Nothing was submitted: no shard is to do. `lockstorm campaign report {}` reports.\n",
                       index.folder().string());
  if (const std::string job = job_under_way(progress); !job.empty())
    return fmt::format("Nothing was submitted: job {} of this campaign is under way.\n", job);
  const reports::ClusterPlace place = place_of(index.folder());
  const fs::path folder = index.folder() / "slurm";
  std::error_code error;
  fs::create_directories(folder, error);
  const std::string array = (folder / "shards.sh").string();
  const std::string report = (folder / "report.sh").string();
  if (auto failed = write_output_file(array, slurm_array_script(index.spec(), place, shards)))
    return std::unexpected(*std::move(failed));
  if (auto failed = write_output_file(report, slurm_report_script(index.spec(), place)))
    return std::unexpected(*std::move(failed));
  const auto array_job = submit(array, {});
  if (!array_job) return std::unexpected(array_job.error());
  index.note_job({"slurm", *array_job, "shards"});
  const auto report_job = submit(report, {"--dependency=afterany:" + *array_job});
  if (!report_job) {
    InputError refused = report_job.error();
    refused.hint =
        fmt::format("job {} makes the shards all the same; `lockstorm campaign run {}` reports then",
                    *array_job, index.folder().string());
    return std::unexpected(std::move(refused));
  }
  index.note_job({"slurm", *report_job, "report"});
  return fmt::format(
      "Submitted: job {} with {} shards, then job {}, which writes {}/report.json and report.txt.\n"
      "`lockstorm campaign status {}` says how far it is.\n",
      *array_job, shards.size(), *report_job, place.folder, index.folder().string());
}

std::expected<std::string, InputError> kubernetes_file(const scenarios::CampaignSpec& spec,
                                                       const std::vector<scenarios::Scenario>& found) {
  for (const auto& [key, value] :
       {std::pair("image", &spec.kubernetes.image), {"claim", &spec.kubernetes.claim}}) {
    if (value->empty())
      return std::unexpected(
          InputError{{spec.file, 0, 0},
                     fmt::format("the campaign does not say which {} pods {}", key,
                                 std::string_view(key) == "image" ? "run" : "share"),
                     "kubernetes: {image: registry.example/lockstorm:0.2.0, claim: campaigns}",
                     "claim is a PersistentVolumeClaim that all pods can write to"});
  }
  std::map<std::string, std::string> files;
  for (const scenarios::Scenario& scenario : found) {
    if (scenario.file.empty() || is_of_library(scenario)) continue;
    const fs::path beside = fs::absolute(scenario.file)
                                .lexically_normal()
                                .lexically_relative(fs::absolute(spec.file).lexically_normal().parent_path());
    if (beside.empty() || *beside.begin() == "..")
      return std::unexpected(InputError{{scenario.file, 0, 0},
                                        "it lies outside of the folder of the campaign's spec",
                                        "a file beside the spec, or below it",
                                        "pods have the spec and what lies beside it"});
    auto text = read_input_file(scenario.file, scenarios::kScenarioFile);
    if (!text) return std::unexpected(text.error());
    files.emplace(beside.string(), *std::move(text));
  }
  return reports::kubernetes_manifest(spec, found.size() * spec.shards, files);
}

}  // namespace lockstorm::cli
