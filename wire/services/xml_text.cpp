#include "wire/services/xml_text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace lockstorm::wire {
namespace {

constexpr std::size_t kDeepestXml = 16;

std::optional<std::string> unescaped(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const std::size_t ampersand = text.find('&');
    plain += text.substr(0, ampersand);
    if (ampersand == std::string_view::npos) break;
    const std::size_t end = text.find(';', ampersand);
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view name = text.substr(ampersand + 1, end - ampersand - 1);
    text.remove_prefix(end + 1);
    if (name == "lt" || name == "gt" || name == "amp" || name == "quot" || name == "apos") {
      plain += name == "lt" ? '<' : name == "gt" ? '>' : name == "amp" ? '&' : name == "quot" ? '"' : '\'';
      continue;
    }
    // Numbers of ASCII are all that these bodies have reason for.
    if (!name.starts_with('#')) return std::nullopt;
    name.remove_prefix(1);
    const bool is_hex = name.starts_with('x');
    if (is_hex) name.remove_prefix(1);
    unsigned number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number, is_hex ? 16 : 10);
    if (read.ec != std::errc() || read.ptr != name.data() + name.size() || number == 0 || number > 0x7F)
      return std::nullopt;
    plain += static_cast<char>(number);
  }
  return plain;
}

std::string local_name(std::string_view tag) {
  tag = tag.substr(0, tag.find_first_of(" \t\r\n/"));
  const std::size_t colon = tag.find(':');
  return std::string(colon == std::string_view::npos ? tag : tag.substr(colon + 1));
}

// Whatever stands between `begin` and `end` here is left out.
bool skip(std::string_view& text, std::string_view begin, std::string_view end) {
  if (!text.starts_with(begin)) return false;
  const std::size_t at = text.find(end, begin.size());
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
  return true;
}

}  // namespace

std::string escaped_xml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '&' || c == '"') {
      escaped += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : "&quot;";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      escaped += fmt::format("&#x{:x};", static_cast<unsigned>(c));
    } else {
      escaped += c;
    }
  }
  return escaped;
}

XmlWriter::XmlWriter(std::string_view root, std::string_view name_space)
    : text_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {
  open_.emplace_back(root);
  text_ += name_space.empty() ? fmt::format("<{}>", root)
                              : fmt::format("<{} xmlns=\"{}\">", root, escaped_xml(name_space));
}

XmlWriter& XmlWriter::open(std::string_view name) {
  text_ += fmt::format("<{}>", name);
  open_.emplace_back(name);
  return *this;
}

XmlWriter& XmlWriter::close() {
  text_ += fmt::format("</{}>", open_.back());
  open_.pop_back();
  return *this;
}

XmlWriter& XmlWriter::leaf(std::string_view name, std::string_view text) {
  text_ += fmt::format("<{}>{}</{}>", name, escaped_xml(text), name);
  return *this;
}

std::string XmlWriter::text() && {
  while (!open_.empty()) close();
  return std::move(text_);
}

std::optional<std::vector<XmlElement>> xml_elements(std::string_view document) {
  std::vector<XmlElement> ended;
  std::vector<XmlElement> open;
  while (!document.empty()) {
    if (document.front() != '<') {
      const std::string_view run = document.substr(0, document.find('<'));
      document.remove_prefix(run.size());
      const auto plain = unescaped(run);
      if (!plain) return std::nullopt;
      if (!open.empty()) open.back().text += *plain;
      continue;
    }
    if (skip(document, "<!--", "-->") || skip(document, "<?", "?>") || skip(document, "<!", ">")) continue;
    const std::size_t end = document.find('>');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view tag = document.substr(1, end - 1);
    document.remove_prefix(end + 1);
    if (tag.starts_with('/')) {
      if (open.empty() || open.back().name != local_name(tag.substr(1))) return std::nullopt;
      ended.push_back(std::move(open.back()));
      open.pop_back();
    } else if (tag.ends_with('/')) {
      ended.push_back({local_name(tag), ""});
    } else if (open.size() == kDeepestXml || local_name(tag).empty()) {
      return std::nullopt;
    } else {
      open.push_back({local_name(tag), ""});
    }
  }
  if (!open.empty() || ended.empty()) return std::nullopt;
  return ended;
}

}  // namespace lockstorm::wire
