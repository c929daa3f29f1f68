#include "scenarios/timed/standards.hpp"

#include <algorithm>
#include <array>

namespace lockstorm::scenarios {
namespace {

struct StandardLatency {
  std::string_view service;
  std::uint32_t least_us;
  std::uint32_t most_us;
};

// s3: "small object latencies of roughly 100-200 milliseconds" (Amazon S3 User Guide, Performance design
// patterns). dynamodb: "single-digit millisecond" (DynamoDB Developer Guide). The rest is assumed: object
// stores like s3, databases and files like what they are, web servers in between.
constexpr std::array<StandardLatency, 16> kLatencies{{
    {"s3", 100'000, 200'000},
    {"dynamodb", 1'000, 10'000},
    {"gcs", 100'000, 200'000},
    {"azure-blob", 50'000, 150'000},
    {"cos", 100'000, 200'000},
    {"tags", 100'000, 200'000},
    {"oss", 100'000, 200'000},
    {"tablestore", 1'000, 10'000},
    {"oci", 100'000, 200'000},
    {"postgres", 1'000, 5'000},
    {"pg_catalog", 1'000, 5'000},
    {"consul", 2'000, 10'000},
    {"kubernetes", 10'000, 50'000},
    {"hcp-terraform", 100'000, 300'000},
    {"disk", 100, 1'000},
    {"memory", 0, 0},
}};
constexpr StandardLatency kOfAWebServer{"", 20'000, 100'000};

struct StandardPrice {
  std::string_view service;
  std::string_view operation;
  std::uint32_t nanodollars;
};

// List prices of the vendors' cheapest common region and class, without tiers and free allowances:
// S3 Standard and DynamoDB on demand in us-east-1, Azure hot LRS block blobs, GCS Standard in one region.
// One request unit each, as states' locks and digests are small. Deletes are free on S3 and GCS.
constexpr std::array<StandardPrice, 23> kPrices{{
    {"s3", "PutObject", 5'000},
    {"s3", "GetObject", 400},
    {"s3", "HeadObject", 400},
    {"s3", "ListObjectsV2", 5'000},
    {"dynamodb", "PutItem", 625},
    {"dynamodb", "DeleteItem", 625},
    {"dynamodb", "GetItem", 125},
    {"gcs", "objects.insert", 5'000},
    {"gcs", "objects.patch", 5'000},
    {"gcs", "objects.get", 400},
    {"gcs", "objects.list", 5'000},
    {"azure-blob", "Put Blob", 5'500},
    {"azure-blob", "Snapshot Blob", 5'500},
    {"azure-blob", "Set Blob Metadata", 440},
    {"azure-blob", "Get Blob", 440},
    {"azure-blob", "Get Blob Properties", 440},
    {"azure-blob", "List Blobs", 5'500},
    {"azure-blob", "Acquire Lease", 440},
    {"azure-blob", "Renew Lease", 440},
    {"azure-blob", "Change Lease", 440},
    {"azure-blob", "Release Lease", 440},
    {"azure-blob", "Break Lease", 440},
    {"azure-blob", "Delete Blob", 0},
}};

}  // namespace

sim::Distribution standard_latency(std::string_view service) {
  const auto* const found = std::ranges::find(kLatencies, service, &StandardLatency::service);
  const StandardLatency& row = found == kLatencies.end() ? kOfAWebServer : *found;
  return sim::Distribution::uniform(row.least_us, row.most_us);
}

std::uint64_t standard_price_nanodollars(std::string_view service, std::string_view operation) {
  const auto* const found = std::ranges::find_if(kPrices, [&](const StandardPrice& price) {
    return price.service == service && price.operation == operation;
  });
  return found == kPrices.end() ? 0 : found->nanodollars;
}

}  // namespace lockstorm::scenarios
