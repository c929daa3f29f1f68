// The gate as a pipeline meets it: exit status, what is said, and what becomes of files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/repository/file_tree.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::FileTree;
using scenarios::kLockFileBlock;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kUnlockedBlock =
    "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n  }\n}\n";

// Without faults an audit takes no time, and an unlocked state is as bad as it gets.
CommandResult audit(const FileTree& tree, const std::string& arguments) {
  return shell("cd " + tree.root().string() + " && NO_COLOR= " LOCKSTORM_BINARY " audit --faults none " +
               arguments + " 2>&1");
}

// A repository with one state that is not locked.
FileTree unlocked_repository() { return {{".git/HEAD", ""}, {"live/app/main.tf", kUnlockedBlock}}; }

std::string text_in(const FileTree& tree, const std::string& name) { return file_text(tree.root() / name); }

TEST(AuditGate, FailsForWhatIsNewAndGraveAndSaysWhatThatIs) {
  const FileTree tree = unlocked_repository();
  const CommandResult result = audit(tree, ".");
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_THAT(result.out, HasSubstr("Fails: LS-S3-"));
  EXPECT_THAT(result.out, HasSubstr(" in live/app"));
  EXPECT_EQ(audit(tree, "--fail-on never .").status, 0);
  EXPECT_THAT(audit(tree, "--fail-on never .").out, HasSubstr("Passes: no finding fails ("));
  const CommandResult quiet = audit(tree, "--quiet .");
  EXPECT_EQ(quiet.status, 1);
  EXPECT_EQ(std::ranges::count(quiet.out, '\n'), 1);
  EXPECT_THAT(quiet.out, HasSubstr(". Fails: LS-S3-"));
  EXPECT_THAT(audit(tree, "--details .").out, HasSubstr("\nFails: LS-S3-"));
}

TEST(AuditGate, PassesWhereNothingIsFound) {
  const FileTree tree{{"main.tf", kLockFileBlock}};
  const CommandResult result = audit(tree, ".");
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("Passes: nothing new at or above high"));
}

TEST(AuditGate, ThePolicyIsFoundAndTheCommandLineOutranksIt) {
  FileTree tree = unlocked_repository();
  tree.add(".lockstorm.yaml", "fail_on: never\n");
  const CommandResult result = audit(tree, "live/app");
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("Passes by .lockstorm.yaml: no finding fails"));
  EXPECT_EQ(audit(tree, "--fail-on high live/app").status, 1);
  EXPECT_EQ(audit(tree, "--no-config live/app").status, 1);
  tree.add("other.yaml", "fail_on: critical\n");
  EXPECT_EQ(audit(tree, "--config other.yaml live/app").status, 1);
  EXPECT_EQ(audit(tree, "--config other.yaml --no-config .").status, 64);
  EXPECT_EQ(audit(tree, "--fail-on hihg .").status, 64);
}

TEST(AuditGate, WhatToExpectOfTheWorldStandsInThePolicy) {
  FileTree tree{{"main.tf", "terraform {\n  backend \"gcs\" {\n    bucket = \"b\"\n  }\n}\n"},
                {"old/main.tf", kUnlockedBlock},
                {"live/old/main.tf", kUnlockedBlock}};
  tree.add(".lockstorm.yaml",
           "jobs: 1\nlock_timeout: 5m\ntool: opentofu\nstore: {honours_if_none_match: true}\nexclude: "
           "[live/old, old]\n");
  const CommandResult result = audit(tree, "--details .");
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("OpenTofu, gcs, 1 client (main.tf:2), -lock-timeout=5m"));
  EXPECT_THAT(result.out, HasSubstr("Left out: live/old, old (excluded)"));
  EXPECT_THAT(audit(tree, "--jobs-in-ci 2 --lock-timeout 0s --tool terraform .").out,
              HasSubstr("Terraform, gcs, 2 clients (main.tf:2), -lock-timeout=0s"));
}

