#include "reports/campaigns/rule_page.hpp"

#include <fmt/format.h>

#include "reports/campaigns/finding_words.hpp"
#include "reports/format/layout.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/prevention.hpp"
#include "reports/story/words.hpp"
#include "reports/text/step_table.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/findings/grades.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Rule;
using scenarios::VerifyResult;

constexpr Style kPlain{.colour = false, .width = 100};

std::string section(std::string_view title, const std::string& text) {
  return fmt::format("\n## {}\n\n{}", title, text);
}

std::string what(const Rule& rule) {
  const std::string_view violated_when = checkers::kPropertyInfo[rule.property].violated_when;
  return paragraph(headline(rule.property), kPlain) +
         paragraph(
             fmt::format("`{}` is violated when {}.", checkers::property_name(rule.property), violated_when),
             kPlain);
}

std::string how_likely(const Rule& rule) {
  const scenarios::OccurrenceRow& row = row_of(occurrence_of(*rule.cause));
  return paragraph(fmt::format("It takes {}: {}.", row.name, row.why), kPlain);
}

std::string grade_text(const Rule& rule) {
  const scenarios::Harm harm = scenarios::harm_of(rule.property);
  const scenarios::HarmColumn& column = column_of(harm);
  if (scenarios::is_inherent(rule.property, *rule.cause))
    return paragraph(
        "Inherent: no backend can prevent it, as nobody but the job knows what it has just created. It is "
        "told once and never fails an audit.",
        kPlain);
  return paragraph(
      fmt::format("{}. What it does: {} ({}).", grade_name(grade_of(occurrence_of(*rule.cause), harm)),
                  column.name, column.why),
      kPlain);
}

std::string schedule(const VerifyResult& result, const scenarios::Counterexample& found) {
  return paragraph(fmt::format("Seen with {}: {}", scenarios::summary(result.scenario), why(found)), kPlain) +
         "\n```\n" + step_table(found, Rows::relevant, kPlain) + "```\n\n" +
         paragraph(decisive_moment(found), kPlain) +
         fmt::format("\n```\nlockstorm verify {}\nlockstorm replay {}\n```\n", result.scenario.name,
                     found.replay);
}

std::string fix(const VerifyResult& result, const scenarios::Counterexample& found) {
  std::string text = paragraph(prevention(result.scenario, found), kPlain);
  if (const std::string tried = tried_changes(result.scenario, found); !tried.empty())
    text += "\n" + paragraph(tried, kPlain);
  return text;
}

}  // namespace

std::string rule_title(const Rule& rule) {
  return fmt::format("{} on {}: {}", checkers::property_name(rule.property), rule.backend->name,
                     rule.cause->name);
}

std::string rule_summary(const Rule& rule) {
  const scenarios::OccurrenceRow& row = row_of(occurrence_of(*rule.cause));
  return fmt::format("{} {} is violated when {}. How likely it is: {}; {}.", headline(rule.property),
                     checkers::property_name(rule.property),
                     checkers::kPropertyInfo[rule.property].violated_when, row.name, row.why);
}

std::string rule_help(const Rule& rule, const VerifyResult* shown) {
  const scenarios::Counterexample* found =
      shown == nullptr ? nullptr : shown->counterexample_of(rule.property);
  std::string page = paragraph(what_happens(*rule.cause, headline(rule.property)), kPlain);
  page += section("What it is", what(rule));
  page += section("How likely it is", how_likely(rule));
  page += section("Grade", grade_text(rule));
  if (found != nullptr) {
    page += section("The schedule", schedule(*shown, *found));
    page += section("What to do", fix(*shown, *found));
  } else {
    page += section("The schedule",
                    paragraph("No configuration of the matrix violates it in this way; a store that breaks a "
                              "promise may (`lockstorm audit --explain` shows the run that it has found).",
                              kPlain));
  }
  return page;
}

std::string rule_page(const Rule& rule, const VerifyResult* shown) {
  return fmt::format("# {}: {}\n\n", rule.id(), rule_title(rule)) + rule_help(rule, shown) +
         section("Sources", fmt::format("- the calls, one by one: `lockstorm describe {}`\n"
                                        "- what real clients and servers do: "
                                        "[backend-protocols.md](../reference/backend-protocols.md)\n"
                                        "- the property, and what else violates it: "
                                        "[properties.md](../properties.md)\n",
                                        rule.backend->name));
}

}  // namespace lockstorm::reports
