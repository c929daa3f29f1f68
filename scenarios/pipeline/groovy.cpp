#include "scenarios/pipeline/groovy.hpp"

#include <algorithm>
#include <cctype>

#include "scenarios/pipeline/symbolic.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr unsigned kDeepestBlock = 60;
constexpr std::size_t kMostStatements = 20'000;

class GroovyReader {
 public:
  GroovyReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  GroovyFile read() {
    GroovyFile made;
    made.statements = statements(false);
    made.complaints = std::move(complaints_);
    return made;
  }

 private:
  SourceLocation here() const { return {file_, line_, static_cast<unsigned>(at_ - line_begin_ + 1)}; }
  bool ended() const { return at_ >= text_.size(); }
  bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  void advance(std::size_t by = 1) {
    for (; by > 0 && !ended(); --by, ++at_) {
      if (text_[at_] != '\n') continue;
      ++line_;
      line_begin_ = at_ + 1;
    }
  }

  void complain(const SourceLocation& where, std::string problem, std::string expected) {
    if (complaints_.empty()) complaints_.push_back({where, std::move(problem), std::move(expected), ""});
  }

  // Blanks and comments; newlines too, if they separate nothing.
  void skip(bool newlines) {
    while (!ended()) {
      if (starts("//")) {
        while (!ended() && text_[at_] != '\n') advance();
      } else if (starts("/*")) {
        const SourceLocation where = here();
        const auto end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) complain(where, "a comment is not closed", "*/");
        advance(end == std::string_view::npos ? text_.size() - at_ : end + 2 - at_);
      } else if (text_[at_] == '\n' ? newlines : std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
        advance();
      } else if (starts("\\\n")) {
        advance(2);
      } else {
        return;
      }
    }
  }

  std::vector<GroovyStatement> statements(bool in_block) {
    std::vector<GroovyStatement> found;
    if (++depth_ > kDeepestBlock) {
      complain(here(), "blocks are nested too deeply", "a pipeline, a few levels deep");
      at_ = text_.size();
    }
    for (;;) {
      skip(true);
      if (ended()) break;
      if (text_[at_] == '}') {
        if (in_block) break;
        advance();
        continue;
      }
      if (++count_ > kMostStatements) {
        at_ = text_.size();
        break;
      }
      found.push_back(statement());
    }
    --depth_;
    return found;
  }

  GroovyStatement statement() {
    GroovyStatement made;
    made.where = here();
    made.name = word();
    arguments(made);
    return made;
  }

  std::string word() {
    std::string found;
    while (!ended() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_' ||
                        text_[at_] == '.')) {
      found += text_[at_];
      advance();
    }
    return found;
  }

  // To the end of the statement: a newline, a semicolon, or the end of its block. Parentheses and brackets
  // are gone through; what is between them belongs to it.
  void arguments(GroovyStatement& made) {
    std::string name;
    unsigned open = 0;
    for (;;) {
      skip(open > 0);
      if (ended()) return;
      const char c = text_[at_];
      if (c == '\n' || c == ';') {
        advance();
        if (open == 0) return;
        continue;
      }
      if (c == '}') return;
      if (c == '{' && !name.empty()) {
        branch(made, std::move(name));
        name.clear();
        skip(open > 0);
        if (open == 0 && (ended() || text_[at_] != ',')) return;
        continue;
      }
      if (c == '{') {
        block(made);
        if (open == 0) return;
        continue;
      }
      if (c == ',') {
        advance();
        skip(true);
        continue;
      }
      if (c == '(' || c == '[') {
        ++open;
        advance();
      } else if (c == ')' || c == ']') {
        if (open > 0) --open;
        advance();
        if (open == 0) {
          skip(false);
          if (!ended() && text_[at_] == '{') {
            block(made);
            return;
          }
        }
      } else if (c == '\'' || c == '"') {
        GroovyArgument argument{name, {}, true, here()};
        argument.text = string();
        if (names_a_block()) {
          name = std::move(argument.text);
          continue;
        }
        name.clear();
        made.arguments.push_back(std::move(argument));
      } else if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
        const SourceLocation where = here();
        std::string text = word();
        skip(false);
        if (!ended() && text_[at_] == ':') {
          advance();
          name = std::move(text);
          continue;
        }
        made.arguments.push_back({name, std::move(text), false, where});
        name.clear();
      } else {
        advance();
      }
    }
  }

  // Behind a text: a colon and a block, as in `parallel 'network': { ... }`. It then stands at the block.
  bool names_a_block() {
    std::size_t at = text_.find_first_not_of(" \t", at_);
    if (at == std::string_view::npos || text_[at] != ':') return false;
    at = text_.find_first_not_of(" \t\n", at + 1);
    if (at == std::string_view::npos || text_[at] != '{') return false;
    advance(at - at_);
    return true;
  }

  // `NAME: { ... }` among the arguments is what a declarative pipeline has as `stage('NAME') { ... }`.
  void branch(GroovyStatement& made, std::string name) {
    GroovyStatement inner;
    inner.name = "stage";
    inner.where = here();
    inner.arguments.push_back({"", std::move(name), true, inner.where});
    block(inner);
    made.has_block = true;
    made.block.push_back(std::move(inner));
  }

  void block(GroovyStatement& made) {
    const SourceLocation where = here();
    advance();
    made.has_block = true;
    auto inner = statements(true);
    std::ranges::move(inner, std::back_inserter(made.block));
    if (ended())
      complain(where, "this '{' is not closed", "a '}'");
    else
      advance();
  }

  // Single quotes, double quotes, or three of them; what `${...}` computes stands in braces.
  std::string string() {
    const SourceLocation where = here();
    const char quote = text_[at_];
    const std::string three(3, quote);
    const bool is_long = starts(three);
    const std::string_view end = is_long ? std::string_view(three) : std::string_view(three).substr(0, 1);
    advance(end.size());
    std::string found;
    while (!ended() && !starts(end)) {
      if (text_[at_] == '\n' && !is_long) break;
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        const char next = text_[at_ + 1];
        found += next == 'n' ? '\n' : next == 't' ? '\t' : next == '\n' ? ' ' : next;
        advance(2);
      } else if (quote == '"' && starts("${")) {
        const auto close = std::min(text_.find('}', at_), text_.size());
        found += placeholder(text_.substr(at_ + 2, close - at_ - 2));
        advance(close + 1 - at_);
      } else {
        found += text_[at_];
        advance();
      }
    }
    if (ended() || !starts(end)) {
      complain(where, "a quoted text is not closed", "the closing quote");
    } else {
      advance(end.size());
    }
    return found;
  }

  std::string_view text_;
  std::string file_;
  std::size_t at_ = 0;
  std::size_t line_begin_ = 0;
  unsigned line_ = 1;
  unsigned depth_ = 0;
  std::size_t count_ = 0;
  std::vector<InputError> complaints_;
};

}  // namespace

const GroovyArgument* GroovyStatement::argument(std::string_view wanted) const {
  for (const GroovyArgument& one : arguments)
    if (one.name == wanted) return &one;
  for (const GroovyArgument& one : arguments)
    if (one.name.empty() && one.is_string) return &one;
  return nullptr;
}

const GroovyStatement* GroovyStatement::child(std::string_view wanted) const {
  for (const GroovyStatement& one : block)
    if (one.name == wanted) return &one;
  return nullptr;
}

GroovyFile read_groovy(std::string_view text, const std::string& file) {
  return GroovyReader(text, file).read();
}

}  // namespace lockstorm::scenarios::pipeline
