// Fuzzes the readers of Terraform configurations, native and JSON, on to the plan of an audit: whatever
// stands there, the errors and assumptions are fit to be shown, and a place is inside the file.
#include <algorithm>

#include "fuzz/expectation.hpp"
#include "scenarios/campaigns/audit.hpp"
#include "scenarios/config/config_merge.hpp"
#include "scenarios/config/file_findings.hpp"
#include "scenarios/data/printable.hpp"

namespace {

using namespace lockstorm;

void check(const scenarios::InputError& error, std::string_view text) {
  const std::string shown = error.render();
  fuzz::expect(scenarios::printable_lines(shown) == shown, "an error is printable");
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  fuzz::expect(error.where.line <= lines, "an error is inside the file");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const bool is_json = text.starts_with('{');
  const scenarios::SourceText source(is_json ? "fuzz.tf.json" : "fuzz.tf", std::string(text));
  auto found = is_json ? find_in_json(source) : find_in_native(source);
  if (!found) {
    check(found.error(), text);
    return 0;
  }
  scenarios::ConfigMerge merge;
  if (const auto complaint = merge.append(*std::move(found))) {
    check(*complaint, text);
    return 0;
  }
  const auto configuration = std::move(merge).take();
  for (const auto tool : {models::Dialect::terraform, models::Dialect::opentofu}) {
    scenarios::AuditOptions options;
    options.tool = tool;
    const auto plan = scenarios::plan_audit(configuration, options);
    if (!plan) {
      check(plan.error(), text);
      continue;
    }
    fuzz::expect(!plan->configurations.empty(), "there is something to verify");
    for (const std::string& assumption : plan->assumptions)
      fuzz::expect(scenarios::printable(assumption) == assumption, "an assumption is printable");
  }
  return 0;
}
