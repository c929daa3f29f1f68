// The hazards of a pipeline as tests write them: "P01 P11".
#pragma once

#include <algorithm>
#include <set>
#include <string>

#include "scenarios/pipeline/hazards.hpp"
#include "scenarios/pipeline/read_pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// Those of the standing, by number.
inline std::string ids_of(const Pipeline& pipeline, Standing standing = Standing::reported,
                          const StateFactsOf& facts = {}) {
  std::set<std::string> ids;
  for (const Hazard& hazard : find_hazards(pipeline, facts))
    if (hazard.standing == standing) ids.insert(hazard_id(hazard.number).substr(6));
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : " ") + id;
  return text;
}

inline std::string ids_of(const std::string& yaml, Standing standing = Standing::reported) {
  return ids_of(read_pipeline_text(yaml, "ci.yml"), standing);
}

}  // namespace lockstorm::scenarios::pipeline
