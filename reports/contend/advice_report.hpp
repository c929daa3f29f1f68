// What has been tried to wait less, and what to set: a curve and a sentence for each question.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "reports/format/style.hpp"
#include "scenarios/contend/advise.hpp"

namespace lockstorm::reports {

/// The answers in words, without the settings that led to them.
struct AdviceSentences {
  std::string timeouts;
  std::string pipelines;  ///< empty: not asked
  std::string states;
  std::string groups;
  std::string dynamodb;
};
AdviceSentences advice_sentences(const scenarios::ContendAdvice& advice);

/// "none, jobs retry the lock", "a queue".
std::string_view group_words(scenarios::Group group);

std::string advice_text(const scenarios::ContendAdvice& advice, const Style& style);
nlohmann::ordered_json advice_json(const scenarios::ContendAdvice& advice);
std::string advice_markdown(const scenarios::ContendAdvice& advice);

/// The curves as figures, for a page.
std::string advice_figures(const scenarios::ContendAdvice& advice);

}  // namespace lockstorm::reports
