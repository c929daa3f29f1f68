#include "wire/services/oracle_objects_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "wire/services/base64.hpp"
#include "wire/services/digests.hpp"

namespace lockstorm::wire {
namespace {

using models::OracleObjects;

constexpr std::string_view kOracleLock = ".lock";
constexpr std::uint16_t kNoEtag = 0xFFFF;  // none that the model gives

OracleError unknown_to_model(std::string what) {
  return {501, "NotImplemented", "Lockstorm's model of this store does not know " + std::move(what)};
}

// "/n/NAMESPACE/b/BUCKET/KIND/OBJECT", of which the last may hold slashes.
std::vector<std::string> steps_of(std::string_view path) {
  std::vector<std::string> steps;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const std::size_t end = steps.size() == 5 ? path.size() : std::min(path.find('/'), path.size());
    steps.push_back(decoded(path.substr(0, end), false));
    path.remove_prefix(end);
  }
  return steps;
}

std::optional<OracleApi> api_of(const std::string& method, const std::vector<std::string>& steps,
                                const HttpRequest& request) {
  const std::string& kind = steps[4];
  const bool has_object = steps.size() == 6 && !steps[5].empty();
  if (kind == "objectversions" && !has_object && method == "GET") return OracleApi::list_object_versions;
  if (kind == "o" && !has_object && method == "GET") return OracleApi::list_objects;
  if (kind == "o" && has_object && !request.query.contains("versionId")) {
    if (method == "PUT") return OracleApi::put_object;
    if (method == "GET") return OracleApi::get_object;
    if (method == "HEAD") return OracleApi::head_object;
    if (method == "DELETE") return OracleApi::delete_object;
  }
  if (kind == "u" && !has_object && method == "POST") return OracleApi::create_multipart_upload;
  if (kind == "u" && has_object && request.query.contains("uploadId")) {
    if (method == "PUT") return OracleApi::upload_part;
    if (method == "POST") return OracleApi::commit_multipart_upload;
    if (method == "DELETE") return OracleApi::abort_multipart_upload;
  }
  return std::nullopt;
}

std::optional<OracleError> read_fields(const HttpRequest& request, OracleCall& call) {
  if (const auto id = request.query.find("uploadId"); id != request.query.end()) call.upload_id = id->second;
  if (call.api == OracleApi::upload_part) {
    const auto part = request.query.find("uploadPartNum");
    const std::string text = part == request.query.end() ? "" : part->second;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), call.part);
    if (text.empty() || read.ptr != text.data() + text.size() || call.part < 1 || call.part > 10000)
      return OracleError{400, "InvalidParameter", "uploadPartNum is a number from 1 to 10000"};
  }
  const auto none_match = request.headers.find("if-none-match");
  const auto match = request.headers.find("if-match");
  const bool puts = call.api == OracleApi::put_object;
  if (none_match != request.headers.end()) {
    if (!puts || none_match->second != "*" || match != request.headers.end())
      return unknown_to_model("this use of If-None-Match");
    call.condition = OracleObjects::Condition::if_none_match_any;
  }
  if (match != request.headers.end()) {
    if (puts && call.is_of_lock()) return unknown_to_model("If-Match of a lock that is put");
    call.condition = OracleObjects::Condition::if_match;
    call.if_match = match->second;
  }
  if (const auto sum = request.headers.find("content-md5"); sum != request.headers.end()) {
    const auto bytes = decode_base64(sum->second);
    if (!bytes || in_hex(*bytes) != md5_hex(request.body))
      return OracleError{400, "UnmatchedContentMD5",
                         "The computed MD5 of the request body does not match Content-MD5"};
  }
  return std::nullopt;
}

std::uint16_t etag_number(const OracleCall& call) {
  if (call.condition != OracleObjects::Condition::if_match) return 0;
  for (const bool is_lock : {false, true}) {
    const std::string prefix = is_lock ? "lock-" : "state-";
    if (is_lock != call.is_of_lock() || !call.if_match.starts_with(prefix)) continue;
    std::uint16_t number = 0;
    const char* const end = call.if_match.data() + call.if_match.size();
    const auto read = std::from_chars(call.if_match.data() + prefix.size(), end, number);
    if (read.ec == std::errc() && read.ptr == end && number != 0) return number;
  }
  return kNoEtag;
}

OracleObjects::Request put_of(const OracleCall& call, std::string_view body, OraclePlace& place) {
  if (call.is_of_lock()) return OracleObjects::PutLock{place.contents.lock_or_bytes(body), call.condition};
  models::StateSnapshot match;
  if (call.condition == OracleObjects::Condition::if_match) {
    match = place.value.state;
    if (etag_number(call) != place.value.state_writes) {  // another version
      match.torn = 1;
      ++match.write;
    }
  }
  return OracleObjects::PutState{place.contents.state(body), match, call.condition};
}

}  // namespace

