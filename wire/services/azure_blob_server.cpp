#include "wire/services/azure_blob_server.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace lockstorm::wire {
namespace {

using models::AzureBlob;
using models::AzureError;
using models::LockId;
using AzureWhat = AzureAsked::What;

constexpr sim::Slot kNobodyInParticular = 0;  // the protocol names nobody

constexpr const char* kBlobTime = "Thu, 01 Jan 2026 00:00:00 GMT";  // no clock runs here

// The sentence in an error of the API.
std::string sentence_of(const std::string& xml) {
  const std::size_t begin = xml.find("<Message>"), end = xml.find("</Message>");
  return begin == std::string::npos || end == std::string::npos ? xml
                                                                : xml.substr(begin + 9, end - begin - 9);
}

}  // namespace

AzureBlobServer::AzureBlobServer(models::AzurePromises promises, std::function<Time()> clock)
    : clock_(std::move(clock)) {
  model_.promises = promises;
  model_.keeps_etags = true;
}

// Carries one request to the model.
struct AzureBlobServer::Step {
  AzureBlobServer& server;
  const AzureAsked& asked;
  Place& place;

  AzureBlob::Response apply(const AzureBlob::Request& request) {
    return server.model_.apply(place.value, kNobodyInParticular, request).response;
  }

  // The last lease's id, or one that nobody has had.
  LockId id_of(const std::string& text) {
    if (text.empty()) return {};
    if (text == place.lease) return place.value.lease.id;
    if (++place.lease_ids == place.value.lease.id.number) ++place.lease_ids;
    return {sim::Who::process(0), place.lease_ids};
  }
  models::LockInfo noted() { return place.contents.lock(asked.lock_info()); }

  AzureBlob::Response operator()(const AzureBlob::PutBlob&) {
    AzureBlob::PutBlob put{asked.text.empty() ? models::StateSnapshot{} : place.contents.state(asked.text),
                           noted(), id_of(asked.lease)};
    if (asked.if_none_match_any) put.condition = AzureBlob::Condition::if_none_match_any;
    if (asked.if_match) {
      put.condition = AzureBlob::Condition::if_match;
      const bool is_any = *asked.if_match == "*";
      put.etag =
          is_any
              ? place.value.etag
              : azure_etag_number(*asked.if_match).value_or(static_cast<std::uint16_t>(place.value.etag + 1));
    }
    const auto response = apply(put);
    if (response.error == AzureError::none) {
      place.text = asked.text;
      place.type = asked.type.empty() ? "application/octet-stream" : asked.type;
      place.metadata = asked.metadata;
    }
    return response;
  }
  AzureBlob::Response operator()(const AzureBlob::GetBlob&) {
    return apply(AzureBlob::GetBlob{id_of(asked.lease)});
  }
  AzureBlob::Response operator()(const AzureBlob::GetProperties&) {
    return apply(AzureBlob::GetProperties{id_of(asked.lease)});
  }
  AzureBlob::Response operator()(const AzureBlob::SetMetadata&) {
    const auto response = apply(AzureBlob::SetMetadata{noted(), id_of(asked.lease)});
    if (response.error == AzureError::none) place.metadata = asked.metadata;
    return response;
  }
  AzureBlob::Response operator()(const AzureBlob::SnapshotBlob&) {
    return apply(AzureBlob::SnapshotBlob{id_of(asked.lease)});
  }
  AzureBlob::Response operator()(const AzureBlob::DeleteBlob&) {
    return apply(AzureBlob::DeleteBlob{id_of(asked.lease)});
  }
  // Who proposes no id gets one that the server has drawn.
  AzureBlob::Response operator()(const AzureBlob::AcquireLease&) {
    const std::string proposed = asked.proposed.empty()
                                     ? fmt::format("1ea5e000-0000-4000-8000-{:012x}", place.lease_ids + 1)
                                     : asked.proposed;
    const auto response = apply(AzureBlob::AcquireLease{id_of(proposed), asked.seconds});
    if (response.error == AzureError::none) place.lease = proposed;
    return response;
  }
  AzureBlob::Response operator()(const AzureBlob::RenewLease&) {
    return apply(AzureBlob::RenewLease{id_of(asked.lease)});
  }
  AzureBlob::Response operator()(const AzureBlob::ChangeLease&) {
    const LockId proposed = id_of(asked.proposed);
    const auto response = apply(AzureBlob::ChangeLease{id_of(asked.lease), proposed});
    if (response.error == AzureError::none) place.lease = asked.proposed;
    return response;
  }
  AzureBlob::Response operator()(const AzureBlob::ReleaseLease&) {
    return apply(AzureBlob::ReleaseLease{id_of(asked.lease)});
  }
  AzureBlob::Response operator()(const AzureBlob::BreakLease& request) { return apply(request); }
};

void AzureBlobServer::let_time_pass(Place& place) const {
  const Time now = clock_();
  if (place.passed_until == Time{}) place.passed_until = now;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now - place.passed_until);
  place.passed_until += seconds;
  place.value.lease.pass(static_cast<std::uint16_t>(std::min<std::int64_t>(seconds.count(), 1000)));
}

std::expected<RequestName, std::string> AzureBlobServer::name(const HttpRequest& request) const {
  const auto asked = parse_azure(request);
  if (!asked) return std::unexpected(sentence_of(asked.error().body));
  const auto meant = azure_request(*asked);
  if (!meant)
    return RequestName{asked->what == AzureWhat::list ? "List Blobs" : "Create Container", "",
                       asked->container, ""};
  RequestName name{std::string(AzureBlob::operation(*meant)), std::string(AzureBlob::about(*meant).object),
                   asked->place(), asked->proposed.empty() ? asked->lease : asked->proposed};
  if (asked->what == AzureWhat::put) name.state = parse_state_text(asked->text);
  return name;
}

