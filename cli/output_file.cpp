#include "cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "cli/interrupt.hpp"

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

int write_directly(const std::string& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int error = write_all(descriptor, text);
  ::close(descriptor);
  return error;
}

// mkstemp makes files private; a result file is as readable as any other the user creates.
void give_usual_mode(int descriptor) {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  (void)::fchmod(descriptor, 0666 & ~mask);
}

int write_by_rename(const std::string& file, const std::string& text) {
  const InterruptsWait guard;  // or a temporary file would be left behind
  std::string temporary = file + ".XXXXXX";
  const int descriptor = ::mkstemp(temporary.data());
  if (descriptor < 0) return errno;
  give_usual_mode(descriptor);
  int error = write_all(descriptor, text);
  if (error == 0 && ::fsync(descriptor) != 0) error = errno;
  if (::close(descriptor) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), file.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(temporary.c_str());
  if (error == 0) note_written_file();
  return error;
}

}  // namespace

std::optional<scenarios::InputError> check_output_file(const std::string& file) {
  if (file.empty() || file == "-" || is_special(file)) return std::nullopt;
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) return cannot_write(file, EISDIR);
  if (::access(directory_of(file).c_str(), W_OK | X_OK) != 0) return cannot_write(file, errno);
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
  return write_output_file(file, make_text());
}

std::optional<scenarios::InputError> write_output_file(const std::string& file, const std::string& text) {
  if (file.empty()) return std::nullopt;
  int error = 0;
  if (file == "-") {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
      error = errno;
  } else {
    error = is_special(file) ? write_directly(file, text) : write_by_rename(file, text);
  }
  if (error != 0) return cannot_write(file == "-" ? "standard output" : file, error);
  return std::nullopt;
}

}  // namespace lockstorm::cli
