#include "scenarios/pipeline/document.hpp"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "scenarios/data/split.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// A file of a pipeline has hundreds of values; what has more grows by aliases of aliases.
constexpr std::size_t kMostValues = 200'000;
constexpr std::size_t kDeepest = 100;

struct TooMuch {
  SourceLocation where;
  std::string problem;
};

const Node& no_node() {
  static const Node kNone;
  return kNone;
}

// Builds the trees as the parser tells what it sees.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string file) : file_(std::move(file)) {}

  std::vector<Node> take() { return std::move(roots_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {
    anchors_.clear();
    open_.clear();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(node_at(mark), anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    Node copy = found == anchors_.end() ? node_at(mark) : found->second;
    count(size_of(copy), mark);
    add(std::move(copy), 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = node_at(mark);
    node.kind = Node::Kind::scalar;
    node.text = value;
    node.is_plain = tag == "?";
    if (tag.size() > 1) node.tag = tag;
    const bool is_null = node.is_plain && (value.empty() || value == "~" || value == "null");
    if (is_null) node.kind = Node::Kind::nothing;
    add(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    begin(Node::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    begin(Node::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    bool has_key = false;
    std::string key;
    SourceLocation key_place;
    std::vector<Node> merged;
  };

  Node node_at(const YAML::Mark& mark) {
    count(1, mark);
    Node node;
    node.where = {file_, static_cast<unsigned>(mark.line + 1), static_cast<unsigned>(mark.column + 1)};
    return node;
  }

  void count(std::size_t more, const YAML::Mark& mark) {
    values_ += more;
    if (values_ <= kMostValues) return;
    throw TooMuch{{file_, static_cast<unsigned>(mark.line + 1), static_cast<unsigned>(mark.column + 1)},
                  "the aliases up to here stand for more than 200000 values"};
  }

  static std::size_t size_of(const Node& node) {
    std::size_t size = 1;
    for (const Node& item : node.items) size += size_of(item);
    for (const auto& [key, value] : node.fields) size += size_of(value);
    return size;
  }

  void begin(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    Open open{node_at(mark), anchor, false, {}, {}, {}};
    open.node.kind = kind;
    if (tag.size() > 1) open.node.tag = tag;
    if (open_.size() > kDeepest) throw TooMuch{open.node.where, "values are nested too deeply"};
    open_.push_back(std::move(open));
  }

  // Keys of the map itself win over merged ones (YAML 1.1, "<<").
  static void merge_into(Node& map, const Node& more) {
    if (more.is_list()) {
      for (const Node& item : more.items) merge_into(map, item);
      return;
    }
    for (std::size_t i = 0; i < more.fields.size(); ++i) {
      if (map.has(more.fields[i].first)) continue;
      map.fields.push_back(more.fields[i]);
      map.keys.push_back(more.keys[i]);
    }
  }

  void end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    for (const Node& more : done.merged) merge_into(done.node, more);
    add(std::move(done.node), done.anchor);
  }

  void add(Node node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    if (open_.empty()) {
      roots_.push_back(std::move(node));
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_list()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.has_key) {
      parent.has_key = true;
      parent.key = node.text;
      parent.key_place = node.where;
    } else {
      parent.has_key = false;
      if (parent.key == "<<") {
        parent.merged.push_back(std::move(node));
      } else {
        parent.node.fields.emplace_back(std::move(parent.key), std::move(node));
        parent.node.keys.push_back(parent.key_place);
      }
    }
  }

  std::string file_;
  std::vector<Node> roots_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t values_ = 0;
};

InputError broken(SourceLocation where, std::string problem) {
  return {std::move(where), std::move(problem), "YAML that the CI system would read, too",
          "what is wrong in it is not looked at; the other files are"};
}

bool is_block(std::string_view line, unsigned column) {
  if (column == 0 || column > line.size()) return false;
  const auto at = line.find_first_of("|>", column - 1);
  return at != std::string_view::npos &&
         line.substr(column - 1, at - (column - 1)).find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

Node::Node() = default;
Node::Node(const Node& other) = default;
Node::Node(Node&& other) noexcept = default;
Node& Node::operator=(const Node& other) = default;
Node& Node::operator=(Node&& other) noexcept = default;
Node::~Node() = default;

const Node& Node::operator[](std::string_view key) const {
  for (const auto& [name, value] : fields)
    if (name == key) return value;
  return no_node();
}

bool Node::has(std::string_view key) const {
  return std::ranges::any_of(fields, [&](const auto& field) { return field.first == key; });
}

const SourceLocation& Node::place_of(std::string_view key) const {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].first == key) return keys[i];
  return where;
}

const std::string& Node::scalar() const { return is_scalar() ? text : no_node().text; }

std::vector<const Node*> Node::scalars() const {
  if (is_scalar()) return {this};
  std::vector<const Node*> found;
  for (const Node& item : items)
    if (item.is_scalar()) found.push_back(&item);
  return found;
}

std::expected<Documents, InputError> read_documents(std::string text, const std::string& file) {
  Documents documents;
  for (const std::string_view line : split(text, '\n')) documents.lines.emplace_back(line);
  TreeBuilder builder(file);
  const auto place = [&](const YAML::Mark& mark) {
    return mark.is_null() ? SourceLocation{file, 1, 1}
                          : SourceLocation{file, static_cast<unsigned>(mark.line + 1),
                                           static_cast<unsigned>(mark.column + 1)};
  };
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::DeepRecursion& error) {
    return std::unexpected(broken(place(error.mark), "values are nested too deeply"));
  } catch (const YAML::Exception& error) {
    return std::unexpected(broken(place(error.mark), "broken YAML: " + error.msg));
  } catch (const TooMuch& error) {
    return std::unexpected(broken(error.where, error.problem));
  }
  documents.roots = builder.take();
  documents.text = std::move(text);
  return documents;
}

SourceLocation place_in(const Node& scalar, std::size_t line, std::string_view words,
                        const std::vector<std::string>& lines) {
  SourceLocation place = scalar.where;
  if (place.line == 0 || place.line > lines.size()) return place;
  const auto found_in = [&](std::size_t number, std::string_view what) {
    if (number >= lines.size() || what.empty()) return false;
    const std::size_t from = number + 1 == scalar.where.line ? scalar.where.column - 1 : 0;
    const auto column = lines[number].find(what, from);
    if (column == std::string::npos) return false;
    place.line = static_cast<unsigned>(number + 1);
    place.column = static_cast<unsigned>(column + 1);
    return true;
  };
  const auto space = words.find(' ');
  const std::string_view two =
      words.substr(0, space == std::string_view::npos ? space : words.find(' ', space + 1));
  const std::string_view first = words.substr(0, space);
  if (is_block(lines[place.line - 1], place.column)) {
    const std::size_t number = place.line + line;
    if (found_in(number, words) || found_in(number, two) || found_in(number, first)) return place;
    if (number < lines.size()) {
      const auto column = lines[number].find_first_not_of(" \t");
      if (column != std::string::npos && lines[place.line - 1].find('|') != std::string::npos)
        return {scalar.where.file, static_cast<unsigned>(number + 1), static_cast<unsigned>(column + 1)};
    }
  }
  // Folded, quoted or plain: the first place behind its beginning where the words stand as they are.
  const std::size_t end = place.line + std::min<std::size_t>(scalar.text.size() / 20 + 3, 200);
  for (const std::string_view what : {words, two})
    for (std::size_t number = scalar.where.line - 1; number < lines.size() && number < end; ++number)
      if (found_in(number, what)) return place;
  return scalar.where;
}

}  // namespace lockstorm::scenarios::pipeline