bool OracleCall::is_of_lock() const {
  return object.ends_with(kOracleLock) && object.size() > kOracleLock.size();
}

std::string OracleCall::place() const {
  return bucket + "/" + (is_of_lock() ? object.substr(0, object.size() - kOracleLock.size()) : object);
}

std::expected<OracleCall, OracleError> decode_oracle(const HttpRequest& request) {
  const std::vector<std::string> steps = steps_of(request.path);
  const bool is_below_bucket = steps.size() >= 5 && steps[0] == "n" && steps[2] == "b";
  const auto api = is_below_bucket ? api_of(request.method, steps, request) : std::nullopt;
  if (!api) return std::unexpected(unknown_to_model(request.method + " of this path"));
  OracleCall call;
  call.api = *api;
  call.bucket = steps[3];
  if (steps.size() == 6) call.object = steps[5];
  if (call.api == OracleApi::create_multipart_upload) {
    const auto body = nlohmann::json::parse(request.body, nullptr, false);
    const bool names = body.is_object() && body.contains("object") && body["object"].is_string();
    if (names) call.object = body["object"].get<std::string>();
    if (call.object.empty())
      return std::unexpected(OracleError{400, "InvalidParameter", "The body names no \"object\""});
  }
  const bool in_parts = call.api >= OracleApi::create_multipart_upload;
  if (in_parts && call.is_of_lock()) return std::unexpected(unknown_to_model("locks in parts"));
  if (auto error = read_fields(request, call)) return std::unexpected(*std::move(error));
  return call;
}

OracleObjects::Request to_model(const OracleCall& call, std::string_view body, OraclePlace& place) {
  switch (call.api) {
    case OracleApi::list_objects:
      return OracleObjects::ListWorkspaces{};
    case OracleApi::list_object_versions:
      return OracleObjects::ListVersions{};
    case OracleApi::put_object:
      return put_of(call, body, place);
    case OracleApi::get_object:
      if (call.is_of_lock()) return OracleObjects::GetLock{};
      return OracleObjects::GetState{etag_number(call)};
    case OracleApi::head_object:
      return OracleObjects::HeadState{};
    case OracleApi::delete_object:
      // The protocol does not say whose lock a client means to delete.
      return OracleObjects::DeleteObject{
          place.value.lock.id, call.is_of_lock() ? OracleObjects::Object::lock : OracleObjects::Object::state,
          etag_number(call)};
    case OracleApi::create_multipart_upload:
      return OracleObjects::CreateUpload{place.contents.state(body)};
    case OracleApi::upload_part:
    case OracleApi::abort_multipart_upload:
      return OracleObjects::UploadPart{static_cast<std::uint16_t>(call.part)};
    case OracleApi::commit_multipart_upload:
      return OracleObjects::CommitUpload{place.contents.state(body)};
  }
  return OracleObjects::ListWorkspaces{};
}

std::string oracle_etag(bool is_lock, std::uint16_t number) {
  return fmt::format("{}-{}", is_lock ? "lock" : "state", number);
}

OracleError error_of(OracleObjects::Status status, const OracleCall& call) {
  const auto number = static_cast<unsigned>(status);
  switch (status) {
    case OracleObjects::Status::ok:
    case OracleObjects::Status::no_content:
      break;
    case OracleObjects::Status::not_found:
      return {number, "ObjectNotFound",
              fmt::format("The object '{}' was not found in the bucket '{}'", call.object, call.bucket)};
    case OracleObjects::Status::precondition_failed:
      if (call.condition == OracleObjects::Condition::if_none_match_any)
        return {number, "IfNoneMatchFailed", "The If-None-Match condition failed, the object exists"};
      return {number, "IfMatchFailed", "The entity tag does not match that of the object"};
    case OracleObjects::Status::too_many_requests:
      return {number, "TooManyRequests", "Too many requests"};
    case OracleObjects::Status::internal_server_error:
      return {number, "InternalServerError", "Internal server error"};
  }
  return {500, "InternalServerError", "This is no error"};
}

HttpAnswer oracle_error(const OracleError& error) {
  using Handler = nlohmann::ordered_json::error_handler_t;
  const nlohmann::ordered_json body =
      nlohmann::ordered_json::object_t{{"code", error.code}, {"message", error.message}};
  return {error.status, {{"Content-Type", "application/json"}}, body.dump(-1, ' ', false, Handler::replace)};
}

}  // namespace lockstorm::wire
