#include "reports/campaigns/page_rules.hpp"

#include <fmt/format.h>

#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/rule_page.hpp"
#include "reports/story/words.hpp"
#include "scenarios/findings/grades.hpp"
#include "scenarios/findings/rules.hpp"

namespace lockstorm::reports {

PageData::Json page_rules(PageData& data, const std::set<std::string>& ids) {
  PageData::Json rules = PageData::Json::array();
  for (const std::string& id : ids) {
    const scenarios::Rule rule = scenarios::rule_of_id(id).value();
    const auto& occurrence = row_of(occurrence_of(*rule.cause));
    const auto& harm = column_of(scenarios::harm_of(rule.property));
    rules.push_back({data.text(id), data.text(rule_title(rule)),
                     data.text(what_happens(*rule.cause, headline(rule.property))),
                     data.text(fmt::format("{}: {}", occurrence.name, occurrence.why)),
                     data.text(fmt::format("{}: {}", harm.name, harm.why))});
  }
  return rules;
}

}  // namespace lockstorm::reports
