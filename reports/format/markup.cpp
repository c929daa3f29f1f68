#include "reports/format/markup.hpp"

#include "scenarios/data/printable.hpp"

namespace lockstorm::reports {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : scenarios::printable_lines(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace lockstorm::reports
