// Fuzzes the readers of logs: what is wrong is said with its place, and what is read can be judged.
#include "checkers/logs_judge.hpp"
#include "fuzz/expectation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lockstorm;
  const std::string_view text = fuzz::text_of(data, size);
  for (const std::string_view name : checkers::logs::log_format_names()) {
    const auto format = *checkers::logs::log_format_named(name);
    checkers::logs::LogReading reading;
    const auto read = checkers::logs::read_log(text, format, 0, reading);
    if (!read) {
      fuzz::expect(!read.error().message.empty() && read.error().line > 0,
                   "an error says what is wrong and where");
      continue;
    }
    (void)checkers::judge_log(format, std::move(reading),
                              {.max_states = 2'000, .max_bytes = std::size_t{1} << 22U});
  }
  return 0;
}
