#include "wire/services/gcs_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "wire/services/base64.hpp"
#include "wire/services/gcs_answers.hpp"

namespace lockstorm::wire {
namespace {

using models::Gcs;
using GcsWhat = GcsAsked::What;

constexpr std::string_view kLockEnding = ".tflock";
constexpr std::string_view kStateEnding = ".tfstate";
// The real service takes microseconds since 1970.
constexpr std::uint64_t kFirstGeneration = 1'767'225'600'000'000;
// A generation that the lock object never has.
constexpr std::uint16_t kNoGeneration = Gcs::kMaxGenerations + 1;
std::unexpected<HttpAnswer> not_understood(const std::string& why) {
  return std::unexpected(gcs_error(501, "global", "notImplemented", why));
}

std::string gcs_query(const HttpRequest& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

// Nothing: there is no such number, or what stands there is none.
template <class Number>
std::optional<Number> number_in(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The parts of a multipart/related body (RFC 2046, 5.1), each without its headers.
std::vector<std::string_view> parts_of(std::string_view body, const std::string& boundary) {
  std::vector<std::string_view> parts;
  const std::string delimiter = "--" + boundary;
  std::size_t at = body.find(delimiter);
  while (at != std::string_view::npos) {
    const std::size_t begin = at + delimiter.size();
    at = body.find("\r\n" + delimiter, begin);
    if (at == std::string_view::npos) break;
    const std::string_view part = body.substr(begin, at - begin);
    at += 2;
    const std::size_t empty_line = part.find("\r\n\r\n");
    if (empty_line != std::string_view::npos) parts.push_back(part.substr(empty_line + 4));
  }
  return parts;
}

std::string boundary_of(const HttpRequest& request) {
  const auto type = request.headers.find("content-type");
  if (type == request.headers.end()) return "";
  constexpr std::string_view kName = "boundary=";
  const std::size_t at = type->second.find(kName);
  if (at == std::string::npos) return "";
  std::string_view value = std::string_view(type->second).substr(at + kName.size());
  if (value.starts_with('"')) return std::string(value.substr(1, value.find('"', 1) - 1));
  return std::string(value.substr(0, value.find(';')));
}

std::expected<void, HttpAnswer> parse_upload(const HttpRequest& request, GcsAsked& asked) {
  const std::string type = gcs_query(request, "uploadType");
  asked.object = gcs_query(request, "name");
  if (type == "media") {
    asked.text = request.body;
  } else if (type == "multipart") {
    const std::string boundary = boundary_of(request);
    const std::vector<std::string_view> parts =
        boundary.empty() ? std::vector<std::string_view>{} : parts_of(request.body, boundary);
    if (parts.size() != 2)
      return std::unexpected(gcs_error(400, "global", "badRequest",
                                       "Multipart upload: expected two parts, metadata and media."));
    const auto metadata = nlohmann::json::parse(parts[0], nullptr, false);
    if (asked.object.empty() && metadata.is_object() && metadata.contains("name") &&
        metadata["name"].is_string())
      asked.object = metadata["name"].get<std::string>();
    asked.text = std::string(parts[1]);
  } else {
    return not_understood(
        fmt::format("uploadType={}: this server takes uploads of the types media and multipart; clients send "
                    "states of 16 MiB and more by others.",
                    type.empty() ? "none" : type));
  }
  if (asked.object.empty())
    return std::unexpected(gcs_error(400, "global", "required", "Required parameter: name"));
  return {};
}

// Only those preconditions that the model has: none is ignored.
std::expected<void, HttpAnswer> parse_conditions(const HttpRequest& request, GcsAsked& asked) {
  for (const auto& [name, value] : request.query) {
    if (!name.starts_with("if")) continue;
    const auto number = number_in<std::uint64_t>(value);
    if (!number)
      return std::unexpected(gcs_error(400, "global", "invalid",
                                       fmt::format("Invalid value for {}: a number was expected.", name)));
    if (name != "ifGenerationMatch" && name != "ifMetagenerationMatch")
      return not_understood(fmt::format("{} is a precondition that this server does not know.", name));
    (name == "ifGenerationMatch" ? asked.generation : asked.metageneration) = *number;
  }
  const bool is_state = asked.what != GcsWhat::list && !asked.is_lock();
  const bool reads =
      asked.what == GcsWhat::media || asked.what == GcsWhat::attributes || asked.what == GcsWhat::list;
  if ((reads && (asked.generation || asked.metageneration)) || (is_state && asked.metageneration) ||
      (is_state && asked.what == GcsWhat::remove && asked.generation))
    return not_understood(
        "This server knows preconditions of objects.insert, and of a lock's delete and patch.");
  return {};
}

std::expected<GcsAsked, HttpAnswer> parse_json_object(const HttpRequest& request, GcsAsked asked) {
  const bool has_object = !asked.object.empty();
  if (request.method == "GET" && !has_object) {
    asked.prefix = gcs_query(request, "prefix");
    asked.delimiter = gcs_query(request, "delimiter");
    if (const auto page = decode_base64(gcs_query(request, "pageToken"))) asked.page = *page;
    if (const auto most = number_in<std::size_t>(gcs_query(request, "maxResults")); most && *most > 0)
      asked.most = std::min(*most, asked.most);
    return asked;
  }
  if (request.method == "GET") {
    asked.what = gcs_query(request, "alt") == "media" ? GcsWhat::media : GcsWhat::attributes;
    return asked;
  }
  if (request.method == "DELETE" && has_object) {
    asked.what = GcsWhat::remove;
    return asked;
  }
  if (request.method == "PATCH" && has_object && asked.is_lock()) {
    asked.what = GcsWhat::patch;
    return asked;
  }
  return not_understood(
      fmt::format("{} {}: this server knows objects.insert, get, list, delete, and patch of a "
                  "lock object.",
                  request.method, request.path));
}

// "B/o/N" and "B/o" -> bucket and object.
std::optional<GcsAsked> bucket_and_object(std::string_view rest) {
  const std::size_t slash = rest.find('/');
  if (slash == 0 || slash == std::string_view::npos) return std::nullopt;
  GcsAsked asked;
  asked.bucket = decoded(rest.substr(0, slash), false);
  const std::string_view tail = rest.substr(slash);
  if (tail != "/o" && tail != "/o/" && !tail.starts_with("/o/")) return std::nullopt;
  if (tail.size() > 3) asked.object = decoded(tail.substr(3), false);
  if (asked.bucket.contains('/')) return std::nullopt;
  return asked;
}

constexpr std::string_view kUpload = "/upload/storage/v1/b/";
constexpr std::array<std::string_view, 2> kObjects{"/storage/v1/b/", "/b/"};

std::expected<GcsAsked, HttpAnswer> parse_path(const HttpRequest& request) {
  const std::string_view path = request.path;
  if (path.starts_with(kUpload)) {
    auto asked = bucket_and_object(path.substr(kUpload.size()));
    if (!asked || request.method != "POST")
      return not_understood(fmt::format("{} {} is no upload.", request.method, request.path));
    asked->what = GcsWhat::insert;
    if (auto parsed = parse_upload(request, *asked); !parsed) return std::unexpected(parsed.error());
    return *std::move(asked);
  }
  for (const std::string_view prefix : kObjects) {
    if (!path.starts_with(prefix)) continue;
    if (auto asked = bucket_and_object(path.substr(prefix.size())))
      return parse_json_object(request, *std::move(asked));
  }
  // The XML API has the object in the path as it is.
  const std::size_t slash = path.find('/', 1);
  if (request.method == "GET" && path.starts_with('/') && slash != std::string_view::npos && slash > 1 &&
      slash + 1 < path.size()) {
    GcsAsked asked;
    asked.what = GcsWhat::media;
    asked.by_xml = true;
    asked.bucket = decoded(path.substr(1, slash - 1), false);
    asked.object = decoded(path.substr(slash + 1), false);
    if (!asked.bucket.contains('/')) return asked;
  }
  return not_understood(fmt::format("{} {} is neither a request for objects of a bucket nor an upload.",
                                    request.method, request.path));
}

// What is not stored, whatever is.
models::StateSnapshot other_than(models::StateSnapshot stored) {
  stored.torn = 1;
  ++stored.write;
  return stored;
}

}  // namespace

bool GcsAsked::is_lock() const { return object.ends_with(kLockEnding); }

std::string GcsAsked::place() const {
  std::string name = object;
  if (is_lock()) name = name.substr(0, name.size() - kLockEnding.size()) + std::string(kStateEnding);
  return name.empty() ? bucket : bucket + "/" + name;
}

std::expected<GcsAsked, HttpAnswer> parse_gcs(const HttpRequest& request) {
  auto asked = parse_path(request);
  if (!asked) return asked;
  if (auto parsed = parse_conditions(request, *asked); !parsed) return std::unexpected(parsed.error());
  return asked;
}

std::uint64_t gcs_generation(std::uint64_t number) { return kFirstGeneration + number; }

Gcs::Request gcs_request(const GcsAsked& asked, const models::StateSnapshot& stored,
                         std::uint64_t stored_generation, Contents& contents) {
  const Gcs::Object object = asked.is_lock() ? Gcs::Object::lock : Gcs::Object::state;
  if (asked.what == GcsWhat::media) return Gcs::GetMedia{object};
  if (asked.what == GcsWhat::attributes) return Gcs::GetAttributes{object};
  if (object == Gcs::Object::lock) {
    Gcs::Match match;
    if (asked.generation) {
      const std::uint64_t number = *asked.generation - kFirstGeneration;  // far off where it is below
      match.generation = *asked.generation == 0                   ? Gcs::Match::kAbsent
                         : number == 0 || number >= kNoGeneration ? kNoGeneration
                                                                  : static_cast<std::uint16_t>(number);
    }
    if (asked.metageneration)
      match.metageneration =
          static_cast<std::uint16_t>(std::min<std::uint64_t>(*asked.metageneration, Gcs::Match::kAny - 1U));
    if (asked.what == GcsWhat::insert) return Gcs::InsertLock{contents.lock(asked.text), match};
    if (asked.what == GcsWhat::remove) return Gcs::DeleteLock{match};
    return Gcs::PatchLock{match};
  }
  if (asked.what == GcsWhat::remove) return Gcs::DeleteState{};
  Gcs::InsertState insert{contents.state(asked.text), {}, Gcs::Condition::none};
  if (asked.generation) {
    insert.condition = Gcs::Condition::if_generation_match;
    if (*asked.generation != 0 && *asked.generation == stored_generation) insert.generation = stored;
    if (*asked.generation != 0 && *asked.generation != stored_generation)
      insert.generation = other_than(stored);
  }
  return insert;
}

}  // namespace lockstorm::wire
