// Fuzzes the reader of campaigns: what is read is within its ranges, and what is wrong has a place.
#include "fuzz/expectation.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/shards/campaign_spec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lockstorm;
  const auto spec = scenarios::parse_campaign_spec(std::string(fuzz::text_of(data, size)), "campaign.yaml");
  if (!spec) {
    const std::string error = spec.error().render();
    fuzz::expect(scenarios::printable_lines(error) == error, "an error is printable");
    fuzz::expect(!spec.error().problem.empty(), "an error says what is wrong");
    return 0;
  }
  const bool verifies = spec->kind == scenarios::CampaignKind::verify;
  fuzz::expect(!spec->references.empty() && spec->references.size() == spec->where.size(),
               "a campaign has scenarios, each with its place");
  fuzz::expect(verifies ? spec->shards == 1 : spec->shards >= 2 && spec->shards <= scenarios::kLanes,
               "shards are within their range");
  fuzz::expect(spec->attempts >= 1 && spec->lost_after.count() >= 1000 && spec->runs >= 1,
               "settings are within their ranges");
  return 0;
}
