#include "wire/net/pg_messages.hpp"

#include <charconv>

namespace lockstorm::wire {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::uint16_t kBinary = 1;

std::string big_endian(std::uint64_t value, unsigned bytes) {
  std::string text;
  for (unsigned left = bytes; left > 0; --left) text += static_cast<char>(value >> (8U * (left - 1)) & 0xFFU);
  return text;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
  return value;
}

std::expected<std::optional<PgMessage>, PgBadLength> take(std::string& bytes, std::size_t type_bytes,
                                                          std::size_t longest) {
  if (bytes.size() < type_bytes + kLengthBytes) return std::nullopt;
  const std::size_t length = from_big_endian(std::string_view(bytes).substr(type_bytes, kLengthBytes));
  if (length < kLengthBytes || length > longest) return std::unexpected(PgBadLength{});
  if (bytes.size() < type_bytes + length) return std::nullopt;
  PgMessage message{type_bytes == 0 ? '\0' : bytes.front(),
                    bytes.substr(type_bytes + kLengthBytes, length - kLengthBytes)};
  bytes.erase(0, type_bytes + length);
  return message;
}

// How a field of that number is to be written: one format may stand for all.
std::uint16_t format_of(const std::vector<std::uint16_t>& formats, std::size_t column) {
  if (formats.empty()) return 0;
  return formats.size() == 1 ? formats.front() : column < formats.size() ? formats[column] : 0;
}

std::string binary_of(const std::string& text, PgType type) {
  if (type == PgType::boolean) return std::string(1, text == "t" ? '\1' : '\0');
  if (type == PgType::text || type == PgType::name) return text;
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return big_endian(static_cast<std::uint64_t>(number), type == PgType::int8 ? 8 : 4);
}

std::string fields_message(char type, std::string_view severity, const std::string& code,
                           const std::string& text) {
  PgWriter message(type);
  message.byte('S').text(severity).byte('V').text(severity);
  message.byte('C').text(code).byte('M').text(text).byte(0);
  return message.done();
}

std::uint16_t length_of(PgType type) {
  switch (type) {
    case PgType::boolean:
      return 1;
    case PgType::int4:
      return 4;
    case PgType::int8:
      return 8;
    case PgType::name:
      return 64;
    case PgType::text:
      break;
  }
  return 0xFFFF;  // -1: any
}

}  // namespace

std::expected<std::optional<PgMessage>, PgBadLength> take_message(std::string& bytes, std::size_t longest) {
  return take(bytes, 1, longest);
}

std::expected<std::optional<PgMessage>, PgBadLength> take_startup(std::string& bytes) {
  return take(bytes, 0, kMostStartupBytes);
}

std::uint64_t PgReader::number(unsigned bytes) {
  if (rest_.size() < bytes) {
    good_ = false;
    rest_ = {};
    return 0;
  }
  const std::uint64_t value = from_big_endian(rest_.substr(0, bytes));
  rest_.remove_prefix(bytes);
  return value;
}

std::string PgReader::text() {
  const std::size_t end = rest_.find('\0');
  if (end == std::string_view::npos) {
    good_ = false;
    rest_ = {};
    return {};
  }
  std::string value(rest_.substr(0, end));
  rest_.remove_prefix(end + 1);
  return value;
}

PgValue PgReader::value() {
  const std::uint32_t length = int32();
  if (length == 0xFFFF'FFFFU) return std::nullopt;
  if (length > rest_.size()) {
    good_ = false;
    rest_ = {};
    return std::nullopt;
  }
  std::string value(rest_.substr(0, length));
  rest_.remove_prefix(length);
  return value;
}

PgWriter& PgWriter::number(std::uint64_t value, unsigned bytes) {
  body_ += big_endian(value, bytes);
  return *this;
}

PgWriter& PgWriter::text(std::string_view value) {
  body_.append(value).append(1, '\0');
  return *this;
}

PgWriter& PgWriter::bytes(std::string_view value) {
  body_.append(value);
  return *this;
}

PgWriter& PgWriter::value(const PgValue& value) {
  if (!value) return int32(0xFFFF'FFFFU);
  return int32(static_cast<std::uint32_t>(value->size())).bytes(*value);
}

std::string PgWriter::done() const {
  const std::string type = type_ == '\0' ? std::string() : std::string(1, type_);
  return type + big_endian(body_.size() + kLengthBytes, kLengthBytes) + body_;
}

std::string error_message(const PgError& error) {
  return fields_message('E', error.is_fatal ? "FATAL" : "ERROR", error.code, error.message);
}

std::string warning_message(const std::string& text) { return fields_message('N', "WARNING", "01000", text); }

PgError error_in(std::string_view body) {
  PgError error;
  PgReader reader(body);
  while (!reader.at_end()) {
    const auto field = static_cast<char>(reader.byte());
    if (field == '\0') break;
    std::string text = reader.text();
    if (field == 'C') error.code = std::move(text);
    if (field == 'M') error.message = std::move(text);
    if (field == 'V') error.is_fatal = text == "FATAL" || text == "PANIC";
  }
  return error;
}

std::string ready_message() { return PgWriter('Z').byte('I').done(); }

std::string row_description(const std::vector<PgColumn>& columns, const std::vector<std::uint16_t>& formats) {
  PgWriter message('T');
  message.int16(static_cast<std::uint16_t>(columns.size()));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    // Of no table that anybody could look up.
    message.text(columns[i].name).int32(0).int16(0);
    message.int32(static_cast<std::uint32_t>(columns[i].type)).int16(length_of(columns[i].type));
    message.int32(0xFFFF'FFFFU).int16(format_of(formats, i));
  }
  return message.done();
}

std::string parameter_description(const std::vector<PgType>& types) {
  PgWriter message('t');
  message.int16(static_cast<std::uint16_t>(types.size()));
  for (const PgType type : types) message.int32(static_cast<std::uint32_t>(type));
  return message.done();
}

std::string data_row(const std::vector<PgValue>& row, const std::vector<PgColumn>& columns,
                     const std::vector<std::uint16_t>& formats) {
  PgWriter message('D');
  message.int16(static_cast<std::uint16_t>(row.size()));
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool is_binary = row[i] && i < columns.size() && format_of(formats, i) == kBinary;
    message.value(is_binary ? PgValue(binary_of(*row[i], columns[i].type)) : row[i]);
  }
  return message.done();
}

std::optional<std::string> text_of_binary(const std::string& bytes, PgType type) {
  if (type == PgType::text || type == PgType::name) return bytes;
  if (bytes.size() != length_of(type)) return std::nullopt;
  const std::uint64_t raw = from_big_endian(bytes);
  if (type == PgType::boolean) return raw != 0 ? "t" : "f";
  return type == PgType::int8 ? std::to_string(static_cast<std::int64_t>(raw))
                              : std::to_string(static_cast<std::int32_t>(static_cast<std::uint32_t>(raw)));
}

}  // namespace lockstorm::wire
