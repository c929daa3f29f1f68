#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/campaigns/audit_formats.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/reported.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/ci/json_report.hpp"

namespace lockstorm::reports {

// Only what is decided and fails nothing is green.
std::string badge_repository(const RepositoryAnswer& answer) {
  using scenarios::Verdict;
  const std::vector<scenarios::Finding> found = failing(reported(answer));
  std::vector<scenarios::Grade> hazards;
  for (const ReportedHazard& one : reported_hazards(answer)) {
    if (fails(one)) hazards.push_back(one.finding->grade);
  }
  const bool is_failed = !found.empty() || !hazards.empty();
  const Verdict verdict = answer.verdict();
  const bool is_open =
      !answer.complaints.empty() || (verdict != Verdict::held && verdict != Verdict::violated);
  const std::string message = is_failed                    ? grades_text(found, hazards)
                              : !answer.complaints.empty() ? "not all could be read"
                              : is_open                    ? std::string(verdict_name(verdict))
                                                           : "nothing fails";
  return json_text({{"schemaVersion", 1},
                    {"label", "lockstorm audit"},
                    {"message", message},
                    {"color", is_failed ? "red"
                              : is_open ? "yellow"
                                        : "brightgreen"},
                    {"isError", is_failed}});
}

}  // namespace lockstorm::reports
