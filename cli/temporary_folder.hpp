// A directory that goes away with all that is in it.
#pragma once

#include <filesystem>

namespace lockstorm::cli {

class TemporaryFolder {
 public:
  /// Private to the user, where temporary files are kept.
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  /// Empty: it could not be made.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace lockstorm::cli
