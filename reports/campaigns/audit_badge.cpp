#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/campaigns/audit_formats.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/reported.hpp"
#include "reports/ci/json_report.hpp"

namespace lockstorm::reports {

// Only what is decided and fails nothing is green.
std::string badge_repository(const RepositoryAnswer& answer) {
  using scenarios::Verdict;
  const std::vector<scenarios::Finding> found = failing(reported(answer));
  const Verdict verdict = answer.verdict();
  const bool is_open =
      !answer.complaints.empty() || (verdict != Verdict::held && verdict != Verdict::violated);
  const std::string message = !found.empty()               ? grades_text(found)
                              : !answer.complaints.empty() ? "not all could be read"
                              : is_open                    ? std::string(verdict_name(verdict))
                                                           : "nothing fails";
  return json_text({{"schemaVersion", 1},
                    {"label", "lockstorm audit"},
                    {"message", message},
                    {"color", !found.empty() ? "red"
                              : is_open      ? "yellow"
                                             : "brightgreen"},
                    {"isError", !found.empty()}});
}

}  // namespace lockstorm::reports
