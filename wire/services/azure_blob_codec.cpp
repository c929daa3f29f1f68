#include "wire/services/azure_blob_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "wire/services/base64.hpp"

namespace lockstorm::wire {
namespace {

using models::AzureBlob;
using models::AzureError;
using AzureWhat = AzureAsked::What;

constexpr std::string_view kMetadata = "x-ms-meta-";
constexpr std::string_view kLockInfoMetadata = "x-ms-meta-terraformlockid";
constexpr std::string_view kBlobHost = ".blob.";

struct AzureMessage {
  std::string_view code, message;
};
// learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
constexpr std::array kAzureMessages{
    AzureMessage{"BlobNotFound", "The specified blob does not exist."},
    AzureMessage{"BlobAlreadyExists", "The specified blob already exists."},
    AzureMessage{"ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met."},
    AzureMessage{"InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format."},
    AzureMessage{"LeaseAlreadyPresent", "There is already a lease present."},
    AzureMessage{"LeaseIdMissing",
                 "There is currently a lease on the blob and no lease ID was specified in the request."},
    AzureMessage{"LeaseIdMismatchWithBlobOperation",
                 "The lease ID specified did not match the lease ID for the blob."},
    AzureMessage{"LeaseIdMismatchWithLeaseOperation",
                 "The lease ID specified did not match the lease ID for the blob."},
    AzureMessage{"LeaseNotPresentWithBlobOperation", "There is currently no lease on the blob."},
    AzureMessage{"LeaseNotPresentWithLeaseOperation", "There is currently no lease on the blob."},
    AzureMessage{"LeaseLost", "A lease ID was specified, but the lease for the blob has expired."},
    AzureMessage{
        "LeaseIsBreakingAndCannotBeAcquired",
        "The lease ID matched, but the lease is currently in breaking state and cannot be acquired until "
        "it is broken."},
    AzureMessage{"LeaseIsBreakingAndCannotBeChanged",
                 "The lease ID matched, but the lease is currently in breaking state and cannot be changed."},
    AzureMessage{"LeaseIsBrokenAndCannotBeRenewed",
                 "The lease ID matched, but the lease has been broken explicitly and cannot be renewed."},
    AzureMessage{"InternalError", "The server encountered an internal error. Please retry the request."},
    AzureMessage{"ServerBusy",
                 "The server is currently unable to receive requests. Please retry your request."},
    AzureMessage{"AuthorizationFailure",
                 "This request is not authorized to perform this operation using this permission."},
};

HttpAnswer azure_error(unsigned status, std::string_view code, std::string_view message) {
  HttpAnswer answer{status, azure_headers(), ""};
  answer.headers["x-ms-error-code"] = code;
  answer.headers["Content-Type"] = "application/xml";
  answer.body = fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{}</Code><Message>{}</Message></Error>", code,
      xml_escaped(message));
  return answer;
}
std::unexpected<HttpAnswer> not_in_azure(const std::string& why) {
  return std::unexpected(azure_error(501, "NotImplemented", why));
}
std::unexpected<HttpAnswer> bad_header(std::string_view header, std::string_view what) {
  return std::unexpected(
      azure_error(400, "InvalidHeaderValue",
                  fmt::format("The value for one of the HTTP headers is not in the correct "
                              "format: {} {}.",
                              header, what)));
}

std::string header_of(const HttpRequest& request, const char* name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

bool is_guid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return text.size() == kForm.size() && std::ranges::equal(text, kForm, [](unsigned char c, char form) {
           return form == '-' ? c == '-' : std::isxdigit(c) != 0;
         });
}

// GUIDs are the same in upper and lower case.
std::expected<std::string, HttpAnswer> guid_at(const HttpRequest& request, const char* header) {
  std::string id = header_of(request, header);
  if (!id.empty() && !is_guid(id)) return bad_header(header, "is no GUID");
  std::ranges::transform(id, id.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return id;
}

// learn.microsoft.com/rest/api/storageservices/lease-blob; -1: for ever.
std::expected<std::uint16_t, HttpAnswer> seconds_at(const HttpRequest& request, const char* header) {
  const std::string text = header_of(request, header);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < -1 || value > 3600)
    return bad_header(header, "is no number of seconds");
  return value == -1 ? models::kInfiniteLease : static_cast<std::uint16_t>(value);
}

std::expected<AzureAsked, HttpAnswer> parse_lease(const HttpRequest& request, AzureAsked asked) {
  constexpr std::array<std::pair<std::string_view, AzureWhat>, 5> kActions{
      {{"acquire", AzureWhat::acquire},
       {"renew", AzureWhat::renew},
       {"change", AzureWhat::change},
       {"release", AzureWhat::release},
       {"break", AzureWhat::break_lease}}};
  const std::string action = in_lower_case(header_of(request, "x-ms-lease-action"));
  const auto found = std::ranges::find(kActions, action, [](const auto& one) { return one.first; });
  if (found == kActions.end())
    return bad_header("x-ms-lease-action", "is none of acquire, renew, change, release and break");
  asked.what = found->second;
  auto proposed = guid_at(request, "x-ms-proposed-lease-id");
  if (!proposed) return std::unexpected(proposed.error());
  asked.proposed = *std::move(proposed);
  const bool needs_lease = asked.what != AzureWhat::acquire && asked.what != AzureWhat::break_lease;
  if (needs_lease && asked.lease.empty()) return bad_header("x-ms-lease-id", "is missing");
  if (asked.what == AzureWhat::change && asked.proposed.empty())
    return bad_header("x-ms-proposed-lease-id", "is missing");
  asked.seconds = models::kNoBreakPeriod;
  const bool has_period = request.headers.contains("x-ms-lease-break-period");
  if (asked.what == AzureWhat::acquire || (asked.what == AzureWhat::break_lease && has_period)) {
    const auto seconds = seconds_at(
        request, asked.what == AzureWhat::acquire ? "x-ms-lease-duration" : "x-ms-lease-break-period");
    if (!seconds) return std::unexpected(seconds.error());
    asked.seconds = *seconds;
  }
  return asked;
}

// Only those conditions that the model has: none is ignored.
std::expected<void, HttpAnswer> parse_azure_conditions(const HttpRequest& request, AzureAsked& asked) {
  for (const auto& [name, value] : request.headers) {
    if (!name.starts_with("if-") && !name.starts_with("x-ms-if-")) continue;
    const bool knows =
        asked.what == AzureWhat::put && ((name == "if-none-match" && value == "*") || name == "if-match");
    if (!knows)
      return not_in_azure(fmt::format("{}: {} is no condition that this server knows.", name, value));
    if (name == "if-match") asked.if_match = value;
    if (name == "if-none-match") asked.if_none_match_any = true;
  }
  return {};
}

std::expected<AzureAsked, HttpAnswer> parse_blob(const HttpRequest& request, AzureAsked asked) {
  const auto comp = request.query.find("comp");
  const std::string part = comp == request.query.end() ? "" : comp->second;
  const std::string& method = request.method;
  if (method == "PUT" && part == "lease") return parse_lease(request, std::move(asked));
  if (method == "PUT" && part == "metadata") {
    asked.what = AzureWhat::set_metadata;
  } else if (method == "PUT" && part == "snapshot") {
    asked.what = AzureWhat::snapshot;
  } else if (method == "PUT" && part.empty()) {
    asked.what = AzureWhat::put;
    asked.text = request.body;
    asked.type = header_of(request, "content-type");
    if (const std::string special = header_of(request, "x-ms-blob-content-type"); !special.empty())
      asked.type = special;
    if (header_of(request, "x-ms-blob-type") != "BlockBlob")
      return std::unexpected(azure_error(400, "MissingRequiredHeader",
                                         "x-ms-blob-type: this server knows blobs of the type BlockBlob."));
  } else if (part.empty() && (method == "GET" || method == "HEAD" || method == "DELETE")) {
    asked.what = method == "GET"    ? AzureWhat::get
                 : method == "HEAD" ? AzureWhat::properties
                                    : AzureWhat::remove;
  } else {
    return not_in_azure(
        fmt::format("{} with comp={} is nothing that this server knows of a blob.", method, part));
  }
  return asked;
}

}  // namespace

