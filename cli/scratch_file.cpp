#include "cli/scratch_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace lockstorm::cli {

std::expected<ScratchFile, int> ScratchFile::with(const std::string& text, const std::string& begins,
                                                  const std::string& ends) {
  std::error_code error;
  const std::filesystem::path directory = std::filesystem::temp_directory_path(error);
  if (error) return std::unexpected(error.value());
  std::string path = (directory / (begins + "XXXXXX" + ends)).string();
  const int descriptor = ::mkstemps(path.data(), static_cast<int>(ends.size()));
  if (descriptor < 0) return std::unexpected(errno);
  ScratchFile file(path);
  const ssize_t written = ::write(descriptor, text.data(), text.size());
  const int why = written < 0 ? errno : ENOSPC;
  ::close(descriptor);
  if (written != static_cast<ssize_t>(text.size())) return std::unexpected(why);
  return file;
}

ScratchFile::~ScratchFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace lockstorm::cli
