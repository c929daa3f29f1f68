// `lockstorm pipeline`: what the CI files of a repository say about runs of the tool.
#include <algorithm>
#include <memory>

#include "cli/command.hpp"
#include "cli/publish.hpp"
#include "cli/results.hpp"
#include "cli/usage.hpp"
#include "reports/pipeline/pipeline_report.hpp"
#include "scenarios/data/verdict.hpp"
#include "scenarios/pipeline/backend_facts.hpp"
#include "scenarios/pipeline/read_pipeline.hpp"

namespace lockstorm::cli {
namespace {

struct PipelineArguments {
  std::string path;
  bool explains_keys = false;
  std::string html_file;
};

int run_pipeline(const PipelineArguments& arguments, const Global& global) {
  auto pipeline = scenarios::pipeline::read_pipeline(arguments.path);
  if (!pipeline) return bad_input(pipeline.error());
  if (const auto error = check_published(global, {arguments.html_file}, pipeline->files))
    return bad_input(*error);
  for (const scenarios::InputError& complaint : pipeline->complaints) bad_input(complaint);
  reports::PipelineAnswer answer{arguments.path, *std::move(pipeline), {}};
  answer.facts = scenarios::pipeline::facts_from_configurations(answer.pipeline.root);
  answer.hazards = scenarios::pipeline::find_hazards(answer.pipeline, answer.facts);
  Results written(global);
  written.write(global.json_file, [&] { return json_pipeline(answer); });
  written.write(arguments.html_file, [&] { return html_pipeline(answer); });
  const bool has_hazard = std::ranges::any_of(answer.hazards, reports::matters);
  const int status = !answer.pipeline.complaints.empty() ? scenarios::kExitBadInput
                     : has_hazard ? scenarios::exit_status(scenarios::Verdict::violated)
                                  : 0;
  return written.end(
      arguments.explains_keys ? explain_keys(answer, stdout_style()) : text_pipeline(answer, stdout_style()),
      status);
}

}  // namespace

Action add_pipeline(CommandLine command) {
  auto options = std::make_shared<PipelineArguments>();
  command.add_option("PATH", options->path, "A repository, or one file of its CI system").required();
  command.add_flag("--explain-key", options->explains_keys,
                   "Why two runs that meet at a state can or cannot be under way at once");
  add_html_option(command, options->html_file);
  return [options](const Global& global) { return run_pipeline(*options, global); };
}

}  // namespace lockstorm::cli
