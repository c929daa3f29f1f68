// Three hundred repositories of the shapes that real ones have: nearly all must be answered for without a
// word on the command line, and the others asked for what they lack by its name.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "scenarios/campaigns/inventory.hpp"
#include "tests/repository/file_tree.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr unsigned kRepositories = 300;

// Draws one after the other from the number of a repository.
class Draw {
 public:
  explicit Draw(unsigned number) : rest_(number * 2654435761U) {}
  template <class List>
  const auto& of(const List& list) {
    return list[next(static_cast<unsigned>(std::size(list)))];
  }
  unsigned next(unsigned below) {
    rest_ = rest_ * 1664525U + 1013904223U;
    return (rest_ >> 8U) % below;
  }

 private:
  unsigned rest_;
};

struct Shape {
  FileTree files{};
  std::string told;           ///< what it is, for messages
  bool lacks_a_file = false;  ///< nothing in the repository completes its block
};

constexpr std::array kBlocks{
    "backend \"s3\" {\n    bucket = \"acme\"\n    key = \"KEY\"\n    region = \"eu-west-1\"\n    "
    "use_lockfile = "
    "true\n  }",
    "backend \"s3\" {\n    bucket         = \"acme\"\n    key            = \"KEY\"\n    region         = "
    "\"eu-west-1\"\n    dynamodb_table = \"locks\"\n    encrypt        = true\n  }",
    "backend \"s3\" {\n    # dynamodb_table = \"locks\"\n    bucket = \"acme\"\n    key = \"KEY\"\n    "
    "region = "
    "\"eu-west-1\"\n  }",
    "backend \"gcs\" {\n    bucket = \"acme\"\n    prefix = \"KEY\"\n  }",
    "backend \"azurerm\" {\n    resource_group_name = \"rg\"\n    storage_account_name = \"acme\"\n    "
    "container_name = \"states\"\n    key = \"KEY\"\n  }",
    "backend \"http\" {\n    address = \"https://git.example/api/v4/projects/7/terraform/state/KEY\"\n    "
    "lock_address = \"https://git.example/api/v4/projects/7/terraform/state/KEY/lock\"\n    unlock_address = "
    "\"https://git.example/api/v4/projects/7/terraform/state/KEY/lock\"\n    lock_method = \"POST\"\n    "
    "unlock_method = \"DELETE\"\n  }",
    "backend \"kubernetes\" {\n    secret_suffix = \"KEY\"\n    config_path = \"~/.kube/config\"\n  }",
    "backend \"pg\" {\n    conn_str = \"postgres://db.example/states\"\n    schema_name = \"KEY\"\n  }",
    "backend \"consul\" {\n    address = \"consul.example\"\n    path = \"KEY\"\n  }",
    "backend \"oss\" {\n    bucket = \"acme\"\n    key = \"KEY\"\n    tablestore_table = \"locks\"\n    "
    "tablestore_endpoint = \"https://t.example\"\n  }",
    "backend \"remote\" {\n    organization = \"acme\"\n    workspaces {\n      name = \"KEY\"\n    }\n  }",
    "cloud {\n    organization = \"acme\"\n    workspaces {\n      tags = [\"KEY\"]\n    }\n  }",
    "backend \"local\" {\n    path = \"KEY.tfstate\"\n  }",
};
constexpr std::array kBlockFiles{"backend.tf", "versions.tf", "terraform.tf", "providers.tf", "main.tf"};
constexpr std::array kCompletions{
    "config/backend.tfvars",
    "prod.backend",
    "prod.s3.tfbackend",
    "environments/prod/backend.tfvars",
    "backend.hcl",
    "backends/prod.hcl",
    "../config/prod.tfbackend",
    "env/prod.tfbackend",
};
constexpr std::array kPartialBlocks{"backend \"s3\" {}", "backend \"s3\" {\n    key = \"KEY\"\n  }",
                                    "backend \"s3\" {\n    encrypt = true\n  }"};
constexpr const char* kCompletion =
    "bucket = \"acme\"\nkey    = \"KEY\"\nregion = \"eu-west-1\"\nuse_lockfile = true\n";

std::string with_key(std::string_view text, std::string_view key) {
  std::string result(text);
  for (std::size_t at = result.find("KEY"); at != std::string::npos; at = result.find("KEY", at))
    result.replace(at, 3, key);
  return result;
}

std::string terraform_block(std::string_view backend, std::string_view key, Draw& draw) {
  constexpr std::array kBefore{
      "", "  required_version = \">= 1.11\"\n",
      "  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      "
      "version = \"~> 5.0\"\n    }\n  }\n\n",
      "  # backend \"local\" {}\n"};
  return fmt::format("terraform {{\n{}  {}\n}}\n", draw.of(kBefore), with_key(backend, key));
}

// What stands beside a block and must not be taken for one.
void add_surroundings(FileTree& files, const std::string& folder, Draw& draw) {
  if (draw.next(2) == 0)
    files.add(
        folder + "lb.tf",
        "resource \"google_compute_backend_service\" \"b\" {\n  backend {\n    group = \"g\"\n  }\n}\n");
  if (draw.next(2) == 0) files.add(folder + "variables.tf", "variable \"region\" {\n  default = \"eu\"\n}\n");
  if (draw.next(2) == 0) files.add(folder + "modules/net/main.tf", "variable \"cidr\" {}\n");
  if (draw.next(3) == 0) files.add(folder + ".terraform.lock.hcl", "# empty\n");
  if (draw.next(3) == 0) files.add(folder + "README.md", "# Infrastructure\n");
}

void add_complete(Shape& shape, const std::string& folder, std::string_view key, Draw& draw) {
  shape.files.add(folder + draw.of(kBlockFiles), terraform_block(draw.of(kBlocks), key, draw));
  add_surroundings(shape.files, folder, draw);
}

