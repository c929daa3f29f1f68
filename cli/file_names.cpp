#include "cli/file_names.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <system_error>

namespace lockstorm::cli {
namespace fs = std::filesystem;

namespace {

constexpr int kMostLinks = 40;

// One link further, or the same name where it is none.
fs::path next_of(const fs::path& file) {
  std::error_code error;
  const fs::path next = fs::read_symlink(file, error);
  if (error) return file;
  return next.is_absolute() ? next : file.parent_path() / next;
}

// The names in /proc/self/fd look like links to files, but opening one again is not the same: what was
// appended to would be written from its beginning.
std::optional<int> number_in_own_descriptors(const fs::path& file) {
  const std::string name = file.filename().string();
  int number = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size() || number < 0) return std::nullopt;
  std::error_code unknown;
  const fs::path directory = fs::canonical(directory_of(file), unknown);
  const bool is_own = !unknown && directory.filename() == "fd" &&
                      directory.string().starts_with(fmt::format("/proc/{}/", ::getpid()));
  return is_own ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<int> descriptor_named(const std::string& file) {
  fs::path name = file;
  for (int i = 0; i < kMostLinks; ++i) {
    if (const auto number = number_in_own_descriptors(name)) return number;
    fs::path next = next_of(name);
    if (next == name) break;
    name = std::move(next);
  }
  return std::nullopt;
}

bool is_special(const std::string& file) {
  std::error_code ignored;
  const auto status = fs::status(file, ignored);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

fs::path target_of(const std::string& file) {
  fs::path target = file;
  for (int i = 0; i < kMostLinks; ++i) {
    fs::path next = next_of(target);
    if (next == target) break;
    target = std::move(next);
  }
  return target;
}

fs::path directory_of(const fs::path& file) {
  const fs::path parent = file.parent_path();
  return parent.empty() ? "." : parent;
}

std::string identity_of(const std::string& file) {
  if (file == "-") return fmt::format("descriptor {}", STDOUT_FILENO);
  if (file.empty()) return "";
  if (const auto number = descriptor_named(file)) return fmt::format("descriptor {}", *number);
  if (is_special(file)) return "";
  std::error_code unknown;
  const fs::path target = target_of(file);
  const fs::path whole = fs::weakly_canonical(fs::absolute(target, unknown), unknown);
  return unknown ? target.string() : whole.string();
}

}  // namespace lockstorm::cli
