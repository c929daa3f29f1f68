#include "wire/services/tencent_tag_codec.hpp"

#include <fmt/format.h>

namespace lockstorm::wire {
namespace {

using models::TencentTag;
using nlohmann::ordered_json;
using Parameters = std::map<std::string, std::string>;

// JSON with TC3-HMAC-SHA256, a form with the signatures before that.
std::optional<Parameters> parameters_in(const HttpRequest& request) {
  Parameters parameters;
  const auto type = request.headers.find("content-type");
  if (type != request.headers.end() && type->second.starts_with("application/json")) {
    const ordered_json body = ordered_json::parse(request.body, nullptr, false);
    if (!body.is_object()) return std::nullopt;
    for (const auto& [name, value] : body.items()) {
      if (value.is_string()) parameters[name] = value.get<std::string>();
    }
  } else {
    HttpRequest form;
    split_target("/?" + request.body, form);
    parameters = std::move(form.query);
  }
  if (const auto action = request.headers.find("x-tc-action"); action != request.headers.end())
    parameters["Action"] = action->second;
  return parameters;
}

HttpAnswer answer_with(ordered_json response, std::uint64_t number) {
  response["RequestId"] = fmt::format("00000000-0000-0000-0000-{:012x}", number);
  using Handler = ordered_json::error_handler_t;
  const ordered_json whole{{"Response", response}};
  return {200, {{"Content-Type", "application/json"}}, whole.dump(-1, ' ', false, Handler::replace)};
}

TencentError error_with(TencentTag::Status status) {
  switch (status) {
    case TencentTag::Status::ok:
      break;
    case TencentTag::Status::duplicate:
      return {"ResourceInUse.TagDuplicate", "The tag already exists."};
    case TencentTag::Status::unauthorized_operation:
      return {"UnauthorizedOperation", "The request is not authorized."};
    case TencentTag::Status::not_found:
      return {"ResourceNotFound.TagNonExist", "The tag does not exist."};
    case TencentTag::Status::request_limit_exceeded:
      return {"RequestLimitExceeded", "The number of requests exceeds the frequency limit."};
    case TencentTag::Status::internal_error:
      return {"InternalError", "Internal error."};
  }
  return {"InternalError", "This is no error."};
}

}  // namespace

std::expected<TagCall, TencentError> decode_tag(const HttpRequest& request) {
  auto parameters = request.method == "POST" ? parameters_in(request) : std::nullopt;
  if (!parameters)
    return std::unexpected(TencentError{"InvalidRequest", "A POST is wanted, with a JSON object or a form"});
  TagCall call{(*parameters)["TagKey"], (*parameters)["TagValue"], {}};
  const std::string& action = (*parameters)["Action"];
  if (action == "DescribeTags") {
    call.request = TencentTag::DescribeTags{};
  } else if (action == "DeleteTag") {
    call.request = TencentTag::DeleteTag{};
  } else if (action != "CreateTag") {
    return std::unexpected(TencentError{
        "InvalidAction", "Lockstorm's model of the tag service knows CreateTag, DescribeTags and DeleteTag"});
  }
  if (call.key.empty() || call.value.empty())
    return std::unexpected(TencentError{"MissingParameter", "TagKey and TagValue are both wanted"});
  return call;
}

HttpAnswer encode(const TagCall& call, const TencentTag::Response& response, std::uint64_t number) {
  if (response.status != TencentTag::Status::ok) return tag_error(error_with(response.status), number);
  if (response.is_read == 0) return answer_with(ordered_json::object(), number);
  ordered_json tags = ordered_json::array();
  if (response.listed != 0)
    tags.push_back(ordered_json::object_t{{"TagKey", call.key}, {"TagValue", call.value}, {"CanDelete", 1}});
  return answer_with(
      ordered_json::object_t{{"TotalCount", tags.size()}, {"Offset", 0}, {"Limit", 15}, {"Tags", tags}},
      number);
}

HttpAnswer tag_error(const TencentError& error, std::uint64_t number) {
  return answer_with(ordered_json::object_t{{"Error", ordered_json::object_t{{"Code", error.code},
                                                                             {"Message", error.message}}}},
                     number);
}

}  // namespace lockstorm::wire
