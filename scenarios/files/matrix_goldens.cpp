#include "scenarios/files/matrix_goldens.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/files/library.hpp"

namespace lockstorm::scenarios {
namespace {

// The next line, which goes out of the text.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::string_view unindented(std::string_view line) { return line.starts_with("  ") ? line.substr(2) : line; }

MatrixGolden golden_of(std::string_view row, unsigned line) {
  MatrixGolden golden{.name = {}, .configuration = {}, .story = row, .text = row, .line = line};
  golden.name = take_line(golden.story);
  golden.configuration = unindented(take_line(golden.story));
  take_line(golden.story);  // "1 adverse event, 22 steps"
  return golden;
}

}  // namespace

const std::vector<MatrixGolden>& matrix_goldens() {
  static const std::vector<MatrixGolden> goldens = [] {
    std::vector<MatrixGolden> all;
    unsigned line = 1;
    for (const std::string_view row : detail::embedded_matrix()) {
      if (!row.starts_with('#')) all.push_back(golden_of(row, line));
      line += static_cast<unsigned>(std::ranges::count(row, '\n')) + 2;  // its end, and an empty one
    }
    return all;
  }();
  return goldens;
}

std::string_view property_of(const MatrixGolden& golden) {
  return golden.name.substr(golden.name.rfind('/') + 1);
}

std::string yaml_of(const MatrixGolden& golden) {
  std::string yaml;
  for (std::string_view rest = golden.story; !rest.empty();)
    yaml += fmt::format("# {}\n", unindented(take_line(rest)));
  return yaml + fmt::format("configuration: {0}\ncheck: [{1}]\nexpect:\n  {1}: violated\n",
                            golden.configuration, property_of(golden));
}

}  // namespace lockstorm::scenarios
