// PEGTL rules for the smallest parts of HCL: space, comments, identifiers, keywords and numbers.
#pragma once

#include <tao/pegtl.hpp>

#include "scenarios/config/syntax/hcl_enclosed.hpp"

namespace lockstorm::scenarios::hcl::grammar {

namespace utf8 = tao::pegtl::utf8;

using tao::pegtl::any;
using tao::pegtl::at;
using tao::pegtl::digit;
using tao::pegtl::eof;
using tao::pegtl::must;
using tao::pegtl::not_at;
using tao::pegtl::one;
using tao::pegtl::opt;
using tao::pegtl::plus;
using tao::pegtl::ranges;
using tao::pegtl::rep;
using tao::pegtl::sor;
using tao::pegtl::star;
using tao::pegtl::string;
using tao::pegtl::until;
using tao::pegtl::xdigit;

struct newline : seq<opt<one<'\r'>>, one<'\n'>> {};
struct blank : one<' ', '\t'> {};

// A comment's bytes need not be UTF-8: Terraform does not look at them either.
struct inline_comment_end : until<string<'*', '/'>> {};
struct inline_comment : seq<string<'/', '*'>, enclosed<Opener::comment, 2, must<inline_comment_end>>> {};
struct line_comment : seq<sor<one<'#'>, string<'/', '/'>>, star<not_at<newline>, any>> {};

/// Space between tokens. Whether a newline ends the construct or is mere space depends on the innermost
/// bracket: inside ( ), [ ], ${ } and %{ } it is space, in a body or an object it is not.
template <bool AcrossLines>
struct space : star<sor<blank, inline_comment>> {};
template <>
struct space<true> : star<sor<blank, newline, inline_comment, line_comment>> {};

/// What ends an argument or a block.
struct line_end : seq<opt<line_comment>, sor<newline, eof>> {};

// Beyond ASCII the Unicode properties ID_Start and ID_Continue are approximated from above: everything but
// the blocks of controls, spaces, punctuation, symbols, private use and emoji that get into a file by
// pasting. A letter is never refused; some rare symbol is let through.
struct not_a_letter : utf8::ranges<0x80, 0xA9, 0xAB, 0xB4, 0xB8, 0xB9, 0xBB, 0xBF, 0x2000, 0x203E, 0x2041,
                                   0x2053, 0x2055, 0x2070, 0x2190, 0x2BFF, 0x2E00, 0x2E7F, 0x3000, 0x3004,
                                   0x3008, 0x3020, 0xE000, 0xF8FF, 0xFF01, 0xFF0F, 0xFF1A, 0xFF20, 0xFFE0,
                                   0xFFFF, 0x1F000, 0x1FAFF, 0xF0000, 0x10FFFF, 0xB6> {};
struct not_a_letter_either : utf8::one<0xD7, 0xF7, 0x3030, 0xFEFF> {};
struct letter_beyond_ascii
    : seq<not_at<sor<not_a_letter, not_a_letter_either>>, utf8::range<0x80, 0x10FFFF>> {};
struct middle_dot : utf8::one<0xB7> {};

struct identifier_start : sor<ranges<'a', 'z', 'A', 'Z', '_'>, seq<not_at<middle_dot>, letter_beyond_ascii>> {
};
struct identifier_continue : sor<ranges<'a', 'z', 'A', 'Z', '0', '9', '_'>, one<'-'>, letter_beyond_ascii> {};
struct identifier : seq<identifier_start, star<identifier_continue>> {};

template <char... Letters>
struct keyword : seq<string<Letters...>, not_at<identifier_continue>> {};

struct number : seq<plus<digit>, opt<one<'.'>, plus<digit>>,
                    opt<one<'e', 'E'>, opt<one<'+', '-'>>, plus<digit>>, not_at<opt<one<'.'>>, digit>> {};

/// Characters by number, not surrogates, at most U+10FFFF.
struct surrogate : seq<one<'d', 'D'>, ranges<'8', '9', 'a', 'f', 'A', 'F'>> {};
struct four_hex_digits : seq<not_at<surrogate>, rep<4, xdigit>> {};
struct eight_hex_digits
    : seq<string<'0', '0'>, sor<seq<string<'0', '0'>, four_hex_digits>,
                                seq<sor<string<'1', '0'>, seq<one<'0'>, xdigit>>, rep<4, xdigit>>>> {};
struct escape
    : sor<one<'n', 'r', 't', '"', '\\'>, seq<one<'u'>, four_hex_digits>, seq<one<'U'>, eight_hex_digits>> {};

/// One character of a quoted string that stands for itself.
struct quoted_character : seq<not_at<one<'"', '\\', '\r', '\n'>>, utf8::any> {};

/// `$${` and `%%{`: a literal `${` and `%{`.
struct escaped_template : sor<string<'$', '$', '{'>, string<'%', '%', '{'>> {};

}  // namespace lockstorm::scenarios::hcl::grammar
