#include "cli/catalogue.hpp"

#include <array>

#include "checkers/properties.hpp"
#include "sim/faults.hpp"

namespace lockstorm::cli {
namespace {

constexpr std::array<CatalogueItem, 3> kBackends{{
    {"backend", "s3", "Terraform's and OpenTofu's s3 backend, in four modes of locking",
     "  dynamodb_table  a name or true: lock and digest in DynamoDB\n"
     "  use_lockfile    true: lock file beside the state (If-None-Match)\n"
     "                  both: lock file first, then DynamoDB; neither: no lock at all\n"
     "  max_retries     attempts of the SDK, 1 to 10 (default 5)\n"
     "  workspace       name (default: default); workspace_exists: false creates it first\n"
     "  fenced_put      true: what a fix would do, PutObject of the state with If-Match\n"},
    {"backend", "local", "the state is a file on one machine, locked with fcntl",
     "  path            accepted, changes nothing\n"},
    {"backend", "lock-table", "a lock built on a table with IsLocked and LastModified, and its repair",
     "  protocol        L0, L1a, L1b, L1c (take-over by age) or corrected\n"
     "  heartbeat       true: the holder renews; heartbeat_unconditional: without a condition\n"
     "  conditional_acquire, conditional_release, consistent_probe, retries: true or false\n"},
}};

constexpr std::array<CatalogueItem, 4> kServices{{
    {"service", "s3",
     "Amazon S3: strongly consistent objects, conditional PutObject; its promises can be broken under "
     "`store`",
     ""},
    {"service", "dynamodb", "Amazon DynamoDB: items with conditional writes and consistent reads", ""},
    {"service", "cloud", "the infrastructure that applies create, read and update", ""},
    {"service", "ci", "the CI system as an operator sees it: which jobs run, are silent, are gone", ""},
}};

constexpr std::array<std::string_view, sim::kFaultKinds> kFaultMeanings{
    "a process vanishes; what it sent stays in flight or is lost",
    "a process stays unscheduled while the rest of the world goes on",
    "a request never arrives",
    "a request takes effect, its response never arrives",
    "the client gives up while its request is still on the way",
    "a request arrives twice",
    "a server answers 5xx, before or after doing what was asked",
    "a server refuses without doing anything",
    "a process is interrupted (Ctrl-C, a cancelled CI job)",
    "a client's clock is ahead of the others",
};

}  // namespace

const std::vector<CatalogueItem>& catalogue() {
  static const std::vector<CatalogueItem> items = [] {
    std::vector<CatalogueItem> all(kBackends.begin(), kBackends.end());
    all.insert(all.end(), kServices.begin(), kServices.end());
    for (const checkers::PropertyInfo& info : checkers::kPropertyInfo)
      all.push_back({"property", info.name, info.violated_when, ""});
    for (std::size_t i = 0; i < sim::kFaultKinds; ++i)
      all.push_back({"fault", sim::kFaultNames[i], kFaultMeanings[i], ""});
    return all;
  }();
  return items;
}

}  // namespace lockstorm::cli
