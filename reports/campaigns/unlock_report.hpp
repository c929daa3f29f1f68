// The answer to `advise unlock`, as text and as JSON.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "reports/format/style.hpp"
#include "scenarios/advice/lock_record.hpp"
#include "scenarios/advice/state_names.hpp"
#include "scenarios/advice/unlock_advice.hpp"

namespace lockstorm::reports {

struct UnlockAnswer {
  scenarios::UnlockQuestion question;
  std::string directory;            ///< of the root module; empty: only the type of the backend is known
  scenarios::SourceLocation where;  ///< of the backend block; empty file: there is none
  scenarios::StateNames names{""};
  scenarios::LockRecord record;  ///< its id is empty where nobody has it in hand
  scenarios::Timestamp as_of;
  std::optional<std::chrono::seconds> age;  ///< since the job has ended, or was last heard of
  std::string other_state;                  ///< the path in the lock info, where it is not this state's
  scenarios::UnlockPlan plan;
  std::vector<scenarios::VerifyResult> results;
  scenarios::UnlockJudgement judgement;
  scenarios::RequestBound bound;
  scenarios::UnlockDecision decision;
};

std::string text_unlock(const UnlockAnswer& answer, const Style& style);

/// {"advise": {"what": "unlock", "answer": "wait", ...}, "results": [the world of which a schedule is
/// shown]}.
std::string json_unlock(const UnlockAnswer& answer);

}  // namespace lockstorm::reports
