// A roll-out in words: blocks, crossings, orders.
#pragma once

#include <string>
#include <string_view>

#include "reports/campaigns/compare_report.hpp"
#include "reports/format/style.hpp"

namespace lockstorm::reports {

/// As data has it: "one-state", "other-type".
std::string_view relation_name(scenarios::Relation relation);
std::string_view way_name(scenarios::Way way);

/// "jobs with A beside jobs with B"; "all jobs stop, then B instead of A".
std::string crossing_text(const scenarios::RollOutPlan& plan, const scenarios::Crossing& crossing);

/// "from A to A+B while jobs run, then from A+B to B with all jobs stopped".
std::string order_text(const scenarios::RollOutPlan& plan, const scenarios::RollOutOrder& order);

/// "safe", "no worse", "not known", "unsafe".
std::string_view safety_word(scenarios::Safety safety);

/// The section of a report: what the blocks are, which mixtures hold, which orders are safe.
std::string text_roll_out(const ComparedPair& pair, const Style& style);

}  // namespace lockstorm::reports
