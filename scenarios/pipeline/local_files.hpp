// The files of one repository, as far as its pipeline may name them: nothing outside of it is opened.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "scenarios/pipeline/text_overlay.hpp"

namespace lockstorm::scenarios::pipeline {

class LocalFiles {
 public:
  /// `root`: the repository's; empty: there is none, and no file is found. `overlay`: what is read in place
  /// of files.
  explicit LocalFiles(std::filesystem::path root, TextOverlay overlay = {})
      : root_(std::move(root)), overlay_(std::move(overlay)) {}

  /// The text of a regular file below the root, by its path from there ("./scripts/apply.sh"); nothing for
  /// one that is not there, is too large, or lies outside.
  [[nodiscard]] std::optional<std::string> read(const std::string& path) const;
  /// The path as people are shown it.
  [[nodiscard]] std::string shown(const std::string& path) const;
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

 private:
  std::filesystem::path root_;
  TextOverlay overlay_;
};

/// "a/b" and "../c" make "a/c"; absolute paths stay; "" and "." are the root.
[[nodiscard]] std::string joined_path(const std::string& directory, const std::string& path);

}  // namespace lockstorm::scenarios::pipeline
