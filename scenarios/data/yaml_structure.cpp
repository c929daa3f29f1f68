#include "scenarios/data/yaml_structure.hpp"

#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <sstream>
#include <string_view>
#include <vector>

namespace lockstorm::scenarios {
namespace {

struct Translation {
  std::string_view parser_says;  ///< the beginning of it
  std::string_view problem;
  std::string_view expected;
};

const std::array<Translation, 12> kTranslations{{
    {YAML::ErrorMsg::END_OF_MAP, "this does not continue the mapping above",
     "a `key: value` with the indentation of the keys above"},
    {YAML::ErrorMsg::END_OF_SEQ, "this does not continue the list above",
     "a `- ` with the indentation of the items above"},
    {YAML::ErrorMsg::MAP_VALUE, "a ':' where no value can follow", "quotes around a text with ': ' in it"},
    {YAML::ErrorMsg::MAP_KEY, "a key where none can stand", "one `key: value` on a line"},
    {YAML::ErrorMsg::BLOCK_ENTRY, "a list item where none can stand", "the list on lines of its own"},
    {YAML::ErrorMsg::FLOW_END, "a bracket that closes nothing", "its '{' or '[' before it"},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "a quoted text is not closed", "the closing quote"},
    {YAML::ErrorMsg::TAB_IN_INDENTATION, "a tab in the indentation", "spaces"},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "a character that cannot stand here",
     "quotes around the text it belongs to"},
    {YAML::ErrorMsg::INVALID_ESCAPE, "an escape that YAML does not know",
     "single quotes around a text with backslashes"},
    {YAML::ErrorMsg::UNKNOWN_ANCHOR, "an alias whose anchor is not defined before it",
     "`&name` on an earlier value"},
    {YAML::ErrorMsg::DOC_IN_SCALAR, "a quoted text is not closed before a new document", "the closing quote"},
}};

InputError error_at(const std::string& file, const YAML::Mark& mark, std::string problem,
                    std::string expected, std::string hint = {}) {
  SourceLocation where{file, static_cast<unsigned>(mark.line + 1), static_cast<unsigned>(mark.column + 1)};
  return {std::move(where), std::move(problem), std::move(expected), std::move(hint)};
}

// Remembers documents, brackets that are open, and keys whose value is missing.
class StructureHandler final : public YAML::EventHandler {
 public:
  struct Open {
    YAML::Mark mark;
    char closer = 0;  ///< 0: by indentation
  };

  [[nodiscard]] const std::vector<YAML::Mark>& documents() const { return documents_; }
  [[nodiscard]] const KeysWithoutValue& keys_without_value() const { return keys_without_value_; }
  /// The innermost bracket that is open and waits for `closer`.
  [[nodiscard]] const Open* innermost(char closer) const {
    const auto found = std::ranges::find(open_ | std::views::reverse, closer, &Open::closer);
    return found == open_.rend() ? nullptr : &*found;
  }

  void OnDocumentStart(const YAML::Mark& mark) override { documents_.push_back(mark); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    if (last_scalar_ && last_scalar_->line < mark.line) keys_without_value_.emplace(mark.pos, *last_scalar_);
  }
  void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& /*value*/) override {
    last_scalar_ = mark;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value style) override {
    open_.push_back({mark, style == YAML::EmitterStyle::Flow ? ']' : '\0'});
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value style) override {
    open_.push_back({mark, style == YAML::EmitterStyle::Flow ? '}' : '\0'});
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  std::vector<YAML::Mark> documents_;
  std::vector<Open> open_;
  std::optional<YAML::Mark> last_scalar_;
  KeysWithoutValue keys_without_value_;
};

// The parser stumbles where the text goes on, often lines below; the bracket is what has to be looked at.
std::optional<InputError> unclosed_bracket(const std::string& file, const StructureHandler& handler,
                                           const YAML::ParserException& error) {
  const char closer = error.msg == YAML::ErrorMsg::END_OF_MAP_FLOW   ? '}'
                      : error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW ? ']'
                                                                     : '\0';
  const StructureHandler::Open* open = closer == '\0' ? nullptr : handler.innermost(closer);
  if (open == nullptr) return std::nullopt;
  return error_at(file, open->mark,
                  fmt::format("broken YAML: this '{}' is not closed", closer == '}' ? '{' : '['),
                  fmt::format("a '{}', or another ',', before line {}, column {}", closer,
                              error.mark.line + 1, error.mark.column + 1));
}

InputError syntax_error(const std::string& file, const StructureHandler& handler,
                        const YAML::ParserException& error) {
  if (auto unclosed = unclosed_bracket(file, handler, error)) return *unclosed;
  const auto* const known = std::ranges::find_if(kTranslations, [&](const Translation& translation) {
    return std::string_view(error.msg).starts_with(translation.parser_says);
  });
  if (known == kTranslations.end()) return error_at(file, error.mark, "broken YAML: " + error.msg, "");
  return error_at(file, error.mark, fmt::format("broken YAML: {}", known->problem),
                  std::string(known->expected));
}

}  // namespace

YamlStructure examine_yaml(const std::string& text, const std::string& file, std::string_view what) {
  YamlStructure structure;
  StructureHandler handler;
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (handler.documents().size() < 2 && parser.HandleNextDocument(handler)) {
    }
  } catch (const YAML::DeepRecursion& error) {
    structure.error = error_at(file, error.mark, "values are nested too deeply",
                               fmt::format("a {}, a few levels deep", what));
  } catch (const YAML::ParserException& error) {
    structure.error = syntax_error(file, handler, error);
  }
  if (handler.documents().size() > 1) {
    structure.error = error_at(file, handler.documents()[1], "a second document begins here",
                               fmt::format("one {} in a file", what), "put it into a file of its own");
  }
  structure.keys_without_value = handler.keys_without_value();
  return structure;
}

}  // namespace lockstorm::scenarios
