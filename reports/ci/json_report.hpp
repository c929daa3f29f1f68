// Results as JSON, in a form that scripts rely on: fields may be added, not renamed.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// One result as a JSON object. `engine`: verify, replay, simulate, audit.
nlohmann::ordered_json json_result(const scenarios::VerifyResult& result, std::string_view engine);

/// One result by itself; several, or none, as {"results": [...]}. Ends in a newline.
std::string json_report(std::span<const scenarios::VerifyResult> results, std::string_view engine);

/// Indented text of a document, with a newline at the end.
std::string json_text(const nlohmann::ordered_json& document);

/// A document's text, on one line if `indent` is -1. Bytes that are not UTF-8 become U+FFFD; what people
/// would not see in a text (scenarios/data/printable.hpp) is written as `\uXXXX`, which reads back as the
/// same; credentials in URLs are hidden.
std::string json_dump(const nlohmann::ordered_json& document, int indent);

}  // namespace lockstorm::reports
