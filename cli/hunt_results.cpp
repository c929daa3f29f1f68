#include "cli/hunt_results.hpp"

#include <nlohmann/json.hpp>

#include "cli/publish.hpp"
#include "cli/results.hpp"
#include "reports/campaigns/hunt_report.hpp"
#include "reports/ci/json_report.hpp"

namespace lockstorm::cli {
namespace {

nlohmann::ordered_json json_of(std::span<const scenarios::HuntResult> hunts) {
  if (hunts.size() == 1) return reports::hunt_json(hunts.front());
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  for (const scenarios::HuntResult& hunted : hunts) results.push_back(reports::hunt_json(hunted));
  return {{"results", std::move(results)}};
}

}  // namespace

int write_hunts(std::span<const scenarios::HuntResult> hunts, const Global& global,
                const std::string& html_file, int status) {
  std::string text;
  std::vector<scenarios::VerifyResult> published;
  for (const scenarios::HuntResult& hunted : hunts) {
    text += (text.empty() ? "" : "\n\n") + reports::hunt_text(hunted, stdout_style());
    published.push_back(hunted.result);
  }
  Results written(global);
  written.write(global.json_file, [&] { return reports::json_text(json_of(hunts)); });
  publish(written, global, published);
  written.write(html_file, [&] { return reports::html_hunts(hunts); });
  return written.end(text, status);
}

}  // namespace lockstorm::cli
