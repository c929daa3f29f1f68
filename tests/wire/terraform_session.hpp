// What somebody does with Terraform on a backend that `lockstorm serve` answers: two applies, a lock that is
// refused and forced, a workspace, the state pulled and pushed.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "test_paths.hpp"
#include "tests/repository/file_tree.hpp"
#include "tests/wire/installed.hpp"

namespace lockstorm::cli {

struct TerraformSession {
  std::string service;
  std::string block;        ///< of the backend
  std::string environment;  ///< exports, of what $URL is among others
  bool has_workspaces = true;
  int rests_after_unlock_s = 0;               ///< until the lock can be taken again
  std::string lock_id{};                      ///< what force-unlock takes; empty: the ID that a refusal shows
  std::string holder = "OperationTypeApply";  ///< what the contents say of a lock
};

// A job that waits for its approval holds the lock; it dies, and somebody else clears what it leaves.
inline constexpr const char* kSessionScript = R"(
tf() { terraform "$@" -no-color 2>&1; }
echo '--- init'; tf init -input=false
echo '--- first apply'; tf apply -auto-approve
echo '--- second apply'; tf apply -auto-approve
mkfifo silence; exec 9<>silence
terraform apply -no-color -replace=terraform_data.a <&9 >held 2>&1 & holder=$!
for i in $(seq 200); do grep -q 'Enter a value' held && break; sleep 0.05; done
echo '--- held'; curl -s $URL/-/contents
echo '--- refused'; tf apply -auto-approve | tee refused
ID=${LOCK_ID:-$(sed -n 's/.* ID: *//p' refused | head -1)}
kill -9 $holder
echo '--- unlock'; terraform force-unlock -force "$ID" 2>&1; sleep $REST
echo '--- third apply'; tf apply -auto-approve -lock-timeout=20s
)";

inline constexpr const char* kWorkspaceScript = R"(
echo '--- workspace'; terraform workspace new other 2>&1; tf apply -auto-approve; terraform workspace list
terraform workspace select default; terraform workspace delete -force other 2>&1; terraform workspace list
)";

inline constexpr const char* kPushScript = R"(
echo '--- push'; terraform state pull > pulled; sed 's/"serial": [0-9]*/"serial": 41/' pulled > pushed
terraform state push pushed && terraform state pull | grep serial
echo '--- contents'; curl -s $URL/-/contents
)";

/// What all of it prints, each part after a line `--- PART`. Standard error of the server and its exit status
/// come last.
inline std::string printed_by(const TerraformSession& session) {
  const scenarios::FileTree tree{
      {"main.tf", "terraform {\n  backend " + session.block +
                      "\n}\nresource \"terraform_data\" \"a\" {\n  input = \"x\"\n}\n"}};
  const std::string root = tree.root().string();
  const std::string script =
      "cd " + root + " && { '" LOCKSTORM_BINARY "' serve " + session.service +
      " > serving 2> complaints & server=$!; for i in $(seq 200); do grep -q / serving && "
      "break; sleep 0.05; done; URL=$(grep -o 'https\\?://[0-9a-z.:]*' serving | head -1); "
      "export CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE=/dev/null LOCK_ID='" +
      session.lock_id + "' REST=" + std::to_string(session.rests_after_unlock_s) + "; " +
      session.environment + "\n" + kSessionScript + (session.has_workspaces ? kWorkspaceScript : "") +
      kPushScript + "cat complaints; kill $server; wait $server; echo ended with $?; }";
  return shell(script).out;
}

/// The part of `printed` that begins with `--- NAME`.
inline std::string part(const std::string& printed, const std::string& name) {
  const std::size_t begin = printed.find("--- " + name + "\n");
  if (begin == std::string::npos) return "";
  const std::size_t end = printed.find("\n--- ", begin + 1);
  return printed.substr(begin, end == std::string::npos ? end : end - begin);
}

inline void expect_a_whole_session(const TerraformSession& session, const std::string& printed) {
  using testing::HasSubstr;
  EXPECT_THAT(part(printed, "init"), HasSubstr("successfully initialized"));
  EXPECT_THAT(part(printed, "first apply"), HasSubstr("Apply complete! Resources: 1 added"));
  EXPECT_THAT(part(printed, "second apply"), HasSubstr("Resources: 0 added, 0 changed, 0 destroyed."));
  EXPECT_THAT(part(printed, "held"), HasSubstr(session.holder));
  EXPECT_THAT(part(printed, "refused"), HasSubstr("Error acquiring the state lock"));
  EXPECT_THAT(part(printed, "unlock"), HasSubstr("successfully unlocked"));
  EXPECT_THAT(part(printed, "third apply"), HasSubstr("Resources: 0 added, 0 changed, 0 destroyed."));
  if (session.has_workspaces) {
    EXPECT_THAT(part(printed, "workspace"), HasSubstr("Apply complete! Resources: 1 added"));
    EXPECT_THAT(part(printed, "workspace"), HasSubstr("* other"));
    EXPECT_THAT(part(printed, "workspace"), HasSubstr("Deleted workspace \"other\""));
  }
  EXPECT_THAT(part(printed, "push"), testing::ContainsRegex("\"serial\": 4[12]"));
  EXPECT_THAT(part(printed, "contents"), testing::ContainsRegex("\"serial\": 4[12]"));
  EXPECT_THAT(part(printed, "contents"), testing::Not(HasSubstr("\"lock\"")));
  EXPECT_THAT(printed, HasSubstr("ended with 0"));
}

}  // namespace lockstorm::cli
