// A reader of EDN, as far as Jepsen writes it: nil, booleans, numbers, strings, keywords, symbols, lists,
// vectors, sets, maps, tags (which are dropped), comments, discarded forms.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "checkers/history/history.hpp"
#include "checkers/history/value.hpp"

namespace lockstorm::checkers::formats {

/// Reads one value after another. A keyword becomes its name as text, so does a number that is not whole; map
/// keys that are not text become what to_text makes of them.
class EdnReader {
 public:
  explicit EdnReader(std::string_view text, std::uint32_t first_line = 1) : text_(text), line_(first_line) {}

  /// Past blanks, commas, comments and discarded forms; then whether nothing is left. A discarded form that
  /// cannot be read is something: it is what expected_here() tells.
  [[nodiscard]] bool at_end();
  /// The next character after blanks; '\0' at the end and where a discarded form cannot be read.
  [[nodiscard]] char peek();
  /// Consumes the character if it is next.
  bool take(char c);
  std::expected<Value, HistoryError> read();
  /// Past each "#tag" before a value.
  void skip_tag();

  [[nodiscard]] std::uint32_t line() const { return line_; }
  [[nodiscard]] HistoryError expected_here(std::string_view what) const;

 private:
  using Result = std::expected<Value, HistoryError>;
  Result read_value(unsigned depth);
  Result read_string();
  Result read_items(char close, unsigned depth);
  Result read_map(unsigned depth);
  Result read_atom();
  bool discard();
  void advance();

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_;
  unsigned discards_ = 0;  ///< that are being read, one in another
  std::optional<HistoryError> wrong_discard_;
};

/// Text as an EDN string, nil, numbers, vectors and maps with keyword keys.
void append_edn(std::string& out, const Value& value);

}  // namespace lockstorm::checkers::formats