TEST(AuditGate, WhatIsAcceptedStaysVisible) {
  FileTree tree = unlocked_repository();
  tree.add(".lockstorm.yaml", "accept:\n  - {rule: LS-S3-*, reason: goes in March, expires: 2027-03-01}\n");
  const CommandResult held = audit(tree, "--as-of 2027-03-01 .");
  EXPECT_EQ(held.status, 0) << held.out;
  EXPECT_THAT(held.out, HasSubstr("(accepted until 2027-03-01: goes in March)"));
  EXPECT_THAT(held.out, HasSubstr("Passes by .lockstorm.yaml: nothing new at or above high ("));
  EXPECT_THAT(held.out, HasSubstr(" accepted, as of 2027-03-01)"));
  const CommandResult expired = audit(tree, "--as-of 2027-03-02 .");
  EXPECT_EQ(expired.status, 1) << expired.out;
  EXPECT_THAT(expired.out, HasSubstr("Fails by .lockstorm.yaml: LS-S3-"));
  EXPECT_THAT(expired.out, HasSubstr("accepted until 2027-03-01"));
  EXPECT_THAT(expired.out, HasSubstr("goes in March"));
  EXPECT_EQ(audit(tree, "--as-of soon .").status, 64);
}

TEST(AuditGate, WhatSomebodyWritesReachesNoTerminalRaw) {
  FileTree tree = unlocked_repository();
  tree.add(".lockstorm.yaml",
           "accept:\n  - {rule: LS-S3-*, reason: \"::error::x \\e[31m https://u:secret@host/\"}\n");
  const CommandResult result = audit(tree, ".");
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("https://[hidden]"));
  EXPECT_THAT(result.out, Not(HasSubstr("secret")));
  EXPECT_THAT(result.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(result.out, Not(HasSubstr(": ::error::")));
}

TEST(AuditGate, TheScreenHas25LinesWhateverThereIsToSay) {
  FileTree tree = unlocked_repository();
  std::string policy = "accept:\n";
  for (const char* const rule : {"LS-S3-100", "LS-S3-300", "LS-S3-400", "LS-S3-801"}) {
    policy += std::string("  - {rule: ") + rule + ", expires: 2026-01-31, reason: \"";
    for (int i = 0; i < 200; ++i) policy += "because ";
    policy += "\"}\n";
  }
  tree.add(".lockstorm.yaml", policy);
  for (int i = 0; i < 9; ++i) {
    const std::string directory = "live/with-a-name-that-is-rather-long-" + std::to_string(i);
    tree.add(directory + "/main.tf", i % 2 == 0 ? kUnlockedBlock : kLockFileBlock);
  }
  const CommandResult result = audit(tree, ".");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.out, HasSubstr("Accepted until 2026-01-31, and it is "));
  EXPECT_LE(std::ranges::count(result.out, '\n'), 25) << result.out;
}

TEST(AuditGate, CommentsAcceptForTheirState) {
  FileTree tree = unlocked_repository();
  tree.add("live/app/notes.tf", "# lockstorm:ignore LS-S3-* a sandbox\n");
  EXPECT_EQ(audit(tree, ".").status, 0);
  tree.add("live/db/main.tf", kUnlockedBlock);
  const CommandResult other = audit(tree, ".");
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.out, HasSubstr(" in live/db"));
  tree.add("live/app/notes.tf", "# lockstorm:ignore LS-S3-*\n");
  const CommandResult broken = audit(tree, ".");
  EXPECT_EQ(broken.status, 65) << "a broken comment outranks what is found";
  EXPECT_THAT(broken.out, HasSubstr("live/app/notes.tf:1:1: error: the comment has no reason"));
  EXPECT_THAT(broken.out, HasSubstr("besides, 1 input could not be"));
}

