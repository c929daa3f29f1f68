// Azure Blob Storage's REST API (learn.microsoft.com/rest/api/storageservices: Put Blob, Get Blob, Lease
// Blob, List Blobs, ..., Blob service error codes; backend-protocols.md 3.4 and 4.3;
// server-semantics.md 3.1).
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>

#include "models/services/azure_blob.hpp"
#include "wire/net/exchange.hpp"

namespace lockstorm::wire {

/// What a request asks for, in the API's own terms.
struct AzureAsked {
  enum class What : std::uint8_t {
    list,
    create_container,
    put,
    get,
    properties,
    set_metadata,
    snapshot,
    remove,
    acquire,
    renew,
    change,
    release,
    break_lease
  };

  What what = What::get;
  std::string container;  ///< "account/container"
  std::string blob{};
  std::string text{};                             ///< of Put Blob
  std::string type{};                             ///< its Content-Type
  std::map<std::string, std::string> metadata{};  ///< x-ms-meta-*, names in lower case
  std::string lease{};                            ///< x-ms-lease-id
  std::string proposed{};                         ///< x-ms-proposed-lease-id
  std::uint16_t seconds = 0;                      ///< of a lease, or until it is broken
  bool if_none_match_any = false;
  std::optional<std::string> if_match{};
  std::string prefix{};  ///< of a listing

  [[nodiscard]] std::string place() const { return blob.empty() ? container : container + "/" + blob; }
  /// What Terraform keeps in the metadata: the lock info, decoded. Empty: none.
  [[nodiscard]] std::string lock_info() const;
};

/// Blobs of `https://ACCOUNT.blob.core.windows.net/CONTAINER/BLOB` or of
/// `http://HOST/ACCOUNT/CONTAINER/BLOB`, as Azurite has them. Or the API's own answer to what is no request
/// of it, or none that this server knows.
std::expected<AzureAsked, HttpAnswer> parse_azure(const HttpRequest& request);

/// The model's operation, without what it is about. Nothing: the model has no word for it.
std::optional<models::AzureBlob::Request> azure_request(const AzureAsked& asked);

/// A failure: code, message and status as they are documented.
HttpAnswer azure_failure(const models::AzureBlob::Response& response);

std::string azure_etag(std::uint16_t number);
/// Nothing: no blob of this server has ever had it.
std::optional<std::uint16_t> azure_etag_number(std::string_view etag);

/// Headers of every answer.
std::map<std::string, std::string> azure_headers();
std::string_view azure_lease_state(models::AzureLease::State state);

/// For text in XML.
std::string xml_escaped(std::string_view text);

}  // namespace lockstorm::wire
