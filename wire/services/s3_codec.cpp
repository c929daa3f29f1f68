#include "wire/services/s3_codec.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "wire/services/digests.hpp"
#include "wire/services/xml_text.hpp"

namespace lockstorm::wire {
namespace {

using models::S3;

// The model knows no time. Clients want a date and do not use it.
constexpr const char* kAnyTime = "Thu, 01 Jan 2026 00:00:00 GMT";

std::string_view unquoted(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
  return tag;
}

// "*" is any version that there is.
bool matches(std::string_view wanted, const StoredObject& object) {
  return wanted == "*" || unquoted(wanted) == unquoted(object.etag);
}

S3::Request put_request(const S3Call& call, S3Place& place) {
  if (call.is_of_lock()) return S3::PutLock{place.contents.lock_or_bytes(call.body), call.condition};
  models::StateSnapshot current = place.value.state;
  // Another version than whatever is stored.
  models::StateSnapshot other;
  other.torn = 1;
  other.write = static_cast<std::uint16_t>(current.write + 1);
  const bool is_current =
      call.condition == S3::Condition::if_match && current.exists() && matches(call.if_match, place.state);
  const models::StateSnapshot etag = call.condition != S3::Condition::if_match ? models::StateSnapshot{}
                                     : is_current                              ? current
                                                                               : other;
  return S3::PutState{place.contents.state(call.body), etag, call.condition};
}

S3::Request delete_request(const S3Call& call, const S3Place& place) {
  const bool is_lock = call.is_of_lock();
  const bool is_current = call.condition != S3::Condition::if_match ||
                          (place.has(is_lock) && matches(call.if_match, place.object(is_lock)));
  if (is_lock) {
    models::LockInfo etag = place.value.lock;
    if (!is_current) etag = {{sim::Who::process(0), static_cast<std::uint16_t>(etag.id.number + 1)}};
    // The protocol does not say whose lock a client means to delete.
    return S3::DeleteLock{place.value.lock.id, etag, call.condition};
  }
  models::StateSnapshot etag = place.value.state;
  if (!is_current) {
    etag.torn = 1;
    ++etag.write;
  }
  return S3::DeleteState{etag, call.condition};
}

struct Slice {
  std::size_t begin = 0;
  std::size_t size = 0;
};

// Nothing: no byte of it is there.
std::optional<Slice> slice_of(const ByteRange& range, std::size_t size) {
  if (!range.first) {
    const std::size_t count = std::min<std::uint64_t>(*range.last, size);
    if (count == 0) return std::nullopt;
    return Slice{size - count, count};
  }
  if (*range.first >= size) return std::nullopt;
  const std::size_t last = range.last ? std::min<std::uint64_t>(*range.last, size - 1) : size - 1;
  return Slice{static_cast<std::size_t>(*range.first), last - *range.first + 1};
}

}  // namespace

S3::Request to_model(const S3Call& call, const S3Dialect& dialect, S3Place& place) {
  const S3::Object object = call.is_of_lock() ? S3::Object::lockfile : S3::Object::state;
  switch (call.api) {
    case S3Api::get_object: {
      const bool lacks_key = place.object(call.is_of_lock()).has_customer_key && !call.has_customer_key;
      return S3::GetObject{object, 0, static_cast<std::uint16_t>(lacks_key)};
    }
    case S3Api::head_object:
      return S3::HeadObject{object};
    case S3Api::put_object:
    case S3Api::complete_multipart_upload:
      return put_request(call, place);
    case S3Api::delete_object:
      return delete_request(call, place);
    default:
      return S3::ListWorkspaces{dialect.listing};
  }
}

StoredObject stored_by(const S3Call& call, const HttpRequest& request, const S3Dialect& dialect) {
  StoredObject stored;
  stored.etag = fmt::format("\"{}\"", md5_hex(call.body));
  stored.has_customer_key = call.has_customer_key;
  const std::string meta = fmt::format("{}meta-", dialect.prefix);
  const std::string checksum = fmt::format("{}checksum-", dialect.prefix);
  if (!dialect.crc64.empty()) stored.fields[std::string(dialect.crc64)] = std::to_string(crc64_of(call.body));
  for (const auto& [name, value] : request.headers) {
    if (name == "content-type" || name == "cache-control" || name == "content-disposition" ||
        name.starts_with(meta) || name.starts_with(checksum))
      stored.fields[name] = value;
  }
  return stored;
}

HttpAnswer object_answer(const S3Call& call, const HttpRequest& request, const StoredObject& stored,
                         const std::string& text, const S3Dialect& dialect) {
  const auto match = request.headers.find("if-match");
  if (match != request.headers.end() && !matches(match->second, stored))
    return error_answer(error_of(S3::Status::precondition_failed), request, dialect);
  HttpAnswer answer{200, stored.fields, text};
  answer.headers.emplace("content-type", "binary/octet-stream");
  answer.headers["ETag"] = stored.etag;
  answer.headers["Last-Modified"] = kAnyTime;
  answer.headers["Accept-Ranges"] = "bytes";
  const auto none_match = request.headers.find("if-none-match");
  if (none_match != request.headers.end() && matches(none_match->second, stored))
    return {304, std::move(answer.headers), ""};
  const bool wants_checksum = request.headers.contains(fmt::format("{}checksum-mode", dialect.prefix));
  if (!wants_checksum || call.range) {
    // A checksum is of the whole object, and clients compare it with what they got.
    std::erase_if(answer.headers, [&](const auto& one) {
      return one.first.starts_with(fmt::format("{}checksum-", dialect.prefix));
    });
  }
  if (!call.range) return answer;
  const auto slice = slice_of(*call.range, text.size());
  if (!slice) {
    HttpAnswer error =
        error_answer({416, "InvalidRange", "The requested range is not satisfiable"}, request, dialect);
    error.headers["Content-Range"] = fmt::format("bytes */{}", text.size());
    return error;
  }
  answer.status = 206;
  answer.headers["Content-Range"] =
      fmt::format("bytes {}-{}/{}", slice->begin, slice->begin + slice->size - 1, text.size());
  answer.body = text.substr(slice->begin, slice->size);
  return answer;
}

S3Error error_of(S3::Status status) {
  const auto number = static_cast<unsigned>(status);
  switch (status) {
    case S3::Status::ok:
    case S3::Status::no_content:
      break;
    case S3::Status::bad_request:
      return {number, "InvalidRequest",
              "The object was stored using a form of Server Side Encryption. The correct parameters must be "
              "provided to retrieve the object."};
    case S3::Status::forbidden:
      return {number, "AccessDenied", "Access Denied"};
    case S3::Status::not_found:
      return {number, "NoSuchKey", "The specified key does not exist."};
    case S3::Status::conflict:
      return {number, "ConditionalRequestConflict",
              "The conditional request cannot succeed due to a conflicting operation against this resource."};
    case S3::Status::precondition_failed:
      return {number, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"};
    case S3::Status::not_implemented:
      return {number, "NotImplemented",
              "A header you provided implies functionality that is not implemented."};
    case S3::Status::server_error:
      return {number, "InternalError", "We encountered an internal error. Please try again."};
    case S3::Status::slow_down:
      return {number, "SlowDown", "Please reduce your request rate."};
  }
  return {500, "InternalError", "This is no error."};
}

HttpAnswer error_answer(const S3Error& error, const HttpRequest& request, const S3Dialect&) {
  HttpAnswer answer{error.status, {{"Content-Type", "application/xml"}}, ""};
  if (request.method == "HEAD") return answer;
  XmlWriter xml("Error");
  xml.leaf("Code", error.code).leaf("Message", error.message).leaf("Resource", decoded(request.path, false));
  answer.body = std::move(xml).text();
  return answer;
}

void finish(HttpAnswer& answer, const S3Dialect& dialect, std::uint64_t number) {
  const std::string id = fmt::format("{:016X}", number);
  answer.headers[fmt::format("{}request-id", dialect.prefix)] = id;
  answer.headers["Server"] = dialect.server;
  constexpr std::string_view kEnd = "</Error>";
  if (answer.body.ends_with(kEnd) && answer.status >= 400)
    answer.body.insert(answer.body.size() - kEnd.size(), fmt::format("<RequestId>{}</RequestId>", id));
}

}  // namespace lockstorm::wire
