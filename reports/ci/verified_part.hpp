// The proof or counterexample of one scenario of a campaign, as a file from which its report is put together.
#pragma once

#include <cstdint>
#include <expected>
#include <nlohmann/json.hpp>
#include <string>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

struct VerifiedPart {
  std::uint64_t fingerprint = 0;  ///< of the scenario
  nlohmann::ordered_json result;  ///< json_result of it
  std::string text;               ///< text_report of it, without colours
  /// Name, verdict and properties: what a summary needs.
  scenarios::VerifyResult summary;
};

/// The file's text, with a digest of all of it.
std::string verified_part_text(const scenarios::VerifyResult& result);
/// What verified_part_text wrote. Otherwise one sentence on what is wrong.
[[nodiscard]] std::expected<VerifiedPart, std::string> read_verified_part(const std::string& text);

}  // namespace lockstorm::reports
