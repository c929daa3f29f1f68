#include "reports/campaigns/batch_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "reports/format/shell.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::CampaignSpec;

// "1-4,7": numbers that rise.
std::string as_ranges(const std::vector<std::int64_t>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    text += fmt::format("{}{}", text.empty() ? "" : ",", numbers[i]);
    if (last > i) text += fmt::format("-{}", numbers[last]);
    i = last + 1;
  }
  return text;
}

// sbatch takes a line of options apart as a shell would; in names of files it replaces what follows a '%'.
std::string file_pattern(const std::string& folder, std::string_view name) {
  std::string escaped;
  for (const char c : folder) escaped += c == '%' ? "%%" : std::string(1, c);
  return shell_word(fmt::format("{}/slurm/{}", escaped, name));
}

std::string campaign_name(const CampaignSpec& spec) {
  return label_of(std::filesystem::path(spec.file).stem().string());
}

std::string slurm_head(const CampaignSpec& spec, const ClusterPlace& place, std::string_view what) {
  const scenarios::SlurmPlace& slurm = spec.slurm;
  std::string text = fmt::format(
      "#!/bin/sh\n# Written by `lockstorm campaign run --slurm`: {} of the campaign {}.\n#SBATCH "
      "--job-name={}\n#SBATCH --chdir={}\n",
      what, campaign_name(spec), campaign_name(spec), shell_word(place.directory));
  for (const auto& [option, value] : {std::pair("partition", &slurm.partition),
                                      {"account", &slurm.account},
                                      {"time", &slurm.time},
                                      {"mem", &slurm.memory}}) {
    if (!value->empty()) text += fmt::format("#SBATCH --{}={}\n", option, shell_word(*value));
  }
  for (const std::string& option : slurm.options) text += fmt::format("#SBATCH {}\n", option);
  return text;
}

// Every JSON string is a double-quoted YAML scalar. Nothing in it is hidden: it is read again.
std::string yaml_string(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

struct KubernetesJob {
  std::string name;
  std::string container;
  std::string does;     ///< lines of the Job's own spec
  std::string restart;  ///< restartPolicy of its pods
  std::vector<std::string> command;
};

std::string metadata(const CampaignSpec& spec, const std::string& name) {
  std::string text = fmt::format("metadata:\n  name: {}\n", name);
  if (!spec.kubernetes.name_space.empty())
    text += fmt::format("  namespace: {}\n", yaml_string(spec.kubernetes.name_space));
  return text + fmt::format(
                    "  labels:\n    app.kubernetes.io/name: lockstorm\n    "
                    "app.kubernetes.io/instance: {}\n",
                    campaign_name(spec));
}

std::string volumes(const CampaignSpec& spec, const std::map<std::string, std::string>& files) {
  const std::string spec_name = std::filesystem::path(spec.file).filename().string();
  std::string text = fmt::format(
      "      volumes:\n        - name: spec\n          configMap:\n            name: {}-spec\n            "
      "items:\n              - key: spec\n                path: {}\n",
      campaign_name(spec), yaml_string(spec_name));
  std::size_t number = 0;
  for (const auto& [path, content] : files)
    text += fmt::format("              - key: scenario-{}\n                path: {}\n", ++number,
                        yaml_string(path));
  return text + fmt::format(
                    "        - name: campaigns\n          persistentVolumeClaim:\n            "
                    "claimName: {}\n",
                    yaml_string(spec.kubernetes.claim));
}

std::string job_manifest(const CampaignSpec& spec, const std::map<std::string, std::string>& files,
                         const KubernetesJob& job) {
  const scenarios::KubernetesPlace& place = spec.kubernetes;
  std::vector<std::string> command;
  for (const std::string& word : job.command) command.push_back(yaml_string(word));
  std::string text = "apiVersion: batch/v1\nkind: Job\n" + metadata(spec, job.name) + "spec:\n" + job.does;
  text += "  template:\n    spec:\n";
  text += fmt::format("      restartPolicy: {}\n      containers:\n        - name: {}\n          image: {}\n",
                      job.restart, job.container, yaml_string(place.image));
  text += fmt::format("          command: [{}]\n", fmt::join(command, ", "));
  text += fmt::format(
      "          resources:\n            requests: {{cpu: {}, memory: {}}}\n            limits: {{memory: "
      "{}}}\n",
      yaml_string(place.cpu), yaml_string(place.memory), yaml_string(place.memory));
  text +=
      "          volumeMounts:\n            - {name: spec, mountPath: /spec, readOnly: true}\n"
      "            - {name: campaigns, mountPath: /campaigns}\n";
  return text + volumes(spec, files);
}

}  // namespace

