// Fuzzes the readers of histories (JSON Lines, Jepsen EDN, Jepsen log): what is read is written and reads
// back as the same events, and can be judged within a small budget.
#include "checkers/formats/format.hpp"
#include "checkers/formats/readers.hpp"
#include "checkers/judge.hpp"
#include "fuzz/expectation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lockstorm;
  using checkers::Format;
  const std::string_view text = fuzz::text_of(data, size);
  const auto recognised = checkers::recognise(text);
  const auto quick = checkers::formats::read_json_lines(text);
  const auto careful = checkers::formats::read_json_lines_with_care(text);
  fuzz::expect(quick.has_value() == careful.has_value() && (!quick || *quick == *careful),
               "the quick reader reads what the careful one reads");
  for (const Format format : {Format::json_lines, Format::jepsen_edn, Format::jepsen_log}) {
    const auto history = checkers::read_history(text, format);
    if (!history) {
      fuzz::expect(!history.error().message.empty(), "an error says what is wrong");
      continue;
    }
    fuzz::expect(!history->empty(), "a history has events");
    if (format != Format::jepsen_log) {  // which has no keys and times
      const auto again = checkers::read_history(checkers::write_history(*history, format), format);
      fuzz::expect(again && *again == *history, "what was written reads back as the same");
    }
    if (recognised != format) continue;
    if (const auto model = checkers::recognise_model(*history))
      (void)checkers::judge(*history, *model, {.max_states = 2'000, .max_bytes = std::size_t{1} << 22U});
  }
  return 0;
}
