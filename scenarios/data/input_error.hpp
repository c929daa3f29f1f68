// The one shape of every complaint about a user's input: where, what was wrong, what was expected, what to
// do.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lockstorm::scenarios {

/// A place in a user's file; line and column count from 1, 0 means "the file as a whole".
struct SourceLocation {
  std::string file;
  unsigned line = 0;
  unsigned column = 0;

  friend bool operator==(const SourceLocation&, const SourceLocation&) = default;
};

/// What is wrong with an input and how to mend it; printed as `file:line:column: error: problem`.
struct InputError {
  SourceLocation where;
  std::string problem;   ///< one sentence, no trailing full stop
  std::string expected;  ///< what would have been right; may be empty
  std::string hint;      ///< what to do, e.g. the nearest valid name; may be empty

  /// The message as it is shown to the user, one to three lines without a trailing newline; whatever of the
  /// input is in it is printable.
  [[nodiscard]] std::string render() const;
};

/// The text, or its beginning and its end where it is so long that nobody reads it: an input may be
/// megabytes.
[[nodiscard]] std::string abridged(std::string_view text);

/// The text with its control characters written as escapes ("\x1b"), fit for a terminal.
[[nodiscard]] std::string printable(std::string_view text);

/// The name of `valid` that is nearest to `given` by edit distance, or "" when none is near (distance > 1/2).
[[nodiscard]] std::string_view nearest_name(std::string_view given, std::span<const std::string_view> valid);

/// "did you mean 'use_lockfile'?", or nothing when no name is near.
[[nodiscard]] std::string did_you_mean(std::string_view given, std::span<const std::string_view> valid);

}  // namespace lockstorm::scenarios
