#include "scenarios/data/input_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace lockstorm::scenarios {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;

  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

std::string_view kind_of_file(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return "no regular file";
}

class InputFile {
 public:
  InputFile(const std::filesystem::path& file, const InputKind& kind) : file_(file), kind_(kind) {}

  std::expected<std::string, InputError> read() const {
    std::size_t size = 0;
    const auto descriptor = open(size);
    if (!descriptor) return std::unexpected(descriptor.error());
    if (size > kind_.max_bytes) return too_large();
    return read_all(descriptor->number(), size);
  }

  // A file may grow, and those of /proc do not say how large they are.
  [[nodiscard]] std::expected<std::string, InputError> read_all(int descriptor, std::size_t size) const {
    constexpr std::size_t kChunk = std::size_t{1} << 16U;
    std::string text;
    std::size_t used = 0;
    text.resize(std::min(size, kind_.max_bytes) + 1);
    while (true) {
      if (used == text.size()) text.resize(std::min(used + std::max(used, kChunk), kind_.max_bytes + 1));
      const ssize_t got = ::read(descriptor, text.data() + used, text.size() - used);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return unreadable(errno);
      if (got == 0) break;
      used += static_cast<std::size_t>(got);
      if (used > kind_.max_bytes) return too_large();
    }
    text.resize(used);
    return text;
  }

  [[nodiscard]] std::expected<bool, InputError> read_lines(
      const std::function<bool(std::string_view)>& take) const {
    std::size_t size = 0, used = 0;
    const auto descriptor = open(size);
    if (!descriptor) return std::unexpected(descriptor.error());
    std::string buffer(kMiB, '\0');
    while (true) {
      if (used == buffer.size() && used >= kLongestLine) return false;
      if (used == buffer.size()) buffer.resize(2 * used);
      const ssize_t got = ::read(descriptor->number(), buffer.data() + used, buffer.size() - used);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return unreadable(errno);
      if (got == 0) return used == 0 || take({buffer.data(), used});
      used += static_cast<std::size_t>(got);
      const std::size_t end = std::string_view(buffer.data(), used).rfind('\n') + 1;  // 0: there is none
      if (end == 0) continue;
      if (!take({buffer.data(), end})) return false;
      used -= end;
      std::memmove(buffer.data(), buffer.data() + end, used);
    }
  }

 private:
  static constexpr std::size_t kLongestLine = 64 * kMiB;

  [[nodiscard]] std::expected<Descriptor, InputError> open(std::size_t& size) const {
    struct stat status{};
    // Opening a named pipe waits for its other end, and opening a device may do anything.
    if (::stat(file_.c_str(), &status) != 0) return unreadable(errno);
    if (!S_ISREG(status.st_mode)) return wrong_kind(status.st_mode);
    Descriptor descriptor(::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (descriptor.number() < 0) return unreadable(errno);
    // What is open now counts, whatever stood there a moment ago.
    if (::fstat(descriptor.number(), &status) != 0) return unreadable(errno);
    if (!S_ISREG(status.st_mode)) return wrong_kind(status.st_mode);
    size = static_cast<std::size_t>(status.st_size);
    return descriptor;
  }

  [[nodiscard]] std::unexpected<InputError> refuse(std::string problem, std::string expected,
                                                   std::string hint = {}) const {
    return std::unexpected(
        InputError{{file_.string(), 0, 0}, std::move(problem), std::move(expected), std::move(hint)});
  }
  [[nodiscard]] std::unexpected<InputError> unreadable(int error) const {
    return refuse(fmt::format("cannot be read: {}", std::generic_category().message(error)),
                  std::string(kind_.expected));
  }
  [[nodiscard]] std::unexpected<InputError> wrong_kind(mode_t mode) const {
    return refuse(fmt::format("is {}", kind_of_file(mode)), std::string(kind_.expected),
                  S_ISDIR(mode) ? "" : "only regular files are read: write it to one first");
  }
  [[nodiscard]] std::unexpected<InputError> too_large() const {
    return refuse("is too large",
                  kind_.max_bytes >= kMiB
                      ? fmt::format("{}, of at most {} MiB", kind_.expected, kind_.max_bytes / kMiB)
                      : fmt::format("{}, of at most {} KiB", kind_.expected, kind_.max_bytes / 1024),
                  std::string(kind_.what_to_do));
  }

  const std::filesystem::path& file_;
  const InputKind& kind_;
};

}  // namespace

std::expected<std::string, InputError> read_input_file(const std::filesystem::path& file,
                                                       const InputKind& kind) {
  return InputFile(file, kind).read();
}

std::expected<bool, InputError> read_lines_of_file(const std::filesystem::path& file, const InputKind& kind,
                                                   const std::function<bool(std::string_view)>& take) {
  return InputFile(file, kind).read_lines(take);
}

std::expected<std::string, InputError> read_standard_input(const InputKind& kind) {
  const std::filesystem::path name(kStandardInput);
  return InputFile(name, kind).read_all(STDIN_FILENO, 0);
}

}  // namespace lockstorm::scenarios
