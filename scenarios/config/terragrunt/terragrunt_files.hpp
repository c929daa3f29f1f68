// Terragrunt's files, each parsed once however many units include or read it.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/config/syntax/hcl_syntax.hpp"
#include "scenarios/config/syntax/source_text.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios::terragrunt {

/// A file in HCL's native syntax; the body's views point into the source.
struct ParsedFile {
  std::filesystem::path path;  ///< absolute
  SourceText source;
  hcl::Body body;
};

using ParsedFilePtr = std::shared_ptr<const ParsedFile>;

/// The files of one walk through a tree. Paths are absolute in here; messages show them as the walk does.
class FileCache {
 public:
  /// A file by its absolute path. Fails where it cannot be read or is no HCL.
  [[nodiscard]] std::expected<ParsedFilePtr, InputError> parse(const std::filesystem::path& file);

  /// Where a walk has come to: what is below `directory` is shown below it as it was given.
  void show_below(const std::filesystem::path& directory);

  /// A path as people are shown it.
  [[nodiscard]] std::string shown(const std::filesystem::path& absolute) const;

  /// The file in that directory, or nothing where it is not there; looked up once.
  [[nodiscard]] bool exists(const std::filesystem::path& file);

 private:
  std::map<std::filesystem::path, std::expected<ParsedFilePtr, InputError>> parsed_;
  std::map<std::filesystem::path, bool> exists_;
  bool shows_absolute_ = false;
  std::filesystem::path here_;
};

/// Absolute, without `.` and `..`.
[[nodiscard]] std::filesystem::path normal(const std::filesystem::path& path);

}  // namespace lockstorm::scenarios::terragrunt
