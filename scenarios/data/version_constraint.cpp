#include "scenarios/data/version_constraint.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <ranges>
#include <vector>

namespace lockstorm::scenarios {
namespace {

using Version = std::array<int, 3>;

enum class Relation { equal, not_equal, greater, at_least, less, at_most, pessimistic };

struct Term {
  Relation relation = Relation::equal;
  Version version{};
  std::size_t parts = 0;  ///< how many of its numbers are written down
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\f\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

Relation read_relation(std::string_view& text) {
  struct Sign {
    std::string_view text;
    Relation relation;
  };
  static constexpr std::array<Sign, 7> kSigns{{{">=", Relation::at_least},
                                               {"<=", Relation::at_most},
                                               {"!=", Relation::not_equal},
                                               {"~>", Relation::pessimistic},
                                               {">", Relation::greater},
                                               {"<", Relation::less},
                                               {"=", Relation::equal}}};
  for (const Sign& sign : kSigns) {
    if (!text.starts_with(sign.text)) continue;
    text = trimmed(text.substr(sign.text.size()));
    return sign.relation;
  }
  return Relation::equal;
}

// A pre-release is none here: both tools refuse `required_version = ">= 1.10.0-beta1"`.
std::optional<Term> read_term(std::string_view text) {
  text = trimmed(text);
  Term term{.relation = read_relation(text)};
  if (text.starts_with('v')) text.remove_prefix(1);
  for (;;) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number < 0) return std::nullopt;
    if (term.parts < term.version.size()) term.version[term.parts++] = number;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with('.')) break;
    text.remove_prefix(1);
  }
  if (text.empty()) return term;
  const bool has_build = text.front() == '+' && text.size() > 1;
  return has_build ? std::optional(term) : std::nullopt;
}

std::optional<std::vector<Term>> read_terms(std::string_view constraint) {
  std::vector<Term> terms;
  for (const auto range : std::views::split(constraint, ',')) {
    const auto term = read_term(std::string_view(range.begin(), range.end()));
    if (!term) return std::nullopt;
    terms.push_back(*term);
  }
  return terms.empty() ? std::nullopt : std::optional(terms);
}

bool meets(const Version& version, const Term& term) {
  switch (term.relation) {
    case Relation::equal:
      return version == term.version;
    case Relation::not_equal:
      return version != term.version;
    case Relation::greater:
      return version > term.version;
    case Relation::at_least:
      return version >= term.version;
    case Relation::less:
      return version < term.version;
    case Relation::at_most:
      return version <= term.version;
    case Relation::pessimistic:
      // Only the last number that is written down may be larger.
      return version >= term.version &&
             std::equal(term.version.begin(),
                        term.version.begin() + static_cast<std::ptrdiff_t>(term.parts) - 1, version.begin());
  }
  return false;
}

// A constraint changes its mind only at its own versions, so what matters are these, their neighbours, and
// the first version of every minor release there may be.
std::vector<Version> versions_that_matter(const std::vector<Term>& terms) {
  constexpr int kMostMajor = 3;
  constexpr int kMostMinor = 40;
  std::vector<Version> versions;
  for (int major = 0; major <= kMostMajor; ++major) {
    for (int minor = 0; minor <= kMostMinor; ++minor) versions.push_back({major, minor, 0});
  }
  for (const Term& term : terms) {
    Version version = term.version;
    versions.push_back(version);
    ++version[2];
    versions.push_back(version);
    if (version[2] -= 2; version[2] >= 0) versions.push_back(version);
  }
  return versions;
}

bool allows_any(std::string_view constraint, auto&& fits) {
  const auto terms = read_terms(constraint);
  return terms && std::ranges::any_of(versions_that_matter(*terms), [&](const Version& version) {
           return fits(version) &&
                  std::ranges::all_of(*terms, [&](const Term& term) { return meets(version, term); });
         });
}

}  // namespace

bool is_version_constraint(std::string_view constraint) { return read_terms(constraint).has_value(); }

bool allows_before(std::string_view constraint, int major, int minor) {
  return allows_any(constraint, [limit = Version{major, minor, 0}](const Version& v) { return v < limit; });
}

bool allows_from(std::string_view constraint, int major, int minor) {
  return allows_any(constraint, [limit = Version{major, minor, 0}](const Version& v) { return v >= limit; });
}

}  // namespace lockstorm::scenarios
