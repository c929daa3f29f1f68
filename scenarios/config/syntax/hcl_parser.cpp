#include <fmt/format.h>

#include <optional>
#include <utility>

#include "scenarios/config/syntax/hcl_grammar.hpp"
#include "scenarios/config/syntax/hcl_parser_state.hpp"
#include "scenarios/config/syntax/hcl_syntax.hpp"

namespace lockstorm::scenarios::hcl {
namespace {

std::string_view name_of(Opener kind) {
  switch (kind) {
    case Opener::block:
      return "block '{'";
    case Opener::object:
      return "object '{'";
    case Opener::bracket:
      return "'['";
    case Opener::parenthesis:
      return "'('";
    case Opener::conditional:
      return "conditional '?'";
    case Opener::interpolation:
      return "template '${'";
    case Opener::directive:
      return "template '%{'";
    case Opener::quoted_string:
      return "string '\"'";
    case Opener::heredoc:
      return "heredoc '<<'";
    case Opener::comment:
      return "comment '/*'";
  }
  return "construct";
}

std::string at_line(const ParserState& state, std::size_t offset) {
  const SourceLocation where = state.source.location(offset);
  return fmt::format("line {}, column {}", where.line, where.column);
}

/// Where the innermost open construct began: at the end of the file the culprit, elsewhere a likely one,
/// unless it is a block, which may well be open.
std::string where_opened(const ParserState& state, bool at_end_of_file) {
  if (state.open.empty()) return "";
  const Open& innermost = state.open.back();
  if (innermost.kind == Opener::block && !at_end_of_file) return "";
  const std::string_view name = name_of(innermost.kind);
  const std::string place = at_line(state, innermost.offset);
  return at_end_of_file ? fmt::format("the {} at {} is never closed", name, place)
                        : fmt::format("in the {} that opens at {}", name, place);
}

void end_directive(ParserState& state, std::size_t offset, bool is_for) {
  const std::string_view name = is_for ? "endfor" : "endif";
  if (state.directives.size() == state.outer_directives) {
    throw SyntaxFailure{offset, fmt::format("unexpected '{}' directive", name),
                        fmt::format("an '{}' directive before it", is_for ? "for" : "if"), ""};
  }
  const OpenDirective& open = state.directives.back();
  if (open.is_for != is_for) {
    throw SyntaxFailure{offset, fmt::format("unexpected '{}' directive", name),
                        fmt::format("'{}' for the '{}' at {}", open.is_for ? "endfor" : "endif",
                                    open.is_for ? "for" : "if", at_line(state, open.offset)),
                        ""};
  }
  state.directives.pop_back();
}

void begin_else(ParserState& state, std::size_t offset) {
  const bool in_if = state.directives.size() > state.outer_directives && !state.directives.back().is_for &&
                     !state.directives.back().seen_else;
  if (!in_if) {
    throw SyntaxFailure{offset, "unexpected 'else' directive", "one 'else' between an 'if' and its 'endif'",
                        ""};
  }
  state.directives.back().seen_else = true;
}

void add_attribute(ParserState& state, std::string_view expression) {
  const auto [existing, is_new] = state.blocks.back().body.attributes.try_emplace(
      state.item_name, AttributeSyntax{state.item_name, expression});
  if (!is_new) {
    throw SyntaxFailure{state.offset_of(state.item_name.data()),
                        fmt::format("the argument '{}' is already set at {}", state.item_name,
                                    at_line(state, state.offset_of(existing->second.name.data()))),
                        "each argument once", ""};
  }
}

void close_block(ParserState& state, const char* end) {
  Block block = std::move(state.blocks.back());
  state.blocks.pop_back();
  block.text = {block.type.data(), static_cast<std::size_t>(end - block.type.data())};
  state.blocks.back().body.blocks.push_back(std::move(block));
}

// ---- how the grammar's matches reach the functions above

template <typename Rule>
struct action : tao::pegtl::nothing<Rule> {};

template <>
struct action<grammar::item_name> {
  template <typename Input>
  static void apply(const Input& in, ParserState& state) {
    state.item_name = in.string_view();
    state.labels.clear();
  }
};
template <>
struct action<grammar::single_argument_name> : action<grammar::item_name> {};
template <>
struct action<grammar::attribute_value> {
  template <typename Input>
  static void apply(const Input& in, ParserState& state) {
    add_attribute(state, in.string_view());
  }
};
template <>
struct action<grammar::label> {
  template <typename Input>
  static void apply(const Input& in, ParserState& state) {
    state.labels.push_back(in.string_view());
  }
};
template <>
struct action<grammar::block_open> {
  static void apply0(ParserState& state) {
    state.blocks.push_back(
        Block{.type = state.item_name, .labels = std::move(state.labels), .body = {}, .text = {}});
    state.labels.clear();
  }
};
template <>
struct action<grammar::block_close> {
  template <typename Input>
  static void apply(const Input& in, ParserState& state) {
    close_block(state, in.end());
  }
};
template <>
struct action<grammar::single_argument_close> : action<grammar::block_close> {};

struct keep_comment {
  template <typename Input>
  static void apply(const Input& in, ParserState& state) {
    state.comments.emplace(state.offset_of(in.begin()), in.string_view());
  }
};
template <>
struct action<grammar::line_comment> : keep_comment {};
template <>
struct action<grammar::inline_comment> : keep_comment {};

template <bool is_for>
struct begin_directive {
  template <typename Input>
  static void apply(const Input& in, ParserState& state) {
    state.directives.push_back({is_for, false, state.offset_of(in.begin())});
  }
};
template <bool is_for>
struct finish_directive {
  template <typename Input>
  static void apply(const Input& in, ParserState& state) {
    end_directive(state, state.offset_of(in.begin()), is_for);
  }
};
template <>
struct action<grammar::directive_if> : begin_directive<false> {};
template <>
struct action<grammar::directive_for> : begin_directive<true> {};
template <>
struct action<grammar::directive_endif> : finish_directive<false> {};
template <>
struct action<grammar::directive_endfor> : finish_directive<true> {};
template <>
struct action<grammar::directive_else> {
  template <typename Input>
  static void apply(const Input& in, ParserState& state) {
    begin_else(state, state.offset_of(in.begin()));
  }
};

template <typename Rule>
struct control : tao::pegtl::normal<Rule> {
  template <typename Input>
  [[noreturn]] static void raise(const Input& in, ParserState& state) {
    static_assert(grammar::expectation<Rule> != nullptr,
                  "a rule that must match needs words for its absence");
    fail_unexpected(state, state.offset_of(in.current()), grammar::expectation<Rule>);
  }
};

using Input =
    tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy, tao::pegtl::eol::lf_crlf, const char*>;

ParserState new_state(const SourceText& source) {
  ParserState state{.source = source,
                    .open = {},
                    .directives = {},
                    .blocks = {},
                    .item_name = {},
                    .labels = {},
                    .comments = {}};
  state.blocks.emplace_back();
  return state;
}

// Parses the whole file; what stopped it.
std::optional<InputError> run_parser(ParserState& state) {
  const SourceText& source = state.source;
  std::string_view text = source.text();
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  try {
    Input input(text.data(), text.data() + text.size(), source.file().c_str());
    // The last rule of the grammar must match, so a return without an exception is a match.
    (void)tao::pegtl::parse<grammar::file, action, control>(input, state);
  } catch (SyntaxFailure& failure) {
    return InputError{source.location(failure.offset), std::move(failure.problem),
                      std::move(failure.expected), std::move(failure.hint)};
  }
  return std::nullopt;
}

}  // namespace

void fail_unexpected(const ParserState& state, std::size_t offset, std::string_view expected) {
  throw SyntaxFailure{offset, "unexpected " + describe_next(state.source.text(), offset),
                      std::string(expected), where_opened(state, offset >= state.source.text().size())};
}

void fail_too_deep(std::size_t offset) {
  throw SyntaxFailure{offset, "blocks, brackets or templates are nested too deeply",
                      fmt::format("at most {} levels", max_nesting_depth), ""};
}

void require_closed_directives(const ParserState& state, std::size_t offset) {
  if (state.directives.size() == state.outer_directives) return;
  const OpenDirective& open = state.directives.back();
  throw SyntaxFailure{offset, "unexpected end of the template",
                      fmt::format("'%{{ {} }}' for the '{}' at {}", open.is_for ? "endfor" : "endif",
                                  open.is_for ? "for" : "if", at_line(state, open.offset)),
                      ""};
}

std::expected<Body, InputError> parse(const SourceText& source) {
  ParserState state = new_state(source);
  if (auto failure = run_parser(state)) return std::unexpected(*std::move(failure));
  return std::move(state.blocks.front().body);
}

std::expected<std::vector<std::string_view>, InputError> comments(const SourceText& source) {
  ParserState state = new_state(source);
  if (auto failure = run_parser(state)) return std::unexpected(*std::move(failure));
  std::vector<std::string_view> all;
  for (const auto& [offset, comment] : state.comments) all.push_back(comment);
  return all;
}

}  // namespace lockstorm::scenarios::hcl
