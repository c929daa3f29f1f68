// How a tool finds its way to the stores of a backend, and how it is led through a proxy instead.
#pragma once

#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/net/client.hpp"

namespace lockstorm::cli {

/// Whether a cloud's host is of that service: "s3", "s3.eu-west-1.amazonaws.com".
bool is_host_of(std::string_view service, std::string_view host);

/// A variable of the environment that says where a service is.
struct StoreVariable {
  std::string name;  ///< "AWS_ENDPOINT_URL_S3"
  wire::Url url;     ///< where it says
  bool has_scheme = true;
  /// What it says when somebody else is to stand there: that port of this machine, the path as it was.
  [[nodiscard]] std::string at_port(std::uint16_t port) const;
};

/// Those that are set for a service and that its tool would follow; a more particular one comes before a
/// general one (AWS_ENDPOINT_URL), which then has the particular one's name. Or one that says no address: its
/// name and what is wrong.
std::expected<std::vector<StoreVariable>, std::pair<std::string, std::string>> store_variables(
    std::string_view service, const std::map<std::string, std::string>& environment);

}  // namespace lockstorm::cli
