// A real Terraform on the model of the Kubernetes API.
#include "tests/wire/terraform_session.hpp"

namespace lockstorm::cli {
namespace {

TEST(Serve, ATerraformLocksAndStoresOnKubernetes) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  const TerraformSession session{"kubernetes", "\"kubernetes\" {\n    secret_suffix = \"app\"\n  }",
                                 R"(printf '
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "%s"}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
users: [{name: u, user: {token: x}}]
current-context: c
' $URL > kube.yaml; export KUBE_CONFIG_PATH=$PWD/kube.yaml)"};
  expect_a_whole_session(session, printed_by(session));
}

}  // namespace
}  // namespace lockstorm::cli
