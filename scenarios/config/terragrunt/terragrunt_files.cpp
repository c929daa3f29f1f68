#include "scenarios/config/terragrunt/terragrunt_files.hpp"

#include <system_error>
#include <utility>

#include "scenarios/data/input_file.hpp"

namespace lockstorm::scenarios::terragrunt {

namespace fs = std::filesystem;

fs::path normal(const fs::path& path) {
  std::error_code error;
  fs::path absolute = fs::absolute(path, error);
  absolute = (error ? path : absolute).lexically_normal();
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

std::expected<ParsedFilePtr, InputError> FileCache::parse(const fs::path& file) {
  if (const auto known = parsed_.find(file); known != parsed_.end()) return known->second;
  auto text = read_input_file(file, kConfigurationFile);
  std::expected<ParsedFilePtr, InputError> result;
  if (!text) {
    result = std::unexpected(std::move(text).error());
    result.error().where.file = shown(file);
  } else {
    // The text is where it stays before the body's views of it are taken.
    auto made = std::make_shared<ParsedFile>(ParsedFile{file, SourceText(shown(file), *std::move(text)), {}});
    auto body = hcl::parse(made->source);
    if (body) {
      made->body = *std::move(body);
      result = std::move(made);
    } else {
      result = std::unexpected(std::move(body).error());
    }
  }
  return parsed_.emplace(file, std::move(result)).first->second;
}

void FileCache::show_below(const fs::path& directory) {
  shows_absolute_ = directory.is_absolute();
  std::error_code error;
  here_ = fs::current_path(error);
}

std::string FileCache::shown(const fs::path& absolute) const {
  if (shows_absolute_ || here_.empty()) return absolute.string();
  return absolute.lexically_relative(here_).string();
}

bool FileCache::exists(const fs::path& file) {
  const auto [known, is_new] = exists_.try_emplace(file, false);
  std::error_code error;
  if (is_new) known->second = fs::exists(file, error);
  return known->second;
}

}  // namespace lockstorm::scenarios::terragrunt
