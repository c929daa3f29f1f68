// Whole outputs against files in tests/data/golden; LOCKSTORM_UPDATE_GOLDEN=1 rewrites them.
#include <gtest/gtest.h>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"
#include "tests/golden.hpp"

namespace lockstorm::cli {
namespace {

struct Golden {
  std::string file;
  std::string arguments;
};

// gtest names parameters with this.
void PrintTo(const Golden& parameter, std::ostream* out) { *out << parameter.file; }

class GoldenOutput : public testing::TestWithParam<Golden> {};

TEST_P(GoldenOutput, IsAsOnFile) {
  // Without standard error: a slow build shows progress there.
  const std::string output = without_times(lockstorm(GetParam().arguments, false).out);
  expect_as_on_file(output, LOCKSTORM_TEST_DATA "/golden/" + GetParam().file);
}

INSTANTIATE_TEST_SUITE_P(
    Files, GoldenOutput,
    testing::Values(
        Golden{"verify-unlocked.txt", "verify scenarios/two-jobs-unlocked.yaml"},
        Golden{"verify-unlocked.json", "verify scenarios/two-jobs-unlocked.yaml --json -"},
        Golden{"verify-both.txt", "verify scenarios/two-jobs-lockfile.yaml scenarios/two-jobs-unlocked.yaml"},
        Golden{"simulate-unlocked.txt", "simulate scenarios/two-jobs-unlocked.yaml --seed 3"},
        Golden{"describe-local.txt", "describe local"},
        Golden{"describe-local.json", "describe local --json -"},
        Golden{"audit-lockfile.txt", "audit golden/lockfile"},
        Golden{"audit-lockfile-details.txt", "audit golden/lockfile --details"},
        Golden{"advise-unlock-wait.txt",
               "advise unlock --backend golden/lockfile --job dead --age 5m --as-of "
               "2026-11-29T10:30:00Z"},
        Golden{"advise-unlock-session.json",
               "advise unlock --backend pg --job dead --as-of 2026-11-29T10:30:00Z --json -"},
        Golden{"advise-recover-digest.txt", "advise recover digest-mismatch --backend s3+dynamodb"},
        Golden{"advise-recover-refused.txt", "advise recover lineage-refused --backend s3+lockfile"},
        Golden{"matrix-local.txt", "matrix --backend local"},
        Golden{"matrix-local.md", "matrix --backend local --tool opentofu --markdown"}),
    [](const auto& test) {
      std::string name = test.param.file;
      for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
      return name;
    });

TEST(GoldenLines, FitTheScreen) {
  const std::string text = lockstorm("verify scenarios/two-jobs-unlocked.yaml").out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    EXPECT_TRUE(line.size() <= 100 || line.starts_with("lockstorm replay")) << line;
    begin = end + 1;
  }
}

}  // namespace
}  // namespace lockstorm::cli
