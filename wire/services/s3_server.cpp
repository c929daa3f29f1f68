#include "wire/services/s3_server.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "wire/services/xml_text.hpp"

namespace lockstorm::wire {
namespace {

using models::S3;

constexpr sim::Slot kS3Client = 0;  // the protocol names no process
constexpr const char* kNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";

HttpAnswer xml_answer(XmlWriter xml) {
  return {200, {{"Content-Type", "application/xml"}}, std::move(xml).text()};
}

// Parts are nothing before the last request.
bool changes_objects(S3Api api) {
  return api == S3Api::put_object || api == S3Api::delete_object || api == S3Api::complete_multipart_upload;
}

bool is_of_model(S3Api api) {
  switch (api) {
    case S3Api::list_objects:
    case S3Api::list_objects_v2:
    case S3Api::get_object:
    case S3Api::head_object:
    case S3Api::put_object:
    case S3Api::delete_object:
    case S3Api::complete_multipart_upload:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string S3Server::place_of(const S3Call& call) const {
  return call.bucket.empty() ? call.state_key() : call.bucket + "/" + call.state_key();
}

std::expected<RequestName, std::string> S3Server::name(const HttpRequest& request) const {
  auto call = decode_s3(request, dialect_);
  if (!call) return std::unexpected(call.error().message);
  RequestName name;
  name.place = call->key.empty() ? call->bucket : place_of(*call);
  name.object = call->key.empty() ? "bucket" : call->is_of_lock() ? ".tflock" : "state";
  name.operation = name_of(call->api);
  name.changes = changes_objects(call->api);
  if (!is_of_model(call->api)) return name;
  if (call->api == S3Api::complete_multipart_upload) {
    auto made = uploads_.made_by(*call);
    call->body = made ? std::move(made->text) : "";
  }
  S3Place any;
  const S3::Request asked = to_model(*call, dialect_, any);
  name.operation = S3::operation(asked);
  name.object = S3::about(asked).object;
  if (std::holds_alternative<S3::PutState>(asked)) name.state = parse_state_text(call->body);
  const auto lock = parse_lock_text(call->body);
  if (std::holds_alternative<S3::PutLock>(asked) && lock) name.lock_id = lock->id;
  return name;
}

HttpAnswer S3Server::handle(const HttpRequest& request) {
  HttpAnswer answered = answer(request);
  finish(answered, dialect_, ++requests_);
  return answered;
}

HttpAnswer S3Server::answer(const HttpRequest& request) {
  auto call = decode_s3(request, dialect_);
  if (!call) return error_answer(call.error(), request, dialect_);
  if (call->key.empty()) return answer_bucket(*call, request);
  switch (call->api) {
    case S3Api::create_multipart_upload:
    case S3Api::upload_part:
    case S3Api::complete_multipart_upload:
    case S3Api::abort_multipart_upload:
      return answer_upload(*std::move(call), request);
    default:
      return answer_object(*call, request, stored_by(*call, request, dialect_));
  }
}

HttpAnswer S3Server::answer_bucket(const S3Call& call, const HttpRequest& request) {
  switch (call.api) {
    case S3Api::list_buckets: {
      XmlWriter xml("ListAllMyBucketsResult", kNamespace);
      xml.open("Owner").leaf("ID", "lockstorm").close().open("Buckets");
      for (const std::string& bucket : buckets_)
        xml.open("Bucket").leaf("Name", bucket).leaf("CreationDate", "2026-01-01T00:00:00.000Z").close();
      return xml_answer(std::move(xml));
    }
    case S3Api::create_bucket:
      buckets_.insert(call.bucket);
      return {200, {{"Location", "/" + call.bucket}}, ""};
    case S3Api::head_bucket:
      return {200, {{fmt::format("{}bucket-region", dialect_.prefix), "us-east-1"}}, ""};
    case S3Api::get_bucket_location:
      return xml_answer(XmlWriter("LocationConstraint", kNamespace));
    case S3Api::get_bucket_versioning: {
      XmlWriter xml("VersioningConfiguration", kNamespace);
      if (model_.promises.versioning != models::Versioning::never)
        xml.leaf("Status",
                 model_.promises.versioning == models::Versioning::enabled ? "Enabled" : "Suspended");
      return xml_answer(std::move(xml));
    }
    default:
      return list_answer(call, request, objects_in(call), dialect_);
  }
}

HttpAnswer S3Server::answer_object(const S3Call& call, const HttpRequest& request, StoredObject stored) {
  const bool writes = call.api != S3Api::get_object && call.api != S3Api::head_object;
  const auto found = places_.find(place_of(call));
  S3Place nothing{model_.initial()};
  if (writes && !call.bucket.empty()) buckets_.insert(call.bucket);
  S3Place& place = found != places_.end() ? found->second
                   : writes               ? places_.try_emplace(place_of(call), nothing).first->second
                                          : nothing;
  const auto effect = model_.apply(place.value, kS3Client, to_model(call, dialect_, place), chosen());
  const S3::Status status = effect.response.status;
  if (status != S3::Status::ok && status != S3::Status::no_content)
    return error_answer(error_of(status), request, dialect_);
  const bool is_lock = call.is_of_lock();
  if (!writes) return object_answer(call, request, place.object(is_lock), place.text(is_lock), dialect_);
  if (status == S3::Status::no_content) stored = {};
  HttpAnswer answer{static_cast<unsigned>(status)};
  if (status == S3::Status::ok) {
    answer.headers = stored.fields;
    std::erase_if(answer.headers, [&](const auto& one) {
      return !one.first.starts_with(fmt::format("{}checksum-", dialect_.prefix)) &&
             one.first != dialect_.crc64;
    });
    answer.headers["ETag"] = stored.etag;
  }
  if (is_lock) {
    place.contents.keep_lock(place.value.lock);
    place.lock = std::move(stored);
  } else {
    place.contents.keep_state(place.value.state);
    place.state = std::move(stored);
  }
  return answer;
}

HttpAnswer S3Server::answer_upload(S3Call call, const HttpRequest& request) {
  if (call.api == S3Api::create_multipart_upload) {
    const auto id = uploads_.create(call, stored_by(call, request, dialect_));
    if (!id) return error_answer(id.error(), request, dialect_);
    XmlWriter xml("InitiateMultipartUploadResult", kNamespace);
    return xml_answer(std::move(xml.leaf("Bucket", call.bucket).leaf("Key", call.key).leaf("UploadId", *id)));
  }
  if (call.api == S3Api::upload_part) {
    const auto etag = uploads_.put_part(call);
    if (!etag) return error_answer(etag.error(), request, dialect_);
    return {200, {{"ETag", *etag}}, ""};
  }
  auto made = uploads_.made_by(call);
  if (call.api == S3Api::abort_multipart_upload) {
    if (uploads_.remove(call)) return {204, {}, ""};
    return error_answer(made.error(), request, dialect_);
  }
  if (!made) return error_answer(made.error(), request, dialect_);
  const std::string etag = made->stored.etag;
  call.body = std::move(made->text);
  HttpAnswer answer = answer_object(call, request, std::move(made->stored));
  if (answer.status != 200) return answer;
  uploads_.remove(call);
  XmlWriter xml("CompleteMultipartUploadResult", kNamespace);
  xml.leaf("Location", fmt::format("/{}/{}", call.bucket, call.key)).leaf("Bucket", call.bucket);
  return xml_answer(std::move(xml.leaf("Key", call.key).leaf("ETag", etag)));
}

ListedObjects S3Server::objects_in(const S3Call& bucket) const {
  ListedObjects objects;
  const std::string prefix = bucket.bucket.empty() ? "" : bucket.bucket + "/";
  for (auto at = places_.lower_bound(prefix); at != places_.end() && at->first.starts_with(prefix); ++at) {
    const S3Place& place = at->second;
    const std::string key = at->first.substr(prefix.size());
    S3::Value value = place.value;
    const S3::Request listing = S3::ListWorkspaces{dialect_.listing};
    if (model_.apply(value, kS3Client, listing, 0).response.listed != 0)
      objects[key] = {place.text(false).size(), place.state.etag};
    if (place.has(true)) objects[key + ".tflock"] = {place.text(true).size(), place.lock.etag};
  }
  return objects;
}

HttpAnswer S3Server::refuse(const HttpRequest& request, sim::Refusal kind) const {
  const S3::Status status = S3::refuse({}, kind).status;
  HttpAnswer refused = error_answer(error_of(status), request, dialect_);
  finish(refused, dialect_, requests_);
  return refused;
}

void S3Server::clear() {
  places_.clear();
  uploads_ = {};
}

nlohmann::ordered_json S3Server::holds() const {
  nlohmann::ordered_json places = nlohmann::ordered_json::object();
  for (const auto& [name, place] : places_) places[name] = held(place.text(false), place.text(true));
  return places;
}

}  // namespace lockstorm::wire
