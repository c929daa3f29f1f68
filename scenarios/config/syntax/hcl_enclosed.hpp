// The PEGTL rule for what stands between an opener and its closer: keeps account of it, and limits its depth.
#pragma once

#include <cstddef>
#include <tao/pegtl.hpp>

#include "scenarios/config/syntax/hcl_parser_state.hpp"

namespace lockstorm::scenarios::hcl::grammar {

using tao::pegtl::apply_mode;
using tao::pegtl::rewind_mode;
using tao::pegtl::seq;
using tao::pegtl::type_list;

/// Matches Rules inside a construct whose opener, `opener_length` bytes long, has just been matched.
template <Opener kind, std::size_t opener_length, typename... Rules>
struct enclosed {
  using rule_t = enclosed;
  using subs_t = type_list<Rules...>;

  template <apply_mode A, rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename ParseInput>
  [[nodiscard]] static bool match(ParseInput& in, ParserState& state) {
    const NestingGuard guard(state, {kind, state.offset_of(in.current()) - opener_length});
    return tao::pegtl::match<seq<Rules...>, A, M, Action, Control>(in, state);
  }
};

}  // namespace lockstorm::scenarios::hcl::grammar
