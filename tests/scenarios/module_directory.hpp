// A root module of a test's own, as files in a temporary directory.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "scenarios/config/config_reader.hpp"

namespace lockstorm::scenarios {

/// Is removed with the test; of several in one test each has a name of its own.
class ModuleDirectory {
 public:
  explicit ModuleDirectory(std::string_view name = "module")
      : root_(std::filesystem::path(testing::TempDir()) /
              ("lockstorm-" + std::string(name) + "-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_);
  }
  ~ModuleDirectory() { std::filesystem::remove_all(root_); }
  ModuleDirectory(const ModuleDirectory&) = delete;
  ModuleDirectory& operator=(const ModuleDirectory&) = delete;

  std::filesystem::path write(std::string_view name, std::string_view content) const {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << content;
    return root_ / name;
  }
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

  [[nodiscard]] TerraformConfiguration read(const ReadOptions& options = {}) const {
    auto configuration = read_terraform_configuration(root_, options);
    if (configuration) return *std::move(configuration);
    ADD_FAILURE() << configuration.error().render();
    return {};
  }

 private:
  std::filesystem::path root_;
};

}  // namespace lockstorm::scenarios
