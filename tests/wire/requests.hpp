// Requests as tests of codecs write them.
#pragma once

#include <string>
#include <string_view>

#include "wire/net/exchange.hpp"

namespace lockstorm::wire {

inline HttpRequest http_request(std::string method, std::string_view target, std::string body = "",
                                std::map<std::string, std::string> headers = {}) {
  HttpRequest request;
  request.method = std::move(method);
  request.target = std::string(target);
  split_target(target, request);
  request.headers = std::move(headers);
  request.body = std::move(body);
  return request;
}

}  // namespace lockstorm::wire
