// The answer to `advise recover`, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "reports/format/style.hpp"
#include "scenarios/advice/recovery.hpp"
#include "scenarios/advice/state_names.hpp"

namespace lockstorm::reports {

struct RecoveryAnswer {
  scenarios::RecoveryQuestion question;
  std::string directory;            ///< of the root module; empty: only the type of the backend is known
  scenarios::SourceLocation where;  ///< of the backend block; empty file: there is none
  scenarios::StateNames names{""};
  scenarios::RecoveryPlan plan;
  std::vector<scenarios::VerifyResult> results;
  std::vector<scenarios::RecoveryTrial> trials;
};

/// Whether what the runbook does is proved: nothing is lost by it, in any world, while nobody else applies.
bool is_proved(const RecoveryAnswer& answer);

std::string text_recovery(const RecoveryAnswer& answer, const Style& style);

/// {"advise": {"what": "recover", "situation": ..., "proved": true, ...}, "results": [the world of which a
/// schedule is shown]}.
std::string json_recovery(const RecoveryAnswer& answer);

}  // namespace lockstorm::reports
