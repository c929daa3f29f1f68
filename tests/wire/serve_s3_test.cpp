// `lockstorm serve s3`, talked to by a real Terraform and the AWS command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/wire/served_script.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string s3_configuration(const std::string& locking, const std::string& input = "\"x\"") {
  return "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"app.tfstate\"\n    region = "
         "\"us-east-1\"\n"
         "    use_path_style = true\n    skip_credentials_validation = true\n    skip_metadata_api_check = "
         "true\n"
         "    skip_region_validation = true\n    skip_requesting_account_id = true\n" +
         locking + "  }\n}\nresource \"terraform_data\" \"a\" {\n  input = " + input + "\n}\n";
}

TEST(ServeS3, CarriesATerraform) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  const scenarios::FileTree tree{{"main.tf", s3_configuration("    use_lockfile = true\n")}};
  const std::string out =
      served_script(
          tree, "s3",
          "terraform init && terraform apply && terraform apply; echo; curl -s $URL_s3/-/contents; "
          "curl -s -X PUT -d '{\"ID\":\"held\",\"Who\":\"another\"}' $URL_s3/b/app.tfstate.tflock; "
          "terraform apply; terraform force-unlock -force held; terraform workspace new blue && "
          "terraform apply; terraform workspace list; terraform workspace select default; terraform "
          "workspace delete -force blue; terraform workspace list; terraform state pull > pulled && "
          "sed 's/\"serial\": 1/\"serial\": 5/' pulled > pushed && terraform state push pushed && terraform "
          "state pull | grep serial; curl -s $URL_s3/-/contents")
          .out;
  EXPECT_THAT(out, HasSubstr("Apply complete! Resources: 1 added"));
  EXPECT_THAT(out, HasSubstr("Apply complete! Resources: 0 added, 0 changed, 0 destroyed."));
  EXPECT_THAT(out, HasSubstr("Error acquiring the state lock"));
  EXPECT_THAT(out, HasSubstr("Who:       another"));
  EXPECT_THAT(out, HasSubstr("successfully unlocked"));
  EXPECT_THAT(out, HasSubstr("* blue"));
  EXPECT_THAT(out, HasSubstr("Deleted workspace \"blue\""));
  EXPECT_THAT(out, testing::ContainsRegex("\"serial\": [56]"));
  EXPECT_THAT(out, Not(HasSubstr("\"lock\"")));
  EXPECT_THAT(out, HasSubstr("ended with 0"));
}

// Above 5 MiB it writes in parts and reads in ranges.
TEST(ServeS3, CarriesALargeState) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  const scenarios::FileTree tree{
      {"main.tf", s3_configuration("    use_lockfile = true\n",
                                   "join(\"\", [for i in range(1000) : format(\"%06000d\", i)])")}};
  const std::string out =
      served_script(tree, "s3",
                    "terraform init > log 2>&1 && terraform apply > log 2>&1; terraform state pull | wc "
                    "-c; terraform plan -detailed-exitcode > log 2>&1; echo plan $?")
          .out;
  EXPECT_THAT(out, testing::ContainsRegex("\n?1[0-9]{7}\n"));
  EXPECT_THAT(out, HasSubstr("plan 0"));
}

// Each way of locking: the table, and both. A digest that is not the state's is noticed.
TEST(ServeS3, CarriesATerraformWithATable) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  for (const std::string locking :
       {"    dynamodb_table = \"locks\"\n", "    dynamodb_table = \"locks\"\n    use_lockfile = true\n"}) {
    const scenarios::FileTree tree{{"main.tf", s3_configuration(locking)}};
    const std::string lock =
        R"('{"TableName":"locks","Item":{"LockID":{"S":"b/app.tfstate"},"Info":{"S":"{\"ID\":\"held\"}"}}}')";
    const std::string out =
        served_script(
            tree, "s3 dynamodb",
            "terraform init > log 2>&1; terraform apply; terraform apply; curl -s $URL_dynamodb/-/contents; "
            "curl -s -H 'X-Amz-Target: DynamoDB_20120810.PutItem' -d " +
                lock +
                " $URL_dynamodb; "
                "curl -s -X PUT -d '{\"ID\":\"held\"}' $URL_s3/b/app.tfstate.tflock; terraform apply; "
                "terraform force-unlock -force held; terraform workspace new blue && terraform apply; "
                "terraform "
                "workspace select default && terraform workspace delete -force blue; curl -s "
                "$URL_dynamodb/-/contents")
            .out;
    EXPECT_THAT(out, HasSubstr("Apply complete! Resources: 1 added")) << out;
    EXPECT_THAT(out, HasSubstr("Apply complete! Resources: 0 added"));
    EXPECT_THAT(out, HasSubstr("Error acquiring the state lock"));
    EXPECT_THAT(out, HasSubstr("successfully unlocked"));
    EXPECT_THAT(out, HasSubstr("Deleted workspace \"blue\""));
    EXPECT_THAT(out, testing::ContainsRegex("\"digest\": \"[0-9a-f]{32}\""));
    EXPECT_THAT(out, Not(HasSubstr("does not have the expected content")));
    EXPECT_THAT(out, HasSubstr("ended with 0"));
  }
}

TEST(ServeS3, CarriesTheAwsCommandLine) {
  if (!is_installed("aws")) GTEST_SKIP() << "the AWS command line is not installed";
  const scenarios::FileTree tree{{"file", "text of a file\n"}};
  const std::string out =
      served_script(
          tree, "s3 dynamodb",
          "aws s3 mb s3://b; aws s3 cp file s3://b/dir/file; aws s3 ls s3://b/; aws s3 ls; aws s3 cp "
          "s3://b/dir/file -; aws s3api head-object --bucket b --key dir/file --query ContentLength; aws s3 "
          "rm s3://b/dir/file; aws s3 ls s3://b/; aws s3api get-bucket-acl --bucket b; aws dynamodb "
          "create-table --table-name locks --attribute-definitions "
          "AttributeName=LockID,AttributeType=S --key-schema AttributeName=LockID,KeyType=HASH "
          "--billing-mode "
          "PAY_PER_REQUEST > log; aws dynamodb wait table-exists --table-name locks; aws dynamodb "
          "list-tables")
          .out;
  EXPECT_THAT(out, HasSubstr("upload: ./file to s3://b/dir/file"));
  EXPECT_THAT(out, HasSubstr("PRE dir/"));
  EXPECT_THAT(out, HasSubstr("text of a file"));
  EXPECT_THAT(out, HasSubstr("15"));
  EXPECT_THAT(out, HasSubstr("delete: s3://b/dir/file"));
  EXPECT_THAT(out, HasSubstr("NotImplemented"));
  EXPECT_THAT(out, HasSubstr("\"locks\""));
}

}  // namespace
}  // namespace lockstorm::cli
