#include "scenarios/repository/roots.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/repository/file_tree.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> names_of_roots(const FoundRoots& found, const std::filesystem::path& top) {
  std::vector<std::string> names;
  for (const RootModule& root : found.roots) names.push_back(root.directory.lexically_relative(top).string());
  return names;
}

FoundRoots roots_of(const FileTree& tree, WalkOptions options = {}) {
  const std::vector<std::filesystem::path> paths{tree.root()};
  return find_roots(paths, options);
}

TEST(Roots, AreDirectoriesWithABackendWhereverTheyLie) {
  const FileTree tree{{"a/main.tf", kLockFileBlock},
                      {"b/deep/er/backend.tf", kLockFileBlock},
                      {"c/main.tf.json", R"({"terraform": {"backend": {"gcs": {"bucket": "b"}}}})"},
                      {"d/main.tofu", kLockFileBlock}};
  EXPECT_THAT(names_of_roots(roots_of(tree), tree.root()), ElementsAre("a", "b/deep/er", "c", "d"));
}

TEST(Roots, ADirectoryWithoutBackendIsAModuleUnlessSomebodyRunsTheToolThere) {
  const std::string nothing = "resource \"terraform_data\" \"one\" {}\n";
  const FileTree tree{{"module/main.tf", nothing},
                      {"locked/main.tf", nothing},
                      {"locked/.terraform.lock.hcl", ""},
                      {"ready/main.tf", nothing},
                      {"ready/.terraform/environment", "default"},
                      {"values/main.tf", nothing},
                      {"values/prod.auto.tfvars", ""},
                      {"provided/main.tf", "provider \"aws\" {}\n"},
                      {"wrapped/main.tf", nothing},
                      {"wrapped/terragrunt.hcl", ""}};
  const FoundRoots found = roots_of(tree);
  EXPECT_THAT(names_of_roots(found, tree.root()),
              ElementsAre("locked", "provided", "ready", "values", "wrapped"));
  ASSERT_EQ(found.left_out.size(), 1U);
  EXPECT_EQ(found.left_out[0].directory.filename(), "module");
  WalkOptions all;
  all.every_directory = true;
  EXPECT_EQ(roots_of(tree, all).roots.size(), 6U);
}

TEST(Roots, HiddenDirectoriesAndVendoredModulesAreNotLookedInto) {
  const FileTree tree{{"main.tf", kLockFileBlock},
                      {".terraform/modules/x/main.tf", kLockFileBlock},
                      {".git/main.tf", kLockFileBlock},
                      {"node_modules/x/main.tf", kLockFileBlock}};
  EXPECT_THAT(names_of_roots(roots_of(tree), tree.root()), ElementsAre("."));
}

TEST(Roots, ExcludedDirectoriesAreNamedByNameOrPath) {
  const FileTree tree{{"a/main.tf", kLockFileBlock},
                      {"examples/x/main.tf", kLockFileBlock},
                      {"b/test/main.tf", kLockFileBlock}};
  WalkOptions options;
  options.excluded = {"examples", "b/t*"};
  const FoundRoots found = roots_of(tree, options);
  EXPECT_THAT(names_of_roots(found, tree.root()), ElementsAre("a"));
  EXPECT_EQ(found.left_out.size(), 2U);
}

TEST(Roots, AFileStandsForItsDirectoryAndADirectoryIsReadOnce) {
  const FileTree tree{{"main.tf", "resource \"terraform_data\" \"one\" {}\n"},
                      {"backend.tf", kLockFileBlock}};
  const std::vector<std::filesystem::path> paths{tree.root() / "main.tf", tree.root() / "backend.tf",
                                                 tree.root()};
  const FoundRoots found = find_roots(paths, {});
  ASSERT_EQ(found.roots.size(), 1U);
  EXPECT_TRUE(found.roots[0].configuration.backend);
}

TEST(Roots, ABrokenFileIsToldAndTheOthersAreFound) {
  const FileTree tree{{"a/main.tf", "terraform {\n"}, {"b/main.tf", kLockFileBlock}};
  const FoundRoots found = roots_of(tree);
  EXPECT_THAT(names_of_roots(found, tree.root()), ElementsAre("b"));
  ASSERT_EQ(found.complaints.size(), 1U);
  EXPECT_THAT(found.complaints[0].where.file, HasSubstr("a/main.tf"));
}

TEST(Roots, LinksThatLeadInCirclesAreNotFollowed) {
  const FileTree tree{{"a/main.tf", kLockFileBlock}};
  std::filesystem::create_directory_symlink(tree.root(), tree.root() / "a" / "again");
  EXPECT_EQ(roots_of(tree).roots.size(), 1U);
}

TEST(Roots, WhatDoesNotExistIsAComplaint) {
  const std::vector<std::filesystem::path> paths{"/nowhere/at/all"};
  const FoundRoots found = find_roots(paths, {});
  EXPECT_THAT(found.roots, IsEmpty());
  ASSERT_EQ(found.complaints.size(), 1U);
  EXPECT_THAT(found.complaints[0].problem, HasSubstr("no such file"));
}

}  // namespace
}  // namespace lockstorm::scenarios
