// A GitLab pipeline as one tree: what is included, extended and referred to is put in its place.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "scenarios/pipeline/document.hpp"
#include "scenarios/pipeline/local_files.hpp"

namespace lockstorm::scenarios::pipeline {

struct GitlabFiles {
  Node whole;
  std::deque<Documents> read;  ///< the file and what it includes, for places
  std::vector<std::string> unknown;
  std::vector<InputError> complaints;

  /// The lines of the file in which a value stands.
  [[nodiscard]] const std::vector<std::string>& lines_of(const Node& node) const;
};

[[nodiscard]] GitlabFiles put_together(const Documents& documents, const LocalFiles& files);

/// The job with what it extends, and with references resolved.
[[nodiscard]] Node resolved_job(const GitlabFiles& files, const Node& job);

}  // namespace lockstorm::scenarios::pipeline
