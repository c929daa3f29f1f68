// `lockstorm record`: what passes between a tool and its store is written down, and is a run of the model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"
#include "tests/file_text.hpp"
#include "tests/repository/file_tree.hpp"
#include "tests/wire/installed.hpp"

namespace lockstorm::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kBlock =
    "terraform {\n  backend \"s3\" {\n    bucket = \"states\"\n    key = \"app.tfstate\"\n    region = "
    "\"us-east-1\"\n"
    "    use_lockfile = true\n    use_path_style = true\n    skip_credentials_validation = true\n"
    "    skip_metadata_api_check = true\n    skip_region_validation = true\n    skip_requesting_account_id = "
    "true\n"
    "  }\n}\nresource \"terraform_data\" \"a\" {\n  input = \"hunter2\"\n}\n";
constexpr const char* kScenario =
    "backend: {type: s3, use_lockfile: true}\nclient: {count: 1}\ninitial_state: empty\n";

// Runs a script beside a served store, which $URL is; $RECORD records.
std::string recorded(const scenarios::FileTree& tree, const std::string& service, const std::string& script) {
  return shell(
             "cd " + tree.root().string() + " && { '" LOCKSTORM_BINARY "' serve " + service +
             " --ca ca.pem > serving & server=$!; for i in $(seq 100); do grep -q http serving && break; "
             "sleep "
             "0.05; done; URL=$(grep -o 'https*://[a-z0-9.:]*' serving | head -1); RECORD=\"" LOCKSTORM_BINARY
             " record\"; { " +
             script + "; } 2>&1; kill $server; wait $server; }")
      .out;
}

TEST(Record, StandsBetweenATerraformAndItsStore) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  const scenarios::FileTree tree{{"app/main.tf", kBlock}, {"one.yaml", kScenario}};
  const std::string out = recorded(tree, "s3",
                                   "export AWS_ENDPOINT_URL=$URL AWS_ACCESS_KEY_ID=any "
                                   "AWS_SECRET_ACCESS_KEY=any AWS_EC2_METADATA_DISABLED=true; "
                                   "cd app; terraform init -no-color > /dev/null; $RECORD --backend . "
                                   "--output ../run.jsonl -- terraform apply "
                                   "-auto-approve -no-color; echo ended with $?; cd ..; '" LOCKSTORM_BINARY
                                   "' accept run.jsonl --scenario one.yaml");
  EXPECT_THAT(out, AllOf(HasSubstr("Apply complete! Resources: 1 added"), HasSubstr("ended with 0"),
                         HasSubstr("lockstorm: 7 requests in ../run.jsonl"),
                         HasSubstr("run.jsonl: accepted: 7 requests are a run of the model")))
      << out;
  const std::string lines = file_text(tree.root() / "run.jsonl");
  EXPECT_THAT(lines, AllOf(HasSubstr("\"actor\":\"job\""), HasSubstr("\"operation\":\"PutObject\"")));
  EXPECT_THAT(lines, Not(HasSubstr("hunter2")));
  EXPECT_THAT(lines, Not(HasSubstr("Credential=any")));
}

constexpr const char* kRemote =
    "terraform {\n  cloud {\n    hostname = \"localhost\"\n    organization = \"org\"\n    workspaces {\n"
    "      name = \"app\"\n    }\n  }\n}\n";

// curl goes through a proxy even to this machine.
TEST(Record, LooksIntoTlsOfTheStoreOnly) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  const scenarios::FileTree tree{{"main.tf", kRemote}};
  const std::string asked =
      "-- sh -c 'curl -s --cacert \"$SSL_CERT_FILE\" '$URL'/api/v2/ping -o /dev/null "
      "-w \"%{http_code}\"'";
  const std::string out = recorded(
      tree, "hcp-terraform",
      "export SSL_CERT_FILE=ca.pem; $RECORD --backend . --store-host localhost --output seen.jsonl " + asked +
          "; echo; $RECORD --backend . --output passed.jsonl " + asked);
  EXPECT_THAT(out, HasSubstr("1 request in seen.jsonl")) << out;
  EXPECT_THAT(out, HasSubstr("no request to the store has passed")) << out;
  EXPECT_THAT(file_text(tree.root() / "seen.jsonl"), HasSubstr("\"target\":\"/api/v2/ping\""));
  EXPECT_EQ(file_text(tree.root() / "passed.jsonl"), "");
}

TEST(Record, EndsAsItsCommandDoes) {
  const scenarios::FileTree tree{{"main.tf", kBlock}};
  const auto ended = [&](const std::string& words) {
    return shell("cd " + tree.root().string() + " && '" LOCKSTORM_BINARY "' record --backend . " + words +
                 " 2>&1");
  };
  EXPECT_EQ(ended("-- sh -c 'exit 3'").status, 3);
  EXPECT_EQ(ended("-- sh -c 'kill -9 $$'").status, 137);
  EXPECT_EQ(ended("-- no-such-command-here").status, 65);
  EXPECT_EQ(ended("").status, 64);
  EXPECT_THAT(ended("-- sh -c 'echo $HTTPS_PROXY; grep -c BEGIN $SSL_CERT_FILE'").out,
              HasSubstr("http://127.0.0.1:"));
}

TEST(Record, SaysWhatItCannotRecord) {
  const scenarios::FileTree tree{
      {"pg/main.tf", "terraform {\n  backend \"pg\" {\n    conn_str = \"x\"\n  }\n}\n"},
      {"none/main.tf", "resource \"terraform_data\" \"a\" {}\n"},
      {"s3/main.tf", kBlock}};
  const auto told = [&](const std::string& words) {
    const CommandResult result =
        shell("cd " + tree.root().string() + " && '" LOCKSTORM_BINARY "' record " + words + " -- true 2>&1");
    EXPECT_EQ(result.status, 65);
    return result.out;
  };
  EXPECT_THAT(told("--backend pg"), HasSubstr("pg speaks no HTTP"));
  EXPECT_THAT(told("--backend s3 --output no/where"), HasSubstr("cannot be written"));
  EXPECT_THAT(told("--backend s3 --faults lose=1%"), HasSubstr("--faults lose=1%"));
  EXPECT_EQ(shell("cd " + tree.root().string() +
                  " && AWS_ENDPOINT_URL_S3=http:// '" LOCKSTORM_BINARY "' record --backend s3 -- true 2>&1")
                .out,
            "AWS_ENDPOINT_URL_S3: error: names no host\n  expected: http://HOST:PORT\n");
}

}  // namespace
}  // namespace lockstorm::cli
