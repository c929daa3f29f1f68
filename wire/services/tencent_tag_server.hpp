// The model of Tencent Cloud's tags, answering real requests: a mutex for each key and value.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "models/services/tencent_tag.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire {

/// A place is a tag, "KEY=VALUE"; the cos backend's value is a digest of the name of its lock object.
class TencentTagServer final : public ModelServer {
 public:
  [[nodiscard]] std::string_view service() const override { return models::TencentTag::kName; }
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override;
  HttpAnswer handle(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const override;
  /// Its errors come with 200, too.
  [[nodiscard]] unsigned model_status(const HttpRequest& request, const HttpAnswer& answer) const override;
  /// A member "tag" where it exists.
  void clear() override { tags_.clear(); }
  [[nodiscard]] nlohmann::ordered_json holds() const override;

 private:
  models::TencentTag model_;
  std::map<std::string, models::TencentTag::Value> tags_;
  std::uint64_t requests_ = 0;
};

}  // namespace lockstorm::wire
