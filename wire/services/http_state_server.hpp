// The model of a state server, answering real requests: a state for each path.
#pragma once

#include <map>
#include <string>

#include "models/services/http_state.hpp"
#include "wire/services/contents.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire {

class HttpStateServer final : public ModelServer {
 public:
  explicit HttpStateServer(models::HttpServerPolicy policy) { model_.policy = policy; }

  [[nodiscard]] std::string_view service() const override { return models::HttpState::kName; }
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override;
  HttpAnswer handle(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const override;
  void clear() override { places_.clear(); }
  [[nodiscard]] nlohmann::ordered_json holds() const override;

 private:
  struct Place {
    models::HttpState::Value value;
    Contents contents;
  };

  models::HttpState model_;
  std::map<std::string, Place> places_;
};

}  // namespace lockstorm::wire
