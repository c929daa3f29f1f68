// Fuzzes what makes foreign text fit to be shown: whatever the bytes are, the results hold to their formats.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "fuzz/expectation.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/format/markdown.hpp"
#include "reports/format/markup.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/data/printable.hpp"

namespace {

using namespace lockstorm;

bool all_visible(std::string_view text, std::string_view also = "") {
  while (!text.empty()) {
    const scenarios::Decoded one = scenarios::first_character(text);
    if (!scenarios::is_visible(one.character) && also.find(text.front()) == std::string_view::npos)
      return false;
    text.remove_prefix(one.bytes);
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::string line = scenarios::printable(text);
  fuzz::expect(all_visible(line), "a line has nothing that is not seen");
  fuzz::expect(scenarios::printable(line) == line, "what is printable comes through unchanged");
  const std::string lines = scenarios::printable_lines(text);
  fuzz::expect(all_visible(lines, "\n\t"), "lines have nothing that is not seen");
  fuzz::expect(scenarios::printable_lines(lines) == lines, "lines come through unchanged");
  fuzz::expect(std::ranges::count(lines, '\n') == std::ranges::count(text, '\n'),
               "there are as many lines as before");

  const std::string markup = reports::escaped(text);
  fuzz::expect(all_visible(markup, "\n\t") && markup.find_first_of("<>\"'") == std::string::npos,
               "XML is text");
  const std::string words = reports::markdown_text(text);
  fuzz::expect(all_visible(words) && words.find_first_of("\\`*[]<>|@~$") == std::string::npos,
               "Markdown is text");
  const std::string block = reports::markdown_block(text);
  const std::string fence = block.substr(0, block.find_first_not_of('`'));
  fuzz::expect(block.find(fence, fence.size()) == block.size() - fence.size() - 1,
               "only its own fence ends a block");
  const std::string json = reports::json_dump(std::string(text), -1);
  fuzz::expect(all_visible(json) && nlohmann::json::accept(json), "JSON is JSON");
  return 0;
}