HttpAnswer AzureBlobServer::handle(const HttpRequest& request) {
  const auto asked = parse_azure(request);
  if (!asked) return asked.error();
  if (asked->what == AzureWhat::list) return listed(*asked);
  if (asked->what == AzureWhat::create_container) return {201, azure_headers(), ""};
  Place& place = places_[asked->place()];
  place.container = asked->container;
  place.blob = asked->blob;
  let_time_pass(place);
  const auto response = std::visit(Step{*this, *asked, place}, *azure_request(*asked));
  place.contents.keep_state(place.value.state);
  place.contents.keep_lock(place.value.metadata);
  if (place.value.lease.id.empty()) place.lease.clear();
  // Whose time begins now has all of it.
  if (asked->what == AzureWhat::acquire || asked->what == AzureWhat::renew ||
      asked->what == AzureWhat::break_lease)
    place.passed_until = clock_();
  return response.error == AzureError::none ? shown(*asked, response, place) : azure_failure(response);
}

HttpAnswer AzureBlobServer::shown(const AzureAsked& asked, const AzureBlob::Response& response,
                                  const Place& place) const {
  HttpAnswer answer{static_cast<unsigned>(response.status), azure_headers(), ""};
  auto& headers = answer.headers;
  if (asked.what == AzureWhat::remove) {
    headers["x-ms-delete-type-permanent"] = "true";
    return answer;
  }
  headers["ETag"] = azure_etag(response.etag);
  headers["Last-Modified"] = kBlobTime;
  if (asked.what == AzureWhat::put || asked.what == AzureWhat::set_metadata)
    headers["x-ms-request-server-encrypted"] = "true";
  if (asked.what == AzureWhat::snapshot) headers["x-ms-snapshot"] = "2026-01-01T00:00:00.0000000Z";
  if (asked.what == AzureWhat::acquire || asked.what == AzureWhat::renew || asked.what == AzureWhat::change)
    headers["x-ms-lease-id"] = place.lease;
  if (asked.what == AzureWhat::break_lease)
    headers["x-ms-lease-time"] = std::to_string(response.lease_time_s);
  if (asked.what != AzureWhat::get && asked.what != AzureWhat::properties) return answer;
  headers.insert(place.metadata.begin(), place.metadata.end());
  headers["Content-Type"] = place.type;
  headers["Content-Length"] = std::to_string(place.text.size());
  headers["Accept-Ranges"] = "bytes";
  headers["x-ms-blob-type"] = "BlockBlob";
  headers["x-ms-creation-time"] = kBlobTime;
  headers["x-ms-lease-state"] = azure_lease_state(response.lease_state);
  headers["x-ms-lease-status"] = response.is_locked() ? "locked" : "unlocked";
  if (response.lease_state == models::AzureLease::State::leased)
    headers["x-ms-lease-duration"] =
        place.value.lease.duration_s == models::kInfiniteLease ? "infinite" : "fixed";
  if (asked.what == AzureWhat::get) answer.body = place.text;
  return answer;
}

// learn.microsoft.com/rest/api/storageservices/list-blobs
HttpAnswer AzureBlobServer::listed(const AzureAsked& asked) const {
  std::string blobs;
  for (const auto& [name, place] : places_) {
    if (place.value.exists == 0 || place.container != asked.container ||
        !place.blob.starts_with(asked.prefix))
      continue;
    blobs += fmt::format(
        "<Blob><Name>{}</Name><Properties><Last-Modified>{}</Last-Modified><Etag>{}</Etag><Content-Length>{}"
        "</Content-Length><Content-Type>{}</Content-Type><BlobType>BlockBlob</BlobType><LeaseStatus>{}</"
        "LeaseStatus>"
        "<LeaseState>{}</LeaseState></Properties></Blob>",
        xml_escaped(place.blob), kBlobTime, xml_escaped(azure_etag(place.value.etag)), place.text.size(),
        xml_escaped(place.type), place.value.lease.is_locked() ? "locked" : "unlocked",
        azure_lease_state(place.value.lease.state));
  }
  HttpAnswer answer{200, azure_headers(), ""};
  answer.headers["Content-Type"] = "application/xml";
  answer.body = fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults "
      "ContainerName=\"{}\"><Prefix>{}</Prefix><Blobs>{}"
      "</Blobs><NextMarker /></EnumerationResults>",
      xml_escaped(asked.container), xml_escaped(asked.prefix), blobs);
  return answer;
}

HttpAnswer AzureBlobServer::refuse(const HttpRequest&, sim::Refusal kind) const {
  return azure_failure(AzureBlob::refuse({}, kind));
}

nlohmann::ordered_json AzureBlobServer::holds() const {
  nlohmann::ordered_json states = nlohmann::ordered_json::object();
  for (const auto& [name, place] : places_) {
    if (place.value.exists == 0) continue;
    AzureAsked noted;
    noted.metadata = place.metadata;
    nlohmann::ordered_json one = held(place.text, noted.lock_info());
    if (place.value.lease.is_locked()) one["lock"]["ID"] = place.lease;
    if (!one.empty()) states[name] = std::move(one);
  }
  return states;
}

}  // namespace lockstorm::wire