std::string AzureAsked::lock_info() const {
  const auto found = metadata.find(std::string(kLockInfoMetadata));
  return found == metadata.end() ? "" : decode_base64(found->second).value_or("");
}

std::expected<AzureAsked, HttpAnswer> parse_azure(const HttpRequest& request) {
  const std::string host = header_of(request, "host");
  std::string_view path = std::string_view(request.path).substr(request.path.starts_with('/') ? 1 : 0);
  const auto next_segment = [&] {
    const std::string segment = decoded(path.substr(0, path.find('/')), false);
    path.remove_prefix(std::min(path.size(), std::min(path.find('/'), path.size()) + 1));
    return segment;
  };
  const std::size_t dot = host.find(kBlobHost);
  const std::string account = dot == std::string::npos ? next_segment() : host.substr(0, dot);
  const std::string container = next_segment();
  if (account.empty() || container.empty() || account.contains('/') || container.contains('/'))
    return not_in_azure(fmt::format("{} {} names no container of an account.", request.method, request.path));
  AzureAsked asked;
  asked.container = account + "/" + container;
  asked.blob = decoded(path, false);
  for (const auto& [name, value] : request.headers)
    if (name.starts_with(kMetadata)) asked.metadata[name] = value;
  auto lease = guid_at(request, "x-ms-lease-id");
  if (!lease) return std::unexpected(lease.error());
  asked.lease = *std::move(lease);
  if (!asked.blob.empty()) {
    auto parsed = parse_blob(request, std::move(asked));
    if (!parsed) return parsed;
    if (auto conditions = parse_azure_conditions(request, *parsed); !conditions)
      return std::unexpected(conditions.error());
    return parsed;
  }
  const auto is = [&](const char* name, std::string_view value) {
    const auto found = request.query.find(name);
    return found != request.query.end() && found->second == value;
  };
  if (request.method == "PUT" && is("restype", "container") && !request.query.contains("comp")) {
    asked.what = AzureWhat::create_container;
    return asked;
  }
  if (request.method != "GET" || !is("restype", "container") || !is("comp", "list"))
    return not_in_azure("This server makes containers and lists what is in them, and knows no more of them.");
  asked.what = AzureWhat::list;
  if (const auto prefix = request.query.find("prefix"); prefix != request.query.end())
    asked.prefix = prefix->second;
  return asked;
}

