// What states and locks are called in their stores (backend-protocols.md 3).
#include "scenarios/advice/state_names.hpp"

#include <gtest/gtest.h>

namespace lockstorm::scenarios {
namespace {

StateNames names(const std::string& type, const std::map<std::string, std::string>& arguments,
                 const std::string& workspace = "default") {
  StateNames names(BackendBlock{type, {}, {}}, arguments);
  names.workspace = workspace;
  return names;
}

TEST(StateNames, AreThoseOfTheTools) {
  EXPECT_EQ(names("s3", {{"key", "a/k"}}).lock(), "a/k.tflock");
  EXPECT_EQ(names("s3", {{"key", "a/k"}}, "prod").state(), "env:/prod/a/k");
  EXPECT_EQ(names("s3", {{"key", "k"}, {"workspace_key_prefix", "w"}}, "prod").lock(), "w/prod/k.tflock");
  EXPECT_EQ(names("gcs", {}).lock(), "default.tflock");
  EXPECT_EQ(names("gcs", {{"prefix", "/p/"}}, "prod").state(), "p/prod.tfstate");
  EXPECT_EQ(names("azurerm", {{"key", "k"}}, "prod").state(), "kenv:prod");
  EXPECT_EQ(names("consul", {{"path", "p"}}, "prod").lock(), "p-env:prod/.lock");
  EXPECT_EQ(names("kubernetes", {{"secret_suffix", "s"}}, "prod").lock(), "lock-tfstate-prod-s");
  EXPECT_EQ(names("cos", {{"prefix", "p"}}).lock(), "p/terraform.tfstate.tflock");
  EXPECT_EQ(names("oss", {}, "prod").state(), "env:/prod/terraform.tfstate");
  EXPECT_EQ(names("oci", {}).lock(), "terraform.tfstate.lock");
  EXPECT_EQ(names("local", {}).state(), "terraform.tfstate");
}

TEST(StateNames, ArePlaceholdersWhereNobodySaysThem) {
  EXPECT_EQ(StateNames("s3").lock(), "<key>.tflock");
  EXPECT_EQ(StateNames("kubernetes").lock(), "lock-tfstate-default-<secret_suffix>");
  EXPECT_FALSE(path_in_lock_info(StateNames("s3")));
}

TEST(StateNames, HoldNoCredential) {
  const StateNames all = names("s3", {{"secret_key", "CANARY"}, {"conn_str", "CANARY"}, {"bucket", "b"}});
  EXPECT_EQ(all.name("secret_key"), "<secret_key>");
  EXPECT_EQ(all.name("conn_str"), "<conn_str>");
  EXPECT_EQ(all.name("bucket"), "b");
  EXPECT_EQ(names("s3", {{"bucket", "https://u:CANARY@host/b"}}).name("bucket"), "<bucket>");
}

}  // namespace
}  // namespace lockstorm::scenarios
