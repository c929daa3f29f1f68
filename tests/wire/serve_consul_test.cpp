// A real Terraform on the model of Consul.
#include "tests/wire/terraform_session.hpp"

namespace lockstorm::cli {
namespace {

TEST(Serve, ATerraformLocksAndStoresOnConsul) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  TerraformSession session{"consul", "\"consul\" {\n    path = \"app\"\n    gzip = true\n  }",
                           "export CONSUL_HTTP_ADDR=${URL#http://}"};
  session.rests_after_unlock_s = 6;  // the lock-delay
  expect_a_whole_session(session, printed_by(session));
}

}  // namespace
}  // namespace lockstorm::cli
