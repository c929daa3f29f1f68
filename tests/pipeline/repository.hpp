// A repository for a test: files that are written, and read as a pipeline.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "scenarios/pipeline/read_pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// A repository that is gone afterwards.
class Repository {
 public:
  Repository()
      : root_(std::filesystem::temp_directory_path() /
              ("lockstorm-pipeline-" + std::to_string(::getpid()) + "-" + std::to_string(count_++))) {
    std::filesystem::create_directories(root_);
  }
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;
  ~Repository() { std::filesystem::remove_all(root_); }

  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  [[nodiscard]] Pipeline read() const { return read_pipeline(root_).value(); }

 private:
  static inline int count_ = 0;
  std::filesystem::path root_;
};

}  // namespace lockstorm::scenarios::pipeline
