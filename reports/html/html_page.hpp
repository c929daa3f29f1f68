// Results as one HTML page that needs nothing else: verdicts, and each counterexample as a space-time diagram
// to step through.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "reports/html/page_data.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// `command`: verify, simulate. The same results make the same bytes.
std::string html_results(std::span<const scenarios::VerifyResult> results, std::string_view command);

/// One run that was replayed: the result, and the run as it was told.
std::string html_replay(const scenarios::VerifyResult& result, const scenarios::Counterexample& told);

/// A page around a document as PageData makes it.
std::string html_page(std::string_view title, const nlohmann::ordered_json& document);

}  // namespace lockstorm::reports
