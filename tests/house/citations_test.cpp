// Whatever a comment cites of docs/reference - a section, a step, a key, a source - is there.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/file_text.hpp"
#include "tests/house/source_tree.hpp"

namespace lockstorm::house {
namespace {

namespace fs = std::filesystem;
const std::string kProtocols = "backend-protocols.md";

// `text` must outlive what is returned.
std::vector<std::smatch> matches_in(const std::string& text, const std::regex& pattern) {
  return {std::sregex_iterator(text.begin(), text.end(), pattern), std::sregex_iterator()};
}

// What a page can be cited by: a heading's number (2.4), an item of its list (2.4.3) and of that one's
// (2.4.3b), an item under a word in bold (3.5 Lock 5a), a paragraph or item "(a) ..." (3.9a), and the key
// that a table row, an item or a line begins with (D6, PG-5, L1-6, X1).
Names keys_of(const std::string& page) {
  static const std::regex kBegin(R"(#+ ([\d.]*\d)|\*\*([A-Za-z-]+)|(\d+)\. |   ([a-z])\. |\(([a-z])\) )");
  static const std::regex kKey(R"((?:[|*] )?(?:\*\*)?([A-Z]+[0-9]*-?[0-9]+)\b)");
  Names keys;
  std::string section, word, item;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    const std::string list = section + (word.empty() ? "." : " " + word + " ");
    if (std::regex_search(line, match, kBegin, std::regex_constants::match_continuous)) {
      if (match[1].matched) keys.insert(section = match[1]);
      if (match[1].matched) word.clear();
      if (match[2].matched) word = match[2];
      if (match[3].matched) keys.insert(list + (item = match[3]));
      if (match[4].matched) keys.insert(list + item + match[4].str());
      if (match[5].matched) keys.insert(section + match[5].str());
    }
    if (std::regex_search(line, match, kKey, std::regex_constants::match_continuous)) keys.insert(match[1]);
  }
  return keys;
}

// First column of the table of sources, in section 0; "S3D / S3U" are two.
Names tags_of(const std::string& page) {
  static const std::regex kCell(R"(\n\| ([A-Z]\w*)(?: / (\w+))? \|)");
  const std::string guide = page.substr(0, page.find("\n## 1"));
  Names tags;
  for (const std::smatch& row : matches_in(guide, kCell)) tags.insert({row[1].str(), row[2].str()});
  return tags;
}

// Each the comments of successive lines: citations go over the ends of lines.
std::vector<std::string> comments_in(const std::string& source) {
  std::vector<std::string> comments(1);
  std::istringstream lines(source);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find("//");
    const bool is_comment = begin != std::string::npos && (begin == 0 || line[begin - 1] != ':');  // no URL
    if (!is_comment) comments.emplace_back();
    if (is_comment)
      comments.back() += line.substr(std::min(line.find_first_not_of("/< ", begin), line.size())) + " ";
  }
  return comments;
}

class Citations {
 public:
  Citations() {
    for (const fs::directory_entry& entry : fs::directory_iterator(kRoot / "docs" / "reference"))
      pages_[entry.path().filename().string()] = keys_of(file_text(entry.path()));
    for (const auto& [page, keys] : pages_) all_keys_.insert(keys.begin(), keys.end());
    tags_ = tags_of(file_text(kRoot / "docs" / "reference" / kProtocols));
  }

  void check(const std::string& file, const std::string& source) {
    file_ = file;
    for (const std::string& comment : comments_in(source)) {
      const std::string rest = check_pages(comment);
      check_sources(comment);
      if (!file.starts_with("models/") && !file.starts_with("scenarios/backends/")) continue;
      check_sections(rest);
      check_steps(rest, source);
      check_keys(rest);
    }
  }

  [[nodiscard]] std::size_t number() const { return number_; }
  [[nodiscard]] const std::vector<std::string>& wrong() const { return wrong_; }

 private:
  void expect(bool is_right, const std::string& citation) {
    ++number_;
    if (!is_right) wrong_.push_back(file_ + ": " + citation);
  }

  [[nodiscard]] bool has(const std::string& page, const std::string& key) const {
    return key.empty() || (pages_.contains(page) && pages_.at(page).contains(key));
  }

  // "confirm.md 2, D6", "docs/histories.md"; pages in other folders are other people's. Returns what is left.
  std::string check_pages(const std::string& comment) {
    static const std::regex kPage(
        R"(((?:[\w-]+/)*)([\w-]+\.md)(?: ([0-9]+(?:\.[0-9]+)*[a-z]?))?(?:, ([A-Z]+[0-9]*-?[0-9]+))?)");
    for (const std::smatch& match : matches_in(comment, kPage)) {
      const std::string folder = match[1];
      const std::string page = match[2];
      if (!folder.empty() && !folder.starts_with("docs/")) continue;
      const bool is_there = (folder.empty() && pages_.contains(page)) ||
                            fs::exists(kRoot / (folder.empty() ? "docs/" : folder) / page);
      expect(is_there && has(page, match[3]) && has(page, match[4]), match.str());
    }
    return std::regex_replace(comment, kPage, "");
  }

