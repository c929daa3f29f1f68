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
  std::string_view crc64{};    ///< the field with the CRC-64 of an object, which clients compare
};

inline constexpr S3Dialect kAmazonS3{};
/// Its clients are given the URL of a bucket, which is named by the host
/// (cloud.tencent.com/document/product/436).
inline constexpr S3Dialect kTencentCos{models::TencentCos::kName,       "x-cos-", "tencent-cos",
                                       models::S3::Listing::get_bucket, false,    "x-cos-hash-crc64ecma"};
/// www.alibabacloud.com/help/en/oss/developer-reference
inline constexpr S3Dialect kAlibabaOss{models::AlibabaOss::kName,         "x-oss-", "AliyunOSS",
                                       models::S3::Listing::list_objects, true,     "x-oss-hash-crc64ecma"};

}  // namespace lockstorm::wire