void add_partial(Shape& shape, const std::string& folder, bool completed, Draw& draw) {
  shape.files.add(folder + draw.of(kBlockFiles), terraform_block(draw.of(kPartialBlocks), "app", draw));
  add_surroundings(shape.files, folder, draw);
  shape.lacks_a_file = !completed;
  if (!completed) return;
  const std::string file = draw.of(kCompletions);
  shape.files.add(folder + file, with_key(kCompletion, "app"));
  shape.told += ", completed by " + file;
}

void add_terragrunt(Shape& shape, Draw& draw) {
  const bool generates = draw.next(2) == 0;
  shape.files.add(generates ? "terragrunt.hcl" : "root.hcl",
                  generates
                      ? "generate \"backend\" {\n  path = \"backend.tf\"\n  if_exists = \"overwrite\"\n  "
                        "contents = <<EOF\nterraform {\n  backend \"s3\" {\n    bucket = \"acme\"\n    key "
                        "= \"${path_relative_to_include()}/t.tfstate\"\n    region = \"eu\"\n    "
                        "use_lockfile = true\n  }\n}\nEOF\n}\n"
                      : "remote_state {\n  backend = \"s3\"\n  generate = {\n    path = \"backend.tf\"\n    "
                        "if_exists = \"overwrite_terragrunt\"\n  }\n  config = {\n    bucket = \"acme\"\n    "
                        "key = \"${path_relative_to_include()}/t.tfstate\"\n    region = \"eu\"\n    "
                        "dynamodb_table = \"locks\"\n  }\n}\n");
  const std::string finder = generates ? "" : "\"root.hcl\"";
  for (const char* const unit : {"live/app", "live/db"}) {
    shape.files.add(fmt::format("{}/terragrunt.hcl", unit),
                    fmt::format("include \"root\" {{\n  path = find_in_parent_folders({})\n}}\n", finder));
    shape.files.add(fmt::format("{}/main.tf", unit), "resource \"null_resource\" \"a\" {}\n");
  }
}

void add_json(Shape& shape, bool is_cdktf) {
  const std::string folder = is_cdktf ? "cdktf.out/stacks/app/cdk.tf.json" : "main.tf.json";
  if (is_cdktf) shape.files.add("cdktf.json", "{\"language\": \"typescript\", \"app\": \"node main.js\"}\n");
  shape.files.add(folder,
                  "{\"//\": {\"metadata\": {\"version\": \"0.20.8\"}}, \"provider\": {\"aws\": [{\"region\": "
                  "\"eu\"}]}, \"terraform\": {\"backend\": {\"s3\": {\"bucket\": \"acme\", \"key\": \"k\", "
                  "\"region\": \"eu\", \"use_lockfile\": true}}}}\n");
}

void fill(Shape& shape, unsigned number) {
  Draw draw(number);
  shape.files.add(".git/HEAD", "ref: refs/heads/main\n");
  // Of a hundred: 48 partial, of which nine in ten have a file; the rest as they were met.
  const unsigned kind = number % 100;
  if (kind < 4) {
    shape.told = "partial, and nothing completes it";
    add_partial(shape, "", false, draw);
  } else if (kind < 48) {
    shape.told = "partial";
    add_partial(shape, draw.next(2) == 0 ? "infra/" : "stacks/app/", true, draw);
  } else if (kind < 72) {
    shape.told = "one state";
    add_complete(shape, draw.next(2) == 0 ? "terraform/" : "", "app", draw);
  } else if (kind < 82) {
    shape.told = "a directory a state";
    for (unsigned i = 0, many = 2 + draw.next(6); i < many; ++i)
      add_complete(shape, fmt::format("live/s{}/", i), fmt::format("s{}", i), draw);
  } else if (kind < 88) {
    shape.told = "Terragrunt";
    add_terragrunt(shape, draw);
  } else if (kind < 92) {
    shape.told = "JSON";
    add_json(shape, kind < 90);
  } else if (kind < 96) {
    shape.told = "OpenTofu";
    shape.files.add(
        "main.tofu",
        "variable \"bucket\" {\n  default = \"acme\"\n}\n\nterraform {\n  backend \"s3\" {\n    bucket "
        "= var.bucket\n    key = \"${var.bucket}/t\"\n    region = \"eu\"\n    use_lockfile = true\n  "
        "}\n}\n");
  } else {
    shape.told = "local state";
    shape.files.add("main.tf", "provider \"aws\" {\n  region = \"eu\"\n}\n");
  }
}

TEST(RepositoryShapes, AreAnsweredForWithoutFlags) {
  unsigned answered = 0;
  for (unsigned number = 0; number < kRepositories; ++number) {
    Shape shape;
    fill(shape, number);
    SCOPED_TRACE(fmt::format("repository {}: {}", number, shape.told));
    InventoryOptions options;
    options.audit.faults = adversity_bit(Adversity::none);
    const std::vector<std::filesystem::path> paths{shape.files.root()};
    const Inventory inventory = take_inventory(paths, options);
    if (shape.lacks_a_file) {
      ASSERT_EQ(inventory.complaints.size(), 1U);
      EXPECT_THAT(inventory.complaints.front().render(),
                  testing::AnyOf(testing::HasSubstr("bucket"), testing::HasSubstr("backend-config")));
      continue;
    }
    const bool is_answered = inventory.complaints.empty() && !inventory.set_ups.empty();
    EXPECT_TRUE(is_answered) << (inventory.complaints.empty() ? "nothing found"
                                                              : inventory.complaints.front().render());
    answered += is_answered ? 1 : 0;
  }
  EXPECT_GE(answered * 100, kRepositories * 95);
}

}  // namespace
}  // namespace lockstorm::scenarios
