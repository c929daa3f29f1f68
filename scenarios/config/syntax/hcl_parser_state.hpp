// What the HCL parser remembers while it runs: open brackets and template directives, and the tree so far.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/config/syntax/hcl_syntax.hpp"

namespace lockstorm::scenarios::hcl {

/// The kinds of construct that something must close.
enum class Opener {
  block,
  object,
  bracket,
  parenthesis,
  conditional,
  interpolation,
  directive,
  quoted_string,
  heredoc,
  comment,
};

/// A construct that is open, and the byte where it begins.
struct Open {
  Opener kind;
  std::size_t offset;
};

/// A template's `%{ if }` or `%{ for }` that waits for its `%{ endif }` or `%{ endfor }`.
struct OpenDirective {
  bool is_for;
  bool seen_else;
  std::size_t offset;
};

/// Thrown inside the parser only; parse() turns it into an InputError.
struct SyntaxFailure {
  std::size_t offset;
  std::string problem;
  std::string expected;
  std::string hint;
};

/// The state that every rule and action gets.
struct ParserState {
  const SourceText& source;
  std::vector<Open> open;
  std::vector<OpenDirective> directives;
  std::size_t outer_directives = 0;  ///< how many of `directives` belong to templates around this one
  std::vector<Block> blocks;  ///< the blocks that are open, outermost first; the first stands for the file
  std::string_view item_name;
  std::vector<std::string_view> labels;
  std::map<std::size_t, std::string_view> comments;  ///< by their offset: one may be come across twice

  [[nodiscard]] std::size_t offset_of(const char* position) const {
    return static_cast<std::size_t>(position - source.text().data());
  }
};

/// Stops the parse: `expected` was expected at `offset`, something else is there.
[[noreturn]] void fail_unexpected(const ParserState& state, std::size_t offset, std::string_view expected);

/// Stops the parse because nesting has reached max_nesting_depth.
[[noreturn]] void fail_too_deep(std::size_t offset);

/// Stops the parse if the template that ends at `offset` has an `if` or `for` without its end.
void require_closed_directives(const ParserState& state, std::size_t offset);

/// Keeps a construct on the stack of open ones while its rule runs; refuses to go deeper than
/// max_nesting_depth.
class NestingGuard {
 public:
  NestingGuard(ParserState& state, Open open) : state_(state) {
    if (state.open.size() >= max_nesting_depth) fail_too_deep(open.offset);
    state.open.push_back(open);
  }
  ~NestingGuard() { state_.open.pop_back(); }
  NestingGuard(const NestingGuard&) = delete;
  NestingGuard& operator=(const NestingGuard&) = delete;

 private:
  ParserState& state_;
};

/// Gives a template its own account of directives: those of the templates around it are out of reach.
class DirectiveScope {
 public:
  explicit DirectiveScope(ParserState& state) : state_(state), outer_(state.outer_directives) {
    state.outer_directives = state.directives.size();
  }
  ~DirectiveScope() { state_.outer_directives = outer_; }
  DirectiveScope(const DirectiveScope&) = delete;
  DirectiveScope& operator=(const DirectiveScope&) = delete;

 private:
  ParserState& state_;
  std::size_t outer_;
};

}  // namespace lockstorm::scenarios::hcl
