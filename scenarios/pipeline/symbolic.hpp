// A text that a pipeline computes, as far as its files say it.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

namespace lockstorm::scenarios::pipeline {

/// What is not known stands in it by its name, in braces: "deploy-{vars.STAGE}". Two such texts are the same
/// only where they are written the same.
struct Symbolic {
  std::string text;
  bool is_known = true;   ///< nothing in it stands for something that only the service knows
  bool is_fresh = false;  ///< something in it is another one in each run: a commit, a run's number

  [[nodiscard]] bool empty() const { return text.empty(); }
  Symbolic& operator+=(const Symbolic& more) {
    text += more.text;
    is_known = is_known && more.is_known;
    is_fresh = is_fresh || more.is_fresh;
    return *this;
  }
  friend bool operator==(const Symbolic&, const Symbolic&) = default;
};

/// The name in braces, as one word for a shell: what it would take for grammar is left out.
[[nodiscard]] inline std::string placeholder(std::string_view name) {
  std::string word = "{";
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::string_view rest = name.substr(i);
    if (rest.starts_with("||") || rest.starts_with("&&")) {
      word += rest.front() == '|' ? "-or-" : "-and-";
      ++i;
    } else if (std::string_view(" \t\r\n|&;()<>'\"`$#\\{}").find(name[i]) == std::string_view::npos) {
      word += name[i];
    }
  }
  return word + "}";
}

[[nodiscard]] inline Symbolic unknown_text(std::string_view name) {
  return {placeholder(name), false, false};
}

[[nodiscard]] inline std::string lower(std::string_view text) {
  std::string low(text);
  std::ranges::transform(low, low.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return low;
}

[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

/// What a condition comes to.
enum class Truth : std::uint8_t { no, maybe, yes };

[[nodiscard]] inline Truth both(Truth a, Truth b) { return std::min(a, b); }
[[nodiscard]] inline Truth either(Truth a, Truth b) { return std::max(a, b); }
[[nodiscard]] inline Truth opposite(Truth a) {
  return a == Truth::maybe ? a : a == Truth::yes ? Truth::no : Truth::yes;
}

}  // namespace lockstorm::scenarios::pipeline
