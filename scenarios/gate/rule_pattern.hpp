// Which rules an acceptance is about: one by its id, or all that begin alike.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace lockstorm::scenarios {

class RulePattern {
 public:
  /// "LS-S3-310", or "LS-S3-*" for all rules that begin so; letters may be small. Or what is wrong with it,
  /// in one clause.
  static std::expected<RulePattern, std::string> parse(std::string_view text);

  [[nodiscard]] bool matches(std::string_view rule_id) const;
  /// As it is written, in capitals.
  [[nodiscard]] const std::string& text() const { return text_; }

  friend bool operator==(const RulePattern&, const RulePattern&) = default;

 private:
  explicit RulePattern(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace lockstorm::scenarios
