#include "scenarios/pipeline/gitlab_files.hpp"

#include <algorithm>

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr unsigned kDeepestInclude = 10;
constexpr std::size_t kMostIncludes = 200;
constexpr std::size_t kMostCopied = 100'000;

void set_field(Node& map, const std::string& key, Node value, const SourceLocation& place) {
  map.kind = Node::Kind::map;
  for (std::size_t i = 0; i < map.fields.size(); ++i) {
    if (map.fields[i].first != key) continue;
    map.fields[i].second = std::move(value);
    map.keys[i] = place;
    return;
  }
  map.fields.emplace_back(key, std::move(value));
  map.keys.push_back(place);
}

// Maps are merged key by key, anything else is replaced.
void merge_over(Node& base, const Node& more) {
  for (std::size_t i = 0; i < more.fields.size(); ++i) {
    const auto& [key, value] = more.fields[i];
    if (value.is_map() && base[key].is_map()) {
      for (auto& [name, inner] : base.fields)
        if (name == key) merge_over(inner, value);
    } else {
      set_field(base, key, value, more.keys[i]);
    }
  }
}

class Includer {
 public:
  Includer(const LocalFiles& local, GitlabFiles& into) : local_(local), into_(into) {}

  void add(const Node& root, unsigned depth) {
    const Node& include = root["include"];
    if (include.is_list()) {
      for (const Node& item : include.items) include_one(item, depth);
    } else if (include) {
      include_one(include, depth);
    }
    merge_over(into_.whole, root);
  }

 private:
  void include_one(const Node& item, unsigned depth) {
    std::vector<const Node*> names;
    if (item.is_scalar()) names.push_back(&item);
    if (item["local"]) names = item["local"].scalars();
    if (names.empty()) {
      for (const char* elsewhere : {"project", "remote", "template", "component"})
        if (item[elsewhere].is_scalar())
          into_.unknown.push_back("what is included by " + std::string(elsewhere) + " " +
                                  item[elsewhere].text + " is not in the repository's files");
      return;
    }
    for (const Node* name : names) {
      std::string path = name->text;
      while (path.starts_with("/")) path.erase(0, 1);
      auto text = local_.read(path);
      if (!text || depth >= kDeepestInclude || into_.read.size() > kMostIncludes) {
        into_.unknown.push_back("the included " + name->text + " is not in the repository's files");
        continue;
      }
      auto read = read_documents(*std::move(text), local_.shown(path));
      if (!read) {
        into_.complaints.push_back(read.error());
        continue;
      }
      into_.read.push_back(*std::move(read));
      const Documents& documents = into_.read.back();
      if (!documents.roots.empty()) add(documents.roots.back(), depth + 1);
    }
  }

  const LocalFiles& local_;
  GitlabFiles& into_;
};

// Copies with a limit on what copies of copies can come to.
class Resolver {
 public:
  explicit Resolver(const Node& whole) : whole_(whole) {}

  Node job(const Node& own, unsigned depth) {
    Node made;
    made.kind = Node::Kind::map;
    made.where = own.where;
    for (const Node* name : own["extends"].scalars()) {
      if (depth >= kDeepestInclude || !whole_.has(name->text)) continue;
      merge_over(made, job(whole_[name->text], depth + 1));
    }
    Node plain = references(own, 0);
    merge_over(made, plain);
    return made;
  }

 private:
  Node references(const Node& node, unsigned depth) {
    if (++copied_ > kMostCopied || depth > kDeepestInclude * 3) return {};
    if (node.tag == "!reference" && node.is_list()) return referred(node, depth);
    Node made = node;
    made.items.clear();
    for (const Node& item : node.items) {
      Node inner = references(item, depth + 1);
      // A list in a list of commands is one list.
      if (inner.is_list()) {
        for (Node& part : inner.items) made.items.push_back(std::move(part));
      } else {
        made.items.push_back(std::move(inner));
      }
    }
    for (auto& [key, value] : made.fields) value = references(value, depth + 1);
    return made;
  }

  Node referred(const Node& reference, unsigned depth) {
    const Node* at = &whole_;
    for (const Node* name : reference.scalars()) at = &(*at)[name->text];
    return references(*at, depth + 1);
  }

  const Node& whole_;
  std::size_t copied_ = 0;
};

}  // namespace

const std::vector<std::string>& GitlabFiles::lines_of(const Node& node) const {
  static const std::vector<std::string> kNone;
  for (const Documents& documents : read) {
    const bool here = std::ranges::any_of(
        documents.roots, [&](const Node& root) { return root.where.file == node.where.file; });
    if (here) return documents.lines;
  }
  return kNone;
}

GitlabFiles put_together(const Documents& documents, const LocalFiles& files) {
  GitlabFiles made;
  made.read.push_back(documents);
  Includer includer(files, made);
  // Before the pipeline itself may stand a document with `spec:`.
  if (!documents.roots.empty()) includer.add(made.read.front().roots.back(), 0);
  return made;
}

Node resolved_job(const GitlabFiles& files, const Node& job) { return Resolver(files.whole).job(job, 0); }

}  // namespace lockstorm::scenarios::pipeline