TEST(AuditGate, OnlyWhatIsNotInTheBaselineFails) {
  FileTree tree = unlocked_repository();
  const CommandResult written = audit(tree, "--write-baseline .");
  EXPECT_EQ(written.status, 0) << written.out;
  EXPECT_THAT(written.out, HasSubstr("Baseline written: "));
  const std::string text = text_in(tree, ".lockstorm-baseline.json");
  EXPECT_THAT(text, HasSubstr("    {\"path\": \"live/app\", \"rule\": \"LS-S3-"));
  EXPECT_EQ(audit(tree, ".").status, 1) << "nobody has said that it counts";
  EXPECT_EQ(audit(tree, "--baseline .lockstorm-baseline.json .").status, 0);
  tree.add(".lockstorm.yaml", "baseline: .lockstorm-baseline.json\n");
  const CommandResult known = audit(tree, ".");
  EXPECT_EQ(known.status, 0) << known.out;
  EXPECT_THAT(known.out, HasSubstr(" known)"));
  EXPECT_EQ(audit(tree, "live/app").status, 0) << "wherever it is run";
  tree.add("live/db/main.tf", kUnlockedBlock);
  const CommandResult fresh = audit(tree, ".");
  EXPECT_EQ(fresh.status, 1);
  EXPECT_THAT(fresh.out, HasSubstr(" in live/db"));
  EXPECT_EQ(audit(tree, "--write-baseline live/db").status, 0);
  EXPECT_THAT(text_in(tree, ".lockstorm-baseline.json"), HasSubstr("\"live/app\""))
      << "what was not looked at stays";
  EXPECT_EQ(audit(tree, ".").status, 0);
  tree.add("live/app/main.tf", kLockFileBlock);
  EXPECT_THAT(audit(tree, ".").out, HasSubstr("4 in the baseline are gone: "));
  EXPECT_EQ(audit(tree, "--write-baseline .").status, 0);
  EXPECT_THAT(text_in(tree, ".lockstorm-baseline.json"), Not(HasSubstr("\"live/app\"")));
}

TEST(AuditGate, ABaselineIsWrittenWholeOrNotAtAll) {
  FileTree tree = unlocked_repository();
  EXPECT_EQ(audit(tree, "--write-baseline=known.json .").status, 0);
  const std::string first = text_in(tree, "known.json");
  EXPECT_EQ(audit(tree, "--write-baseline=known.json .").status, 0);
  EXPECT_EQ(text_in(tree, "known.json"), first) << "asked for twice it is the same";
  tree.add("live/broken/main.tf", "terraform {");
  const CommandResult incomplete = audit(tree, "--write-baseline=other.json .");
  EXPECT_EQ(incomplete.status, 65);
  EXPECT_THAT(incomplete.out, HasSubstr("other.json: error: the baseline is not written"));
  EXPECT_FALSE(std::filesystem::exists(tree.root() / "other.json"));
  EXPECT_EQ(audit(tree, "--write-baseline=live/app/main.tf live/app").status, 65);
  EXPECT_EQ(text_in(tree, "live/app/main.tf"), kUnlockedBlock);
}

TEST(AuditGate, WhatIsBrokenIsToldAndNothingIsWritten) {
  FileTree tree = unlocked_repository();
  tree.add("old.json", "{\"format\": \"lockstorm-baseline\", \"version\": 2, \"findings\": []}");
  tree.add("bad.yaml", "jobs: 1\nfail-on: high\n");
  tree.add("rule.yaml", "accept:\n  - {rule: LS-S3-399, reason: x}\n");
  for (const auto& [arguments, says] : std::initializer_list<std::pair<const char*, const char*>>{
           {"--baseline old.json", "old.json:1:34: error: the baseline is of another version"},
           {"--baseline none.json", "none.json: error: cannot be read"},
           {"--write-baseline=old.json", "old.json:1:34: error: the baseline is of another version"},
           {"--config bad.yaml", "bad.yaml:2:1: error: unknown key 'fail-on'"},
           {"--config rule.yaml", "rule.yaml:2:12: error: unknown rule 'LS-S3-399'"},
           {"--config none.yaml", "none.yaml: error: cannot be read"}}) {
    const CommandResult result = audit(tree, std::string(arguments) + " --json out.json .");
    EXPECT_EQ(result.status, 65) << arguments;
    EXPECT_THAT(result.out, HasSubstr(says)) << arguments;
    EXPECT_FALSE(std::filesystem::exists(tree.root() / "out.json")) << arguments;
  }
  tree.add("live/.lockstorm.yaml", "jobs: 1\n");
  const CommandResult two = audit(tree, "live/app .");
  EXPECT_EQ(two.status, 65);
  EXPECT_THAT(
      two.out,
      HasSubstr(".: error: another policy holds for it than for live/app: none and live/.lockstorm.yaml"));
}

TEST(AuditGate, ARunThatAuditedNothingIsNoSuccess) {
  const FileTree tree{{"module/main.tf", "variable \"x\" {}\n"}};
  EXPECT_EQ(audit(tree, "--fail-on never .").status, 65);
}

