#include "scenarios/terraform_config/config_merge.hpp"

#include <fmt/format.h>

#include <iterator>

namespace lockstorm::scenarios {
namespace {

std::string place(const SourceLocation& where) {
  return fmt::format("{}:{}:{}", where.file, where.line, where.column);
}

InputError duplicate_backend(const SourceLocation& second, const SourceLocation& first) {
  return {second,
          fmt::format("duplicate backend configuration; a backend is already configured at {}", place(first)),
          "one backend block", "only an override file may replace another file's backend"};
}

InputError duplicate_cloud(const SourceLocation& second, const SourceLocation& first) {
  return {second,
          fmt::format("duplicate cloud configuration; cloud is already configured at {}", place(first)),
          "one cloud block", ""};
}

InputError backend_and_cloud(const SourceLocation& backend, const SourceLocation& cloud) {
  return {
      backend,
      fmt::format("both a backend and a cloud block are present; cloud is configured at {}", place(cloud)),
      "either a backend block or a cloud block", "remove the backend block to use HCP Terraform"};
}

}  // namespace

std::optional<InputError> ConfigMerge::append(FileFindings file) {
  std::ranges::move(file.required_versions, std::back_inserter(merged_.required_versions));
  for (BackendBlock& backend : file.backends) {
    if (merged_.backend) return duplicate_backend(backend.where, merged_.backend->where);
    merged_.backend = std::move(backend);
  }
  for (BackendBlock& cloud : file.clouds) {
    if (merged_.cloud) return duplicate_cloud(cloud.where, merged_.cloud->where);
    merged_.cloud = std::move(cloud);
  }
  if (merged_.backend && merged_.cloud)
    return backend_and_cloud(merged_.backend->where, merged_.cloud->where);
  return std::nullopt;
}

std::optional<InputError> ConfigMerge::override_with(FileFindings file) {
  if (!file.required_versions.empty()) merged_.required_versions = std::move(file.required_versions);
  if (file.backends.size() > 1) return duplicate_backend(file.backends[1].where, file.backends[0].where);
  if (file.clouds.size() > 1) return duplicate_cloud(file.clouds[1].where, file.clouds[0].where);
  if (!file.backends.empty()) {
    merged_.backend = std::move(file.backends[0]);
    merged_.cloud.reset();
  }
  if (!file.clouds.empty()) {
    merged_.cloud = std::move(file.clouds[0]);
    merged_.backend.reset();
  }
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
