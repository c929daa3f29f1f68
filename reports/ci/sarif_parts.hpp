// What all SARIF 2.1.0 (OASIS) of ours is made of: URIs, messages, places, the steps of a run.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "scenarios/data/input_error.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// A file's name as a reference: percent-encoded, so that it looks like no scheme, query or host.
std::string sarif_uri(std::string_view file);

/// A message in plain text: no word of it becomes a link.
nlohmann::ordered_json sarif_message(std::string_view text);

/// {"startLine": ...}; lines and columns count from 1, a column of 0 is left out.
nlohmann::ordered_json sarif_region(const scenarios::SourceLocation& where);

/// The relevant steps of a run as a code flow, each at `physical`, the place of what it is about; null: at
/// none.
nlohmann::ordered_json sarif_flow(const scenarios::VerifyResult& result,
                                  const scenarios::Counterexample& counterexample,
                                  const nlohmann::ordered_json& physical);

/// The driver of a tool, with these rules.
nlohmann::ordered_json sarif_tool(nlohmann::ordered_json rules);

/// The text of a log with one run.
std::string sarif_log(nlohmann::ordered_json run);

}  // namespace lockstorm::reports
