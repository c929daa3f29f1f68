// Messages of PostgreSQL's protocol 3.0, as both sides write and read them
// (postgresql.org/docs/15/protocol-message-formats.html).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::wire {

/// Types of parameters and columns (pg_type.dat).
enum class PgType : std::uint32_t { boolean = 16, name = 19, int8 = 20, int4 = 23, text = 25 };

/// A parameter or a field of a row, as text; nothing: NULL.
using PgValue = std::optional<std::string>;

struct PgColumn {
  std::string name;
  PgType type = PgType::text;
};

/// What is known of a statement before it runs.
struct PgDescription {
  std::vector<PgType> parameters{};
  std::vector<PgColumn> columns{};
  bool has_rows = false;
};

struct PgError {
  std::string code;       ///< SQLSTATE: "42601" (postgresql.org/docs/15/errcodes-appendix.html)
  std::string message;    ///< as PostgreSQL words it
  bool is_fatal = false;  ///< the session ends with it

  friend bool operator==(const PgError&, const PgError&) = default;
};

/// What a statement came to.
struct PgResult {
  std::vector<PgColumn> columns{};
  std::vector<std::vector<PgValue>> rows{};
  std::string tag{};      ///< "SELECT 1"; empty: the statement was empty
  std::string warning{};  ///< a notice beside it; empty: none
};

/// One message: what it is, and what follows its length.
struct PgMessage {
  char type = 0;
  std::string body;
};

/// Of a length that no message may have: shorter than itself, or beyond the limit.
struct PgBadLength {};

/// The first message of `bytes`, which is taken away from them; nothing: it is not all there yet.
std::expected<std::optional<PgMessage>, PgBadLength> take_message(std::string& bytes, std::size_t longest);
/// The same for the first message of a client, which has no type (its type is 0 here).
std::expected<std::optional<PgMessage>, PgBadLength> take_startup(std::string& bytes);
/// Longer ones are refused, as PostgreSQL does (postmaster.c: MAX_STARTUP_PACKET_LENGTH).
inline constexpr std::size_t kMostStartupBytes = 10'000;

/// Reads the fields of a message; what goes beyond its end is empty, and makes it not `good`.
class PgReader {
 public:
  explicit PgReader(std::string_view body) : rest_(body) {}

  std::uint8_t byte() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t int16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t int32() { return static_cast<std::uint32_t>(number(4)); }
  /// Up to a zero.
  std::string text();
  /// A length and so many bytes; the length -1: nothing.
  PgValue value();
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::uint64_t number(unsigned bytes);
  std::string_view rest_;
  bool good_ = true;
};

/// Writes one message; `done` gives it with its length.
class PgWriter {
 public:
  explicit PgWriter(char type) : type_(type) {}

  PgWriter& byte(std::uint8_t value) { return number(value, 1); }
  PgWriter& int16(std::uint16_t value) { return number(value, 2); }
  PgWriter& int32(std::uint32_t value) { return number(value, 4); }
  PgWriter& text(std::string_view value);
  PgWriter& bytes(std::string_view value);
  PgWriter& value(const PgValue& value);
  [[nodiscard]] std::string done() const;

 private:
  PgWriter& number(std::uint64_t value, unsigned bytes);
  char type_;
  std::string body_;
};

std::string error_message(const PgError& error);
/// Of an ErrorResponse's body.
PgError error_in(std::string_view body);
/// A NoticeResponse that warns.
std::string warning_message(const std::string& text);
std::string ready_message();
/// RowDescription; `formats`: of each column, of all, or none for text.
std::string row_description(const std::vector<PgColumn>& columns, const std::vector<std::uint16_t>& formats);
std::string parameter_description(const std::vector<PgType>& types);
/// DataRow. Numbers and booleans in the binary format where that is asked for.
std::string data_row(const std::vector<PgValue>& row, const std::vector<PgColumn>& columns,
                     const std::vector<std::uint16_t>& formats);

/// A parameter that came in the binary format, as text. Or nothing: it has not the length of its type.
std::optional<std::string> text_of_binary(const std::string& bytes, PgType type);

}  // namespace lockstorm::wire