std::string label_of(const std::string& name) {
  constexpr std::size_t kLongest = 50;  // what is added still fits into 63
  std::string label;
  for (const char c : name) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool stays = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (stays) label += lower;
    if (!stays && !label.empty() && label.back() != '-') label += '-';
  }
  label.resize(std::min(label.size(), kLongest));
  while (label.ends_with('-')) label.pop_back();
  return label.empty() ? "campaign" : label;
}

std::string slurm_array_script(const CampaignSpec& spec, const ClusterPlace& place,
                               const std::vector<std::int64_t>& shards) {
  return slurm_head(spec, place, "the shards") +
         fmt::format(
             "#SBATCH --array={}\n#SBATCH --ntasks=1\n#SBATCH --cpus-per-task=1\n"
             "# When a node is lost, its tasks are started again on others.\n#SBATCH --requeue\n"
             "#SBATCH --open-mode=append\n#SBATCH --output={}\n",
             as_ranges(shards), file_pattern(place.folder, "%A_%a.log")) +
         fmt::format("exec {} campaign work {} --shard \"$SLURM_ARRAY_TASK_ID\"\n", shell_word(place.program),
                     shell_word(place.folder));
}

std::string slurm_report_script(const CampaignSpec& spec, const ClusterPlace& place) {
  const std::string json = shell_word(place.folder + "/report.json");
  return slurm_head(spec, place, "what is left, and the report") +
         fmt::format(
             "#SBATCH --ntasks=1\n#SBATCH --requeue\n#SBATCH --open-mode=append\n#SBATCH "
             "--output={}\n",
             file_pattern(place.folder, "report-%j.log")) +
         fmt::format(
             "exec {} --threads \"${{SLURM_CPUS_ON_NODE:-1}}\" --json {} campaign run {} --ok-when-reported "
             "> {}\n",
             shell_word(place.program), json, shell_word(place.folder),
             shell_word(place.folder + "/report.txt"));
}

std::string kubernetes_manifest(const CampaignSpec& spec, std::size_t shards,
                                const std::map<std::string, std::string>& files) {
  const std::string name = campaign_name(spec);
  const std::string there = "/spec/" + std::filesystem::path(spec.file).filename().string();
  const std::string folder = "/campaigns/" + name;
  std::string text = fmt::format(
      "# Written by `lockstorm campaign run --kubernetes`: kubectl apply -f FILE.\napiVersion: v1\nkind: "
      "ConfigMap\n{}data:\n  spec: {}\n",
      metadata(spec, name + "-spec"), yaml_string(spec.text));
  std::size_t number = 0;
  for (const auto& [path, content] : files)
    text += fmt::format("  scenario-{}: {}\n", ++number, yaml_string(content));
  const std::size_t at_once = spec.kubernetes.parallelism == 0 ? shards : spec.kubernetes.parallelism;
  text += "---\n" +
          job_manifest(spec, files,
                       {name + "-shards",
                        "shard",
                        fmt::format("  completions: {}\n  parallelism: {}\n  completionMode: Indexed\n  "
                                    "backoffLimitPerIndex: {}\n",
                                    shards, std::min(at_once, shards), spec.attempts),
                        "Never",
                        {"lockstorm", "campaign", "work", there, "--folder", folder, "--shard", "index"}});
  return text + "---\n" +
         job_manifest(spec, files,
                      {name + "-report",
                       "report",
                       "",
                       "OnFailure",
                       {"lockstorm", "--threads", "1", "--json", folder + "/report.json", "campaign", "run",
                        there, "--folder", folder, "--ok-when-reported"}});
}

}  // namespace lockstorm::reports
