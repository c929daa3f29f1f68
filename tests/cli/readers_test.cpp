// Every command that reads files refuses what is none, or too much, at once and with status 65.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

// Commands with a file as their last word.
class Reader : public testing::TestWithParam<const char*> {
 protected:
  static CommandResult read(const std::string& file) {
    // Neither minutes nor memory: reading until either ends is what must not happen.
    return shell("ulimit -v 8000000; NO_COLOR= timeout 20 " + std::string(LOCKSTORM_BINARY) + " " +
                 GetParam() + " " + file + " 2>&1");
  }
};

TEST_P(Reader, RefusesWhatIsNoRegularFile) {
  const TemporaryDirectory directory;
  ASSERT_EQ(mkfifo(directory.file("pipe.yaml").c_str(), 0600), 0);
  std::filesystem::create_directory(directory.file("folder.yaml"));
  std::filesystem::create_symlink("/dev/zero", directory.file("zero.yaml"));
  for (const auto& [file, says] :
       {std::pair<std::string, std::string>{directory.file("pipe.yaml"), "is a named pipe"},
        {directory.file("folder.yaml"), "is a directory"},
        {directory.file("zero.yaml"), "is a device"},
        {"/dev/zero", "is a device"},
        {"/dev/null", "is a device"}}) {
    const CommandResult result = read(file);
    EXPECT_EQ(result.status, 65) << result.out;
    EXPECT_THAT(result.out, HasSubstr(file + ": error: " + says));
  }
}

TEST_P(Reader, RefusesWhatIsTooLarge) {
  const TemporaryDirectory directory;
  directory.write("huge.yaml", "");
  std::filesystem::resize_file(directory.file("huge.yaml"), std::uintmax_t{1} << 40U);
  const CommandResult result = read(directory.file("huge.yaml"));
  EXPECT_EQ(result.status, 65) << result.out;
  EXPECT_THAT(result.out, HasSubstr("huge.yaml: error: is too large"));
  EXPECT_THAT(result.out, HasSubstr(" MiB"));
}

TEST_P(Reader, RefusesNestingBytesAndTypes) {
  const TemporaryDirectory directory;
  for (const std::string& text :
       {std::string(500'000, '['), std::string(500'000, '{'), std::string("\xff\xfe\x00\x01", 4),
        std::string("{\"lockstorm\": 5, \"certificate\": 1, \"hunt\": [], \"scenario\": {}}"),
        std::string("1e400"),
        std::string("{\"process\": 0, \"type\": \"invoke\", \"f\": \"write\", \"value\": 1e400}"),
        std::string("{\"hunt\": {\"runs\": 1e400}, \"certificate\": 1e400}"), std::string()}) {
    directory.write("f.yaml", text);
    const CommandResult result = read(directory.file("f.yaml"));
    EXPECT_EQ(result.status, 65) << text.substr(0, 60) << "\n" << result.out;
    EXPECT_LT(result.out.size(), 5000U);
    EXPECT_THAT(result.out, Not(HasSubstr("internal error")));
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Reader,
                         testing::Values("verify", "hunt --runs 16", "simulate", "judge", "merge", "certify",
                                         "replay", "judge histories/lock.jsonl --initial"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase_if(name, [](char c) { return std::isalnum(c) == 0; });
                           return name;
                         });

TEST(Readers, EchoNoMegabytes) {
  const TemporaryDirectory directory;
  directory.write("s.yaml", "backend: {type: " + std::string(1'000'000, 'x') + "}\n");
  const CommandResult result = lockstorm("verify " + directory.file("s.yaml"));
  EXPECT_EQ(result.status, 65);
  EXPECT_LT(result.out.size(), 2000U);
  EXPECT_THAT(result.out, HasSubstr("bytes are left out"));
  const CommandResult usage = lockstorm("verify --jobs " + std::string(100'000, '1') + " x");
  EXPECT_EQ(usage.status, 64);
  EXPECT_LT(usage.out.size(), 2000U);
}

// Strings within strings took time by the square of the file's size: eleven seconds for 80 kB.
TEST(Readers, TakeLittleTimeForManyReplayStrings) {
  const TemporaryDirectory directory;
  std::string nested;
  for (int i = 0; i < 2'000'000; ++i) nested += "LS1-";
  directory.write("nested", nested);
  std::string many;
  for (int i = 0; i < 500'000; ++i) many += "LS1-" + std::to_string(i) + "\n";
  directory.write("many", many);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(lockstorm("replay " + directory.file("nested")).status, 65);
  const CommandResult result = lockstorm("replay " + directory.file("many"));
  EXPECT_EQ(result.status, 65);
  EXPECT_THAT(result.out, HasSubstr("holds 100 or more replay strings"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(Readers, ACorpusMayHoldAnything) {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory.file("corpus"));
  ASSERT_EQ(mkfifo(directory.file("corpus/pipe.replay").c_str(), 0600), 0);
  std::filesystem::create_directory(directory.file("corpus/folder.replay"));
  std::filesystem::create_symlink("/dev/zero", directory.file("corpus/zero.replay"));
  directory.write("corpus/huge.replay", "");
  std::filesystem::resize_file(directory.file("corpus/huge.replay"), std::uintmax_t{1} << 40U);
  const CommandResult result = shell("timeout 60 " + std::string(LOCKSTORM_BINARY) +
                                     " hunt --runs 320 scenarios/two-jobs-lockfile.yaml --corpus " +
                                     directory.file("corpus") + " 2>&1");
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("pipe.replay is skipped: it is a named pipe"));
  EXPECT_THAT(result.out, HasSubstr("folder.replay is skipped: it is a directory"));
  EXPECT_THAT(result.out, HasSubstr("zero.replay is skipped: it is a device"));
  EXPECT_THAT(result.out, HasSubstr("huge.replay is skipped: it is too large"));
}

}  // namespace
}  // namespace lockstorm::cli