TEST(AuditFix, LocksAnUnlockedStateAndAuditsItAgain) {
  FileTree tree = unlocked_repository();
  const CommandResult shown = audit(tree, "--fix --diff .");
  EXPECT_EQ(shown.status, 1) << shown.out;
  EXPECT_THAT(
      shown.out,
      HasSubstr("--- a/live/app/main.tf\n+++ b/live/app/main.tf\n@@ -4,0 +5 @@\n+    use_lockfile = true\n"));
  EXPECT_EQ(text_in(tree, "live/app/main.tf"), kUnlockedBlock);
  const CommandResult fixed = audit(tree, "--fix .");
  EXPECT_EQ(fixed.status, 0) << fixed.out;
  EXPECT_THAT(
      fixed.out,
      HasSubstr("live/app/main.tf:2: use_lockfile = true (a lock file beside the state); gone: LS-S3-"));
  EXPECT_THAT(fixed.out, HasSubstr("Passes: "));
  EXPECT_EQ(text_in(tree, "live/app/main.tf"),
            "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n    use_lockfile = true\n "
            " }\n}\n");
  const CommandResult again = audit(tree, "--fix .");
  EXPECT_EQ(again.status, 0) << again.out;
  EXPECT_TRUE(again.out.starts_with("Nothing is edited.\n")) << again.out;
}

TEST(AuditFix, WhatHasAPriceIsLeftToTheUnsafeOne) {
  FileTree tree{{"main.tf", std::string("terraform {\n  required_version = \">= 1.5\"\n") +
                                std::string(kUnlockedBlock).substr(12)}};
  const std::string before = text_in(tree, "main.tf");
  const CommandResult safe = audit(tree, "--fix .");
  EXPECT_EQ(safe.status, 1) << safe.out;
  EXPECT_THAT(safe.out, HasSubstr("is left to --fix-unsafe"));
  EXPECT_EQ(text_in(tree, "main.tf"), before);
  EXPECT_EQ(audit(tree, "--fix-unsafe .").status, 0);
  EXPECT_THAT(text_in(tree, "main.tf"), HasSubstr("use_lockfile = true"));
}

TEST(AuditFix, LeavesAloneWhatItCannotEditOrKnow) {
  FileTree tree{
      {"json/main.tf.json", "{\"terraform\": {\"backend\": {\"s3\": {\"bucket\": \"b\", \"key\": \"k\"}}}}"},
      {"foreign/main.tf",
       "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n    region = \"auto\"\n    "
       "use_path_style = true\n    access_key = \"AKIACANARY\"\n    secret_key = \"canary\"\n  }\n}\n"}};
  const CommandResult result = audit(tree, "--fix .");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.out,
              HasSubstr("json/main.tf.json:1: not edited, as it is in no file of HCL's native syntax."));
  EXPECT_THAT(
      result.out,
      HasSubstr("foreign/main.tf:2: use_lockfile = true (a lock file beside the state) is not written"));
  EXPECT_THAT(result.out, Not(testing::ContainsRegex("[Cc][Aa][Nn][Aa][Rr][Yy]")));
  EXPECT_EQ(audit(tree, "--fix --store honours_if_none_match=true foreign").status, 0);
}

TEST(AuditFix, ADiffShowsNoCredential) {
  FileTree tree{{"main.tf", "terraform {\n  backend \"s3\" { secret_key = \"CANARY\" }\n}\n"}};
  const std::string given = "--backend-config bucket=b --backend-config key=k ";
  const CommandResult shown = audit(tree, "--fix --diff " + given + ".");
  EXPECT_THAT(shown.out, HasSubstr("+    secret_key = [hidden]\n+    use_lockfile = true\n"));
  EXPECT_THAT(shown.out, Not(HasSubstr("CANARY")));
  const CommandResult fixed = audit(tree, "--fix " + given + ".");
  EXPECT_EQ(fixed.status, 0) << fixed.out;
  EXPECT_THAT(fixed.out, Not(HasSubstr("CANARY")));
  EXPECT_EQ(
      text_in(tree, "main.tf"),
      "terraform {\n  backend \"s3\" {\n    secret_key = \"CANARY\"\n    use_lockfile = true\n  }\n}\n");
}

}  // namespace
}  // namespace lockstorm::cli
