// The script ./lockstorm: what is not the command's own answer is 70, and nothing is installed unasked where
// somebody can be asked.
#include <gtest/gtest.h>
#include <unistd.h>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;

// A source tree of the script alone, and programs that stand for the system's.
class Wrapper : public testing::Test {
 protected:
  Wrapper() {
    for (const char* name : {"tree/scripts", "tree/cmake", "tree/build/release/bin", "bin", "tmp"})
      fs::create_directories(directory_.file(name));
    for (const char* name : {"lockstorm", "scripts/packages"})
      fs::copy_file(fs::path(LOCKSTORM_SOURCE) / name, fs::path(directory_.file("tree")) / name);
    directory_.write("tree/cmake/packages.txt", "some-package\n");
    directory_.write("tree/build/release/build.ninja", "");
    program("bin/dpkg-query", "echo installed");
    program("bin/id", "echo 1000");
    program("bin/sudo", "echo \"$@\" >> " + directory_.file("asked"));
    program("bin/cmake", "exit 0");
    program("tree/build/release/bin/lockstorm", "[ \"$1\" = --version ] || { echo \"ran $*\"; exit 1; }");
  }

  void program(const std::string& name, const std::string& line) const {
    directory_.write(name, "#!/bin/sh\n" + line + "\n");
    fs::permissions(directory_.file(name), fs::perms::owner_all);
  }
  [[nodiscard]] std::string line(const std::string& arguments) const {
    return "env -u CI TMPDIR=" + directory_.file("tmp") + " PATH=" + directory_.file("bin") + ":$PATH " +
           directory_.file("tree/lockstorm") + " " + arguments;
  }
  [[nodiscard]] CommandResult run(const std::string& arguments) const {
    return shell(line(arguments) + " 2>&1 < /dev/null");
  }
  // On a terminal, where somebody types `answer`.
  [[nodiscard]] CommandResult run_on_terminal(const std::string& setting, const std::string& arguments,
                                              const std::string& answer) const {
    return shell("echo " + answer + " | script -qec '" + setting + " " + line(arguments) +
                 "' /dev/null 2>&1");
  }
  [[nodiscard]] std::string asked() const { return file_text(directory_.file("asked")); }

  const TemporaryDirectory directory_;
};

TEST_F(Wrapper, HandsOnTheCommandsAnswer) {
  const CommandResult result = run("verify x y");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.out, "ran verify x y\n");
  EXPECT_EQ(run("--yes verify x").out, "ran verify x\n");
  EXPECT_TRUE(fs::is_empty(directory_.file("tmp")));
}

TEST_F(Wrapper, IsNoAnswerWhereTheBuildFails) {
  program("bin/cmake", "echo what is wrong >&2; exit 1");
  for (const std::string stderr_is : {"2>&1", "2>&-", "2>/dev/full"}) {
    const CommandResult result = shell(line("verify x") + " " + stderr_is);
    EXPECT_EQ(result.status, 70) << stderr_is;
    if (stderr_is == "2>&1") {
      EXPECT_NE(result.out.find("what is wrong"), std::string::npos) << result.out;
    }
  }
  EXPECT_EQ(run("test").status, 70);
  EXPECT_TRUE(fs::is_empty(directory_.file("tmp")));
}

TEST_F(Wrapper, IsNoAnswerWhereTheCommandIsMissingOrCannotRun) {
  program("tree/build/release/bin/lockstorm", "exit 127");
  EXPECT_EQ(run("verify x").status, 70);
  fs::remove(directory_.file("tree/build/release/bin/lockstorm"));
  EXPECT_EQ(run("verify x").status, 70);
}

TEST_F(Wrapper, IsNoAnswerWhereNoTemporaryFileCanBeMade) {
  fs::remove(directory_.file("tmp"));
  EXPECT_EQ(run("verify x").status, 70);
}

TEST_F(Wrapper, IsNoAnswerWithoutBashOrProcesses) {
  if (shell("command -v dash > /dev/null").status == 0) {
    const CommandResult result = shell("dash " + directory_.file("tree/lockstorm") + " verify x 2>&1");
    EXPECT_EQ(result.status, 70);
    EXPECT_NE(result.out.find("needs bash"), std::string::npos) << result.out;
  }
  if (geteuid() == 0) return;  // root may always have more
  EXPECT_EQ(shell("bash -c 'ulimit -u 0; exec " + line("verify x") + "' 2>&1").status, 70);
}

