// Includes run downwards only, as docs/ARCHITECTURE.md says; the list there is whole and true.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
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

const std::vector<std::string> kFolders{"sim", "checkers", "models", "wire", "scenarios", "reports", "cli"};

std::string folder_of(const std::string& room) { return room.substr(0, room.find('/')); }

// Another folder is one thing, whatever its rooms.
std::string seen_from(const std::string& room, const std::string& target) {
  return folder_of(target) == folder_of(room) ? target : folder_of(target);
}

/// A room and what its files may include, in the order of the list.
struct Room {
  std::string name;
  Names may_include;
};

std::vector<Room> rooms_of(const std::string& page) {
  std::vector<Room> rooms;
  std::istringstream lines(page);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "```rooms") {
      inside = true;
    } else if (inside && line == "```") {
      break;
    } else if (inside) {
      std::istringstream words(line.substr(line.find('|') + 1));
      Room& room = rooms.emplace_back();
      room.name = line.substr(0, line.find(' '));
      for (std::string name; words >> name;) room.may_include.insert(name);
    }
  }
  return rooms;
}

std::map<std::string, Names> included_by_room() {
  static const std::regex kInclude("#include \"([^\"]+)/[^/\"]+\"");
  std::map<std::string, Names> included;
  for (const std::string& folder : kFolders) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".hpp" && extension != ".cpp") continue;
      const std::string room = fs::relative(entry.path().parent_path(), kRoot).string();
      Names& targets = included[room];
      const std::string text = file_text(entry.path());
      for (std::sregex_iterator match(text.begin(), text.end(), kInclude), end; match != end; ++match) {
        const std::string target = (*match)[1];
        if (target != room) targets.insert(seen_from(room, target));
      }
    }
  }
  return included;
}

// Why the list is no order: a room that may include one which does not come before it.
std::vector<std::string> upward(const std::vector<Room>& rooms) {
  std::vector<std::string> problems;
  Names rooms_before;
  Names folders_before;
  for (const Room& room : rooms) {
    for (const std::string& target : room.may_include) {
      const bool is_own = folder_of(target) == folder_of(room.name);
      if (!(is_own ? rooms_before : folders_before).contains(target))
        problems.push_back(room.name + " -> " + target);
    }
    rooms_before.insert(room.name);
    folders_before.insert(folder_of(room.name));
  }
  return problems;
}

TEST(HouseArchitecture, ListsEveryRoomWithWhatItIncludes) {
  const std::vector<Room> rooms = rooms_of(file_text(kRoot / "docs" / "ARCHITECTURE.md"));
  std::map<std::string, Names> included = included_by_room();
  for (const Room& room : rooms) {
    EXPECT_TRUE(included.contains(room.name)) << room.name << " is no room";
    EXPECT_EQ(included[room.name], room.may_include) << room.name;
    included.erase(room.name);
  }
  for (const auto& [room, targets] : included) ADD_FAILURE() << room << " is not listed";
}

TEST(HouseArchitecture, NoIncludeRunsUp) {
  const std::vector<Room> rooms = rooms_of(file_text(kRoot / "docs" / "ARCHITECTURE.md"));
  EXPECT_EQ(upward(rooms), std::vector<std::string>{});
  const std::map<std::string, Names> below{
      {"sim", {}},
      {"checkers", {}},
      {"models", {"sim", "checkers"}},
      {"wire", {"sim", "models"}},
      {"scenarios", {"sim", "checkers", "models"}},
      {"reports", {"sim", "checkers", "models", "scenarios"}},
      {"cli", {"sim", "checkers", "models", "wire", "scenarios", "reports"}}};
  for (const Room& room : rooms) {
    const std::string folder = folder_of(room.name);
    for (const std::string& target : room.may_include) {
      const bool is_own = folder_of(target) == folder;
      EXPECT_TRUE(is_own || below.at(folder).contains(target)) << room.name << " -> " << target;
    }
  }
}

TEST(HouseArchitecture, AnArrowUpWouldBeFound) {
  EXPECT_EQ(upward({{"sim", {"sim/process"}}, {"sim/process", {"sim"}}}),
            std::vector<std::string>{"sim -> sim/process"});
}

// What the page says of files has to be there.
TEST(HouseArchitecture, NamesFilesThatExist) {
  static const std::regex kFile(
      "`((?:sim|checkers|models|wire|scenarios|reports|cli|tests|docs)/[A-Za-z0-9_/.]+)`");
  const std::string page = file_text(kRoot / "docs" / "ARCHITECTURE.md");
  std::size_t files = 0;
  for (std::sregex_iterator match(page.begin(), page.end(), kFile), end; match != end; ++match) {
    const std::string name = (*match)[1];
    if (name.find("NAME") != std::string::npos) continue;
    ++files;
    EXPECT_TRUE(fs::exists(kRoot / name)) << name;
  }
  EXPECT_GT(files, 30U);
}

}  // namespace
}  // namespace lockstorm::house
