#include "reports/ci/workflow_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/data/printable.hpp"

namespace lockstorm::reports {
namespace {

// What GitHub's runner reads back as the character (github.com/actions/toolkit, core/src/command.ts).
std::string in_command(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string value(std::string_view text) { return in_command(scenarios::printable(text), "%\r\n:,"); }

}  // namespace

std::string workflow_command(AnnotationKind kind, const scenarios::SourceLocation& where,
                             std::string_view title, std::string_view message) {
  constexpr std::array<std::string_view, kAnnotationKinds> kNames{"error", "warning", "notice"};
  std::string place;
  if (!where.file.empty())
    place = fmt::format("file={},line={},", value(where.file), std::max(where.line, 1U));
  return fmt::format("::{} {}title={}::{}\n", kNames[static_cast<std::size_t>(kind)], place, value(title),
                     in_command(scenarios::printable_lines(message), "%\r\n"));
}

}  // namespace lockstorm::reports
