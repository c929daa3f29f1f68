// A real Terraform on the model of HCP Terraform: its remote backend, whose runs happen here.
#include "tests/wire/terraform_session.hpp"

namespace lockstorm::cli {
namespace {

// force-unlock takes the workspace's name, and `remote` knows workspaces by a prefix.
TEST(Serve, ATerraformLocksAndStoresOnHcpTerraform) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  TerraformSession session{"hcp-terraform",
                           "\"remote\" {\n    organization = \"org\"\n    workspaces { name = \"app\" }\n  }",
                           "export SSL_CERT_FILE=$(sed -n 's/.*signed by \\([^,]*\\),.*/\\1/p' serving); "
                           "export CURL_CA_BUNDLE=$SSL_CERT_FILE; "
                           "sed -i \"s/organization/hostname = \\\"${URL#https:\\/\\/}\\\"\\n    token = "
                           "\\\"x\\\"\\n    organization/\" main.tf"};
  session.has_workspaces = false;
  session.lock_id = "org/app";
  session.holder = "Locked by Terraform";
  expect_a_whole_session(session, printed_by(session));
}

}  // namespace
}  // namespace lockstorm::cli
