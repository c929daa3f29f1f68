#include "scenarios/config/syntax/hcl_escapes.hpp"

#include <charconv>
#include <cstdint>

namespace lockstorm::scenarios::hcl {
namespace {

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
  if (code_point < 0x80) {
    byte(code_point);
  } else if (code_point < 0x800) {
    byte(0xC0 | (code_point >> 6));
    byte(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    byte(0xE0 | (code_point >> 12));
    byte(0x80 | ((code_point >> 6) & 0x3F));
    byte(0x80 | (code_point & 0x3F));
  } else {
    byte(0xF0 | (code_point >> 18));
    byte(0x80 | ((code_point >> 12) & 0x3F));
    byte(0x80 | ((code_point >> 6) & 0x3F));
    byte(0x80 | (code_point & 0x3F));
  }
}

}  // namespace

std::size_t append_escape(std::string& out, std::string_view rest) {
  const char selector = rest[1];
  switch (selector) {
    case 'n':
      out += '\n';
      return 2;
    case 'r':
      out += '\r';
      return 2;
    case 't':
      out += '\t';
      return 2;
    case 'u':
    case 'U': {
      const std::size_t digits = selector == 'u' ? 4 : 8;
      std::uint32_t code_point = 0;
      std::from_chars(rest.data() + 2, rest.data() + 2 + digits, code_point, 16);
      append_utf8(out, code_point);
      return 2 + digits;
    }
    default:
      out += selector;
      return 2;
  }
}

}  // namespace lockstorm::scenarios::hcl
