// The PEGTL grammar of HCL's expressions and templates. It recognises; it builds nothing, and needs no
// precedence.
#pragma once

#include "scenarios/config/syntax/hcl_nesting.hpp"

namespace lockstorm::scenarios::hcl::grammar {

// Every choice is made on the next token, so nothing is ever parsed twice; after a choice `must` says what
// has to follow. `across` tells whether a newline is mere space here, see space<>.

template <bool across>
struct expression;

struct close_parenthesis : one<')'> {};
struct close_bracket : one<']'> {};
struct close_object : one<'}'> {};
struct close_quote : one<'"'> {};
struct close_template_sequence : seq<opt<one<'~'>>, one<'}'>> {};

// ---- templates

struct keyword_if : keyword<'i', 'f'> {};
struct keyword_else : keyword<'e', 'l', 's', 'e'> {};
struct keyword_endif : keyword<'e', 'n', 'd', 'i', 'f'> {};
struct keyword_for : keyword<'f', 'o', 'r'> {};
struct keyword_endfor : keyword<'e', 'n', 'd', 'f', 'o', 'r'> {};
struct keyword_in : keyword<'i', 'n'> {};

struct loop_variable : identifier {};
/// `k, v in collection`, after `for`.
struct loop_header : seq<space<true>, must<loop_variable>, space<true>,
                         opt<one<','>, space<true>, must<loop_variable>, space<true>>, must<keyword_in>,
                         space<true>, must<expression<true>>, space<true>> {};

// The same keywords, under names of their own for the actions that balance directives.
struct directive_if : keyword_if {};
struct directive_else : keyword_else {};
struct directive_endif : keyword_endif {};
struct directive_for : keyword_for {};
struct directive_endfor : keyword_endfor {};
struct directive_body : sor<seq<directive_if, space<true>, must<expression<true>>>, directive_else,
                            directive_endif, seq<directive_for, loop_header>, directive_endfor> {};

struct interpolation
    : seq<string<'$', '{'>, enclosed<Opener::interpolation, 2, opt<one<'~'>>, space<true>,
                                     must<expression<true>>, space<true>, must<close_template_sequence>>> {};
struct directive
    : seq<string<'%', '{'>, enclosed<Opener::directive, 2, opt<one<'~'>>, space<true>, must<directive_body>,
                                     space<true>, must<close_template_sequence>>> {};
struct template_part : sor<escaped_template, interpolation, directive> {};

struct escape_sequence : seq<one<'\\'>, must<escape>> {};
struct quoted_template
    : seq<one<'"'>, enclosed<Opener::quoted_string, 1,
                             template_scope<star<sor<template_part, escape_sequence, quoted_character>>>,
                             must<close_quote>>> {};

// ---- terms

struct parenthesized : seq<one<'('>, enclosed<Opener::parenthesis, 1, space<true>, must<expression<true>>,
                                              space<true>, must<close_parenthesis>>> {};

/// Expressions between commas; a comma may trail.
template <typename Close>
struct expression_list
    : seq<must<expression<true>>, space<true>,
          star<one<','>, space<true>, not_at<Close>, must<expression<true>>, space<true>>> {};

struct ellipsis : string<'.', '.', '.'> {};
struct arguments
    : seq<one<'('>, enclosed<Opener::parenthesis, 1, space<true>,
                             sor<close_parenthesis,
                                 seq<expression_list<close_parenthesis>, opt<sor<one<','>, ellipsis>>,
                                     space<true>, must<close_parenthesis>>>>> {};

struct scope_operator : string<':', ':'> {};
struct function_name : identifier {};
template <bool across>
struct scoped_call : seq<at<space<across>, scope_operator>,
                         plus<space<across>, scope_operator, space<across>, must<function_name>>,
                         space<across>, must<arguments>> {};
template <bool across>
struct variable_or_call : seq<identifier, opt<sor<scoped_call<across>, seq<space<across>, arguments>>>> {};

struct loop_colon : one<':'> {};
struct fat_arrow : string<'=', '>'> {};
struct loop_condition : opt<keyword_if, space<true>, must<expression<true>>, space<true>> {};
struct tuple_loop : seq<keyword_for, loop_header, must<loop_colon>, space<true>, must<expression<true>>,
                        space<true>, loop_condition, must<close_bracket>> {};
struct object_loop : seq<keyword_for, loop_header, must<loop_colon>, space<true>, must<expression<true>>,
                         space<true>, must<fat_arrow>, space<true>, must<expression<true>>, space<true>,
                         opt<ellipsis, space<true>>, loop_condition, must<close_object>> {};

struct tuple
    : seq<one<'['>,
          enclosed<
              Opener::bracket, 1, space<true>,
              sor<tuple_loop, close_bracket,
                  seq<expression_list<close_bracket>, opt<one<','>>, space<true>, must<close_bracket>>>>> {};

struct key_separator : sor<seq<one<'='>, not_at<one<'=', '>'>>>, seq<one<':'>, not_at<one<':'>>>> {};
struct object_key : seq<expression<false>> {};
struct item_separator : sor<one<','>, at<one<'}'>>, seq<opt<line_comment>, newline>> {};
struct object_item : seq<must<object_key>, space<false>, must<key_separator>, space<false>,
                         must<expression<false>>, space<false>, must<item_separator>, space<true>> {};
struct object_items : seq<space<true>, star<not_at<sor<one<'}'>, eof>>, object_item>, must<close_object>> {};
struct object : seq<one<'{'>, enclosed<Opener::object, 1, sor<seq<space<true>, object_loop>, object_items>>> {
};

template <bool across>
struct term : sor<number, quoted_template, heredoc<template_part>, parenthesized, tuple, object,
                  variable_or_call<across>> {};

// ---- traversals

/// `.0`; the scanner takes any number without a fraction, so an exponent passes, too.
struct legacy_index
    : seq<plus<digit>, opt<one<'e', 'E'>, opt<one<'+', '-'>>, plus<digit>>, not_at<one<'.'>, digit>> {};
template <bool across>
struct dot : seq<one<'.'>, not_at<one<'.'>>, space<across>> {};
struct attribute_or_index : sor<identifier, legacy_index> {};
/// `.*` takes attribute steps only, and no second splat.
template <bool across>
struct attribute_splat : seq<one<'*'>, star<space<across>, dot<across>, must<attribute_or_index>>> {};
template <bool across>
struct attribute_step : sor<attribute_or_index, attribute_splat<across>> {};

template <bool across>
struct index_step
    : seq<one<'['>,
          enclosed<Opener::bracket, 1,
                   sor<seq<space<across>, one<'*'>, space<across>, must<close_bracket>>,
                       seq<space<true>, must<expression<true>>, space<true>, must<close_bracket>>>>> {};
template <bool across>
struct traversal_step : sor<index_step<across>, seq<dot<across>, must<attribute_step<across>>>> {};

// ---- operations

struct unary_operator : sor<one<'-'>, seq<one<'!'>, not_at<one<'='>>>> {};
// A slash that begins a comment is no operator; single & | ^ ~ are none either.
struct binary_operator : sor<string<'=', '='>, string<'!', '='>, string<'<', '='>, string<'>', '='>,
                             string<'&', '&'>, string<'|', '|'>, seq<one<'<'>, not_at<one<'<'>>>,
                             one<'>', '+', '-', '*', '%'>, seq<one<'/'>, not_at<one<'/', '*'>>>> {};

template <bool across>
struct operand : seq<sor<seq<plus<unary_operator, space<across>>, must<term<across>>>, term<across>>,
                     star<space<across>, traversal_step<across>>> {};
template <bool across>
struct operation
    : seq<operand<across>, star<space<across>, binary_operator, space<across>, must<operand<across>>>> {};

struct conditional_colon : one<':'> {};
/// The part after `:` repeats instead of nesting, so that a long chain of conditions is not deep.
template <bool across>
struct expression
    : seq<operation<across>, star<space<across>, one<'?'>,
                                  enclosed<Opener::conditional, 1, space<across>, must<expression<across>>,
                                           space<across>, must<conditional_colon>>,
                                  space<across>, must<operation<across>>>> {};

}  // namespace lockstorm::scenarios::hcl::grammar
