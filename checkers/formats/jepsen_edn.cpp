// Jepsen's history.edn: operation maps, one after another or in one vector.
#include <fmt/format.h>

#include "checkers/formats/edn.hpp"
#include "checkers/formats/readers.hpp"

namespace lockstorm::checkers::formats {
namespace {

HistoryError wrong_edn(std::uint32_t line, std::string message) { return {line, 1, std::move(message)}; }

bool starts_as_number(std::string_view text) {
  const std::size_t digit = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  return digit < text.size() && text[digit] >= '0' && text[digit] <= '9';
}

class EdnEventReader {
 public:
  // Nothing where the event is not of a client: Jepsen records its nemesis in the same file.
  std::expected<std::optional<Event>, HistoryError> read(const Value& map, std::uint32_t line) {
    const Value* process = map.field("process");
    const Value* type = map.field("type");
    const Value* function = map.field("f");
    if (process == nullptr) return std::unexpected(wrong_edn(line, "expected :process, a number"));
    // Only a keyword or a symbol names the nemesis: 1.5 and 1e400 come as text, too.
    if (process->text() != nullptr && !starts_as_number(*process->text())) return std::nullopt;
    if (process->number() == nullptr || *process->number() < 0 || *process->number() >= kNever)
      return std::unexpected(
          wrong_edn(line, fmt::format("expected :process to be a number, not {}", to_text(*process))));
    const auto known =
        type != nullptr && type->text() != nullptr ? event_type_named(*type->text()) : std::nullopt;
    if (!known) return std::unexpected(wrong_edn(line, "expected :type :invoke, :ok, :fail or :info"));
    if (function == nullptr || function->text() == nullptr)
      return std::unexpected(wrong_edn(line, "expected :f, what is done, as a keyword"));
    if (auto error = check_index(map, line)) return std::unexpected(*std::move(error));
    Event event{.type = *known,
                .process = static_cast<std::uint32_t>(*process->number()),
                .line = line,
                .function = *function->text()};
    if (const Value* key = map.field("key")) event.key = *key;
    if (const Value* value = map.field("value")) event.value = *value;
    if (const Value* time = map.field("time"); time != nullptr && !time->is_nil()) {
      if (time->number() == nullptr)
        return std::unexpected(wrong_edn(
            line, fmt::format("expected :time to be a whole number of 64 bits, not {}", to_text(*time))));
      event.time = std::chrono::nanoseconds(*time->number());
    }
    settle_timeout(event, event.value == Value("timed-out"));
    return event;
  }

 private:
  std::optional<HistoryError> check_index(const Value& map, std::uint32_t line) {
    const Value* index = map.field("index");
    if (index == nullptr || index->number() == nullptr) return std::nullopt;
    if (*index->number() <= last_index_) {
      return wrong_edn(line, fmt::format(":index {} follows {}: expected events in their order, each once",
                                         *index->number(), last_index_));
    }
    last_index_ = *index->number();
    return std::nullopt;
  }

  std::int64_t last_index_ = -1;
};

void append_event(std::string& out, const Event& event) {
  fmt::format_to(std::back_inserter(out), "{{:process {}, :type :{}, :f ", event.process,
                 jepsen_name_of(event.type));
  out += ':';
  out += event.function;
  if (!event.key.is_nil()) {
    out += ", :key ";
    append_edn(out, event.key);
  }
  out += ", :value ";
  append_edn(out, event.value);
  if (event.time) fmt::format_to(std::back_inserter(out), ", :time {}", event.time->count());
  out += "}\n";
}

}  // namespace

ReadResult read_jepsen_edn(std::string_view text) {
  EdnReader edn(text);
  EdnEventReader events;
  History history;
  const bool in_vector = edn.take('[');
  while (!edn.at_end()) {
    if (in_vector && edn.take(']')) {
      if (!edn.at_end()) return std::unexpected(edn.expected_here("nothing after the vector of operations"));
      return history;
    }
    edn.skip_tag();
    if (edn.peek() != '{') return std::unexpected(edn.expected_here("an operation in EDN, {:process ...}"));
    const std::uint32_t line = edn.line();
    const auto map = edn.read();
    if (!map) return std::unexpected(map.error());
    auto event = events.read(*map, line);
    if (!event) return std::unexpected(std::move(event).error());
    if (*event) history.push_back(**std::move(event));
  }
  if (in_vector) return std::unexpected(edn.expected_here("an operation or ]"));
  return history;
}

std::string write_jepsen_edn(const History& history) {
  std::string out;
  for (const Event& event : history) append_event(out, event);
  return out;
}

}  // namespace lockstorm::checkers::formats
