#include "scenarios/config/syntax/json_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace lockstorm::scenarios::json {
namespace {

/// Reads characters and publishes how far it has come: nlohmann's SAX events carry no positions of their own.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* position, std::size_t* consumed) : position_(position), consumed_(consumed) {}
  reference operator*() const { return *position_; }
  CountingIterator& operator++() {
    ++position_;
    ++*consumed_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.position_ == b.position_;
  }

 private:
  const char* position_;
  std::size_t* consumed_;
};

/// Builds the document from SAX events; each arrives when the reader stands right behind the token.
class DocumentBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  DocumentBuilder(const SourceText& source, const std::size_t& consumed)
      : source_(source), consumed_(consumed) {}

  std::optional<InputError> error;
  Value document;

  bool null() override { return add(Kind::null); }
  bool boolean(bool value) override {
    return add(Kind::boolean, [&](Value& v) { v.boolean = value; });
  }
  bool number_integer(std::int64_t value) override { return add_number(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) override { return add_number(static_cast<double>(value)); }
  bool number_float(double value, const std::string& /*text*/) override { return add_number(value); }
  bool string(std::string& value) override {
    return add(Kind::string, [&](Value& v) {
      v.begin = opening_quote();
      v.string = value;
    });
  }
  bool binary(nlohmann::json::binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*elements*/) override { return open(Kind::object); }
  bool start_array(std::size_t /*elements*/) override { return open(Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& key) override {
    pending_key_ = key;
    pending_key_begin_ = opening_quote();
    return true;
  }
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::json::exception& what) override;

 private:
  template <typename Fill = void (*)(Value&)>
  bool add(Kind kind, Fill fill = [](Value&) {}) {
    Value value;
    value.kind = kind;
    value.begin = value.end = consumed_;
    fill(value);
    if (open_.empty()) {
      document = std::move(value);
    } else if (open_.back()->kind == Kind::array) {
      open_.back()->items.push_back(std::move(value));
    } else {
      open_.back()->members.push_back({std::move(pending_key_), pending_key_begin_, std::move(value)});
    }
    return true;
  }
  bool add_number(double number) {
    return add(Kind::number, [&](Value& v) { v.number = number; });
  }
  bool open(Kind kind);
  bool close() {
    open_.back()->end = consumed_;
    open_.pop_back();
    return true;
  }
  /// Where the string begins whose closing quote has just been read: the nearest quote that is not escaped.
  [[nodiscard]] std::size_t opening_quote() const;

  const SourceText& source_;
  const std::size_t& consumed_;
  std::vector<Value*> open_;  // outermost first; an open value's siblings are complete, so it does not move
  std::string pending_key_;
  std::size_t pending_key_begin_ = 0;
};

bool DocumentBuilder::open(Kind kind) {
  if (open_.size() >= max_nesting_depth) {
    error = InputError{source_.location(consumed_ - 1), "arrays or objects are nested too deeply",
                       fmt::format("at most {} levels", max_nesting_depth), ""};
    return false;
  }
  add(kind, [](Value& v) { --v.begin; });
  if (open_.empty()) {
    open_.push_back(&document);
  } else {
    Value& parent = *open_.back();
    open_.push_back(parent.kind == Kind::array ? &parent.items.back() : &parent.members.back().value);
  }
  return true;
}

std::size_t DocumentBuilder::opening_quote() const {
  const std::string_view text = source_.text();
  std::size_t quote = consumed_ - 1;
  for (;;) {
    quote = text.rfind('"', quote - 1);
    const std::size_t before = text.find_last_not_of('\\', quote - 1);
    if (quote == 0 || (quote - 1 - before) % 2 == 0) return quote;
  }
}

// Where the last token begins of which a character is among the first `consumed`. The lexer's own account of
// its token keeps what came before it in other cases than strings and numbers.
std::size_t last_token_begin(std::string_view text, std::size_t consumed) {
  constexpr std::string_view kSpace = " \t\r\n";
  constexpr std::string_view kAlone = "{}[]:,";
  std::size_t last = 0;
  for (std::size_t at = text.find_first_not_of(kSpace); at < consumed;) {
    last = at;
    if (text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
      }
      ++at;
    } else if (kAlone.find(text[at]) != std::string_view::npos) {
      ++at;
    } else {
      at = text.find_first_of(" \t\r\n{}[]:,\"", at);
    }
    at = at >= text.size() ? text.size() : std::min(text.find_first_not_of(kSpace, at), text.size());
    if (at == text.size()) break;
  }
  return last;
}

bool DocumentBuilder::parse_error(std::size_t position, const std::string& /*token*/,
                                  const nlohmann::json::exception& what) {
  // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while parsing value -
  // unexpected
  // ...; expected ...": its column counts bytes and stands behind the token, so only the text is taken.
  std::string_view message = what.what();
  if (const auto prefix = message.find("] "); prefix != std::string_view::npos)
    message.remove_prefix(prefix + 2);
  if (message.starts_with("parse error")) message.remove_prefix(message.find(": ") + 2);
  std::string without_last_read(message);  // it quotes the file up to here
  if (const auto read = without_last_read.find("; last read: '"); read != std::string::npos) {
    const auto rest = without_last_read.rfind("; expected ");
    without_last_read.erase(read, rest == std::string::npos || rest < read ? rest : rest - read);
  }
  message = without_last_read;
  const auto split = message.find("; expected ");
  const std::string expected = split == std::string_view::npos ? "" : std::string(message.substr(split + 11));
  const std::size_t end = source_.text().size();
  const bool at_end =
      position > end || message.substr(0, split).find("end of input") != std::string_view::npos;
  const std::size_t offset = at_end ? end : last_token_begin(source_.text(), position);
  error = InputError{source_.location(offset), std::string(message.substr(0, split)), expected, ""};
  return false;
}

}  // namespace

std::expected<Value, InputError> parse(const SourceText& source) {
  const std::string_view text = source.text();
  if (text.starts_with(byte_order_mark)) {
    return std::unexpected(InputError{source.location(std::size_t{0}),
                                      "the file begins with a byte order mark", "'{'",
                                      "save it as UTF-8 without a byte order mark"});
  }
  std::size_t consumed = 0;
  DocumentBuilder builder(source, consumed);
  const bool parsed =
      nlohmann::json::sax_parse(CountingIterator(text.data(), &consumed),
                                CountingIterator(text.data() + text.size(), &consumed), &builder);
  if (!parsed) {
    return std::unexpected(
        builder.error.value_or(InputError{source.location(consumed), "is not JSON", "", ""}));
  }
  return std::move(builder.document);
}

}  // namespace lockstorm::scenarios::json
