// What becomes of result files, and of what lay there before: modes, links, names, runs that were killed.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;

unsigned mode_of(const std::string& file) {
  struct stat status{};
  return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 07777U : 0U;
}

std::set<std::string> names_in(const std::string& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename().string());
  return names;
}

TEST(OutputFile, KeepsTheModeOfTheOneBefore) {
  const TemporaryDirectory directory;
  for (const unsigned mode : {0600U, 0640U, 0664U, 0755U}) {
    directory.write("f", "old");
    ASSERT_EQ(::chmod(directory.file("f").c_str(), mode), 0);
    EXPECT_EQ(lockstorm("list --json " + directory.file("f")).status, 0);
    EXPECT_EQ(mode_of(directory.file("f")), mode);
    EXPECT_NE(file_text(directory.file("f")), "old");
  }
  EXPECT_EQ(shell("umask 027; " + std::string(LOCKSTORM_BINARY) + " list --json " + directory.file("new") +
                  " > /dev/null")
                .status,
            0);
  EXPECT_EQ(mode_of(directory.file("new")), 0640U);
}

TEST(OutputFile, KeepsItsOwner) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const TemporaryDirectory directory;
  directory.write("f", "old");
  ASSERT_EQ(::chown(directory.file("f").c_str(), 65534, 65534), 0);
  EXPECT_EQ(lockstorm("list --json " + directory.file("f")).status, 0);
  struct stat status{};
  ASSERT_EQ(::stat(directory.file("f").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 65534U);
  EXPECT_EQ(status.st_gid, 65534U);
}

TEST(OutputFile, IsWhereALinkLeads) {
  const TemporaryDirectory directory;
  fs::create_directory(directory.file("there"));
  directory.write("there/f", "old");
  fs::create_symlink("there/f", directory.file("link"));
  fs::create_symlink("there/new", directory.file("to-come"));
  EXPECT_EQ(lockstorm("list --json " + directory.file("link")).status, 0);
  EXPECT_EQ(lockstorm("list --json " + directory.file("to-come")).status, 0);
  EXPECT_TRUE(fs::is_symlink(directory.file("link")));
  EXPECT_TRUE(fs::is_symlink(directory.file("to-come")));
  EXPECT_EQ(file_text(directory.file("there/f")), file_text(directory.file("there/new")));
  EXPECT_EQ(names_in(directory.file("there")), (std::set<std::string>{"f", "new"}));
}

TEST(OutputFile, MayHaveTheLongestName) {
  const TemporaryDirectory directory;
  const std::string longest(255, 'n');
  EXPECT_EQ(lockstorm("list --json " + directory.file(longest)).status, 0);
  EXPECT_EQ(names_in(directory.file("")), std::set<std::string>{longest});
}

// Work that takes minutes must not begin.
TEST(OutputFile, ThatCannotBeIsToldBeforeTheWork) {
  const TemporaryDirectory directory;
  directory.write("file", "");
  fs::create_symlink("itself", directory.file("itself"));
  const std::string long_work = "verify audit/terraform/s3+lockfile/jobs=4/crash,late_request,operator=dead";
  for (const std::string& name :
       {directory.file(std::string(256, 'n')), directory.file("file/f"), directory.file("none/"),
        directory.file("itself"), directory.file("none/f"), directory.file(std::string(5000, 'n'))}) {
    for (const std::string option : {"--json ", "--html ", "--junit ", "--certificate "}) {
      const CommandResult result = shell("timeout 5 " + std::string(LOCKSTORM_BINARY) + " " + long_work +
                                         " " + option + name + " 2>&1");
      EXPECT_EQ(result.status, 65) << option << name << result.out;
      EXPECT_NE(result.out.find("cannot be written"), std::string::npos) << result.out;
    }
  }
  const CommandResult result = shell("timeout 5 " + std::string(LOCKSTORM_BINARY) + " " + long_work +
                                     " --gtest " + directory.file("file") + " 2>&1");
  EXPECT_EQ(result.status, 65) << result.out;
}

