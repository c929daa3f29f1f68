// A real Terraform on the model of Azure Blob Storage, which it reaches through a proxy that ends TLS.
#include "tests/wire/terraform_session.hpp"

namespace lockstorm::cli {
namespace {

TEST(Serve, ATerraformLocksAndStoresOnAzureBlobs) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  const TerraformSession session{"azure-blob",
                                 "\"azurerm\" {\n    storage_account_name = \"acct\"\n    container_name = "
                                 "\"tfstate\"\n    key = \"app.tfstate\"\n"
                                 "    access_key = \"a2V5\"\n  }",
                                 "export HTTPS_PROXY=$URL NO_PROXY= SSL_CERT_FILE=$(sed -n 's/.*signed by "
                                 "\\([^,]*\\),.*/\\1/p' serving)"};
  expect_a_whole_session(session, printed_by(session));
}

// Nobody else is reached through it, and what it signs is gone with it.
TEST(Serve, TheProxyOfAzureBlobsReachesNobodyElse) {
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  const scenarios::FileTree tree{};
  const std::string out =
      shell(
          "cd " + tree.root().string() +
          " && { '" LOCKSTORM_BINARY
          "' serve azure-blob --ca ca.pem > serving & server=$!; for i in $(seq 200); do "
          "grep -q / serving && break; sleep 0.05; done; URL=$(grep -o 'http://[0-9.:]*' serving | head -1); "
          "get() { curl -s --noproxy '' -x $URL --cacert ca.pem -o /dev/null -w '%{http_connect} "
          "%{http_code}\\n' $1; }; "
          "get https://acct.blob.core.windows.net/c/b; get https://example.com/; grep -c PRIVATE ca.pem; "
          "kill $server; "
          "wait $server; echo ended with $?; } 2>&1")
          .out;
  EXPECT_THAT(out, testing::HasSubstr("200 404\n403 000\n0\nended with 0"));
}

}  // namespace
}  // namespace lockstorm::cli
