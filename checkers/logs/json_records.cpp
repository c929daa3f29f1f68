#include "checkers/logs/json_records.hpp"

#include <fmt/format.h>

#include "checkers/formats/json_value.hpp"
#include "checkers/formats/readers.hpp"
#include "checkers/logs/log_format.hpp"

namespace lockstorm::checkers::logs {
namespace {

using Result = std::expected<void, HistoryError>;

class Records {
 public:
  Records(std::string_view text, const std::function<Result(const Value&, RecordPlace)>& take)
      : text_(text), take_(take) {}

  Result run() {
    if (auto error = formats::not_utf8(text_)) return std::unexpected(*std::move(error));
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      Result read = text_[at_] == '[' ? read_array() : begins_wrapper() ? read_wrapper() : read_record();
      if (!read) return read;
    }
    return {};
  }

 private:
  void step() {
    if (text_[at_] == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    }
    ++at_;
  }
  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      step();
  }
  [[nodiscard]] RecordPlace place() const {
    return {line_, static_cast<std::uint32_t>(at_ - line_start_ + 1)};
  }
  [[nodiscard]] std::unexpected<HistoryError> wrong(std::string_view expected) const {
    const bool is_cut = at_ >= text_.size();
    return std::unexpected(
        HistoryError{line_, place().column,
                     fmt::format("{}expected {}", is_cut ? "the file is cut short: " : "", expected)});
  }

  // {"Records": [
  [[nodiscard]] bool begins_wrapper() const {
    std::size_t at = at_ + 1;
    const auto blanks = [&] {
      while (at < text_.size() && std::string_view(" \t\r\n").find(text_[at]) != std::string_view::npos) ++at;
    };
    blanks();
    constexpr std::string_view kName = "\"Records\"";
    if (text_[at_] != '{' || !text_.substr(at).starts_with(kName)) return false;
    at += kName.size();
    blanks();
    return at < text_.size() && text_[at] == ':';
  }

  Result read_wrapper() {
    while (text_[at_] != ':') step();
    step();
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != '[') return wrong("a list of records, {\"Records\": [...]}");
    if (auto read = read_array(); !read) return read;
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != '}') return wrong("the end of {\"Records\": [...]}");
    step();
    return {};
  }

  Result read_array() {
    step();
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == ']') return step(), Result{};
    for (;;) {
      skip_blanks();
      if (auto read = read_record(); !read) return read;
      skip_blanks();
      if (at_ >= text_.size() || (text_[at_] != ',' && text_[at_] != ']')) return wrong("\",\" or \"]\"");
      const bool is_last = text_[at_] == ']';
      step();
      if (is_last) return {};
    }
  }

  Result read_record() {
    if (at_ >= text_.size() || text_[at_] != '{') return wrong("an object of JSON, {...}");
    const RecordPlace begun = place();
    const std::size_t start = at_;
    std::size_t depth = 0;
    bool in_text = false;
    do {
      const char c = text_[at_];
      if (in_text && c == '\\' && at_ + 1 < text_.size()) step();
      if (c == '"') in_text = !in_text;
      if (!in_text && (c == '{' || c == '[')) ++depth;
      if (!in_text && (c == '}' || c == ']')) --depth;
      step();
      if (at_ - start > kLongestRecordBytes)
        return std::unexpected(
            HistoryError{begun.line, begun.column,
                         fmt::format("expected a record of at most {} KiB, this one is longer",
                                     kLongestRecordBytes >> 10U)});
    } while (depth > 0 && at_ < text_.size());
    if (depth > 0) return wrong("the end of the record");
    return hand_over(text_.substr(start, at_ - start), begun);
  }

  [[nodiscard]] Result hand_over(std::string_view record, RecordPlace begun) const {
    const auto value = formats::read_lenient_json_value(record);
    if (!value) {
      if (value.error().kind == formats::JsonError::Kind::value)
        return std::unexpected(HistoryError{begun.line, begun.column, value.error().message});
      // Where in the record, by its lines.
      const std::string_view before = record.substr(0, value.error().column - 1);
      const std::size_t last = before.rfind('\n');
      for (const char c : before) begun.line += c == '\n' ? 1 : 0;
      begun.column = static_cast<std::uint32_t>(last == std::string_view::npos ? begun.column + before.size()
                                                                               : before.size() - last);
      return std::unexpected(
          HistoryError{begun.line, begun.column, "not JSON: expected a record of the log"});
    }
    return take_(*value, begun);
  }

  std::string_view text_;
  const std::function<Result(const Value&, RecordPlace)>& take_;
  std::size_t at_ = 0, line_start_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace

std::expected<void, HistoryError> each_json_record(
    std::string_view text,
    const std::function<std::expected<void, HistoryError>(const Value& record, RecordPlace place)>& take) {
  return Records(text, take).run();
}

}  // namespace lockstorm::checkers::logs