TEST_F(Wrapper, WritesIntoNobodysFile) {
  // Who can guess the name of the log can have it written through a link.
  program("bin/cmake", "ls " + directory_.file("tmp") + " > " + directory_.file("seen") + "; stat -c %a " +
                           directory_.file("tmp") + "/* >> " + directory_.file("seen"));
  EXPECT_EQ(run("verify x").status, 1);
  EXPECT_TRUE(
      std::regex_match(file_text(directory_.file("seen")), std::regex("lockstorm-build\\.\\w{8}\n600\n")))
      << file_text(directory_.file("seen"));
}

TEST_F(Wrapper, IsNoAnswerWhereSudoRefuses) {
  program("bin/dpkg-query", "exit 1");
  program("bin/sudo", "echo no >&2; exit 1");
  EXPECT_EQ(run("verify x").status, 70);
  EXPECT_EQ(run("test").status, 70);
}

TEST_F(Wrapper, InstallsUnaskedWhereNobodyCanAnswer) {
  program("bin/dpkg-query", "exit 1");
  EXPECT_EQ(run("verify x").out.find("ran verify x") == std::string::npos, false);
  EXPECT_NE(asked().find("apt-get install"), std::string::npos) << asked();
}

TEST_F(Wrapper, AsksOnATerminal) {
  if (shell("command -v script > /dev/null").status != 0) GTEST_SKIP() << "script is not installed";
  program("bin/dpkg-query", "exit 1");
  const CommandResult no = run_on_terminal("", "verify x", "n");
  EXPECT_EQ(no.status, 70) << no.out;
  EXPECT_NE(no.out.find("install them with apt-get? [y/N]"), std::string::npos) << no.out;
  EXPECT_EQ(asked(), "");
  const CommandResult yes = run_on_terminal("", "verify x", "y");
  EXPECT_EQ(yes.status, 1) << yes.out;
  EXPECT_NE(asked().find("apt-get install"), std::string::npos) << asked();
}

TEST_F(Wrapper, DoesNotAskWithYesOrInCi) {
  if (shell("command -v script > /dev/null").status != 0) GTEST_SKIP() << "script is not installed";
  program("bin/dpkg-query", "exit 1");
  const CommandResult yes = run_on_terminal("", "--yes verify x", "n");
  EXPECT_EQ(yes.out.find("[y/N]"), std::string::npos) << yes.out;
  EXPECT_EQ(yes.status, 1);
  fs::remove(directory_.file("asked"));
  const CommandResult in_ci = shell("echo n | script -qec 'env CI=true TMPDIR=" + directory_.file("tmp") +
                                    " PATH=" + directory_.file("bin") + ":$PATH " +
                                    directory_.file("tree/lockstorm") + " verify x' /dev/null 2>&1");
  EXPECT_EQ(in_ci.out.find("[y/N]"), std::string::npos) << in_ci.out;
  EXPECT_NE(asked().find("apt-get install"), std::string::npos) << asked();
}

// As a user who may not become root: nothing but these programs is there.
TEST_F(Wrapper, NamesWhatIsMissingWithoutSudo) {
  fs::create_directories(directory_.file("few"));
  for (const char* name :
       {"bash", "env", "dirname", "readlink", "cksum", "cut", "grep", "mkdir", "rm", "flock"}) {
    const std::string path = shell(std::string("command -v ") + name).out;
    if (!path.empty())
      fs::create_symlink(path.substr(0, path.find('\n')), directory_.file(std::string("few/") + name));
  }
  for (const char* name : {"dpkg-query", "id"})
    fs::copy_file(directory_.file(std::string("bin/") + name), directory_.file(std::string("few/") + name));
  program("few/dpkg-query", "exit 1");
  const CommandResult result = shell("env -u CI PATH=" + directory_.file("few") + " " +
                                     directory_.file("tree/lockstorm") + " verify x 2>&1");
  EXPECT_EQ(result.status, 70);
  EXPECT_NE(result.out.find("without root or sudo they cannot be: some-package"), std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("apt-get install some-package"), std::string::npos) << result.out;
}

