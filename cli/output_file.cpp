#include "cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <new>
#include <set>
#include <system_error>

#include "cli/file_names.hpp"
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

int write_and_close(int descriptor, const std::string& text) {
  const int error = write_all(descriptor, text);
  return ::close(descriptor) != 0 && error == 0 ? errno : error;
}

// It may be a pipe, and nobody may read it.
int write_directly(const std::string& file, const std::string& text) {
  const InterruptsPass pass;
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  return descriptor < 0 ? errno : write_and_close(descriptor, text);
}

// Goes on where its owner stands: a file that is appended to, as with `>> FILE`, keeps what it has.
int write_to_descriptor(int number, const std::string& text) {
  const InterruptsPass pass;
  if (number == STDOUT_FILENO) std::fflush(stdout);
  const int descriptor = ::fcntl(number, F_DUPFD_CLOEXEC, 0);
  return descriptor < 0 ? errno : write_and_close(descriptor, text);
}

// errno, or 0.
int why_not_written_to(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  if (flags < 0) return errno;
  return (flags & O_ACCMODE) == O_RDONLY ? EBADF : 0;
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

// What something is mounted on, as a single file in a container, cannot be replaced.
int write_in_place(const std::string& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  return descriptor < 0 ? errno : write_and_close(descriptor, text);
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
  if (error == EBUSY) error = write_in_place(file, text);
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

// errno, or 0.
int why_not_written(const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) return EISDIR;
  const std::string target = target_of(file).string();
  for (const std::string& name : {file, target}) {
    if (const int error = why_no_name(name); error != 0) return error;
  }
  return ::access(directory_of(target).c_str(), W_OK | X_OK) == 0 ? 0 : errno;
}

}  // namespace

std::optional<scenarios::InputError> check_output_files(const std::vector<std::string>& files) {
  std::set<std::filesystem::path> directories;
  for (const std::string& file : files) {
    if (file.empty() || file == "-") continue;
    if (const auto descriptor = descriptor_named(file)) {
      // Standard output and error that are closed are dealt with when they are written to.
      const int error = *descriptor > STDERR_FILENO ? why_not_written_to(*descriptor) : 0;
      if (error != 0) return cannot_write(file, error);
      continue;
    }
    if (is_special(file)) continue;
    if (const int error = why_not_written(file); error != 0) return cannot_write(file, error);
    directories.insert(directory_of(target_of(file).string()));
  }
  std::ranges::for_each(directories, remove_left_temporary_files);
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
  const std::optional<int> descriptor = file == "-" ? STDOUT_FILENO : descriptor_named(file);
  int error = 0;
  if (file == "-") {
    const InterruptsPass pass;  // somebody may page through it
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
      error = errno;
  } else if (descriptor) {
    error = write_to_descriptor(*descriptor, text);
  } else {
    error = is_special(file) ? write_directly(file, text) : write_by_rename(file, text);
  }
  // Whoever no longer reads another file is to be told.
  if (error == EPIPE && descriptor == STDOUT_FILENO) note_broken_pipe();
  if (error != 0) return cannot_write(file == "-" ? "standard output" : file, error);
  return std::nullopt;
}

}  // namespace lockstorm::cli
