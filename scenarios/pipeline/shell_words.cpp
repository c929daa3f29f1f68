#include "scenarios/pipeline/shell_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr std::size_t kMostCommands = 4000;

bool is_keyword(std::string_view word) {
  constexpr std::array<std::string_view, 14> kWords{"if",    "then",  "else", "elif", "fi", "do",   "done",
                                                    "while", "until", "{",    "}",    "!",  "esac", "time"};
  return std::ranges::find(kWords, word) != kWords.end();
}

// One pass over the text, a character at a time.
class ShellLexer {
 public:
  explicit ShellLexer(std::string_view text) : text_(text) {}

  std::vector<ShellCommand> all() {
    while (at_ < text_.size() && commands_.size() < kMostCommands) step();
    end_command(Joint::next);
    return std::move(commands_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '\\') return escape();
    if (c == '\'') return single_quotes();
    if (c == '"') return double_quotes();
    if (c == '`') return backticks();
    if (c == '$' && starts("$(")) return substitution();
    if (c == '$' && starts("${")) return braces();
    if (c == '#' && !in_word_) return comment();
    if (c == '\n') return newline();
    if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
      return end_word();
    }
    if (c == ';') {
      ++at_;
      return end_command(Joint::next);
    }
    if (c == '&') return ampersand();
    if (c == '|') return bar();
    if (c == '<' || c == '>') return redirection();
    if (c == '(' || c == ')') return parenthesis(c);
    add(c);
    ++at_;
  }

  bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void begin_word() {
    if (in_word_) return;
    in_word_ = true;
    word_ = {};
    word_begin_ = at_;
    was_quoted_only_ = false;
  }
  void add(char c) {
    begin_word();
    was_quoted_only_ = false;
    word_.text += c;
  }

  void escape() {
    if (at_ + 1 < text_.size() && text_[at_ + 1] == '\n') {
      at_ += 2;
      return;
    }
    if (starts("\\\r\n")) {
      at_ += 3;
      return;
    }
    if (at_ + 1 < text_.size()) add(text_[at_ + 1]);
    at_ += 2;
  }

  void single_quotes() {
    const bool begins = !in_word_;
    begin_word();
    word_.has_quotes = true;
    const auto end = std::min(text_.find('\'', at_ + 1), text_.size());
    word_.text += text_.substr(at_ + 1, end - at_ - 1);
    was_quoted_only_ = begins;
    at_ = std::min(end + 1, text_.size());
  }

  void double_quotes() {
    begin_word();
    word_.has_quotes = true;
    for (++at_; at_ < text_.size() && text_[at_] != '"';) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        if (text_[at_ + 1] != '\n') word_.text += text_[at_ + 1];
        at_ += 2;
      } else if (starts("$(")) {
        substitution();
      } else if (text_[at_] == '`') {
        backticks();
      } else {
        word_.text += text_[at_++];
      }
    }
    at_ = std::min(at_ + 1, text_.size());
  }

  void backticks() {
    begin_word();
    const auto end = std::min(text_.find('`', at_ + 1), text_.size());
    inside_.emplace_back(text_.substr(at_ + 1, end - at_ - 1));
    word_.text += "$(...)";
    at_ = std::min(end + 1, text_.size());
  }

  // To the parenthesis that closes it; quotes inside are respected.
  void substitution() {
    begin_word();
    std::size_t depth = 0;
    char quote = 0;
    const std::size_t begin = at_ + 2;
    std::size_t i = at_ + 1;
    for (; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '\\') {
        ++i;
      } else if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        break;
      }
    }
    i = std::min(i, text_.size());
    inside_.emplace_back(text_.substr(begin, i > begin ? i - begin : 0));
    word_.text += "$(...)";
    at_ = std::min(i + 1, text_.size());
  }

  void braces() {
    begin_word();
    const auto end = std::min(text_.find('}', at_), text_.size() - 1);
    word_.text += text_.substr(at_, end - at_ + 1);
    at_ = end + 1;
  }

  void comment() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  void newline() {
    ++at_;
    end_command(Joint::next);
    for (const std::string& mark : here_documents_) skip_here_document(mark);
    here_documents_.clear();
  }

  void skip_here_document(const std::string& mark) {
    while (at_ < text_.size()) {
      const auto end = std::min(text_.find('\n', at_), text_.size());
      std::string_view line = text_.substr(at_, end - at_);
      at_ = std::min(end + 1, text_.size());
      while (!line.empty() && (line.front() == '\t' || line.front() == ' ')) line.remove_prefix(1);
      while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      if (line == mark) return;
    }
  }

  void ampersand() {
    if (starts("&&")) {
      at_ += 2;
      return end_command(Joint::on_success);
    }
    if (starts("&>")) {
      at_ += 1;
      return redirection();
    }
    ++at_;
    end_word();
    current_.in_background = true;
    end_command(Joint::next);
  }

  void bar() {
    if (starts("||")) {
      at_ += 2;
      return end_command(Joint::on_failure);
    }
    at_ += starts("|&") ? 2 : 1;
    end_word();
    current_.is_piped = true;
    end_command(Joint::pipe);
  }

  // The file that it names is no argument; `2` of `2>&1` is none, either.
  void redirection() {
    if (in_word_ && word_.text.find_first_not_of("0123456789") == std::string::npos) in_word_ = false;
    end_word();
    if (starts("<<<")) {
      at_ += 3;
    } else if (starts("<<")) {
      at_ += 2;
      if (at_ < text_.size() && text_[at_] == '-') ++at_;
      here_documents_.push_back(here_mark());
      return;
    } else {
      while (at_ < text_.size() && (text_[at_] == '<' || text_[at_] == '>' || text_[at_] == '&')) ++at_;
    }
    drops_word_ = true;
  }

  std::string here_mark() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    std::string mark;
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) == 0 &&
           text_[at_] != ';' && text_[at_] != '|' && text_[at_] != '&' && text_[at_] != ')') {
      if (text_[at_] != '\'' && text_[at_] != '"' && text_[at_] != '\\') mark += text_[at_];
      ++at_;
    }
    return mark;
  }

  void parenthesis(char c) {
    if (c == '(' && in_word_ && word_.text.ends_with('=')) return array();
    ++at_;
    if (c == '(' && at_ < text_.size() && text_[at_] == ')') {  // a function's name
      ++at_;
      in_word_ = false;
      return end_command(Joint::next);
    }
    end_command(c == ')' ? Joint::next : pending_);
    if (c == '(') {
      ++opens_;
    } else if (opens_ > 0) {
      --opens_;
    } else if (!commands_.empty()) {
      ++commands_.back().closes;
    }
  }

  // `NAME=(a "b c")`: its elements are one text, as `$NAME` without quotes would give them.
  void array() {
    const auto end = text_.find(')', at_);
    if (end == std::string_view::npos) {
      ++at_;
      return;
    }
    for (const ShellCommand& line : ShellLexer(text_.substr(at_ + 1, end - at_ - 1)).all())
      for (const ShellWord& element : line.words)
        word_.text += (word_.text.ends_with('=') ? "" : " ") + element.text;
    word_.has_quotes = true;
    at_ = end + 1;
  }

  void end_word() {
    if (!in_word_) return;
    in_word_ = false;
    if (drops_word_) {
      drops_word_ = false;
      const bool is_number = word_.text.find_first_not_of("0123456789") == std::string::npos;
      if (!is_number) current_.output = word_.text;
      return;
    }
    word_.is_literal = was_quoted_only_;
    if (current_.words.empty() && keyword()) return;
    if (current_.words.empty()) current_.offset = word_begin_;
    current_.words.push_back(word_);
  }

  bool keyword() {
    const std::string& word = word_.text;
    if (!is_keyword(word) || word_.is_literal) return false;
    if (word == "until" || word == "while") repeats_ = true;
    if (word == "do") {
      ++loops_;
      repeats_ = false;
    }
    if (word == "done" && loops_ > 0 && --loops_ == 0) loop_values_.clear();
    return true;
  }

  void end_command(Joint joint_of_next) {
    end_word();
    drops_word_ = false;
    if (!current_.words.empty() || !inside_.empty()) {
      current_.joint = pending_;
      current_.inside = std::move(inside_);
      current_.opens = std::exchange(opens_, 0U);
      current_.is_repeated = repeats_;
      current_.in_for = loops_ > 0;
      current_.loop_values = loops_ > 0 ? loop_values_ : "";
      if (!current_.words.empty() && current_.words.front().text == "for") note_loop();
      commands_.push_back(std::move(current_));
      inside_.clear();
      pending_ = joint_of_next;
    } else if (joint_of_next != Joint::next) {
      pending_ = joint_of_next;
    }
    current_ = {};
  }

  void note_loop() {
    loop_values_.clear();
    for (std::size_t i = 1; i < current_.words.size(); ++i)
      if (i != 2) loop_values_ += (loop_values_.empty() ? "" : " ") + current_.words[i].text;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<ShellCommand> commands_;
  ShellCommand current_;
  std::vector<std::string> inside_;
  std::vector<std::string> here_documents_;
  Joint pending_ = Joint::next;
  ShellWord word_;
  std::size_t word_begin_ = 0;
  bool in_word_ = false;
  bool was_quoted_only_ = false;
  bool drops_word_ = false;
  bool repeats_ = false;
  unsigned loops_ = 0;
  unsigned opens_ = 0;  // parentheses since the last command
  std::string loop_values_;
};

}  // namespace

std::string ShellCommand::written() const {
  std::string text;
  for (const ShellWord& word : words) text += (text.empty() ? "" : " ") + word.text;
  return text;
}

std::vector<ShellCommand> shell_commands(std::string_view script) { return ShellLexer(script).all(); }

}  // namespace lockstorm::scenarios::pipeline
