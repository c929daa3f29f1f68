// Texts that stand in for files: what a pipeline would be if these were written.
#pragma once

#include <map>
#include <string>

namespace lockstorm::scenarios::pipeline {

/// By the path of the file as people are shown it.
using TextOverlay = std::map<std::string, std::string>;

}  // namespace lockstorm::scenarios::pipeline