std::optional<AzureBlob::Request> azure_request(const AzureAsked& asked) {
  switch (asked.what) {
    case AzureWhat::list:
    case AzureWhat::create_container:
      return std::nullopt;
    case AzureWhat::put:
      return AzureBlob::PutBlob{};
    case AzureWhat::get:
      return AzureBlob::GetBlob{};
    case AzureWhat::properties:
      return AzureBlob::GetProperties{};
    case AzureWhat::set_metadata:
      return AzureBlob::SetMetadata{};
    case AzureWhat::snapshot:
      return AzureBlob::SnapshotBlob{};
    case AzureWhat::remove:
      return AzureBlob::DeleteBlob{};
    case AzureWhat::acquire:
      return AzureBlob::AcquireLease{};
    case AzureWhat::renew:
      return AzureBlob::RenewLease{};
    case AzureWhat::change:
      return AzureBlob::ChangeLease{};
    case AzureWhat::release:
      return AzureBlob::ReleaseLease{};
    case AzureWhat::break_lease:
      return AzureBlob::BreakLease{asked.seconds};
  }
  return std::nullopt;
}

HttpAnswer azure_failure(const AzureBlob::Response& response) {
  const std::string_view code = models::azure_error_name(response.error);
  const auto found = std::ranges::find(kAzureMessages, code, &AzureMessage::code);
  return azure_error(static_cast<unsigned>(response.status), code,
                     found == kAzureMessages.end() ? code : found->message);
}

std::string azure_etag(std::uint16_t number) { return fmt::format("\"0x8DE0000000{:05X}\"", number); }

std::optional<std::uint16_t> azure_etag_number(std::string_view etag) {
  if (etag.starts_with('"') && etag.ends_with('"') && etag.size() > 1) etag = etag.substr(1, etag.size() - 2);
  std::uint16_t number = 0;
  const std::size_t digits = 5;
  if (etag.size() < digits) return std::nullopt;
  std::from_chars(etag.data() + etag.size() - digits, etag.data() + etag.size(), number, 16);
  return azure_etag(number) == fmt::format("\"{}\"", etag) ? std::optional(number) : std::nullopt;
}

// No clock runs here.
std::map<std::string, std::string> azure_headers() {
  return {{"x-ms-version", "2023-11-03"},
          {"x-ms-request-id", "10c45708-0000-4000-8000-000000000000"},
          {"Date", "Thu, 01 Jan 2026 00:00:00 GMT"}};
}

std::string_view azure_lease_state(models::AzureLease::State state) {
  using State = models::AzureLease::State;
  switch (state) {
    case State::available:
      return "available";
    case State::leased:
      return "leased";
    case State::breaking:
      return "breaking";
    case State::broken:
      return "broken";
    case State::expired:
      return "expired";
  }
  return "";
}

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"') {
      escaped += "&quot;";
    } else if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') {
      escaped += '?';  // XML has no way to say it
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace lockstorm::wire