TEST(OutputFile, OfARunThatWasKilledGoesWithTheNextOne) {
  const TemporaryDirectory directory;
  directory.write(".lockstorm-unfinished-Abc123", "a part");
  directory.write(".lockstorm-config", "somebody's own, whose name is a little like it");
  directory.write(".lockstorm-unfinished-a.yaml", "another");
  directory.write("out.Abc123", "somebody's own");
  directory.write(".lockstorm-unfinished-InUse1", "of a run that goes on");
  const int in_use = ::open(directory.file(".lockstorm-unfinished-InUse1").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(in_use, LOCK_EX), 0);
  // It is removed even where the run itself writes nothing.
  EXPECT_EQ(lockstorm("verify nowhere.yaml --json " + directory.file("f")).status, 65);
  EXPECT_EQ(names_in(directory.file("")),
            (std::set<std::string>{".lockstorm-config", ".lockstorm-unfinished-InUse1",
                                   ".lockstorm-unfinished-a.yaml", "out.Abc123"}));
  ::close(in_use);
}

TEST(OutputFile, IsWholeOrOldWheneverTheRunIsKilled) {
  const TemporaryDirectory directory;
  directory.write("f", "old");
  for (int milliseconds = 4; milliseconds <= 40; milliseconds += 3) {
    (void)shell("timeout -s KILL 0.0" + std::string(milliseconds < 10 ? "0" : "") +
                std::to_string(milliseconds) + " " + LOCKSTORM_BINARY + " list --json " +
                directory.file("f") + " > /dev/null 2>&1");
    const std::string text = file_text(directory.file("f"));
    EXPECT_TRUE(text == "old" || text.ends_with("}\n")) << text.size();
  }
  EXPECT_EQ(lockstorm("list --json " + directory.file("f")).status, 0);
  EXPECT_EQ(names_in(directory.file("")), std::set<std::string>{"f"});
}

TEST(GtestFiles, OfDifferentScenariosAreDifferent) {
  const TemporaryDirectory directory;
  const std::string scenario = "backend: {type: s3}\ncheck: [mutual-exclusion]\n";
  fs::create_directory(directory.file("other"));
  for (const std::string name : {"a-b.yaml", "a_b.yaml", "a.b.yaml", "other/a-b.yaml"})
    directory.write(name, scenario);
  const std::string tests = directory.file("tests");
  const auto verify = [&](const std::string& names) {
    std::string files;
    for (const std::string& name :
         {std::string("a-b.yaml"), std::string("a_b.yaml"), std::string("a.b.yaml")})
      if (names.find(name) != std::string::npos) files += " " + directory.file(name);
    return lockstorm("verify" + files + " --gtest " + tests).status;
  };
  EXPECT_EQ(verify("a-b.yaml a_b.yaml a.b.yaml"), 1);
  const std::set<std::string> three = names_in(tests);
  EXPECT_EQ(three.size(), 3U);
  std::set<std::string> suites;
  for (const std::string& name : three) {
    const std::string text = file_text(tests + "/" + name);
    const std::size_t at = text.find("TEST(");
    suites.insert(text.substr(at, text.find(')', at) - at));
  }
  EXPECT_EQ(suites.size(), 3U) << "they are to be linked into one program";
  // Later runs, of one or of all: each finds its own again, a further one of the same name gets one of its
  // own.
  EXPECT_EQ(verify("a.b.yaml"), 1);
  EXPECT_EQ(verify("a-b.yaml a_b.yaml a.b.yaml"), 1);
  EXPECT_EQ(names_in(tests), three);
  EXPECT_EQ(lockstorm("verify " + directory.file("other/a-b.yaml") + " --gtest " + tests).status, 1);
  EXPECT_EQ(names_in(tests).size(), 4U);
}

}  // namespace
}  // namespace lockstorm::cli
