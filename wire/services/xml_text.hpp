// XML as object stores speak it: answers are written, bodies of requests read, both without attributes that
// mean anything.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::wire {

/// Text between tags: what would be markup, or cannot stand in XML as it is, is escaped.
std::string escaped_xml(std::string_view text);

class XmlWriter {
 public:
  /// Begins a document, whose outermost element has this name and, if any, this default namespace.
  explicit XmlWriter(std::string_view root, std::string_view name_space = "");
  XmlWriter& open(std::string_view name);
  XmlWriter& close();
  XmlWriter& leaf(std::string_view name, std::string_view text);
  /// The document, with all elements closed.
  [[nodiscard]] std::string text() &&;

 private:
  std::string text_;
  std::vector<std::string> open_;
};

/// An element that has ended, with the text directly in it; without what is before a colon in its name.
struct XmlElement {
  std::string name;
  std::string text;
};

/// The elements of a document in the order in which they end, so that children come before what they are in.
/// Nothing: it is not well-formed, as far as that is looked at, or more than 16 elements deep.
std::optional<std::vector<XmlElement>> xml_elements(std::string_view document);

}  // namespace lockstorm::wire
