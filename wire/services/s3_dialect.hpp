// What the object stores that are modelled as S3 call things differently on the wire.
#pragma once

#include <string_view>

#include "models/services/s3.hpp"

namespace lockstorm::wire {

struct S3Dialect {
  std::string_view service = models::S3::kName;
  std::string_view prefix = "x-amz-";  ///< of the service's own header fields
  std::string_view server = "AmazonS3";
  /// What the requests that list a bucket are called by clients of this service.
  models::S3::Listing listing = models::S3::Listing::list_objects_v2;
  bool bucket_in_path = true;  ///< where the host does not name it
};

inline constexpr S3Dialect kAmazonS3{};

}  // namespace lockstorm::wire
