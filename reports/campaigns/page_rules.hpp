// What rules mean, for the pages that name them.
#pragma once

#include <set>
#include <string>

#include "reports/html/page_data.hpp"

namespace lockstorm::reports {

/// For those who point at a rule's id: [[id, title, what it is, how likely it is, what it does]].
PageData::Json page_rules(PageData& data, const std::set<std::string>& ids);

}  // namespace lockstorm::reports
