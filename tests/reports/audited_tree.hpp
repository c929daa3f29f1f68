// Audits a small tree of files, so that a test of a report has an answer to report.
#pragma once

#include "reports/campaigns/audit_answer.hpp"
#include "scenarios/data/adversity.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/repository/file_tree.hpp"

namespace lockstorm::reports {

inline RepositoryAnswer audited(const scenarios::FileTree& tree,
                                scenarios::Adversities faults = adversity_bit(scenarios::Adversity::none)) {
  scenarios::InventoryOptions options;
  options.audit.faults = faults;
  const std::vector<std::filesystem::path> paths{tree.root()};
  scenarios::Inventory inventory = take_inventory(paths, options);
  RepositoryAnswer answer{"live", {}, {}, std::move(inventory.complaints), tree.root(), {}};
  for (scenarios::SetUp& set_up : inventory.set_ups) {
    AuditAnswer one;
    one.path = set_up.states.front().directory.string();
    one.plan = std::move(set_up.plan);
    one.states = std::move(set_up.states);
    for (const scenarios::Scenario& configuration : one.plan.configurations)
      one.results.push_back(scenarios::verify(configuration, {}));
    one.findings = conclude_audit(one.results);
    one.graded = scenarios::findings_of(one.plan, one.results, one.findings);
    answer.answers.push_back(std::move(one));
  }
  return answer;
}

inline std::string s3_block(const std::string& arguments, unsigned empty_lines = 0) {
  return std::string(empty_lines, '\n') + "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n" +
         arguments + "\n  }\n}\n";
}

/// Two states that lock alike, in blocks on lines of their own.
inline const scenarios::FileTree& two_states() {
  static const scenarios::FileTree tree{{"app/main.tf", s3_block("key = \"a\"")},
                                        {"data/backend.tf", s3_block("key = \"d\"", 7)}};
  return tree;
}
/// What was found in them.
inline const RepositoryAnswer& two_unlocked() {
  static const RepositoryAnswer answer = audited(two_states());
  return answer;
}

/// The same standing for every finding in every state, but for one.
inline void stand(AuditAnswer& answer, scenarios::Standing all, std::size_t finding, std::size_t state,
                  scenarios::Standing other) {
  answer.standings.assign(answer.graded.size(), std::vector(answer.states.size(), std::move(all)));
  answer.standings.at(finding).at(state) = std::move(other);
}

}  // namespace lockstorm::reports
