#include "reports/campaigns/finding_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "reports/format/layout.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/words.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Finding;
using scenarios::Grade;
using scenarios::Trouble;
using sim::Fault;

struct Happens {
  Fault fault{};
  std::string_view once;
  std::string_view twice;
};
constexpr auto kHappens = sim::one_for_each<Fault, Happens>({
    {Fault::crash, "a job is killed", "two jobs are killed"},
    {Fault::pause, "a job freezes", "two jobs freeze"},
    {Fault::lose_request, "a request is lost", "two requests are lost"},
    {Fault::lose_response, "an answer is lost", "two answers are lost"},
    {Fault::late_request, "a request arrives after its sender has given up on it",
     "two requests arrive after their senders have given up on them"},
    {Fault::duplicate, "a request arrives twice", "two requests arrive twice"},
    {Fault::server_error, "a server answers with an error", "a server answers with an error twice"},
    {Fault::throttle, "a server throttles a request", "a server throttles two requests"},
    {Fault::interrupt, "a job is cancelled", "a job is cancelled twice"},
    {Fault::clock_skew, "a clock is wrong", "two clocks are wrong"},
    {Fault::credentials_end, "a job's credentials end", "the credentials of two jobs end"},
    {Fault::outage, "the store is gone for a while", "the store is gone for a while twice"},
    {Fault::false_success, "a request is answered and not done", "two requests are answered and not done"},
});

// "Two applies can ..." within a sentence.
std::string within_a_sentence(std::string_view sentence) {
  std::string text(sentence);
  if (!text.empty()) text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  return text;
}

}  // namespace

std::string when_clause(const Trouble& cause) {
  std::vector<std::string> parts;
  for (const Happens& one : kHappens) {
    const unsigned count = cause.faults[one.fault];
    if (count > 0) parts.emplace_back(count > 1 ? one.twice : one.once);
  }
  if (cause.force_unlock == models::UnlockTarget::any && parts.empty())
    parts.emplace_back("a step of the pipeline removes the lock of a job that runs");
  else if (cause.force_unlock && parts.empty())
    parts.emplace_back("an operator removes the lock of a job that ends by itself meanwhile");
  else if (cause.force_unlock)
    parts.emplace_back(cause.faults[Fault::crash] > 0 || cause.faults[Fault::pause] > 0
                           ? "an operator removes its lock"
                           : "an operator removes a lock that was left");
  if (parts.empty()) return fmt::format("without any fault{}", cause.first_apply ? ", on a first apply" : "");
  return fmt::format("when {}{}", fmt::join(parts, " and "), cause.first_apply ? " on a first apply" : "");
}

std::string what_happens(const Trouble& cause, std::string_view headline) {
  return fmt::format("{}, {}", capitalised(when_clause(cause)), within_a_sentence(headline));
}

const scenarios::Counterexample* shown_run(const AuditAnswer& answer, const Finding& finding) {
  return answer.results[finding.configuration].counterexample_of(finding.rule.property);
}

std::string finding_sentence(const AuditAnswer& answer, const Finding& finding) {
  const scenarios::Counterexample* run = shown_run(answer, finding);
  return what_happens(*finding.rule.cause,
                      run == nullptr ? headline(finding.rule.property) : headline_of(*run));
}

std::string grade_reason(const Finding& finding) {
  return fmt::format("{}; {}", row_of(finding.occurrence).name, column_of(finding.harm).name);
}

std::string grades_text(std::span<const Finding> findings, std::span<const Grade> more) {
  std::vector<std::string> parts;
  for (std::size_t number = sim::kCountOf<Grade>; number-- > 0;) {
    const auto grade = static_cast<Grade>(number);
    const auto count =
        std::ranges::count(more, grade) + std::ranges::count_if(findings, [&](const Finding& one) {
          return !one.is_inherent && one.grade == grade;
        });
    if (count > 0) parts.push_back(fmt::format("{} {}", count, grade_name(grade)));
  }
  const auto inherent = std::ranges::count_if(findings, &Finding::is_inherent);
  if (parts.empty()) parts.emplace_back("no findings");
  if (inherent > 0) parts.push_back(fmt::format("{} inherent", inherent));
  return fmt::format("{}", fmt::join(parts, ", "));
}

Ink grade_ink(Grade grade) {
  constexpr auto kInks =
      sim::one_for_each<Grade, Ink>({Ink::dim, Ink::plain, Ink::yellow, Ink::red, Ink::red});
  return kInks[static_cast<std::size_t>(grade)];
}

std::string properties_text(checkers::PropertySet properties) {
  std::vector<std::string_view> names;
  for (const checkers::Property property : properties) names.push_back(checkers::property_name(property));
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace lockstorm::reports
