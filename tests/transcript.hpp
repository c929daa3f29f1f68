// Reads recorded transcripts (tests/data/transcripts).
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "test_paths.hpp"

namespace lockstorm {

inline std::vector<nlohmann::json> transcript_lines(const std::string& name) {
  std::ifstream file(std::string(LOCKSTORM_TEST_DATA) + "/transcripts/" + name);
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

/// Only the requests.
inline std::vector<nlohmann::json> http_lines(const std::string& name) {
  std::vector<nlohmann::json> lines = transcript_lines(name);
  std::erase_if(lines, [](const nlohmann::json& line) { return line["kind"] != "http"; });
  return lines;
}

}  // namespace lockstorm
