// The PEGTL grammar of HCL's structure: bodies, attributes and blocks; and what each rule's absence means to
// a user.
#pragma once

#include "scenarios/config/syntax/hcl_expression_grammar.hpp"

namespace lockstorm::scenarios::hcl::grammar {

struct item_name : identifier {};
struct attribute_value : expression<false> {};
struct attribute_end : line_end {};
struct equals : seq<one<'='>, not_at<one<'=', '>'>>> {};
struct attribute_rest : seq<equals, space<false>, must<attribute_value>, space<false>, must<attribute_end>> {
};

// A label is a plain string; the scanner of templates does not apply.
struct label_character : seq<not_at<sor<string<'$', '{'>, string<'%', '{'>>>, quoted_character> {};
struct label_end : one<'"'> {};
struct quoted_label
    : seq<one<'"'>,
          enclosed<Opener::quoted_string, 1, star<sor<escaped_template, escape_sequence, label_character>>,
                   must<label_end>>> {};
struct label : sor<identifier, quoted_label> {};

struct body_item;
struct body_items : seq<space<true>, star<not_at<sor<one<'}'>, eof>>, must<body_item>, space<true>>> {};

struct block_open : one<'{'> {};
struct block_close : one<'}'> {};
struct block_end : line_end {};
// On one line a block has one argument at most, and closes on that line.
struct single_argument_name : item_name {};
struct single_argument_close : block_close {};
struct single_argument : seq<must<single_argument_name>, space<false>, must<equals>, space<false>,
                             must<attribute_value>, space<false>, must<single_argument_close>> {};
struct block_body
    : seq<space<false>, sor<block_close, seq<line_end, body_items, must<block_close>>, single_argument>> {};
struct block_rest
    : seq<at<sor<block_open, one<'"'>, identifier_start>>, star<label, space<false>>, must<block_open>,
          enclosed<Opener::block, 1, block_body>, space<false>, must<block_end>> {};

struct item_rest : sor<attribute_rest, block_rest> {};
struct body_item : seq<item_name, space<false>, must<item_rest>> {};

struct end_of_file : eof {};
struct file : seq<body_items, must<end_of_file>> {};

/// What the user should have written where a rule that must match does not.
template <typename Rule>
inline constexpr const char* expectation = nullptr;

template <>
inline constexpr const char* expectation<inline_comment_end> = "'*/' to close the comment";
template <>
inline constexpr const char* expectation<heredoc_line_end> =
    "the heredoc's closing marker on a line of its own, ended by a newline";
template <>
inline constexpr const char* expectation<escape> =
    "one of the escapes \\n \\r \\t \\\" \\\\ \\uXXXX \\UXXXXXXXX";
template <>
inline constexpr const char* expectation<close_quote> = "'\"' to close the string on the line it began";
template <>
inline constexpr const char* expectation<label_end> =
    "'\"' to close the label, which is a plain string on one line, without ${ } or %{ }";
template <>
inline constexpr const char* expectation<close_parenthesis> = "',' or ')'";
template <>
inline constexpr const char* expectation<close_bracket> = "',' or ']'";
template <>
inline constexpr const char* expectation<close_object> = "'}'";
template <>
inline constexpr const char* expectation<close_template_sequence> =
    "'}' to end the template sequence; a literal ${ or %{ is written $${ or %%{";
template <>
inline constexpr const char* expectation<directive_body> =
    "a template directive: if, else, endif, for or endfor";
template <>
inline constexpr const char* expectation<loop_variable> = "the name of a variable, as in 'for x in list'";
template <>
inline constexpr const char* expectation<keyword_in> = "'in', as in 'for x in list'";
template <>
inline constexpr const char* expectation<loop_colon> = "':' after the collection of the for expression";
template <>
inline constexpr const char* expectation<fat_arrow> = "'=>' between key and value of the for expression";
template <>
inline constexpr const char* expectation<function_name> = "the name of a function after '::'";
template <>
inline constexpr const char* expectation<arguments> = "'(' and the function's arguments";
template <>
inline constexpr const char* expectation<object_key> = "a key or '}'";
template <>
inline constexpr const char* expectation<key_separator> = "'=' or ':' after the key";
template <>
inline constexpr const char* expectation<item_separator> = "',', a newline or '}' after the value";
template <>
inline constexpr const char* expectation<conditional_colon> =
    "':' and what to use when the condition is false";
template <>
inline constexpr const char* expectation<attribute_or_index> = "an attribute name or an index after '.'";
template <bool across>
inline constexpr const char* expectation<attribute_step<across>> =
    "an attribute name, an index or '*' after '.'";
template <bool across>
inline constexpr const char* expectation<expression<across>> = "an expression";
template <bool across>
inline constexpr const char* expectation<operation<across>> = "an expression";
template <bool across>
inline constexpr const char* expectation<operand<across>> = "an expression after the operator";
template <bool across>
inline constexpr const char* expectation<term<across>> = "an expression after the operator";
template <>
inline constexpr const char* expectation<attribute_value> = "an expression after '='";
template <>
inline constexpr const char* expectation<attribute_end> = "a newline after the argument";
template <>
inline constexpr const char* expectation<block_end> = "a newline after the block";
template <>
inline constexpr const char* expectation<body_item> = "the name of an argument or a block, unquoted";
template <>
inline constexpr const char* expectation<item_rest> = "'=' and a value, or block labels and '{'";
template <>
inline constexpr const char* expectation<block_open> = "a block label or '{' on the same line";
template <>
inline constexpr const char* expectation<block_close> = "'}' to close the block";
template <>
inline constexpr const char* expectation<single_argument_name> = "an argument, '}' or a newline";
template <>
inline constexpr const char* expectation<equals> = "'='; a block on one line holds one argument and no block";
template <>
inline constexpr const char* expectation<single_argument_close> =
    "'}'; a block with several arguments has each on a line of its own";
template <>
inline constexpr const char* expectation<end_of_file> =
    "the name of an argument or a block; no block is open here";

}  // namespace lockstorm::scenarios::hcl::grammar
