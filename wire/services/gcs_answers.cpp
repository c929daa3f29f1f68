#include "wire/services/gcs_answers.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "wire/services/base64.hpp"
#include "wire/services/crc32c.hpp"

namespace lockstorm::wire {
namespace {

using models::Gcs;
using GcsWhat = GcsAsked::What;

// No clock runs here: every object is as old as the other.
constexpr const char* kObjectTime = "2026-01-01T00:00:00.000Z";
constexpr const char* kObjectHttpTime = "Thu, 01 Jan 2026 00:00:00 GMT";

std::string gcs_text(const nlohmann::ordered_json& document) {
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// cloud.google.com/storage/docs/xml-api/reference-status; no text here needs escapes.
HttpAnswer gcs_xml_error(unsigned status, std::string_view code, std::string_view message) {
  return {
      status,
      {{"Content-Type", "application/xml; charset=UTF-8"}},
      fmt::format("<?xml version='1.0' encoding='UTF-8'?><Error><Code>{}</Code><Message>{}</Message></Error>",
                  code, message)};
}

nlohmann::ordered_json object_resource(const GcsObject& object) {
  return {{"kind", "storage#object"},
          {"id", fmt::format("{}/{}/{}", object.bucket, object.name, object.generation)},
          {"name", object.name},
          {"bucket", object.bucket},
          {"generation", std::to_string(object.generation)},
          {"metageneration", std::to_string(object.metageneration)},
          {"contentType", "application/json"},
          {"storageClass", "STANDARD"},
          {"size", std::to_string(object.text.size())},
          {"crc32c", encode_base64(crc32c_bytes(object.text))},
          {"etag", fmt::format("{}-{}", object.generation, object.metageneration)},
          {"timeCreated", kObjectTime},
          {"updated", kObjectTime}};
}

HttpAnswer gcs_json(const nlohmann::ordered_json& document) {
  return {200, {{"Content-Type", "application/json; charset=UTF-8"}}, gcs_text(document)};
}

HttpAnswer gcs_failure(const GcsAsked& asked, Gcs::Status status) {
  const std::string name = asked.bucket + "/" + asked.object;
  switch (status) {
    case Gcs::Status::ok:
    case Gcs::Status::no_content:
      break;
    case Gcs::Status::forbidden:
      if (asked.by_xml) return gcs_xml_error(403, "AccessDenied", "Access denied.");
      return gcs_error(403, "global", "forbidden", "The caller does not have permission.");
    case Gcs::Status::not_found:
      if (asked.by_xml) return gcs_xml_error(404, "NoSuchKey", "The specified key does not exist.");
      return gcs_error(404, "global", "notFound", "No such object: " + name);
    case Gcs::Status::precondition_failed:
      return gcs_error(412, "global", "conditionNotMet",
                       "At least one of the pre-conditions you specified did not hold.");
    case Gcs::Status::too_many_requests:
      if (asked.by_xml) return gcs_xml_error(429, "SlowDown", "Please reduce your request rate.");
      return gcs_error(429, "usageLimits", "rateLimitExceeded",
                       fmt::format("The object {} exceeded the rate limit for object mutation operations "
                                   "(create, update, and delete).",
                                   name));
    case Gcs::Status::service_unavailable:
      if (asked.by_xml) return gcs_xml_error(503, "ServiceUnavailable", "Service is currently unavailable.");
      return gcs_error(503, "global", "backendError", "Backend Error");
  }
  return {static_cast<unsigned>(status)};
}

}  // namespace

HttpAnswer gcs_error(unsigned status, std::string_view domain, std::string_view reason,
                     const std::string& message) {
  nlohmann::ordered_json one{{"message", message}, {"domain", domain}, {"reason", reason}};
  if (status == 412) {
    one["locationType"] = "header";
    one["location"] = "If-Match";
  }
  const nlohmann::ordered_json document{
      {"error", {{"code", status}, {"message", message}, {"errors", nlohmann::ordered_json::array({one})}}}};
  return {status, {{"Content-Type", "application/json; charset=UTF-8"}}, gcs_text(document)};
}

HttpAnswer encode(const GcsAsked& asked, const Gcs::Response& response, const GcsObject& object) {
  if (response.status == Gcs::Status::no_content) return {204};
  if (response.status != Gcs::Status::ok) return gcs_failure(asked, response.status);
  if (asked.what != GcsWhat::media) return gcs_json(object_resource(object));
  return {200,
          {{"Content-Type", "application/json"},
           {"Last-Modified", kObjectHttpTime},
           {"X-Goog-Generation", std::to_string(object.generation)},
           {"X-Goog-Metageneration", std::to_string(object.metageneration)},
           {"X-Goog-Hash", "crc32c=" + encode_base64(crc32c_bytes(object.text))},
           {"X-Goog-Stored-Content-Encoding", "identity"},
           {"X-Goog-Stored-Content-Length", std::to_string(object.text.size())}},
          object.text};
}

// cloud.google.com/storage/docs/json_api/v1/objects/list
HttpAnswer gcs_listing(const GcsAsked& asked, const std::vector<GcsObject>& objects) {
  nlohmann::ordered_json items = nlohmann::ordered_json::array();
  std::set<std::string> prefixes;
  std::string last;
  bool has_more = false;
  for (const GcsObject& object : objects) {
    if (!object.name.starts_with(asked.prefix) || object.name <= asked.page) continue;
    const std::size_t cut =
        asked.delimiter.empty() ? std::string::npos : object.name.find(asked.delimiter, asked.prefix.size());
    const std::string folder =
        cut == std::string::npos ? "" : object.name.substr(0, cut + asked.delimiter.size());
    const bool is_known = !folder.empty() && (prefixes.contains(folder) || asked.page.starts_with(folder));
    if (!is_known && items.size() + prefixes.size() == asked.most) {
      has_more = true;
      break;
    }
    last = object.name;
    if (folder.empty()) items.push_back(object_resource(object));
    if (!folder.empty() && !is_known) prefixes.insert(folder);
  }
  nlohmann::ordered_json document{{"kind", "storage#objects"}};
  if (has_more) document["nextPageToken"] = encode_base64(last);
  if (!prefixes.empty()) document["prefixes"] = prefixes;
  if (!items.empty()) document["items"] = std::move(items);
  return gcs_json(document);
}

}  // namespace lockstorm::wire
