#include "scenarios/advice/request_bounds.hpp"

#include <array>

#include "scenarios/data/backend_type.hpp"

namespace lockstorm::scenarios {
namespace {

using std::chrono::seconds;

struct PromisedBound {
  std::string_view type;
  RequestBound bound;
};

// Services whose requests are signed with a time, after which they are refused.
constexpr std::array kPromised{
    PromisedBound{"s3",
                  {seconds(15 * 60),
                   "Amazon S3 and DynamoDB refuse a request whose signature is more than 15 minutes old",
                   "Amazon S3 API reference, error RequestTimeTooSkewed; Signature Version 4", true}},
    PromisedBound{
        "oss",
        {seconds(15 * 60), "Alibaba Cloud OSS refuses a request whose signature is more than 15 minutes old",
         "Alibaba Cloud OSS, error RequestTimeTooSkewed", true}},
    PromisedBound{
        "azurerm",
        {seconds(15 * 60),
         "Azure Storage refuses a request that is signed with a Shared Key and more than 15 minutes "
         "old",
         "Azure Storage REST API, Authorize with Shared Key", true}},
};

// What a killed process has left in its sockets the kernel goes on to deliver.
constexpr RequestBound kKernel{
    seconds(925),
    "Linux gives up on what nobody acknowledges after 924.6 s (tcp_retries2 = 15), and earlier where the "
    "process is gone (tcp_orphan_retries)",
    "Linux, Documentation/networking/ip-sysctl.rst", false};

}  // namespace

RequestBound request_bound(const BackendConfig& backend) {
  for (const PromisedBound& one : kPromised) {
    if (one.type == backend.type().name) return one.bound;
  }
  return kKernel;
}

}  // namespace lockstorm::scenarios
