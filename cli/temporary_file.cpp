#include "cli/temporary_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <system_error>

namespace lockstorm::cli {
namespace {

constexpr std::string_view kPrefix = ".lockstorm-unfinished-";  // nobody calls a file of their own so
constexpr std::string_view kRandom = "XXXXXX";
constexpr int kTries = 16;

bool has_its_name(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with(kPrefix) && name.size() == kPrefix.size() + kRandom.size() &&
         std::all_of(name.end() - static_cast<std::ptrdiff_t>(kRandom.size()), name.end(),
                     [](unsigned char letter) { return std::isalnum(letter) != 0; });
}

// Root also cleans up what it has already given to the owner of the file that was there before.
bool can_be_ours(int descriptor) {
  struct stat status{};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1 &&
         (status.st_uid == ::geteuid() || ::geteuid() == 0);
}

// Whoever removes left files may have come between the making of this one and its lock.
bool is_still_there(int descriptor) {
  struct stat status{};
  return ::fstat(descriptor, &status) == 0 && status.st_nlink > 0;
}

}  // namespace

std::expected<TemporaryFile, int> TemporaryFile::beside(const std::filesystem::path& directory) {
  const std::filesystem::path name = directory / fmt::format("{}{}", kPrefix, kRandom);
  for (int i = 0; i < kTries; ++i) {
    std::string path = name.string();
    const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
    if (descriptor < 0) return std::unexpected(errno);
    // File systems without locks: then nobody removes anything there, either.
    (void)::flock(descriptor, LOCK_EX);
    if (is_still_there(descriptor)) return TemporaryFile(descriptor, std::move(path));
    ::close(descriptor);
  }
  return std::unexpected(EBUSY);
}

TemporaryFile::~TemporaryFile() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

int TemporaryFile::rename_to(const std::string& file) {
  if (::rename(path_.c_str(), file.c_str()) != 0) return errno;
  return ::close(std::exchange(descriptor_, -1)) == 0 ? 0 : errno;
}

void remove_left_temporary_files(const std::filesystem::path& directory) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!has_its_name(entry->path())) continue;
    const int descriptor = ::open(entry->path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) continue;
    const bool is_left = can_be_ours(descriptor) && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    if (is_left) ::unlink(entry->path().c_str());
    ::close(descriptor);
  }
}

}  // namespace lockstorm::cli
