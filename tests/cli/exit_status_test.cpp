// What the command says about bad input and wrong usage, and with which exit status.
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

struct Case {
  std::string name;
  std::string arguments;
  int status;
  std::string says;
};

// gtest names parameters with this.
void PrintTo(const Case& parameter, std::ostream* out) { *out << parameter.name; }

class BadCommandLine : public testing::TestWithParam<Case> {};

TEST_P(BadCommandLine, IsToldClearly) {
  const CommandResult result = lockstorm(GetParam().arguments);
  EXPECT_EQ(result.status, GetParam().status) << result.out;
  EXPECT_NE(result.out.find(GetParam().says), std::string::npos) << result.out;
}

INSTANTIATE_TEST_SUITE_P(
    Usage, BadCommandLine,
    testing::Values(
        Case{"NoCommand", "", 64,
             "no command given; one of audit, compare, pipeline, advise, matrix, verify"},
        Case{"UnknownCommand", "verfy x", 64, "unknown command 'verfy'; did you mean 'verify'?"},
        Case{"UnknownOption", "verify --sed 3 x", 64, "unknown option '--sed'; did you mean '--seed'?"},
        Case{"UnknownGlobalOption", "--jsn=f verify x", 64, "unknown option '--jsn'; did you mean '--json'?"},
        Case{"UnknownOptionBeforeCommand", "verfy --expct x", 64, "unknown option"},
        Case{"MissingScenario", "verify", 64, "SCENARIO is required"},
        Case{"JobsOutOfRange", "verify --jobs 0 x", 64, "'0' is not a whole number from 1 to 1024"},
        Case{"SeedNoNumber", "simulate --seed abc x", 64, "'abc' is not a whole number from 0 to"},
        Case{"SeedBelowZero", "simulate --seed=-1 x", 64, "'-1' is not a whole number from 0 to"},
        Case{"SeedTooLarge", "simulate --seed 99999999999999999999 x", 64, "from 0 to 18446744073709551615"},
        Case{"SeedHexadecimal", "simulate --seed 0x10 x", 64, "'0x10' is not a whole number"},
        Case{"FirstLettersOfAnOption", "--vers", 64, "unknown option '--vers'; did you mean '--version'?"},
        Case{"NothingLikeAnOption", "verify --bogus x", 64, "unknown option '--bogus'\n"},
        Case{"NoFaultKind", "audit --faults '' .", 64, "no kind of fault is named"},
        Case{"LockTimeoutWithoutUnit", "audit --lock-timeout 5 .", 64,
             "'5' is not a duration such as 90s, 5m or 1h30m with its unit"},
        Case{"EmptyFileName", "verify s3/unlocked --json ''", 64, "the file name is empty"},
        Case{"JunitOfOneRun", "--junit f simulate s3/unlocked", 64, "`simulate` writes no --junit file"},
        Case{"SarifOfAList", "--sarif f list", 64, "`list` writes no --sarif file"},
        Case{"BadgeOfAName", "--badge f describe s3", 64, "`describe` writes no --badge file"},
        Case{"JsonOfTheManual", "manual --json f", 64, "`manual` writes no --json file"},
        Case{"MemoryNoSize", "verify --memory 9x x", 64, "'9x' is not a size"},
        Case{"UnknownFaultKind", "audit --faults crsh .", 64, "did you mean 'crash'?"},
        Case{"TooManyJobs", "audit --jobs-in-ci 7 .", 64, "'7' is not a whole number from 1 to 6"},
        Case{"BadLockTimeout", "audit --lock-timeout soon .", 64, "'soon' is not a duration"},
        Case{"BadSetting", "audit --set use_lockfile .", 64, "is not ARGUMENT=VALUE"},
        Case{"TooManyWords", "list faults foo", 64, "'foo' is one word too many for `list`"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Input, BadCommandLine,
    testing::Values(
        Case{"MissingFile", "verify nowhere.yaml", 65, "nowhere.yaml: error: cannot be read"},
        Case{"NoSuchName", "verify s4/unlocked", 65, "did you mean 's3/unlocked'?"},
        Case{"FolderOfNames", "verify s3", 65, "did you mean 's3/*'?"},
        Case{"EmptyGlob", "verify 's4/*'", 65, "no such scenario"},
        Case{"Directory", "verify ./scenarios", 65, "is a directory"},
        Case{"SeveralForOne", "simulate 's3/*'", 65, "this command takes one"},
        Case{"NoName", "describe croash", 65, "did you mean 'crash'?"},
        Case{"NoOutputDirectory", "verify s3/unlocked --json /nowhere/f", 65,
             "/nowhere/f: error: cannot be written"},
        Case{"OutputIsDirectory", "verify s3/unlocked --json scenarios", 65, "cannot be written"},
        Case{"OneFileTwice", "verify s3/unlocked --json same --junit ./same", 65,
             "two results would be written to the same file"},
        Case{"StandardOutputTwice", "verify s3/unlocked --json - --junit -", 65,
             "standard output: error: two results would be written"},
        Case{"OnlyOpenTofusFiles", "audit --tool terraform terraform_config/valid/tofu/main.tofu", 65,
             "Terraform does not read OpenTofu's own files"},
        Case{"NothingExpected", "verify --expect audit/terraform/s3/jobs=2/no-faults", 65, "expects nothing"},
        Case{"NoConfiguration", "audit scenarios", 65, "no root module is here"},
        Case{"NoDirectory", "audit nowhere", 65, "no such file or directory"},
        Case{"NoReplay", "replay nowhere", 65, "neither a replay string nor a readable file"},
        Case{"ReplayFileWithout", "replay scenarios/two-jobs-unlocked.yaml", 65, "holds no replay string"},
        Case{"ReplayOtherVersion", "replay LS2-hYTtnQQBYhdwhJCDcHNw", 65, "another version of lockstorm"},
        Case{"BadAuditName", "verify audit/terraform/s4/jobs=2/crash", 65, "no configuration of an audit"}),
    [](const auto& test) { return test.param.name; });

class BadScenario : public testing::TestWithParam<Case> {};

TEST_P(BadScenario, NamesThePlace) {
  const TemporaryDirectory directory;
  directory.write("s.yaml", GetParam().arguments);
  const CommandResult result = lockstorm("verify " + directory.file("s.yaml"));
  EXPECT_EQ(result.status, GetParam().status) << result.out;
  EXPECT_NE(result.out.find(GetParam().says), std::string::npos) << result.out;
}

INSTANTIATE_TEST_SUITE_P(
    Yaml, BadScenario,
    testing::Values(
        Case{"Broken", "backend: {type: s3\n", 65, "broken YAML"},
        Case{"Empty", "", 65, "the scenario is empty"},
        Case{"UnknownKey", "backend: {type: s3}\nfalts: {crash: 1}\n", 65,
             "s.yaml:2:1: error: unknown key 'falts'"},
        Case{"UnclosedBracket", "backend: {type: s3\nclient: {count: 2}\n", 65,
             "s.yaml:1:10: error: broken YAML: this '{' is not closed"},
        Case{"UnclosedList", "backend: {type: s3}\ncheck: [progress\n", 65,
             "s.yaml:2:8: error: broken YAML: this '[' is not closed"},
        Case{"UnclosedQuoteInABracket", "backend: {type: \"s3}\n", 65,
             "s.yaml:1:10: error: broken YAML: this '{' is not closed"},
        Case{"TooDeep", "backend: " + std::string(3000, '[') + "\n", 65, "values are nested too deeply"},
        Case{"SecondDocument", "backend: {type: s3}\n---\nbackend: {type: gcs}\n", 65,
             "s.yaml:2:1: error: a second document begins here"},
        Case{"EmptyDocumentBetween", "backend: {type: s3}\n---\n---\nfaults: [\n", 65,
             "s.yaml:2:1: error: a second document begins here"},
        Case{"GarbageBehindTheEnd", "backend: {type: s3}\n...\ngarbage: [\n", 65,
             "s.yaml:3:1: error: a second document begins here"},
        Case{"KeyWithoutValue", "backend: {type: s3}\nclient:\nfaults: {crash: 1}\n", 65,
             "s.yaml:2:1: error: client has no value"},
        Case{"NumberWithoutValue", "backend: {type: s3}\nfaults:\n  crash:\n", 65,
             "s.yaml:3:3: error: there is no value"},
        Case{"UnknownVerdict", "backend: {type: s3}\nexpect: {mutual-exclusion: hold}\n", 65,
             "s.yaml:2:28: error: unknown verdict 'hold'\n  expected: one of held, "
             "violated, unknown\n  hint: did you mean 'held'?"},
        Case{"ExpectedTwice", "backend: {type: s3}\nexpect: {progress: held, progress: violated}\n", 65,
             "s.yaml:2:26: error: 'progress' stands twice"},
        Case{"ControlCharacters", "backend: {type: \"\\e[31mX\\n\\u0085\"}\n", 65,
             "unknown type '\\x1b[31mX\\n\\x85'"},
        Case{"DurationWithoutUnit", "backend: {type: s3}\nclient: {lock_timeout: 5}\n", 65,
             "s.yaml:2:24: error: lock_timeout is '5'\n  expected: a duration such as "
             "90s, 5m or 1h30m with its unit"},
        Case{"InfiniteDuration", "backend: {type: s3}\nclient: {lock_timeout: nans}\n", 65,
             "lock_timeout is 'nans'"},
        Case{"NearestKey", "backend: {type: s3}\nfalts: {crash: 1}\n", 65, "did you mean 'faults'?"},
        Case{"OutOfRange", "backend: {type: s3}\nclient: {count: 999}\n", 65, "a whole number from 1 to 120"},
        Case{"UnknownType", "backend: {type: s4}\n", 65, "did you mean 's3'?"}),
    [](const auto& test) { return test.param.name; });

TEST(BadScenarioFile, ThatMayNotBeReadIsTold) {
  if (geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const TemporaryDirectory directory;
  directory.write("s.yaml", "backend: {type: s3}\n");
  std::filesystem::permissions(directory.file("s.yaml"), std::filesystem::perms::none);
  const CommandResult result = lockstorm("verify " + directory.file("s.yaml"));
  EXPECT_EQ(result.status, 65);
  EXPECT_NE(result.out.find("cannot be read"), std::string::npos) << result.out;
}

}  // namespace
}  // namespace lockstorm::cli
