// Foreign text made fit to be shown: file names, configurations, histories and certificates are written by
// others, and what is in them must not move a cursor, begin a line, turn the reading direction, command the
// log of a CI system, or show a credential. Every writer passes such text through one of these.
#pragma once

#include <string>
#include <string_view>

namespace lockstorm::scenarios {

// printable(text), for a single line, is declared with the errors that it is part of
// (scenarios/data/input_error.hpp). It writes as escapes ("\n", "\x1b", "\u202e"): controls, line and
// paragraph separators, marks of direction and other characters that nobody sees, and bytes that are not
// UTF-8. Where GitHub or Azure would take the text for a command (`::error::` at its beginning, `##[...]` and
// `##vso[...]` anywhere) the first character of that is written as an escape, too, and what URLs hold of
// credentials is hidden. A text that it returned comes through unchanged.

/// The same for a text of several lines: newlines stay, and each line is looked at for commands. With
/// `keeps_colours` the sequences that Style writes stay, too.
[[nodiscard]] std::string printable_lines(std::string_view text, bool keeps_colours = false);

/// The text with user and password and with the query of every URL in it replaced by "[hidden]"; printable
/// does this, too. In doubt more is hidden: a URL ends at a space or a quote.
[[nodiscard]] std::string without_credentials(std::string_view text);

/// Whether people see this character as what it is: no control, separator of lines, mark of direction,
/// invisible or private character, surrogate or non-character.
[[nodiscard]] bool is_visible(char32_t character);

/// A character and how many bytes of UTF-8 it took; the bytes are 1 and the character kNotText where none
/// begins.
struct Decoded {
  static constexpr char32_t kNotText = 0xFFFFFFFF;
  char32_t character = kNotText;
  std::size_t bytes = 1;
};

/// The first character of a text, which must not be empty. Overlong forms and surrogates are not text.
[[nodiscard]] Decoded first_character(std::string_view text);

}  // namespace lockstorm::scenarios
