#include "reports/html/html_page.hpp"

#include <fmt/format.h>

#include "reports/ci/json_report.hpp"
#include "reports/format/markup.hpp"
#include "reports/html/page_template.hpp"
#include "scenarios/data/printable.hpp"

namespace lockstorm::reports {
namespace {

// The page shows strings as they are, so they are made fit for that here: all of them, wherever they stand.
void make_printable(nlohmann::ordered_json& value) {
  if (value.is_string()) {
    value = scenarios::printable_lines(value.get_ref<const std::string&>());
  } else if (value.is_structured()) {
    for (auto& item : value) make_printable(item);
  }
}

// No text can end the script element that the document stands in, or begin a comment there.
std::string script_safe(nlohmann::ordered_json document) {
  make_printable(document);
  const std::string json = json_dump(document, -1);
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string html_page(std::string_view title, const nlohmann::ordered_json& document, PageKind kind) {
  std::string page;
  std::string_view rest = detail::page_html();
  for (;;) {
    const std::size_t begin = rest.find('@');
    const std::size_t end = rest.find('@', begin + 1);
    if (begin == std::string_view::npos || end == std::string_view::npos) break;
    const std::string_view mark = rest.substr(begin + 1, end - begin - 1);
    page += rest.substr(0, begin);
    if (mark == "TITLE") page += escaped(title);
    if (mark == "STYLE") page += detail::page_css();
    if (mark == "STYLE" && kind == PageKind::histories) page += detail::history_css();
    if (mark == "STYLE" && kind == PageKind::evidence) page += detail::evidence_css();
    // page.js begins to draw when it is read, so what it calls comes first.
    if (mark == "SCRIPT" && kind == PageKind::histories) page += detail::history_js();
    if (mark == "SCRIPT" && kind == PageKind::evidence) page += detail::evidence_js();
    if (mark == "SCRIPT") page += detail::page_js();
    if (mark == "DATA") page += script_safe(document);
    rest.remove_prefix(end + 1);
  }
  return page.append(rest);
}

std::string html_results(std::span<const scenarios::VerifyResult> results, std::string_view command) {
  PageData data;
  PageData::Json list = PageData::Json::array();
  for (const scenarios::VerifyResult& result : results) list.push_back(data.result(result, ""));
  const std::string title =
      results.size() == 1 ? results.front().scenario.name : fmt::format("{} scenarios", results.size());
  return html_page("lockstorm " + std::string(command) + ": " + title,
                   data.document(command, {{"results", std::move(list)}}));
}

std::string html_replay(const scenarios::VerifyResult& result, const scenarios::Counterexample& told) {
  PageData data;
  PageData::Json list = PageData::Json::array({data.result(result, " ")});
  if (result.counterexamples.empty()) data.add_walk(result.scenario, told);
  return html_page("lockstorm replay: " + result.scenario.name,
                   data.document("replay", {{"results", std::move(list)}}));
}

}  // namespace lockstorm::reports
