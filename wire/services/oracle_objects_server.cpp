#include "wire/services/oracle_objects_server.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "wire/services/base64.hpp"
#include "wire/services/digests.hpp"

namespace lockstorm::wire {
namespace {

using models::OracleObjects;
using nlohmann::ordered_json;

constexpr sim::Slot kOracleClient = 0;  // the protocol names no process
constexpr std::size_t kMostUploadBytes = std::size_t{512} << 20U;
constexpr std::size_t kMostUploads = 1000;

HttpAnswer json_answer(const ordered_json& body) {
  return {200,
          {{"Content-Type", "application/json"}},
          body.dump(-1, ' ', false, ordered_json::error_handler_t::replace)};
}

std::string md5_in_base64(const std::string& text) {
  const auto sum = md5_of(text);
  return encode_base64({reinterpret_cast<const char*>(sum.data()), sum.size()});
}

OracleError no_upload() { return {404, "NoSuchUpload", "There is no such upload, or it is over"}; }

std::string asked_for(const HttpRequest& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

}  // namespace

std::expected<RequestName, std::string> OracleObjectsServer::name(const HttpRequest& request) const {
  const auto call = decode_oracle(request);
  if (!call) return std::unexpected(call.error().message);
  OraclePlace any;
  const OracleObjects::Request asked = to_model(*call, request.body, any);
  RequestName name{std::string(OracleObjects::operation(asked)),
                   std::string(OracleObjects::about(asked).object),
                   call->object.empty() ? call->bucket : call->place(), ""};
  if (call->api == OracleApi::abort_multipart_upload) name.operation = "AbortMultipartUpload";
  if (call->api == OracleApi::head_object && call->is_of_lock()) name.object = ".lock";
  if (std::holds_alternative<OracleObjects::PutState>(asked)) name.state = parse_state_text(request.body);
  const auto lock = parse_lock_text(request.body);
  if (std::holds_alternative<OracleObjects::PutLock>(asked) && lock) name.lock_id = lock->id;
  return name;
}

HttpAnswer OracleObjectsServer::handle(const HttpRequest& request) {
  HttpAnswer answered = answer(request);
  answered.headers["opc-request-id"] = fmt::format("{:032X}", ++requests_);
  if (request.method == "HEAD" && answered.status >= 400) answered.body.clear();
  return answered;
}

HttpAnswer OracleObjectsServer::answer(const HttpRequest& request) {
  const auto call = decode_oracle(request);
  if (!call) return oracle_error(call.error());
  if (call->api == OracleApi::list_objects || call->api == OracleApi::list_object_versions)
    return answer_list(*call, request);
  if (call->api >= OracleApi::create_multipart_upload) return answer_upload(*call, request);
  return answer_object(*call, request.body);
}

HttpAnswer OracleObjectsServer::answer_object(const OracleCall& call, std::string_view body) {
  const auto found = places_.find(call.place());
  OraclePlace nothing{model_.initial()};
  const bool puts = call.api == OracleApi::put_object || call.api == OracleApi::commit_multipart_upload;
  OraclePlace& place = found != places_.end() ? found->second
                       : puts                 ? places_.try_emplace(call.place(), nothing).first->second
                                              : nothing;
  const bool is_lock = call.is_of_lock();
  // The model has no HeadObject of a lock, which no client sends: a GetObject tells as much.
  OracleCall asked = call;
  if (is_lock && call.api == OracleApi::head_object) asked.api = OracleApi::get_object;
  const OracleObjects::Request request = to_model(asked, body, place);
  if (const auto* commit = std::get_if<OracleObjects::CommitUpload>(&request))
    (void)model_.apply(place.value, kOracleClient, OracleObjects::CreateUpload{commit->body});
  const OracleObjects::Status status = model_.apply(place.value, kOracleClient, request).response.status;
  if (status != OracleObjects::Status::ok && status != OracleObjects::Status::no_content)
    return oracle_error(error_of(status, call));
  HttpAnswer answer{static_cast<unsigned>(status)};
  if (puts || call.api == OracleApi::delete_object) {
    place.contents.keep_lock(place.value.lock);
    place.contents.keep_state(place.value.state);
  }
  if (call.api == OracleApi::delete_object) return answer;
  answer.headers["ETag"] = oracle_etag(is_lock, is_lock ? place.value.lock_writes : place.value.state_writes);
  const std::string& text =
      is_lock ? place.contents.text_of(place.value.lock) : place.contents.text_of(place.value.state);
  answer.headers[puts ? "opc-content-md5" : "Content-MD5"] = md5_in_base64(text);
  if (puts) return answer;
  answer.headers["Content-Type"] = "application/json";
  answer.body = text;
  return answer;
}

// ListObjects sums up names with a delimiter; ListObjectVersions shows what there is, as the bucket keeps no
// versions.
HttpAnswer OracleObjectsServer::answer_list(const OracleCall& call, const HttpRequest& request) const {
  const std::string prefix = asked_for(request, "prefix");
  const std::string delimiter = asked_for(request, "delimiter");
  const std::string start = asked_for(request, "start");
  std::set<std::string> names;
  const std::string bucket = call.bucket + "/";
  for (const auto& [name, place] : places_) {
    if (!name.starts_with(bucket)) continue;
    const std::string state = name.substr(bucket.size());
    OracleObjects::Value value = place.value;
    if (model_.apply(value, kOracleClient, OracleObjects::ListVersions{}).response.state_listed != 0)
      names.insert(state);
    if (model_.apply(value, kOracleClient, OracleObjects::ListVersions{}).response.lock_listed != 0)
      names.insert(state + ".lock");
  }
  ordered_json objects = ordered_json::array();
  std::set<std::string> prefixes;
  for (const std::string& name : names) {
    if (!name.starts_with(prefix) || name < start) continue;
    const std::size_t end = delimiter.empty() ? std::string::npos : name.find(delimiter, prefix.size());
    if (end == std::string::npos)
      objects.push_back(ordered_json::object_t{{"name", name}});
    else
      prefixes.insert(name.substr(0, end + delimiter.size()));
  }
  const char* const list = call.api == OracleApi::list_objects ? "objects" : "items";
  return json_answer(ordered_json::object_t{{list, objects}, {"prefixes", prefixes}});
}

HttpAnswer OracleObjectsServer::answer_upload(const OracleCall& call, const HttpRequest& request) {
  if (call.api == OracleApi::create_multipart_upload) {
    if (uploads_.size() == kMostUploads)
      return oracle_error(error_of(OracleObjects::Status::too_many_requests, call));
    const std::string id = fmt::format("upload-{}", ++upload_count_);
    uploads_[id].place = call.place();
    return json_answer(
        ordered_json::object_t{{"bucket", call.bucket}, {"object", call.object}, {"uploadId", id}});
  }
  const auto upload = uploads_.find(call.upload_id);
  if (upload == uploads_.end() || upload->second.place != call.place()) return oracle_error(no_upload());
  std::map<unsigned, std::string>& parts = upload->second.parts;
  if (call.api == OracleApi::upload_part) {
    const auto before = parts.find(call.part);
    const std::size_t bytes =
        upload_bytes_ + request.body.size() - (before == parts.end() ? 0 : before->second.size());
    if (bytes > kMostUploadBytes)
      return oracle_error({413, "RequestEntityTooLarge", "Too many bytes wait in parts"});
    upload_bytes_ = bytes;
    parts[call.part] = request.body;
    return {200, {{"ETag", md5_hex(request.body)}, {"opc-content-md5", md5_in_base64(request.body)}}, ""};
  }
  HttpAnswer answer{204};
  if (call.api == OracleApi::commit_multipart_upload) {
    const auto body = nlohmann::json::parse(request.body, nullptr, false);
    if (!body.is_object() || !body.contains("partsToCommit") || !body["partsToCommit"].is_array())
      return oracle_error({400, "InvalidParameter", "The body lists no \"partsToCommit\""});
    std::map<unsigned, const std::string*> listed;
    for (const auto& one : body["partsToCommit"]) {
      const bool is_part = one.is_object() && one.contains("partNum") && one["partNum"].is_number_unsigned();
      const auto part = is_part ? parts.find(one["partNum"].get<unsigned>()) : parts.end();
      if (part == parts.end() || one.value("etag", nlohmann::json()) != md5_hex(part->second))
        return oracle_error(
            {400, "InvalidUploadPart", "A part was not uploaded, or its entity tag is another"});
      listed[part->first] = &part->second;
    }
    std::string whole;
    for (const auto& [number, text] : listed) whole += *text;
    answer = answer_object(call, whole);
    if (answer.status != 200) return answer;
  }
  for (const auto& [number, text] : parts) upload_bytes_ -= text.size();
  uploads_.erase(upload);
  return answer;
}

HttpAnswer OracleObjectsServer::refuse(const HttpRequest&, sim::Refusal kind) const {
  return oracle_error(error_of(OracleObjects::refuse({}, kind).status, {}));
}

ordered_json OracleObjectsServer::holds() const {
  ordered_json places = ordered_json::object();
  for (const auto& [name, place] : places_)
    places[name] = held(place.contents.text_of(place.value.state), place.contents.text_of(place.value.lock));
  return places;
}

}  // namespace lockstorm::wire
