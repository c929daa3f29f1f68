#include "scenarios/data/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode's controls, separators of lines, format characters (Cf) and what stands for no character at all.
constexpr std::array<Range, 30> kInvisible{{
    {0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},   {0x034F, 0x034F},   {0x0600, 0x0605},
    {0x061C, 0x061C},   {0x06DD, 0x06DD},   {0x070F, 0x070F},   {0x0890, 0x0891},   {0x08E2, 0x08E2},
    {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F},   {0x3164, 0x3164},   {0xD800, 0xDFFF},   {0xE000, 0xF8FF},   {0xFDD0, 0xFDEF},
    {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFC},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
    {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF},
}};

// GitHub takes any of Unicode's white space off the front of a line before it looks for a command.
bool is_space(char32_t character) {
  return character == ' ' || character == 0xA0 || character == 0x1680 || character == 0x202F ||
         character == 0x205F || character == 0x3000 || (character >= 0x2000 && character <= 0x200A);
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Azure takes `##vso[` and `##[` anywhere in a line for commands, TeamCity `##teamcity[`.
bool begins_service_message(std::string_view rest) {
  if (!rest.starts_with("##")) return false;
  rest.remove_prefix(2);
  while (!rest.empty() && is_letter(rest.front())) rest.remove_prefix(1);
  return rest.starts_with('[');
}

// Bytes of one of Style's colours at the start of the text; else 0.
std::size_t colour_length(std::string_view rest) {
  if (!rest.starts_with("\x1b[")) return 0;
  const std::size_t end = rest.find_first_not_of("0123456789;", 2);
  return end != std::string_view::npos && rest[end] == 'm' ? end + 1 : 0;
}

void append_escape(std::string& out, const Decoded& one, unsigned char byte) {
  if (one.character == '\n') {
    out += "\\n";
  } else if (one.character == '\t') {
    out += "\\t";
  } else if (one.character == '\r') {
    out += "\\r";
  } else if (one.character == Decoded::kNotText) {
    out += fmt::format("\\x{:02x}", byte);
  } else if (one.character < 0x100) {
    out += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(one.character));
  } else if (one.character < 0x10000) {
    out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(one.character));
  } else {
    out += fmt::format("\\U{:08x}", static_cast<std::uint32_t>(one.character));
  }
}

struct Keeps {
  bool lines = false;
  bool colours = false;
};

std::string escaped(std::string_view text, Keeps keeps) {
  std::string out;
  out.reserve(text.size());
  bool at_start = true;  // of a line, but for blanks and colours
  while (!text.empty()) {
    if (const std::size_t colour = keeps.colours ? colour_length(text) : 0; colour > 0) {
      out += text.substr(0, colour);
      text.remove_prefix(colour);
      continue;
    }
    const Decoded one = first_character(text);
    if (keeps.lines && (one.character == '\n' || one.character == '\t')) {
      out += text.front();
      at_start = one.character == '\n' || at_start;
    } else if ((at_start && text.starts_with("::")) || begins_service_message(text)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
      at_start = false;
    } else if (is_visible(one.character)) {
      out += text.substr(0, one.bytes);
      at_start = at_start && is_space(one.character);
    } else {
      append_escape(out, one, static_cast<unsigned char>(text.front()));
      at_start = false;
    }
    text.remove_prefix(one.bytes);
  }
  return out;
}

// What may stand behind a quote within a URL: user, password and query may have quotes in them (RFC
// 3986, 3.2.1 and 3.4), and the end of a quoted URL is followed by something else.
bool goes_on_in_url(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') ||
         std::string_view("-._~%@!$&*+=/").find(c) != std::string_view::npos;
}

// Where a URL's text ends. An interpolation is part of it, whatever stands between its braces.
std::size_t url_end(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("${") || text.substr(i).starts_with("%{")) ++depth;
    if (text[i] == '}' && depth > 0) --depth;
    const bool is_blank = std::string_view(" \t\r").find(text[i]) != std::string_view::npos;
    const bool is_quote = std::string_view("\"'`<>").find(text[i]) != std::string_view::npos;
    const bool goes_on = i + 1 < text.size() && goes_on_in_url(text[i + 1]);
    if (text[i] == '\n' || (depth == 0 && (is_blank || (is_quote && !goes_on)))) return i;
  }
  return text.size();
}

}  // namespace

bool is_visible(char32_t character) {
  return character <= 0x10FFFF && (character & 0xFFFEU) != 0xFFFE &&
         std::ranges::none_of(kInvisible, [&](const Range& range) {
           return character >= range.first && character <= range.last;
         });
}

Decoded first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead < 0xC2 ? 0U : lead < 0xE0 ? 2U : lead < 0xF0 ? 3U : lead < 0xF5 ? 4U : 0U;
  if (length == 0 || length > text.size()) return {};
  char32_t character = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    character = character << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  const bool is_text =
      character >= kLeast.at(length) && character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF);
  return is_text ? Decoded{character, length} : Decoded{};
}

// Credentials are looked for in what is shown, so that no control between them keeps them from being found.
std::string printable(std::string_view text) { return without_credentials(escaped(text, {})); }

std::string printable_lines(std::string_view text, bool keeps_colours) {
  return without_credentials(escaped(text, {.lines = true, .colours = keeps_colours}));
}

std::string without_credentials(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t mark = text.find("://");
    if (mark == std::string_view::npos) return out.append(text);
    out += text.substr(0, mark + 3);
    text.remove_prefix(mark + 3);
    std::string_view url = text.substr(0, url_end(text));
    text.remove_prefix(url.size());
    if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
      out += "[hidden]";
      url.remove_prefix(at);
    }
    // A fragment may carry a token, or be a place in a page.
    const std::size_t mark_of_query = url.find_first_of("?#");
    const bool is_place = mark_of_query != std::string_view::npos && url[mark_of_query] == '#' &&
                          url.find_first_of("=?", mark_of_query) == std::string_view::npos;
    const std::size_t query = is_place ? std::string_view::npos : mark_of_query;
    out += url.substr(0, query);
    if (query != std::string_view::npos) out += fmt::format("{}[hidden]", url[query]);
  }
}

}  // namespace lockstorm::scenarios
