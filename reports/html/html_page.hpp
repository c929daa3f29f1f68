// Results as one HTML page that needs nothing else: verdicts, and each counterexample as a space-time diagram
// to step through.
#pragma once

#include <cstdint>
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

/// What a page draws: counterexamples, recorded histories (page/history.js), or what came of counterexamples
/// on real tools (page/evidence.js).
enum class PageKind : std::uint8_t { runs, histories, evidence };

/// A page around a document as PageData makes it.
std::string html_page(std::string_view title, const nlohmann::ordered_json& document,
                      PageKind kind = PageKind::runs);

}  // namespace lockstorm::reports
