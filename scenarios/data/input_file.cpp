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
  [[nodiscard]] int release() { return std::exchange(number_, -1); }

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

  [[nodiscard]] std::unexpected<InputError> unreadable(int error) const {
    return refuse(fmt::format("cannot be read: {}", std::generic_category().message(error)),
                  std::string(kind_.expected));
  }
  [[nodiscard]] std::unexpected<InputError> refuse_line() const {
    return refuse("has a line of more than 64 MiB", std::string(kind_.expected));
  }
  [[nodiscard]] std::unexpected<InputError> became_shorter() const {
    return refuse("became shorter while it was read", "a file to which lines are added");
  }

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

 private:
  [[nodiscard]] std::unexpected<InputError> refuse(std::string problem, std::string expected,
                                                   std::string hint = {}) const {
    return std::unexpected(
        InputError{{file_.string(), 0, 0}, std::move(problem), std::move(expected), std::move(hint)});
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

InputLines::InputLines(const std::filesystem::path& file, const InputKind& kind) : file_(file), kind_(kind) {}

InputLines::~InputLines() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string_view InputLines::rest() const { return std::string_view(buffer_).substr(given_, used_ - given_); }

std::expected<std::string_view, InputError> InputLines::next() {
  constexpr std::size_t kLongestLine = 64 * kMiB;
  const InputFile input(file_, kind_);
  if (descriptor_ < 0) {
    std::size_t size = 0;
    auto opened = input.open(size);
    if (!opened) return std::unexpected(opened.error());
    descriptor_ = opened->release();
    buffer_.resize(kMiB);
  }
  used_ -= given_;
  std::memmove(buffer_.data(), buffer_.data() + given_, used_);
  given_ = 0;
  while (true) {
    if (used_ == buffer_.size() && used_ >= kLongestLine) return input.refuse_line();
    if (used_ == buffer_.size()) buffer_.resize(2 * used_);
    const ssize_t got = ::read(descriptor_, buffer_.data() + used_, buffer_.size() - used_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return input.unreadable(errno);
    if (got == 0) break;
    const std::string_view added(buffer_.data() + used_, static_cast<std::size_t>(got));
    const std::size_t end = added.rfind('\n');
    if (end != std::string_view::npos) given_ = used_ + end + 1;
    used_ += added.size();
    if (given_ == 0) continue;
    bytes_ += given_;
    return std::string_view(buffer_.data(), given_);
  }
  struct stat status{};
  if (::fstat(descriptor_, &status) == 0 && static_cast<std::uint64_t>(status.st_size) < bytes_ + used_)
    return input.became_shorter();
  return std::string_view();
}

std::expected<std::string, InputError> read_standard_input(const InputKind& kind) {
  const std::filesystem::path name(kStandardInput);
  return InputFile(name, kind).read_all(STDIN_FILENO, 0);
}

}  // namespace lockstorm::scenarios