TEST_F(Wrapper, WorksInAFolderWithSpaces) {
  fs::rename(directory_.file("tree"), directory_.file("a tree of mine"));
  program("bin/cmake", "for word in \"$@\"; do echo \"<$word>\"; done >> " + directory_.file("cmake"));
  fs::remove(directory_.file("a tree of mine/build/release/build.ninja"));
  const CommandResult result = shell("env PATH=" + directory_.file("bin") + ":$PATH '" +
                                     directory_.file("a tree of mine/lockstorm") + "' verify 'x y' 2>&1");
  EXPECT_EQ(result.out, "ran verify x y\n");
  EXPECT_EQ(file_text(directory_.file("cmake")),
            "<--preset>\n<release>\n<-B>\n<" + directory_.file("a tree of mine/build/release") +
                ">\n<--build>\n<" + directory_.file("a tree of mine/build/release") +
                ">\n<--target>\n<lockstorm_cli>\n");
}

// For root, who may write everywhere, it takes a mount.
class ReadOnlyWrapper : public Wrapper {
 protected:
  [[nodiscard]] CommandResult run_read_only(const std::string& arguments) const {
    const std::string tree = directory_.file("tree");
    const std::string setting = "XDG_CACHE_HOME=" + directory_.file("cache") + " ";
    if (geteuid() != 0)
      return shell("chmod -R a-w " + tree + "; " + setting + line(arguments) + " 2>&1; s=$?; chmod -R u+w " +
                   tree + "; exit $s");
    return shell("unshare -m sh -c 'mount --bind " + tree + " " + tree + " && mount -o remount,ro,bind " +
                 tree + " || exit 99; " + setting + line(arguments) + " 2>&1'");
  }
};

TEST_F(ReadOnlyWrapper, RunsWhatWasBuiltThere) {
  program("bin/cmake", "exit 1");
  const CommandResult result = run_read_only("verify x");
  if (result.status == 99) GTEST_SKIP() << "nothing can be mounted here";
  EXPECT_EQ(result.out, "ran verify x\n");
}

TEST_F(ReadOnlyWrapper, BuildsInTheUsersCache) {
  fs::remove_all(directory_.file("tree/build"));
  program("command", "[ \"$1\" = --version ] || { echo \"ran $*\"; exit 1; }");
  // Configures into the folder that it is given, and builds there.
  program("bin/cmake", "case $1 in --preset) touch \"$4/build.ninja\" ;; --build) mkdir -p \"$2/bin\"; cp " +
                           directory_.file("command") + " \"$2/bin/lockstorm\" ;; esac");
  for (int times = 0; times < 2; ++times) {
    const CommandResult result = run_read_only("verify x");
    if (result.status == 99) GTEST_SKIP() << "nothing can be mounted here";
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.out,
              std::string(times == 0 ? "lockstorm: building it first; this takes some minutes, once\n" : "") +
                  "ran verify x\n");
  }
  EXPECT_FALSE(fs::exists(directory_.file("tree/build")));
  EXPECT_FALSE(fs::is_empty(directory_.file("cache/lockstorm")));
}

TEST_F(Wrapper, BuildsOneAtATime) {
  if (shell("command -v flock > /dev/null").status != 0) GTEST_SKIP() << "flock is not installed";
  program("bin/cmake",
          "echo begins >> " + directory_.file("log") + "; sleep 0.5; echo ends >> " + directory_.file("log"));
  const CommandResult result = shell("{ " + line("verify x") + " & " + line("verify x") + "; wait; } 2>&1");
  EXPECT_EQ(file_text(directory_.file("log")), "begins\nends\nbegins\nends\n");
  EXPECT_NE(result.out.find("another ./lockstorm installs or builds here; waiting for it"), std::string::npos)
      << result.out;
  // The command itself does not hold the lock: one that serves for hours keeps nobody from building.
  program("tree/build/release/bin/lockstorm", "[ \"$1\" = --version ] || flock -n " +
                                                  directory_.file("tree/build/release/.lockstorm-wrapper") +
                                                  " echo free");
  EXPECT_NE(run("serve").out.find("free"), std::string::npos);
}

}  // namespace
}  // namespace lockstorm::cli