  // "[TF,OT gcs/client.go]", "[K8SC]", "[oci/client.go: Put; TF oci/retry.go]". Not "[ValueId]".
  void check_sources(const std::string& comment) {
    static const std::regex kSource(
        R"((?:\[|; (?=[^\[\];]*\]))([A-Z][A-Z0-9]+|[A-Z]\w+(?= [\w/]+\.\w+:))(?:,([A-Z0-9]+))?(?=[\]: ;]))");
    for (const std::smatch& match : matches_in(comment, kSource))
      expect(tags_.contains(match[1]) && (!match[2].matched || tags_.contains(match[2])), match.str());
  }

  // Numbers alone: "2.12: ...", "(3.5, 4.4)". Not "0.8 s", "PostgreSQL 15.18"; 1.1 may be a version.
  void check_sections(const std::string& comment) {
    static const std::regex kBare(
        R"((?:^|[ (-])([2-8]\.[0-9]+(?:\.[0-9]+)?[a-z]?)(?=[-\s,;:).]|$)(?! (?:s|ms|[KM]iB)\b))");
    for (const std::smatch& match : matches_in(comment, kBare)) expect(has(kProtocols, match[1]), match[1]);
  }

  // "Lock 4", "Lock 5a", "Put 1-4", whose last step is 4: in one of the backends' sections that the file
  // cites.
  void check_steps(const std::string& comment, const std::string& source) {
    static const std::regex kStep(R"(\b((?:Lock|Unlock|Get|Put) )(?:[1-9]-)?([1-9][a-z]?)(?![\w.]))");
    static const std::regex kBackend(R"(\b3\.[0-9]+\b)");
    for (const std::smatch& match : matches_in(comment, kStep)) {
      const std::string step = " " + match[1].str() + match[2].str();
      const auto has_it = [&](const std::smatch& section) { return has(kProtocols, section.str() + step); };
      expect(std::ranges::any_of(matches_in(source, kBackend), has_it), match.str());
    }
  }

  // "PG-5", "(D6)": any that begins like a key of the reference.
  void check_keys(const std::string& comment) {
    static const std::regex kKey(R"(\b([A-Z]+[0-9]*-|[DX])[0-9]+\b)");
    for (const std::smatch& match : matches_in(comment, kKey)) {
      const auto next = all_keys_.lower_bound(match[1]);
      if (next != all_keys_.end() && next->starts_with(match[1].str()))
        expect(all_keys_.contains(match.str()), match.str());
    }
  }

  std::map<std::string, Names> pages_;
  Names all_keys_, tags_;
  std::string file_;
  std::size_t number_ = 0;
  std::vector<std::string> wrong_;
};

TEST(HouseCitations, AreOfWhatTheReferenceHas) {
  Citations citations;
  for (const char* folder : {"sim", "models", "wire", "checkers", "scenarios", "reports", "cli"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (const fs::path kind = entry.path().extension(); kind == ".hpp" || kind == ".cpp")
        citations.check(fs::relative(entry.path(), kRoot).string(), file_text(entry.path()));
    }
  }
  EXPECT_EQ(citations.wrong(), std::vector<std::string>{});
  EXPECT_GT(citations.number(), 400U);
}

TEST(HouseCitations, MadeUpOnesAreFound) {
  Citations citations;
  std::size_t found = 0;
  for (const char* made_up :
       {"(backend-protocols.md 3.99)", "nowhere.md 2", "docs/nowhere.md", "docs/backend-protocols.md 5.4",
        "confirm.md 2, D99", "2.4.3z: so it is", "(3.8, Lock 9)", "PG-99", "[XYZ]", "[TF,XY gcs/client.go]",
        "[Postgres postgres.c: f]", "[oci/client.go: Put; XY oci/retry.go: f]"}) {
    citations.check("models/made_up.cpp", std::string("int i = 1;  ///< ") + made_up + "\n");
    EXPECT_EQ(citations.wrong().size(), ++found) << made_up;
  }
  citations.check("models/right.cpp",
                  "// (backend-protocols.md\n// 3.8, 4.7; confirm.md 2,\n// D6) 3.8 Lock 1-4, PG-5 [PQ]\n");
  EXPECT_EQ(citations.wrong().size(), found);
  EXPECT_EQ(citations.number(), found + 8);  // 7 and the 3.8 of the made up "(3.8, Lock 9)"
}

}  // namespace
}  // namespace lockstorm::house
