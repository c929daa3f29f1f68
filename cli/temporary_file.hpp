// A file that is on its way to a name, and what becomes of it when the process is killed meanwhile.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <utility>

namespace lockstorm::cli {

/// Goes away with it, unless it was renamed. While it lives it is locked, so that others see that it is in
/// use. Its name does not depend on what it will be called: a long name leaves room for no more.
class TemporaryFile {
 public:
  /// Opens a new one for writing, private to the user; errno where that fails.
  static std::expected<TemporaryFile, int> beside(const std::filesystem::path& directory);
  ~TemporaryFile();
  TemporaryFile(TemporaryFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// Gives it its name, and closes it; errno, or 0.
  int rename_to(const std::string& file);

 private:
  TemporaryFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

  int descriptor_;
  std::string path_;
};

/// Removes those in the directory whose process is gone.
void remove_left_temporary_files(const std::filesystem::path& directory);

}  // namespace lockstorm::cli
