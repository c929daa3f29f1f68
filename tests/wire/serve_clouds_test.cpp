// `lockstorm serve cos` and `serve oss`, talked to by a real Terraform. The cos backend locks by tags, which
// it asks for by HTTPS of a fixed name only; here it works without its lock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/wire/served_script.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;

constexpr const char* kCloudsScript =
    "terraform init; terraform apply -lock=false; terraform apply -lock=false; terraform workspace list; "
    "terraform "
    "state pull > pulled; sed 's/\"serial\": 1/\"serial\": 41/' pulled > pushed; terraform state push "
    "-lock=false "
    "pushed; terraform state pull | grep serial";

void expect_work(const std::string& out) {
  EXPECT_THAT(out, HasSubstr("Apply complete! Resources: 1 added")) << out;
  EXPECT_THAT(out, HasSubstr("Apply complete! Resources: 0 added, 0 changed, 0 destroyed."));
  EXPECT_THAT(out, HasSubstr("* default"));
  EXPECT_THAT(out, testing::ContainsRegex("\"serial\": 4[12]"));
  EXPECT_THAT(out, HasSubstr("ended with 0"));
}

std::string cloud_configuration(const std::string& backend) {
  return "terraform {\n  backend \"" + backend +
         "\" {\n    bucket = \"states-1250000000\"\n    prefix = \"p\"\n  }\n}\nresource \"terraform_data\" "
         "\"a\" {\n"
         "  input = \"x\"\n}\n";
}

TEST(ServeCos, CarriesATerraform) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  const scenarios::FileTree tree{{"main.tf", cloud_configuration("cos")}};
  expect_work(served_script(tree, "cos tags",
                            "export HTTP_PROXY=$URL_cos HTTPS_PROXY=http://127.0.0.1:1 "
                            "TENCENTCLOUD_SECRET_ID=any TENCENTCLOUD_SECRET_KEY=any "
                            "TENCENTCLOUD_REGION=ap-guangzhou TENCENTCLOUD_ENDPOINT="
                            "http://cos-internal.ap-guangzhou.tencentcos.cn; " +
                                std::string(kCloudsScript))
                  .out);
}

TEST(ServeOss, CarriesATerraform) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  const scenarios::FileTree tree{{"main.tf", cloud_configuration("oss")}};
  expect_work(served_script(
                  tree, "oss",
                  "export ALICLOUD_ACCESS_KEY=any ALICLOUD_SECRET_KEY=any ALICLOUD_REGION=cn-beijing "
                  "ALICLOUD_OSS_ENDPOINT=$URL_oss; " +
                      std::string(kCloudsScript) +
                      "; "
                      "terraform workspace new blue && terraform apply && terraform workspace select default "
                      "&& terraform workspace delete -force blue")
                  .out);
}

}  // namespace
}  // namespace lockstorm::cli
