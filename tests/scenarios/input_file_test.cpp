// The one way in which input files are opened: what is no regular file, or too large, is refused at once.
#include "scenarios/data/input_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <set>

#include "tests/cli/run_command.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::HasSubstr;

constexpr InputKind kSmall{"a small file", 2 * kMiB};

std::string refusal(const std::string& file) {
  const auto text = read_input_file(file, kSmall);
  return text ? "read: " + std::to_string(text->size()) + " bytes" : text.error().render();
}

TEST(InputFile, IsReadWhole) {
  const cli::TemporaryDirectory directory;
  const std::string bytes("a\0\r\nb\xff", 6);
  directory.write("f", bytes);
  EXPECT_EQ(read_input_file(directory.file("f"), kSmall).value(), bytes);
  directory.write("empty", "");
  EXPECT_EQ(read_input_file(directory.file("empty"), kSmall).value(), "");
}

TEST(InputFile, ThatSaysNothingOfItsSizeIsReadToo) {
  EXPECT_THAT(read_input_file("/proc/self/status", kSmall).value_or(""), HasSubstr("Name:"));
}

TEST(InputFile, OfTheGreatestSizeIsReadAndOneByteMoreIsNot) {
  const cli::TemporaryDirectory directory;
  directory.write("most", std::string(2 * kMiB, 'x'));
  EXPECT_EQ(read_input_file(directory.file("most"), kSmall).value().size(), 2 * kMiB);
  directory.write("more", std::string(2 * kMiB + 1, 'x'));
  EXPECT_EQ(refusal(directory.file("more")),
            directory.file("more") + ": error: is too large\n  expected: a small file, of at most 2 MiB");
}

TEST(InputFile, WithAHoleIsNotReadAtAll) {
  const cli::TemporaryDirectory directory;
  directory.write("sparse", "");
  ASSERT_EQ(truncate(directory.file("sparse").c_str(), off_t{1} << 40), 0);
  EXPECT_THAT(refusal(directory.file("sparse")), HasSubstr("is too large"));
}

TEST(InputFile, MustBeARegularFile) {
  const cli::TemporaryDirectory directory;
  EXPECT_THAT(refusal(directory.file("")), HasSubstr("error: is a directory\n  expected: a small file"));
  EXPECT_THAT(refusal("/dev/zero"), HasSubstr("/dev/zero: error: is a device\n"));
  EXPECT_THAT(refusal("/dev/null"), HasSubstr("is a device"));
  ASSERT_EQ(mkfifo(directory.file("pipe").c_str(), 0600), 0);
  EXPECT_THAT(refusal(directory.file("pipe")), HasSubstr("is a named pipe"));
  const int socket_number = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, directory.file("socket").c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(bind(socket_number, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_THAT(refusal(directory.file("socket")), HasSubstr("is a socket"));
  close(socket_number);
}

TEST(InputFile, ThatCannotBeReadSaysWhy) {
  const cli::TemporaryDirectory directory;
  EXPECT_THAT(refusal(directory.file("nowhere")), HasSubstr("cannot be read: No such file or directory"));
  std::filesystem::create_symlink(directory.file("loop"), directory.file("loop"));
  EXPECT_THAT(refusal(directory.file("loop")),
              HasSubstr("cannot be read: Too many levels of symbolic links"));
}

// What opens files, and none of the user's: itself, standard streams, what it writes, what the system says of
// the process, and a model that names a flag.
const std::set<std::string> kOpenOtherThings{
    "input_file.cpp",  "interrupt.cpp",   "temporary_file.cpp", "output_file.cpp",  "resident_memory.cpp",
    "local_files.hpp", "shard_owner.cpp", "level_file.cpp",     "level_folder.cpp", "without_mpi.cpp"};

// A second way to open a file would have no limits.
TEST(InputFile, IsTheOnlyWayInWhichTheProductReadsFiles) {
  for (const char* folder : {"cli", "scenarios", "reports", "checkers", "models", "sim"}) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::string(LOCKSTORM_SOURCE) + "/" + folder)) {
      const std::string extension = entry.path().extension().string();
      if ((extension != ".cpp" && extension != ".hpp") || kOpenOtherThings.contains(entry.path().filename()))
        continue;
      const std::string text = file_text(entry.path());
      for (const char* opens : {"ifstream", "fopen(", "O_RDONLY", "O_RDWR", "std::fstream", "LoadFile("})
        EXPECT_EQ(text.find(opens), std::string::npos) << entry.path() << " has " << opens;
    }
  }
}

TEST(InputErrorText, OfAHugeInputIsShort) {
  const std::string huge = "unknown type '" + std::string(5'000'000, 'x') + "'";
  const std::string text = InputError{{"f", 1, 1}, huge, "", ""}.render();
  EXPECT_LT(text.size(), 500U);
  EXPECT_THAT(text, HasSubstr("bytes are left out"));
  EXPECT_THAT(text, testing::StartsWith("f:1:1: error: unknown type 'xxx"));
  EXPECT_THAT(text, testing::EndsWith("xxx'"));
}

TEST(InputErrorText, IsNotCutInsideACharacter) {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string text(shift, 'a');
    while (text.size() < 4000) text += "\xF0\x9F\x94\x92";
    const std::string cut = abridged(text);
    EXPECT_EQ((cut.find(" ... ") - shift) % 4, 0U) << cut;
    EXPECT_EQ((cut.size() - cut.rfind(" ... ") - 5) % 4, 0U) << cut;
  }
}

}  // namespace
}  // namespace lockstorm::scenarios
