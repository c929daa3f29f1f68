#include "cli/any_number.hpp"

#include <algorithm>

#include "cli/output_file.hpp"
#include "cli/usage.hpp"
#include "reports/text/any_number_text.hpp"
#include "scenarios/search/any_number.hpp"
#include "scenarios/search/search_memory.hpp"

namespace lockstorm::cli {
namespace {

constexpr std::size_t kMostStates = 4'000'000;  // for each number of jobs that is tried
constexpr std::size_t kMostViews = 400'000;
constexpr std::size_t kBytesOfAView = 2048;  // with its steps, and what is looked up for it

}  // namespace

void add_any_number_options(CommandLine command, AnyNumberArguments& options) {
  command.add_flag("--any-number", options.wanted,
                   "Also try to prove what holds for every number of equal jobs");
  command
      .add_option("--views", options.views_file,
                  "With --any-number: write the proof to FILE, for scripts/check-views to check")
      .type_name("FILE")
      .check(must_be_file_beside_report);
}

AnyNumberAnswer prove_any_number(const AnyNumberArguments& options,
                                 std::span<const scenarios::Scenario> found, const Global& global) {
  AnyNumberAnswer answer;
  if (!options.wanted && options.views_file.empty()) return answer;
  for (const scenarios::Scenario& scenario : found) {
    const scenarios::AnyNumberResult result = prove_for_any_number(
        scenario, {.max_views = std::min(kMostViews, global.memory_bytes / kBytesOfAView),
                   .max_states = scenarios::states_within(global.memory_bytes, kMostStates)});
    answer.told += "\n" + reports::any_number_text(scenario, result);
    answer.certificate += result.certificate;
  }
  return answer;
}

std::optional<scenarios::InputError> write_views(const AnyNumberArguments& options,
                                                 const AnyNumberAnswer& answer) {
  if (options.views_file.empty()) return std::nullopt;
  if (answer.certificate.empty())
    return scenarios::InputError{{options.views_file, 0, 0},
                                 "there is no proof to be written",
                                 "a scenario with a property that is held for any number of jobs",
                                 "leave out --views"};
  return write_output_file(options.views_file, answer.certificate);
}

}  // namespace lockstorm::cli
