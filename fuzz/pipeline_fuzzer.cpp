// Fuzzes the readers of CI files, on to the hazards: whatever stands there, complaints are fit to be shown,
// places are inside the file, and every hazard has a rule and a job.
#include <algorithm>

#include "fuzz/expectation.hpp"
#include "reports/pipeline/pipeline_report.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/pipeline/read_pipeline.hpp"

namespace {

using namespace lockstorm;

void check(std::string_view text, const std::string& file) {
  reports::PipelineAnswer answer{file, scenarios::pipeline::read_pipeline_text(std::string(text), file), {}};
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  for (const scenarios::InputError& error : answer.pipeline.complaints) {
    const std::string shown = error.render();
    fuzz::expect(scenarios::printable_lines(shown) == shown, "an error is printable");
    fuzz::expect(error.where.line <= lines, "an error is inside the file");
  }
  answer.hazards = scenarios::pipeline::find_hazards(answer.pipeline);
  for (const scenarios::pipeline::Hazard& hazard : answer.hazards) {
    fuzz::expect(hazard.number >= 1 && hazard.number <= scenarios::pipeline::kHazards, "a hazard has a rule");
    fuzz::expect(hazard.job < answer.pipeline.jobs.size(), "a hazard has a job");
    for (const auto& cause : hazard.causes)
      fuzz::expect(cause.where.line <= lines + 1, "a cause is inside the file");
  }
  const std::string told = text_pipeline(answer, {});
  fuzz::expect(scenarios::printable_lines(told) == told, "a report is printable");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  check(text, "fuzz.yml");
  check(text, "Jenkinsfile");
  return 0;
}
