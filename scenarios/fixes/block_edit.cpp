#include "scenarios/fixes/block_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "scenarios/config/syntax/hcl_syntax.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::string_view kIndentation = " \t";
constexpr std::string_view kStep = "  ";

const hcl::Block* block_at(const hcl::Body& body, const SourceText& source, const SourceLocation& where) {
  for (const hcl::Block& block : body.blocks) {
    const SourceLocation here = source.location(block.type);
    if (here.line == where.line && here.column == where.column) return &block;
    if (const hcl::Block* inner = block_at(block.body, source, where)) return inner;
  }
  return nullptr;
}

// A block in the text of its file, and where its lines are.
class BlockText {
 public:
  BlockText(std::string_view text, const hcl::Block& block) : text_(text), block_(block) {}

  [[nodiscard]] std::string after(const ArgumentEdit& edit) const {
    const auto found = block_.body.attributes.find(edit.name);
    const bool is_there = found != block_.body.attributes.end();
    if (!edit.value) return is_there ? without(found->second) : std::string(text_);
    if (is_there)
      return replaced(offset_of(found->second.expression), found->second.expression.size(), *edit.value);
    return is_on_one_line() ? opened_up(edit) : with_line(edit);
  }

 private:
  [[nodiscard]] std::size_t offset_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - text_.data());
  }
  [[nodiscard]] std::size_t end_of(std::string_view part) const { return offset_of(part) + part.size(); }
  [[nodiscard]] std::size_t line_begin(std::size_t offset) const {
    const std::size_t newline = text_.rfind('\n', offset == 0 ? 0 : offset - 1);
    return newline == std::string_view::npos || offset == 0 ? 0 : newline + 1;
  }
  // Behind the newline; a heredoc ends with its own.
  [[nodiscard]] std::size_t line_end(std::size_t offset) const {
    if (offset > 0 && text_[offset - 1] == '\n') return offset;
    const std::size_t newline = text_.find('\n', offset);
    return newline == std::string_view::npos ? text_.size() : newline + 1;
  }
  [[nodiscard]] std::string_view newline() const {
    const std::size_t first = text_.find('\n');
    return first != std::string_view::npos && first > 0 && text_[first - 1] == '\r' ? "\r\n" : "\n";
  }
  [[nodiscard]] std::string_view indent_at(std::size_t offset) const {
    const std::string_view line = text_.substr(line_begin(offset));
    return line.substr(0, std::min(line.find_first_not_of(kIndentation), line.size()));
  }
  [[nodiscard]] std::string replaced(std::size_t begin, std::size_t count, std::string_view by) const {
    return fmt::format("{}{}{}", text_.substr(0, begin), by, text_.substr(begin + count));
  }

  [[nodiscard]] bool is_on_one_line() const { return block_.text.find('\n') == std::string_view::npos; }

  // The whole line, with a comment that stands behind the argument.
  [[nodiscard]] std::string without(const hcl::AttributeSyntax& attribute) const {
    if (is_on_one_line()) {
      const std::size_t begin = offset_of(attribute.name);
      return replaced(begin, end_of(attribute.expression) - begin, "");
    }
    const std::size_t begin = line_begin(offset_of(attribute.name));
    return replaced(begin, line_end(end_of(attribute.expression)) - begin, "");
  }

  // `backend "s3" { bucket = "b" }` becomes three lines, and gets one more.
  [[nodiscard]] std::string opened_up(const ArgumentEdit& edit) const {
    const std::size_t labels_end = block_.labels.empty() ? end_of(block_.type) : end_of(block_.labels.back());
    const std::size_t open = text_.find('{', labels_end) + 1;
    const std::size_t close = end_of(block_.text) - 1;
    std::string_view inside = text_.substr(open, close - open);
    inside.remove_prefix(std::min(inside.find_first_not_of(kIndentation), inside.size()));
    inside = inside.substr(0, inside.find_last_not_of(kIndentation) + 1);
    const std::string_view indent = indent_at(offset_of(block_.type));
    std::string lines(newline());
    if (!inside.empty()) lines += fmt::format("{}{}{}{}", indent, kStep, inside, newline());
    lines += fmt::format("{}{}{} = {}{}{}", indent, kStep, edit.name, *edit.value, newline(), indent);
    return replaced(open, close - open, lines);
  }

  [[nodiscard]] std::string with_line(const ArgumentEdit& edit) const {
    const hcl::AttributeSyntax* last = nullptr;
    for (const auto& [name, attribute] : block_.body.attributes) {
      if (last == nullptr || attribute.name.data() > last->name.data()) last = &attribute;
    }
    if (last == nullptr) {
      const std::size_t close = line_begin(end_of(block_.text) - 1);
      return replaced(close, 0,
                      fmt::format("{}{}{} = {}{}", indent_at(offset_of(block_.type)), kStep, edit.name,
                                  *edit.value, newline()));
    }
    // As `fmt` aligns neighbours, where the name is not the longer one.
    const std::size_t equals = text_.find('=', end_of(last->name));
    const std::size_t width = std::max(equals - offset_of(last->name), edit.name.size() + 1);
    const std::string line = fmt::format("{}{:<{}}= {}{}", indent_at(offset_of(last->name)), edit.name, width,
                                         *edit.value, newline());
    return replaced(line_end(end_of(last->expression)), 0, line);
  }

  std::string_view text_;
  const hcl::Block& block_;
};

// What is to be in the block: its arguments as they are written.
std::map<std::string, std::string> arguments_in(const hcl::Block& block) {
  std::map<std::string, std::string> arguments;
  for (const auto& [name, attribute] : block.body.attributes) arguments.emplace(name, attribute.expression);
  return arguments;
}

constexpr std::string_view kCannot = "the block is written in a way that is better edited by hand";

// One edit; parsed before and after.
std::expected<std::string, std::string> edited_once(const SourceText& source, const SourceLocation& where,
                                                    const ArgumentEdit& edit) {
  const auto before = hcl::parse(source);
  const hcl::Block* block = before ? block_at(*before, source, where) : nullptr;
  if (block == nullptr) return std::unexpected(std::string("the block is no longer where it was read"));
  std::map<std::string, std::string> wanted = arguments_in(*block);
  if (edit.value) {
    wanted[edit.name] = *edit.value;
  } else {
    wanted.erase(edit.name);
  }
  const SourceText edited(source.file(), BlockText(source.text(), *block).after(edit));
  const auto after = hcl::parse(edited);
  const hcl::Block* again = after ? block_at(*after, edited, where) : nullptr;
  const bool is_right = again != nullptr && arguments_in(*again) == wanted &&
                        again->body.blocks.size() == block->body.blocks.size() &&
                        after->blocks.size() == before->blocks.size();
  if (!is_right) return std::unexpected(std::string(kCannot));
  return std::string(edited.text());
}

}  // namespace

std::expected<std::string, std::string> edit_block(const SourceText& source, const SourceLocation& block,
                                                   const std::vector<ArgumentEdit>& edits) {
  std::string text(source.text());
  // What goes goes first: nobody aligns with a line that is no longer there.
  std::vector<ArgumentEdit> in_order = edits;
  std::ranges::stable_partition(in_order, [](const ArgumentEdit& edit) { return !edit.value; });
  for (const ArgumentEdit& edit : in_order) {
    auto edited = edited_once(SourceText(source.file(), std::move(text)), block, edit);
    if (!edited) return edited;
    text = *std::move(edited);
  }
  return text;
}

}  // namespace lockstorm::scenarios
