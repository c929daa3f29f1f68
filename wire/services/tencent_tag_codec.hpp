// Tencent Cloud's tag API as far as the cos backend uses it (backend-protocols.md 3.11;
// www.tencentcloud.com/document/product/651).
#pragma once

#include <expected>
#include <nlohmann/json.hpp>
#include <string>

#include "models/services/tencent_tag.hpp"
#include "wire/net/exchange.hpp"

namespace lockstorm::wire {

/// An error as the API answers it.
struct TencentError {
  std::string code;
  std::string message;
};

struct TagCall {
  std::string key;
  std::string value;
  models::TencentTag::Request request;
};

/// Of a POST whose `X-TC-Action` (or, as older signatures have it, whose form) names CreateTag, DescribeTags
/// or DeleteTag; others are refused, and never guessed.
std::expected<TagCall, TencentError> decode_tag(const HttpRequest& request);

/// `number` counts requests. An error has status 200, as all answers of this API.
HttpAnswer encode(const TagCall& call, const models::TencentTag::Response& response, std::uint64_t number);
HttpAnswer tag_error(const TencentError& error, std::uint64_t number);

}  // namespace lockstorm::wire
