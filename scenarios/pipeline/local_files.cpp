#include "scenarios/pipeline/local_files.hpp"

#include "scenarios/data/input_file.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr InputKind kPartOfPipeline{"a file that the pipeline names", kMiB};

bool leaves_root(const std::string& path) {
  const std::filesystem::path normal = std::filesystem::path(path).lexically_normal();
  return normal.is_absolute() || (!normal.empty() && *normal.begin() == "..");
}

}  // namespace

std::optional<std::string> LocalFiles::read(const std::string& path) const {
  if (root_.empty() || path.empty() || path.find('\0') != std::string::npos || leaves_root(path))
    return std::nullopt;
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(root_ / path, error);
  if (error) return std::nullopt;
  const auto real_root = std::filesystem::weakly_canonical(root_, error);
  if (error) return std::nullopt;
  const auto below = real.lexically_relative(real_root);
  if (below.empty() || *below.begin() == ".." || !std::filesystem::is_regular_file(real, error))
    return std::nullopt;
  if (const auto written = overlay_.find(shown(path)); written != overlay_.end()) return written->second;
  auto text = read_input_file(real, kPartOfPipeline);
  if (!text) return std::nullopt;
  return *std::move(text);
}

std::string LocalFiles::shown(const std::string& path) const {
  return (root_ / path).lexically_normal().string();
}

std::string joined_path(const std::string& directory, const std::string& path) {
  const std::filesystem::path base = directory.empty() ? "." : directory;
  std::string whole = (base / path).lexically_normal().string();
  while (whole.size() > 1 && whole.ends_with('/')) whole.pop_back();
  return whole.empty() ? "." : whole;
}

}  // namespace lockstorm::scenarios::pipeline
