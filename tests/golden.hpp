// Whole texts against files; LOCKSTORM_UPDATE_GOLDEN=1 rewrites them.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/file_text.hpp"

namespace lockstorm {

inline void expect_as_on_file(const std::string& text, const std::filesystem::path& file) {
  if (std::getenv("LOCKSTORM_UPDATE_GOLDEN") != nullptr) std::ofstream(file) << text;
  EXPECT_EQ(text, file_text(file)) << "if this change is meant, run with LOCKSTORM_UPDATE_GOLDEN=1";
}

}  // namespace lockstorm
