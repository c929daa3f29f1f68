// Cloud Storage's JSON API, and the XML API by which the client libraries read
// (cloud.google.com/storage/docs/ json_api/v1, .../xml-api/get-object-download, .../request-preconditions;
// backend-protocols.md 3.6 and 4.5).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "models/services/gcs.hpp"
#include "wire/net/exchange.hpp"
#include "wire/services/contents.hpp"

namespace lockstorm::wire {

/// What a request asks for, in the API's own terms.
struct GcsAsked {
  enum class What : std::uint8_t { list, insert, remove, patch, media, attributes };

  What what = What::list;
  bool by_xml = false;
  std::string bucket;
  std::string object;                             ///< its name: "env/default.tfstate"; a listing has none
  std::optional<std::uint64_t> generation{};      ///< ifGenerationMatch
  std::optional<std::uint64_t> metageneration{};  ///< ifMetagenerationMatch
  std::string text{};                             ///< of an insert
  std::string prefix{}, delimiter{}, page{};      ///< of a listing; `page`: what it goes on after
  std::size_t most = 1000;                        ///< entries of it

  /// Objects whose names end in ".tflock" are locks, all others states.
  [[nodiscard]] bool is_lock() const;
  /// Which state it is about: "bucket/env/default.tfstate".
  [[nodiscard]] std::string place() const;
};

/// Or the API's own answer to what is no request of it, or none that the model knows.
std::expected<GcsAsked, HttpAnswer> parse_gcs(const HttpRequest& request);

/// The nth generation of an object: as large as the real service's, and never reused.
std::uint64_t gcs_generation(std::uint64_t number);

/// The model's request; never asked of a listing, nor of a change that the model has no words for.
/// `stored`: the state, and its generation as the API has it (0: there is none).
models::Gcs::Request gcs_request(const GcsAsked& asked, const models::StateSnapshot& stored,
                                 std::uint64_t stored_generation, Contents& contents);

}  // namespace lockstorm::wire
