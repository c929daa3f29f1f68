// A tree of small files in a new directory, which goes away with it.
#pragma once

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <utility>

#include "tests/cli/run_command.hpp"

namespace lockstorm::scenarios {

class FileTree {
 public:
  FileTree(std::initializer_list<std::pair<std::string, std::string>> files) {
    for (const auto& [name, text] : files) add(name, text);
  }
  void add(const std::string& name, const std::string& text) {
    const std::filesystem::path file = root() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  [[nodiscard]] std::filesystem::path root() const {
    return std::filesystem::path(directory_.file("x")).parent_path();
  }

 private:
  cli::TemporaryDirectory directory_;
};

/// The commonest block, and a partial one.
inline constexpr const char* kLockFileBlock =
    "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n    use_lockfile = true\n  }\n}\n";
inline constexpr const char* kPartialBlock = "terraform {\n  backend \"s3\" {}\n}\n";

}  // namespace lockstorm::scenarios
