// What a search leaves on disk: read back as it was written, and refused where it is something else.
#include "sim/levels/level_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace lockstorm::sim {
namespace {

namespace fs = std::filesystem;

class LevelFolderOnDisk : public testing::Test {
 protected:
  LevelFolderOnDisk()
      : path_(fs::path(testing::TempDir()) / fmt::format("lockstorm-level-folder-{}", getpid())) {
    fs::remove_all(path_);
  }
  ~LevelFolderOnDisk() override { fs::remove_all(path_); }

  void damage(const fs::path& file, std::streamoff at) const {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(at);
    const char before = static_cast<char>(stream.get());
    stream.seekp(at);
    stream.put(static_cast<char>(before ^ 0x20));
  }

  fs::path path_;
};

LevelManifest some_manifest() {
  LevelManifest manifest;
  manifest.words = 2;
  manifest.pass = 1;
  manifest.block_states = 24;
  manifest.local_states = 99;
  manifest.totals.states = 12;
  manifest.totals.violations.note(4, 2, {11, 3, false});
  manifest.levels = {{1, 1}, {11, 2}};
  return manifest;
}

TEST_F(LevelFolderOnDisk, ReadsTheManifestThatWasWritten) {
  const LevelFolder folder(path_, "scenario");
  EXPECT_FALSE(folder.manifest());
  folder.write(some_manifest());
  const auto read = folder.manifest();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->words, 2U);
  EXPECT_EQ(read->pass, 1U);
  EXPECT_EQ(read->local_states, 99U);
  EXPECT_EQ(read->totals.states, 12U);
  EXPECT_EQ(read->totals.violations.first[2], (FarPlace{11, 3, false}));
  EXPECT_EQ(read->totals.violations.fewest.of(2), 2);
  ASSERT_EQ(read->levels.size(), 2U);
  EXPECT_EQ(read->levels[1].members, 2U);
}

TEST_F(LevelFolderOnDisk, RefusesWhatIsSomethingElse) {
  LevelFolder(path_, "scenario").write(some_manifest());
  EXPECT_THROW((void)LevelFolder(path_, "other").manifest(), LevelFolderRefused);
  for (const std::streamoff at : {3, 40, 90}) {
    damage(path_ / "manifest", at);
    EXPECT_THROW((void)LevelFolder(path_, "scenario").manifest(), LevelFolderRefused) << at;
    damage(path_ / "manifest", at);
  }
  EXPECT_TRUE(LevelFolder(path_, "scenario").manifest());
  fs::resize_file(path_ / "manifest", 10);
  EXPECT_THROW((void)LevelFolder(path_, "scenario").manifest(), LevelFolderRefused);
}

TEST_F(LevelFolderOnDisk, BelongsToOneSearchAtATime) {
  const LevelFolder folder(path_, "scenario");
  EXPECT_THROW(LevelFolder(path_, "scenario"), LevelFolderRefused);
  EXPECT_NO_THROW(LevelFolder(path_, "scenario", false));
}

TEST_F(LevelFolderOnDisk, ClearsOnlyWhatIsItsOwn) {
  const LevelFolder folder(path_, "scenario");
  folder.write(some_manifest());
  std::ofstream(path_ / "mine.txt") << "kept";
  std::ofstream(folder.level(0, 3, 1)) << "level";
  folder.clear();
  EXPECT_TRUE(fs::exists(path_ / "mine.txt"));
  EXPECT_FALSE(fs::exists(folder.level(0, 3, 1)));
  EXPECT_FALSE(fs::exists(path_ / "manifest"));
}

TEST_F(LevelFolderOnDisk, ReadsLevelsAsTheyWereWritten) {
  const LevelFolder folder(path_, "scenario");
  constexpr std::uint64_t kStates = 40'000;  // more than one block
  {
    LevelWriter<2> writer(folder.level(0, 0, 0));
    for (std::uint64_t i = 0; i < kStates; ++i) writer.add({{i * 77, i}}, i / 3 + (std::uint64_t{1} << 40U));
    writer.close();
    EXPECT_LT(writer.bytes(), kStates * 12);
  }
  LevelReader<2> reader(folder.level(0, 0, 0));
  LevelPart<2> part;
  std::uint64_t at = 0;
  while (reader.next(part)) {
    for (std::size_t i = 0; i < part.keys.size(); ++i, ++at) {
      ASSERT_EQ(part.keys[i].word[0], at * 77);
      ASSERT_EQ(part.parents[i], at / 3 + (std::uint64_t{1} << 40U));
    }
  }
  EXPECT_EQ(at, kStates);
}

TEST_F(LevelFolderOnDisk, NoticesADamagedLevel) {
  const LevelFolder folder(path_, "scenario");
  const fs::path file = folder.level(0, 0, 0);
  LevelWriter<1> writer(file);
  for (std::uint64_t i = 0; i < 1'000; ++i) writer.add({{i}}, i);
  writer.close();
  const auto read_all = [&] {
    LevelReader<1> reader(file);
    LevelPart<1> part;
    while (reader.next(part)) {
    }
  };
  read_all();
  const auto size = static_cast<std::streamoff>(fs::file_size(file));
  for (const std::streamoff at : {std::streamoff{1}, size / 2, size - 1}) {
    damage(file, at);
    EXPECT_THROW(read_all(), std::runtime_error) << at;
    damage(file, at);
  }
  fs::resize_file(file, static_cast<std::uintmax_t>(size - 1));
  EXPECT_THROW(read_all(), LevelFileError);
}

TEST_F(LevelFolderOnDisk, SaysWhyItCannotWrite) {
  const LevelFolder folder(path_, "scenario");
  LevelWriter<1> writer("/dev/full");
  writer.add({{1}}, 0);
  EXPECT_THROW(writer.close(), LevelFileError);
}

}  // namespace
}  // namespace lockstorm::sim
