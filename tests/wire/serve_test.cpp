// `lockstorm serve`, talked to by curl and by a real Terraform.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_paths.hpp"
#include "tests/repository/file_tree.hpp"
#include "tests/wire/installed.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;

// Runs a script beside a server of its own, which $URL is, and which has ended well when it is done.
CommandResult beside_server(const scenarios::FileTree& tree, const std::string& service,
                            const std::string& script) {
  const std::string root = tree.root().string();
  return shell("cd " + root + " && { '" LOCKSTORM_BINARY "' serve " + service +
               " > serving & server=$!; for i in $(seq 100); do grep -q http: serving && break; sleep 0.05; "
               "done; URL=$(grep -o 'http://[0-9.:]*' serving | head -1); { " +
               script + "; } 2>&1; kill $server; wait $server; echo ended with $?; }");
}

TEST(Serve, AnswersAndEndsWell) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  const scenarios::FileTree tree{};
  const std::string code = "curl -s -o /dev/null -w '%{http_code} ' ";
  const std::string out =
      beside_server(
          tree, "http",
          code + "-X LOCK -d '{\"ID\":\"a\"}' $URL/app; " + code + "-X LOCK -d '{\"ID\":\"b\"}' $URL/app; " +
              code + "-d '{\"serial\":1}' $URL/app?ID=a; " + code + "$URL/app; " + code + "-X PATCH $URL/app")
          .out;
  EXPECT_THAT(out, HasSubstr("200 409 200 200 501 ended with 0"));
}

TEST(Serve, SaysWhyItCannotListen) {
  const CommandResult refused = lockstorm("serve http --address nowhere");
  EXPECT_EQ(refused.status, 65);
  EXPECT_THAT(refused.out, HasSubstr("nowhere:0: error: nothing can listen here: 'nowhere' is no address"));
  EXPECT_EQ(lockstorm("serve http --store lock=perhaps").status, 65);
  EXPECT_EQ(lockstorm("serve ftp").status, 64);
}

TEST(Serve, ATerraformLocksAndStoresOnIt) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  const scenarios::FileTree tree{
      {"main.tf",
       "terraform {\n  backend \"http\" {}\n}\nresource \"terraform_data\" \"a\" {\n  input = \"x\"\n}\n"}};
  const std::string out =
      beside_server(
          tree, "http",
          "terraform init -no-color -backend-config=address=$URL/app "
          "-backend-config=lock_address=$URL/app -backend-config=unlock_address=$URL/app; terraform "
          "apply -auto-approve -no-color; curl -s $URL/-/contents; curl -s -X LOCK -d '{\"ID\":\"held\"}' "
          "$URL/app; terraform apply -auto-approve -no-color; terraform force-unlock -force held; "
          "terraform apply -auto-approve -no-color")
          .out;
  EXPECT_THAT(out, HasSubstr("Apply complete! Resources: 1 added"));
  EXPECT_THAT(out, HasSubstr("\"serial\": 1"));
  EXPECT_THAT(out, HasSubstr("Error acquiring the state lock"));
  EXPECT_THAT(out, HasSubstr("successfully unlocked"));
  EXPECT_THAT(out, HasSubstr("Apply complete! Resources: 0 added, 0 changed, 0 destroyed."));
  EXPECT_THAT(out, HasSubstr("ended with 0"));
}

// What it has recorded of a real job is a run of the model's client, and one request less is none.
TEST(Serve, RecordsWhatTheModelAccepts) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  const scenarios::FileTree tree{
      {"main.tf",
       "terraform {\n  backend \"http\" {}\n}\nresource \"terraform_data\" \"a\" {\n  input = \"x\"\n}\n"},
      {"run.yaml",
       "backend: {type: http, lock_address: true, unlock_address: true}\nclient: {count: 1, command: [init, "
       "apply]}\ninitial_state: empty\n"}};
  const std::string out =
      beside_server(
          tree, "http --record run.jsonl",
          "export TF_HTTP_ADDRESS=$URL/app TF_HTTP_LOCK_ADDRESS=$URL/app "
          "TF_HTTP_UNLOCK_ADDRESS=$URL/app; terraform init -no-color; terraform apply -auto-approve "
          "-no-color; '" LOCKSTORM_BINARY
          "' accept run.jsonl --scenario run.yaml; echo status $?; "
          "grep -v '\"LOCK\"' run.jsonl > less.jsonl; '" LOCKSTORM_BINARY
          "' accept less.jsonl --scenario run.yaml; echo status $?")
          .out;
  EXPECT_THAT(out, HasSubstr("run.jsonl: accepted"));
  EXPECT_THAT(out, HasSubstr("status 0"));
  EXPECT_THAT(out, HasSubstr("less.jsonl: not accepted"));
  EXPECT_THAT(out, HasSubstr("sends LOCK lock"));
  EXPECT_THAT(out, HasSubstr("status 1"));
}

TEST(Serve, HasTheMisfortunesThatItIsTold) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  const scenarios::FileTree tree{};
  const std::string out =
      beside_server(tree, "http --faults server_error=100%",
                    "curl -s -o /dev/null -w '%{http_code} ' $URL/app; curl -s -o /dev/null "
                    "-w '%{http_code} ' $URL/-/contents")
          .out;
  EXPECT_THAT(out, HasSubstr("500 200 ended with 0"));
  EXPECT_EQ(lockstorm("serve http --faults flood=1%").status, 64);
}

}  // namespace
}  // namespace lockstorm::cli
