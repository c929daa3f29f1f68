// The model of a state server, answering real requests: a state for each path.
#pragma once

#include <map>
#include <string>

#include "models/services/http_state.hpp"
#include "wire/contents.hpp"
#include "wire/exchange.hpp"

namespace lockstorm::wire {

class HttpStateServer {
 public:
  explicit HttpStateServer(models::HttpServerPolicy policy) { model_.policy = policy; }

  /// Of one request, which is atomic. GET of `/` tells what there is: each state with lineage and serial, and
  /// who has its lock.
  HttpAnswer handle(const HttpRequest& request);

 private:
  struct Place {
    models::HttpState::Value value;
    Contents contents;
  };
  [[nodiscard]] HttpAnswer told() const;

  models::HttpState model_;
  std::map<std::string, Place> places_;
};

}  // namespace lockstorm::wire
