#include "wire/services/s3_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/one_for_each.hpp"
#include "wire/services/aws_chunked.hpp"
#include "wire/services/base64.hpp"
#include "wire/services/digests.hpp"

namespace lockstorm::wire {
namespace {

using models::S3;

constexpr std::string_view kLockSuffix = ".tflock";

const std::string* field(const HttpRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? nullptr : &found->second;
}

S3Error not_implemented(std::string what) {
  return {501, "NotImplemented", "Lockstorm's model of this store does not know " + std::move(what)};
}

// The bucket that a virtual host names: "bucket.s3.eu-west-1.amazonaws.com", "bucket.localhost:9000".
std::string bucket_of_host(const HttpRequest& request, const S3Dialect& dialect) {
  const std::string* field_host = field(request, "host");
  if (field_host == nullptr || field_host->starts_with('[')) return "";
  std::string_view host = *field_host;
  host = host.substr(0, host.find(':'));
  const bool is_address =
      std::ranges::all_of(host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  if (is_address) return "";
  for (const std::string_view label : {".s3.", ".s3-", ".cos.", ".cos-", ".oss-"}) {
    if (const std::size_t at = host.find(label); at != std::string_view::npos && at > 0)
      return std::string(host.substr(0, at));
  }
  constexpr std::string_view kLocal = ".localhost";
  if (host.ends_with(kLocal)) {
    host.remove_suffix(kLocal.size());
    return host == dialect.service ? "" : std::string(host);
  }
  return "";
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

// What is no range, or several, asks for all of it (RFC 9110, 14.2).
std::optional<ByteRange> range_in(std::string_view text) {
  constexpr std::string_view kUnit = "bytes=";
  const std::size_t dash = text.find('-');
  if (!text.starts_with(kUnit) || dash == std::string_view::npos) return std::nullopt;
  const std::string_view first = text.substr(kUnit.size(), dash - kUnit.size());
  const std::string_view last = text.substr(dash + 1);
  const ByteRange range{number_in(first), number_in(last)};
  const bool is_one = (first.empty() || range.first) && (last.empty() || range.last) &&
                      (range.first || range.last) &&
                      (!range.first || !range.last || *range.first <= *range.last);
  return is_one ? std::optional(range) : std::nullopt;
}

// Signatures of presigned requests, and the name of the operation that newer SDKs add.
bool is_noise(const std::string& name) {
  return name == "x-id" || name.starts_with("x-amz-") || name.starts_with("X-Amz-");
}

constexpr std::string_view kOfLists =
    " continuation-token delimiter encoding-type fetch-owner list-type marker max-keys prefix start-after ";

// The one parameter that says which resource of a bucket or an object is meant; empty: itself.
std::expected<std::string, S3Error> resource_of(const HttpRequest& request, bool lists, bool is_oss) {
  std::string resource;
  for (const auto& [name, value] : request.query) {
    // What OSS has of HeadObject for those who want less of it (GetObjectMeta).
    if (name == "objectMeta" && request.method == "HEAD" && is_oss) continue;
    if (is_noise(name) || (lists && kOfLists.find(" " + name + " ") != std::string_view::npos)) continue;
    if (name == "partNumber" && request.query.contains("uploadId")) continue;
    if (!resource.empty())
      return std::unexpected(not_implemented(fmt::format("{} beside {}", name, resource)));
    resource = name;
  }
  return resource;
}

std::optional<S3Api> api_of_bucket(const std::string& method, const std::string& resource, bool is_v2) {
  if (method == "HEAD" && resource.empty()) return S3Api::head_bucket;
  if (method == "PUT" && resource.empty()) return S3Api::create_bucket;
  if (method != "GET") return std::nullopt;
  if (resource == "location") return S3Api::get_bucket_location;
  if (resource == "versioning") return S3Api::get_bucket_versioning;
  if (!resource.empty()) return std::nullopt;
  return is_v2 ? S3Api::list_objects_v2 : S3Api::list_objects;
}

std::optional<S3Api> api_of_object(const HttpRequest& request, const std::string& resource) {
  const std::string& method = request.method;
  if (resource.empty()) {
    if (method == "GET") return S3Api::get_object;
    if (method == "HEAD") return S3Api::head_object;
    if (method == "PUT") return S3Api::put_object;
    if (method == "DELETE") return S3Api::delete_object;
  }
  if (resource == "uploads" && method == "POST") return S3Api::create_multipart_upload;
  if (resource == "uploadId") {
    if (method == "PUT" && request.query.contains("partNumber")) return S3Api::upload_part;
    if (method == "POST") return S3Api::complete_multipart_upload;
    if (method == "DELETE") return S3Api::abort_multipart_upload;
  }
  return std::nullopt;
}

std::optional<S3Error> read_conditions(const HttpRequest& request, S3Call& call) {
  const bool may_be_conditional = call.api == S3Api::put_object || call.api == S3Api::delete_object ||
                                  call.api == S3Api::complete_multipart_upload;
  if (!may_be_conditional) return std::nullopt;
  const std::string* none_match = field(request, "if-none-match");
  const std::string* match = field(request, "if-match");
  if (none_match != nullptr && (*none_match != "*" || match != nullptr || call.api == S3Api::delete_object))
    return not_implemented("If-None-Match of anything but *, of a delete, or beside If-Match");
  if (match != nullptr && call.is_of_lock() && call.api != S3Api::delete_object)
    return not_implemented("If-Match of a lock file that is put, which no client sends");
  if (none_match != nullptr) call.condition = S3::Condition::if_none_match_any;
  if (match != nullptr) {
    call.condition = S3::Condition::if_match;
    call.if_match = *match;
  }
  return std::nullopt;
}

std::optional<S3Error> read_body(const HttpRequest& request, S3Call& call) {
  call.body = request.body;
  if (is_aws_chunked(request)) {
    auto plain = without_aws_chunks(request.body);
    if (!plain) return S3Error{400, "IncompleteBody", "The body is aws-chunked, and " + plain.error()};
    const std::string* length = field(request, "x-amz-decoded-content-length");
    if (length != nullptr && number_in(*length) != plain->size())
      return S3Error{400, "IncompleteBody",
                     "The body does not have as many bytes as x-amz-decoded-content-length says"};
    call.body = *std::move(plain);
  }
  if (const std::string* sum = field(request, "content-md5")) {
    const auto bytes = decode_base64(*sum);
    if (!bytes || bytes->size() != 16)
      return S3Error{400, "InvalidDigest", "The Content-MD5 you specified is not valid."};
    if (in_hex(*bytes) != md5_hex(call.body))
      return S3Error{400, "BadDigest", "The Content-MD5 you specified did not match what we received."};
  }
  return std::nullopt;
}

std::optional<S3Error> read_details(const HttpRequest& request, const S3Dialect& dialect, S3Call& call) {
  const std::string prefix(dialect.prefix);
  if (field(request, prefix + "copy-source") != nullptr) return not_implemented("copies of objects");
  if (call.key.size() > kMaxKeyBytes) return S3Error{400, "KeyTooLongError", "Your key is too long"};
  call.has_customer_key = field(request, prefix + "server-side-encryption-customer-algorithm") != nullptr;
  if (const auto id = request.query.find("uploadId"); id != request.query.end()) call.upload_id = id->second;
  if (const std::string* range = field(request, "range"); range != nullptr && call.api == S3Api::get_object)
    call.range = range_in(*range);
  if (call.api == S3Api::upload_part) {
    const auto part = number_in(request.query.at("partNumber"));
    if (!part || *part < 1 || *part > 10000)
      return S3Error{400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive"};
    call.part = static_cast<unsigned>(*part);
  }
  if (auto error = read_conditions(request, call)) return error;
  return read_body(request, call);
}

}  // namespace

std::string_view name_of(S3Api api) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"ListBuckets", "CreateBucket", "HeadBucket", "GetBucketLocation", "GetBucketVersioning", "ListObjects",
       "ListObjectsV2", "GetObject", "HeadObject", "PutObject", "DeleteObject", "CreateMultipartUpload",
       "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload"});
  return kNames.at(static_cast<std::size_t>(api));
}

bool S3Call::is_of_lock() const { return key.ends_with(kLockSuffix) && key.size() > kLockSuffix.size(); }

std::string S3Call::state_key() const {
  return is_of_lock() ? key.substr(0, key.size() - kLockSuffix.size()) : key;
}

std::expected<S3Call, S3Error> decode_s3(const HttpRequest& request, const S3Dialect& dialect) {
  S3Call call;
  call.bucket = bucket_of_host(request, dialect);
  std::string_view path = request.path;
  if (path.starts_with('/')) path.remove_prefix(1);
  const bool is_of_service = call.bucket.empty() && path.empty() && dialect.bucket_in_path;
  if (call.bucket.empty() && dialect.bucket_in_path) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    call.bucket = decoded(path.substr(0, slash), false);
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  call.key = decoded(path, false);
  const auto resource = resource_of(request, call.key.empty(), dialect.service == models::AlibabaOss::kName);
  if (!resource) return std::unexpected(resource.error());
  std::optional<S3Api> api;
  if (is_of_service && request.method == "GET" && resource->empty()) api = S3Api::list_buckets;
  if (!is_of_service && call.key.empty()) {
    const auto version = request.query.find("list-type");
    api = api_of_bucket(request.method, *resource, version != request.query.end() && version->second == "2");
  }
  if (!call.key.empty()) api = api_of_object(request, *resource);
  if (!api)
    return std::unexpected(
        not_implemented(fmt::format("{}{}{} of {}", request.method, resource->empty() ? "" : " ?", *resource,
                                    is_of_service      ? "the service"
                                    : call.key.empty() ? "a bucket"
                                                       : "an object")));
  call.api = *api;
  if (auto error = read_details(request, dialect, call)) return std::unexpected(*std::move(error));
  return call;
}

}  // namespace lockstorm::wire
