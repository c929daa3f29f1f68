#include "cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <new>
#include <system_error>

#include "cli/interrupt.hpp"
#include "cli/temporary_file.hpp"

namespace lockstorm::cli {
namespace {

scenarios::InputError cannot_write(const std::string& file, int error) {
  return {{file, 0, 0},
          "cannot be written: " + std::generic_category().message(error),
          "a file name in a writable directory",
          ""};
}

}  // namespace

bool is_special(const std::string& file) {
  std::error_code ignored;
  const auto status = std::filesystem::status(file, ignored);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
         !std::filesystem::is_directory(status);
}

namespace {

std::filesystem::path directory_of(const std::string& file) {
  const std::filesystem::path parent = std::filesystem::path(file).parent_path();
  return parent.empty() ? "." : parent;
}

// Writes everything; returns errno or 0.
int write_all(int descriptor, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = ::write(descriptor, text.data() + done, text.size() - done);
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  return 0;
}

// It may be a pipe, and nobody may read it.
int write_directly(const std::string& file, const std::string& text) {
  const InterruptsPass pass;
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int error = write_all(descriptor, text);
  ::close(descriptor);
  return error;
}

// Where links lead to; the name itself where they lead nowhere yet.
std::filesystem::path target_of(const std::string& file) {
  constexpr int kMostLinks = 40;
  std::filesystem::path target = file;
  std::error_code error;
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(target, error); ++i) {
    const std::filesystem::path next = std::filesystem::read_symlink(target, error);
    if (error) break;
    target = next.is_absolute() ? next : target.parent_path() / next;
  }
  return target;
}

// mkstemp makes files private: a result file gets the mode and owner of the one that it takes the place of,
// or is as readable as any other the user creates.
void take_after(int descriptor, const std::string& file) {
  struct stat before{};
  if (::stat(file.c_str(), &before) == 0) {
    (void)!::fchown(descriptor, before.st_uid, before.st_gid);
    (void)::fchmod(descriptor, before.st_mode & 07777U);
    return;
  }
  const mode_t mask = ::umask(0);
  ::umask(mask);
  (void)::fchmod(descriptor, 0666 & ~mask);
}

int write_by_rename(const std::string& name, const std::string& text) {
  const InterruptsWait guard;  // or a temporary file would be left behind
  const std::string file = target_of(name).string();
  auto temporary = TemporaryFile::beside(directory_of(file));
  if (!temporary) return temporary.error();
  take_after(temporary->descriptor(), file);
  int error = write_all(temporary->descriptor(), text);
  if (error == 0 && ::fsync(temporary->descriptor()) != 0) error = errno;
  if (error == 0) error = temporary->rename_to(file);
  if (error == 0) note_written_file();
  return error;
}

// What would only be found out at the end: a name that is too long, a component that is no directory, a link
// to itself.
int why_no_name(const std::string& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) == 0 || errno == ENOENT)
    return std::filesystem::path(file).has_filename() ? 0 : EISDIR;
  return errno;
}

}  // namespace

std::optional<scenarios::InputError> check_output_file(const std::string& file) {
  if (file.empty() || file == "-" || is_special(file)) return std::nullopt;
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) return cannot_write(file, EISDIR);
  const std::string target = target_of(file).string();
  for (const std::string& name : {file, target}) {
    if (const int error = why_no_name(name); error != 0) return cannot_write(file, error);
  }
  const std::filesystem::path directory = directory_of(target);
  if (::access(directory.c_str(), W_OK | X_OK) != 0) return cannot_write(file, errno);
  remove_left_temporary_files(directory);
  return std::nullopt;
}

std::optional<scenarios::InputError> check_output_files(std::initializer_list<std::string> files) {
  for (const std::string& file : files) {
    if (auto error = check_output_file(file)) return error;
  }
  return std::nullopt;
}

std::optional<scenarios::InputError> write_output_file(const std::string& file,
                                                       const std::function<std::string()>& make_text) {
  if (file.empty()) return std::nullopt;
  try {
    return write_output_file(file, make_text());
  } catch (const std::bad_alloc&) {
    return cannot_write(file, ENOMEM);
  }
}

std::optional<scenarios::InputError> write_output_file(const std::string& file, const std::string& text) {
  if (file.empty()) return std::nullopt;
  int error = 0;
  if (file == "-") {
    const InterruptsPass pass;  // somebody may page through it
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
      error = errno;
  } else {
    error = is_special(file) ? write_directly(file, text) : write_by_rename(file, text);
  }
  if (error == EPIPE) note_broken_pipe();
  if (error != 0) return cannot_write(file == "-" ? "standard output" : file, error);
  return std::nullopt;
}

}  // namespace lockstorm::cli
