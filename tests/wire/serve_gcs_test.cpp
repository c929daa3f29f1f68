// A real Terraform on the model of Cloud Storage.
#include "tests/wire/terraform_session.hpp"

namespace lockstorm::cli {
namespace {

TEST(Serve, ATerraformLocksAndStoresOnCloudStorage) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  const TerraformSession session{
      "gcs", "\"gcs\" {\n    bucket = \"states\"\n    prefix = \"app\"\n  }",
      "export GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT=$URL/storage/v1/b GOOGLE_OAUTH_ACCESS_TOKEN=x"};
  expect_a_whole_session(session, printed_by(session));
}

}  // namespace
}  // namespace lockstorm::cli
