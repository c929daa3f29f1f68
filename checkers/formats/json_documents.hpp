// The objects of JSON Lines, parsed by simdjson many lines at a time.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "checkers/formats/readers.hpp"

namespace lockstorm::checkers::formats {

class JsonDocuments {
 public:
  JsonDocuments();

  /// Goes on with these lines, which stay where they are while they are read; numbers go on, too.
  void begin(std::string_view lines);

  /// `unusual`: the next line that is not blank is anything but one object without escapes. Nothing can be
  /// read after that.
  enum class Next : std::uint8_t { object, end, unusual };
  Next next();
  /// Of the last `next`, until the one after it.
  [[nodiscard]] const simdjson::dom::object& object() const { return object_; }
  /// Numbered from 1, over all texts.
  [[nodiscard]] std::uint32_t line() const { return lines_before_ + lines_.number(); }

 private:
  void begin_batch(const char* begin);
  bool ends_batch();

  std::string_view text_;
  Lines lines_;
  std::uint32_t lines_before_ = 0;
  simdjson::dom::parser parser_;
  simdjson::dom::document_stream stream_;
  simdjson::dom::document_stream::iterator document_;
  simdjson::dom::object object_;
  /// Lines of the text that are parsed at once.
  std::string_view batch_;
  /// The parser looks at bytes behind what it reads: the end of the text is copied.
  std::string last_lines_;
};

}  // namespace lockstorm::checkers::formats
