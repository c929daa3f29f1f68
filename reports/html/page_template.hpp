// The parts of every HTML page that do not depend on results; embedded from page/ by embed_page.cmake.
#pragma once

#include <string_view>

namespace lockstorm::reports::detail {

/// The frame, with the marks `@TITLE@`, `@STYLE@`, `@SCRIPT@` and `@DATA@`.
std::string_view page_html();
std::string_view page_css();
std::string_view page_js();
/// What only pages of recorded histories need beside these.
std::string_view history_css();
std::string_view history_js();
/// What only pages of confirmations need.
std::string_view evidence_css();
std::string_view evidence_js();

}  // namespace lockstorm::reports::detail
