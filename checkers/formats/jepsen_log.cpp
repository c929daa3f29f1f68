// Jepsen's log, as jepsen.util/log-op writes it: PROCESS <tab> :TYPE <tab> :F <tab> VALUE [<tab> ERROR] after
// the logger.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "checkers/formats/edn.hpp"
#include "checkers/formats/readers.hpp"

namespace lockstorm::checkers::formats {
namespace {

constexpr std::string_view kLogger = "jepsen.util";
constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kExpected = "PROCESS <tab> :TYPE <tab> :F <tab> VALUE";

// "INFO", "WARN" or a date: lines of other loggers.
bool starts_as_log(std::string_view line) {
  return std::ranges::any_of(std::vector<std::string_view>{"INFO", "WARN", "ERROR", "DEBUG"},
                             [&](std::string_view level) { return line.starts_with(level); }) ||
         (line.size() > 10 && line[4] == '-' && line[7] == '-' && line[0] >= '0' && line[0] <= '9');
}

// One line's way through its fields, for the column of an error.
class LineReader {
 public:
  LineReader(std::string_view line, std::size_t at, const Lines& lines)
      : line_(line), at_(at), lines_(lines) {}

  // The next word, after tabs or blanks: some logs have had their tabs expanded.
  std::optional<std::string_view> field() {
    start_ = std::min(line_.find_first_not_of(kBlanks, at_), line_.size());
    if (start_ == line_.size()) return std::nullopt;
    at_ = std::min(line_.find_first_of(kBlanks, start_), line_.size());
    return line_.substr(start_, at_ - start_);
  }

  // All that is left.
  std::optional<std::string_view> rest() {
    start_ = std::min(line_.find_first_not_of(kBlanks, at_), line_.size());
    if (start_ == line_.size()) return std::nullopt;
    return line_.substr(start_);
  }

  [[nodiscard]] HistoryError wrong(std::string_view what) const {
    const auto column = static_cast<std::uint32_t>(std::min(start_, line_.size()) + 1);
    return {lines_.number(), column,
            fmt::format("{}expected {}", lines_.is_cut() ? "the file is cut short: " : "", what)};
  }

 private:
  std::string_view line_;
  std::size_t at_;
  std::size_t start_ = 0;
  const Lines& lines_;
};

bool is_number(std::string_view text, std::uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number < kNever;
}

std::expected<std::optional<Event>, HistoryError> read_event(LineReader& reader, std::uint32_t line) {
  const auto process = reader.field();
  if (process && process->starts_with(':')) return std::nullopt;  // :nemesis
  Event event{.line = line};
  if (!process || !is_number(*process, event.process))
    return std::unexpected(reader.wrong(fmt::format("a process number: {}", kExpected)));
  const auto type = reader.field();
  const auto known = type && type->starts_with(':') ? event_type_named(type->substr(1)) : std::nullopt;
  if (!known)
    return std::unexpected(reader.wrong(fmt::format(":invoke, :ok, :fail or :info: {}", kExpected)));
  event.type = *known;
  const auto function = reader.field();
  if (!function || function->size() < 2 || function->front() != ':')
    return std::unexpected(reader.wrong(fmt::format("what is done, as a keyword: {}", kExpected)));
  event.function = function->substr(1);
  const auto value = reader.rest();
  if (!value) return std::unexpected(reader.wrong(fmt::format("a value: {}", kExpected)));
  EdnReader edn(*value);
  auto read = edn.read();
  // An error may follow, after a tab.
  if (!read || (!edn.at_end() && value->find('\t') == std::string_view::npos))
    return std::unexpected(reader.wrong("one value in EDN"));
  event.value = *std::move(read);
  settle_timeout(event, value->starts_with(":timed-out"));
  return event;
}

}  // namespace

ReadResult read_jepsen_log(std::string_view text) {
  History history;
  Lines lines(text);
  while (lines.next()) {
    const std::string_view line = lines.line();
    std::size_t at = line.find(kLogger);
    if (at == std::string_view::npos) {
      if (is_blank(line) || (starts_as_log(line) && !lines.is_cut())) continue;
      return std::unexpected(
          LineReader(line, 0, lines).wrong("a line of a Jepsen log, \"INFO  jepsen.util - ...\""));
    }
    at =
        std::min(line.find_first_not_of(
                     " -", at + kLogger.size() + (line.substr(at + kLogger.size()).starts_with(":") ? 1 : 0)),
                 line.size());
    LineReader reader(line, at, lines);
    auto event = read_event(reader, lines.number());
    if (!event) return std::unexpected(std::move(event).error());
    if (*event) history.push_back(**std::move(event));
  }
  return history;
}

std::string write_jepsen_log(const History& history) {
  std::string out;
  for (const Event& event : history) {
    fmt::format_to(std::back_inserter(out), "INFO  jepsen.util - {}\t:{}\t:{}\t", event.process,
                   jepsen_name_of(event.type), event.function);
    append_edn(out, event.value);
    out += '\n';
  }
  return out;
}

}  // namespace lockstorm::checkers::formats
