// A file for others to read as long as the command runs.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace lockstorm::cli {

/// In the directory for temporary files, under a name that nobody else has; it goes away with it.
class ScratchFile {
 public:
  /// errno where that fails.
  static std::expected<ScratchFile, int> with(const std::string& text, const std::string& begins,
                                              const std::string& ends);
  ~ScratchFile();
  ScratchFile(ScratchFile&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  ScratchFile& operator=(ScratchFile&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit ScratchFile(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace lockstorm::cli
