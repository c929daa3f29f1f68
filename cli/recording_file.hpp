// A recording that is written line by line, each as soon as it is known.
#pragma once

#include <fstream>
#include <functional>
#include <optional>
#include <string>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::cli {

class RecordingFile {
 public:
  /// Or why not; an empty name: nobody records.
  std::optional<scenarios::InputError> open(const std::string& file) {
    if (file.empty()) return std::nullopt;
    stream_.open(file, std::ios::binary | std::ios::trunc);
    if (stream_) return std::nullopt;
    return scenarios::InputError{{file, 0, 0}, "cannot be written", "a file that can", ""};
  }
  /// Null: nobody records. This outlives it.
  std::function<void(const std::string&)> writer() {
    if (!stream_.is_open()) return nullptr;
    return [this](const std::string& line) {
      stream_ << line << std::flush;
      ++lines_;
    };
  }
  [[nodiscard]] std::size_t lines() const { return lines_; }
  /// Whether everything is in the file.
  [[nodiscard]] bool is_whole() const { return stream_.good(); }

 private:
  std::ofstream stream_;
  std::size_t lines_ = 0;
};

}  // namespace lockstorm::cli
