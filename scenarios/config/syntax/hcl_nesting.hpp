// PEGTL rules for templates as a whole and for heredocs, which no context-free grammar describes.
#pragma once

#include <cstddef>
#include <string_view>
#include <tao/pegtl.hpp>

#include "scenarios/config/syntax/hcl_heredoc.hpp"
#include "scenarios/config/syntax/hcl_lexical.hpp"
#include "scenarios/config/syntax/hcl_parser_state.hpp"

namespace lockstorm::scenarios::hcl::grammar {

/// Matches Rules as one template: the directives that open in it must close in it.
template <typename... Rules>
struct template_scope {
  using rule_t = template_scope;
  using subs_t = type_list<Rules...>;

  template <apply_mode A, rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename ParseInput>
  [[nodiscard]] static bool match(ParseInput& in, ParserState& state) {
    const DirectiveScope scope(state);
    const bool matched = tao::pegtl::match<seq<Rules...>, A, M, Action, Control>(in, state);
    if (matched) require_closed_directives(state, state.offset_of(in.current()));
    return matched;
  }
};

struct heredoc_opener : seq<string<'<', '<'>, opt<one<'-'>>, identifier, newline> {};
struct heredoc_line_end : newline {};

/// `<<MARKER` or `<<-MARKER` to a line with nothing but the marker and space. TemplatePart matches what is
/// special inside: interpolations, directives and their escapes. The newline after the closing marker is
/// left, since it also ends the argument; as for Terraform, a marker that the file ends with, without a
/// newline, closes nothing.
template <typename TemplatePart>
struct heredoc {
  using rule_t = heredoc;
  struct character : seq<not_at<one<'\r', '\n'>>, utf8::any> {};
  struct line : seq<star<sor<TemplatePart, character>>, must<heredoc_line_end>> {};
  using subs_t = type_list<heredoc_opener, line>;

  template <apply_mode A, rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename ParseInput>
  [[nodiscard]] static bool match(ParseInput& in, ParserState& state) {
    const char* const begin = in.current();
    if (!tao::pegtl::match<heredoc_opener, A, rewind_mode::required, Action, Control>(in, state))
      return false;
    const std::string_view marker = heredoc_marker({begin, static_cast<std::size_t>(in.current() - begin)});
    const NestingGuard guard(state, {Opener::heredoc, state.offset_of(begin)});
    const DirectiveScope scope(state);
    for (;;) {
      const std::size_t closing = heredoc_closing_length({in.current(), in.size()}, marker);
      if (closing > 0) {
        require_closed_directives(state, state.offset_of(in.current()));
        in.bump_in_this_line(closing);
        return true;
      }
      (void)tao::pegtl::match<line, A, M, Action, Control>(in, state);  // matches or throws
    }
  }
};

}  // namespace lockstorm::scenarios::hcl::grammar
