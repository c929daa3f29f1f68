// A YAML text as a tree whose every value knows its place: what the readers of CI files walk.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios::pipeline {

/// A value. Aliases are copies of what they name, and merge keys (`<<`) are merged.
struct Node {
  // Defined where the type is whole: it holds itself, inside of pairs.
  Node();
  Node(const Node& other);
  Node(Node&& other) noexcept;
  Node& operator=(const Node& other);
  Node& operator=(Node&& other) noexcept;
  ~Node();

  enum class Kind : std::uint8_t { nothing, scalar, list, map };
  Kind kind = Kind::nothing;
  std::string text;  ///< of a scalar
  std::string tag;   ///< "!reference", where the file has one of its own
  bool is_plain = true;
  SourceLocation where;
  std::vector<Node> items;                           ///< of a list
  std::vector<std::pair<std::string, Node>> fields;  ///< of a map, in the order of the file
  std::vector<SourceLocation> keys;                  ///< the places of their keys

  [[nodiscard]] bool is_map() const { return kind == Kind::map; }
  [[nodiscard]] bool is_list() const { return kind == Kind::list; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  explicit operator bool() const { return kind != Kind::nothing; }

  /// The value of that key, or a node that is nothing: questions can be chained whatever stands there.
  [[nodiscard]] const Node& operator[](std::string_view key) const;
  /// Whether the key is there at all, be its value empty.
  [[nodiscard]] bool has(std::string_view key) const;
  /// The place of the key, or of the map where it has none.
  [[nodiscard]] const SourceLocation& place_of(std::string_view key) const;
  /// The scalar's text, or "".
  [[nodiscard]] const std::string& scalar() const;
  /// The scalar, or the scalars of the list.
  [[nodiscard]] std::vector<const Node*> scalars() const;
  [[nodiscard]] bool is_true() const { return is_scalar() && (text == "true" || text == "True"); }
  [[nodiscard]] bool is_false() const { return is_scalar() && (text == "false" || text == "False"); }
};

struct Documents {
  std::vector<Node> roots;
  std::vector<std::string> lines;  ///< of the file, for places within scripts
  std::string text;
};

/// Reads all documents of a text. Fails where it is broken, nested too deeply, or grows beyond all measure by
/// its aliases.
[[nodiscard]] std::expected<Documents, InputError> read_documents(std::string text, const std::string& file);

/// The place of a command in the script that a scalar is: on its line number `line`, counted from 0, where
/// `words` stand. As near as the scalar's form allows: the line is right in scripts behind `|`.
[[nodiscard]] SourceLocation place_in(const Node& scalar, std::size_t line, std::string_view words,
                                      const std::vector<std::string>& lines);

}  // namespace lockstorm::scenarios::pipeline
