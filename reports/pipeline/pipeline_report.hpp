// What `lockstorm pipeline` answers: the jobs as they were understood, and what can go wrong because of them.
#pragma once

#include <string>
#include <vector>

#include "reports/format/style.hpp"
#include "scenarios/pipeline/hazards.hpp"

namespace lockstorm::reports {

struct PipelineAnswer {
  std::string path;
  scenarios::pipeline::Pipeline pipeline;
  std::vector<scenarios::pipeline::Hazard> hazards;
  scenarios::pipeline::StateFactsOf facts{};  ///< by which the hazards were found; empty: by none
};

/// Who runs when, serialised by what, and what a cancel does; then the hazards.
[[nodiscard]] std::string text_pipeline(const PipelineAnswer& answer, const Style& style);

/// For each two jobs that can meet at a state: why two of their runs can or cannot overlap.
[[nodiscard]] std::string explain_keys(const PipelineAnswer& answer, const Style& style);

[[nodiscard]] std::string json_pipeline(const PipelineAnswer& answer);

/// A page: for each state who comes to it, which two can be there at once, and what a cancel does; then the
/// hazards.
[[nodiscard]] std::string html_pipeline(const PipelineAnswer& answer);

/// What an answer does not cover, to stand behind "no hazard": " in what could be read; nothing is answered
/// for a.yml". Empty: all was read.
[[nodiscard]] std::string unread_words(const PipelineAnswer& answer);

/// Whether a hazard matters: it is told for itself, and something is lost, left or refused by it.
[[nodiscard]] bool matters(const scenarios::pipeline::Hazard& hazard);

}  // namespace lockstorm::reports
