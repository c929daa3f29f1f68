// `lockstorm probe` as a user types it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"
#include "tests/repository/file_tree.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kAwsKeys = "AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=hunter2 ";

// Runs a script beside a served model, which $URL is.
CommandResult beside_store(const scenarios::FileTree& tree, const std::string& service,
                           const std::string& script) {
  return shell(
      "cd " + tree.root().string() + " && { '" LOCKSTORM_BINARY "' serve " + service +
      " > serving & server=$!; for i in $(seq 100); do grep -q http: serving && break; sleep 0.05; done; "
      "URL=$(grep -o 'http://[0-9.:]*' serving | head -1); { " +
      script + "; } 2>&1; kill $server; wait $server; }");
}

TEST(ProbeCommand, AuditsOnWhatItHasFound) {
  const scenarios::FileTree tree{{"live/main.tf",
                                  "terraform {\n  backend \"s3\" {\n    bucket = \"states\"\n    key = "
                                  "\"app\"\n    region = \"eu-west-1\"\n"
                                  "    use_lockfile = true\n  }\n}\n"}};
  const std::string out =
      beside_store(tree, "s3 --store honours_if_none_match=false",
                   std::string(kAwsKeys) + "'" LOCKSTORM_BINARY
                                           "' probe s3://states/app --endpoint $URL --racers 8 --audit live; "
                                           "echo ended with $?")
          .out;
  EXPECT_THAT(out, HasSubstr("not     a put with If-None-Match: * is refused where something is"));
  EXPECT_THAT(out, HasSubstr("8 were, in each of 5 races"));
  EXPECT_THAT(out, HasSubstr("\n  honours_if_none_match: false\n"));
  EXPECT_THAT(out, HasSubstr("$ lockstorm audit live --store missing_key_is_403=false"));
  EXPECT_THAT(out, HasSubstr("LS-S3-"));
  EXPECT_THAT(out, HasSubstr("ended with 1"));
  EXPECT_THAT(out, Not(HasSubstr("hunter2")));
}

TEST(ProbeCommand, SaysWhatLacks) {
  const auto told = [](const std::string& words, const std::string& environment = "") {
    const CommandResult ended = shell(
        "env -u AWS_ACCESS_KEY_ID -u ARM_ACCESS_KEY -u ARM_SAS_TOKEN -u KUBE_HOST -u "
        "GOOGLE_OAUTH_ACCESS_TOKEN "
        "-u STORAGE_EMULATOR_HOST " +
        environment + " '" LOCKSTORM_BINARY "' probe " + words + " 2>&1");
    EXPECT_EQ(ended.status, 65) << words;
    return ended.out;
  };
  EXPECT_THAT(told("s3://states"), HasSubstr("expected: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"));
  EXPECT_THAT(told("gs://states"), HasSubstr("expected: GOOGLE_OAUTH_ACCESS_TOKEN"));
  EXPECT_THAT(told("azblob://account/states"), HasSubstr("expected: ARM_ACCESS_KEY or ARM_SAS_TOKEN"));
  EXPECT_THAT(told("azblob://account"), HasSubstr("names no container"));
  EXPECT_THAT(told("azblob://account/states", "ARM_ACCESS_KEY='no base64!'"), HasSubstr("is no base64"));
  EXPECT_THAT(told("k8s://infra"), HasSubstr("kubectl proxy"));
  EXPECT_THAT(told("ftp://host/x"), HasSubstr("stores behind ftp:// are not probed"));
  EXPECT_THAT(told("pg://host/x", "PGUSER="), HasSubstr("PGUSER, and PGPASSWORD if it has one"));
  EXPECT_THAT(told("states"), HasSubstr("is no URL"));
  EXPECT_THAT(told("'azblob://account/states?sig=hunter2'"), HasSubstr("has a query"));
  EXPECT_THAT(told("'azblob://account/states?sig=hunter2'"), Not(HasSubstr("hunter2")));
  EXPECT_THAT(told("s3://states --endpoint nowhere", kAwsKeys), HasSubstr("the end point is no URL"));
  EXPECT_THAT(told("s3://states --endpoint http://127.0.0.1:1 --ca nowhere.pem", kAwsKeys),
              HasSubstr("nowhere.pem"));
  EXPECT_THAT(told("s3://states --endpoint http://127.0.0.1:1", kAwsKeys),
              HasSubstr("The store cannot be reached: Connection refused"));
}

}  // namespace
}  // namespace lockstorm::cli
