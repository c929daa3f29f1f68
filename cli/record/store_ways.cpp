#include "cli/record/store_ways.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace lockstorm::cli {
namespace {

struct HostSign {
  std::string_view service;
  std::string_view sign;
  enum class Where : std::uint8_t { is, ends, begins, contains } where;
};

// "bucket.s3.eu-west-1.amazonaws.com", "s3-fips.dualstack.us-east-1.amazonaws.com"; with the others as their
// pages of end points have them.
constexpr std::array kHostSigns{
    HostSign{"s3", ".s3.", HostSign::Where::contains},
    HostSign{"s3", ".s3-", HostSign::Where::contains},
    HostSign{"s3", "s3.", HostSign::Where::begins},
    HostSign{"s3", "s3-", HostSign::Where::begins},
    HostSign{"dynamodb", "dynamodb.", HostSign::Where::begins},
    HostSign{"dynamodb", "dynamodb-", HostSign::Where::begins},
    HostSign{"gcs", "storage.googleapis.com", HostSign::Where::is},
    HostSign{"azure-blob", ".blob.", HostSign::Where::contains},
    HostSign{"hcp-terraform", "app.terraform.io", HostSign::Where::is},
    HostSign{"hcp-terraform", "archivist.terraform.io", HostSign::Where::is},
    HostSign{"cos", ".myqcloud.com", HostSign::Where::ends},
    HostSign{"cos", ".tencentcos.cn", HostSign::Where::ends},
    HostSign{"tags", "tag.tencentcloudapi.com", HostSign::Where::is},
    HostSign{"oss", ".aliyuncs.com", HostSign::Where::ends},
};

struct VariableOf {
  std::string_view service;
  std::string_view name;
  std::string_view particular{};  ///< what is set instead, where it is a general one
};

constexpr std::array kVariables{
    VariableOf{"s3", "AWS_ENDPOINT_URL_S3"},
    VariableOf{"s3", "AWS_S3_ENDPOINT"},
    VariableOf{"s3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"},
    VariableOf{"dynamodb", "AWS_ENDPOINT_URL_DYNAMODB"},
    VariableOf{"dynamodb", "AWS_DYNAMODB_ENDPOINT"},
    VariableOf{"dynamodb", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"},
    VariableOf{"gcs", "GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT"},
    VariableOf{"gcs", "GOOGLE_STORAGE_CUSTOM_ENDPOINT"},
    VariableOf{"consul", "CONSUL_HTTP_ADDR"},
    VariableOf{"kubernetes", "KUBE_HOST"},
    VariableOf{"http", "TF_HTTP_ADDRESS"},
    VariableOf{"http", "TF_HTTP_LOCK_ADDRESS"},
    VariableOf{"http", "TF_HTTP_UNLOCK_ADDRESS"},
    VariableOf{"oss", "ALICLOUD_OSS_ENDPOINT"},
    VariableOf{"oss", "OSS_ENDPOINT"},
};

}  // namespace

bool is_host_of(std::string_view service, std::string_view host) {
  return std::ranges::any_of(kHostSigns, [&](const HostSign& one) {
    if (one.service != service) return false;
    switch (one.where) {
      case HostSign::Where::is:
        return host == one.sign;
      case HostSign::Where::ends:
        return host.ends_with(one.sign);
      case HostSign::Where::begins:
        return host.starts_with(one.sign) && host.find(".amazonaws.com") != std::string_view::npos;
      case HostSign::Where::contains:
        return host.find(one.sign) != std::string_view::npos;
    }
    return false;
  });
}

std::string StoreVariable::at_port(std::uint16_t port) const {
  const std::string path = url.target == "/" ? "" : url.target;
  return fmt::format("{}127.0.0.1:{}{}", has_scheme ? "http://" : "", port, path);
}

std::expected<std::vector<StoreVariable>, std::pair<std::string, std::string>> store_variables(
    std::string_view service, const std::map<std::string, std::string>& environment) {
  std::vector<StoreVariable> found;
  for (const VariableOf& one : kVariables) {
    const auto set = environment.find(std::string(one.name));
    if (one.service != service || set == environment.end() || set->second.empty()) continue;
    if (!one.particular.empty() && !found.empty()) continue;
    const bool has_scheme = set->second.find("://") != std::string::npos;
    auto url = wire::parse_url(has_scheme ? set->second : "http://" + set->second);
    if (!url) return std::unexpected(std::pair(std::string(one.name), url.error()));
    found.push_back(
        {std::string(one.particular.empty() ? one.name : one.particular), *std::move(url), has_scheme});
  }
  return found;
}

}  // namespace lockstorm::cli
