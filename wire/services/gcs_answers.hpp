// What Cloud Storage answers: objects, listings and errors, in JSON or XML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/services/gcs_codec.hpp"

namespace lockstorm::wire {

/// An object as the API shows it.
struct GcsObject {
  std::string bucket, name, text;
  std::uint64_t generation = 0;  ///< 0: there is none
  std::uint64_t metageneration = 1;
};

/// An error of the JSON API (cloud.google.com/storage/docs/json_api/v1/status-codes).
HttpAnswer gcs_error(unsigned status, std::string_view domain, std::string_view reason,
                     const std::string& message);

/// The answer, with the object as it stands afterwards.
HttpAnswer encode(const GcsAsked& asked, const models::Gcs::Response& response, const GcsObject& object);

/// objects.list of these, which are ordered by their names.
HttpAnswer gcs_listing(const GcsAsked& asked, const std::vector<GcsObject>& objects);

}  // namespace lockstorm::wire
