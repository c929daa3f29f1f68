// One request of the S3 API, as it is sent (docs.aws.amazon.com/AmazonS3/latest/API).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "models/services/s3.hpp"
#include "wire/net/exchange.hpp"
#include "wire/services/s3_dialect.hpp"

namespace lockstorm::wire {

enum class S3Api : std::uint8_t {
  list_buckets,
  create_bucket,
  head_bucket,
  get_bucket_location,
  get_bucket_versioning,
  list_objects,
  list_objects_v2,
  get_object,
  head_object,
  put_object,
  delete_object,
  create_multipart_upload,
  upload_part,
  complete_multipart_upload,
  abort_multipart_upload,
};
/// As the API calls it: "UploadPart".
std::string_view name_of(S3Api api);

/// An error as the API answers it.
struct S3Error {
  unsigned status = 400;
  std::string code;
  std::string message;
};

/// Of a `Range: bytes=FIRST-LAST`; without `first`: so many last ones.
struct ByteRange {
  std::optional<std::uint64_t> first;
  std::optional<std::uint64_t> last;
};

struct S3Call {
  S3Api api = S3Api::list_buckets;
  std::string bucket;
  std::string key;  ///< decoded; empty: it is of the bucket, or of all of them
  models::S3::Condition condition = models::S3::Condition::none;
  std::string if_match;  ///< the entity tag, as it was sent
  std::string upload_id;
  unsigned part = 0;
  std::optional<ByteRange> range{};
  bool has_customer_key = false;  ///< brings along a key of the customer's (SSE-C)
  std::string body;               ///< without what frames it

  [[nodiscard]] bool is_of_lock() const;
  /// The key of the state that this one belongs to: itself, or without ".tflock".
  [[nodiscard]] std::string state_key() const;
};

/// Longer keys are refused (KeyTooLongError).
inline constexpr std::size_t kMaxKeyBytes = 1024;

/// Path-style and virtual-host requests. What the models have no words for is answered with NotImplemented,
/// which says what it is, and never guessed.
std::expected<S3Call, S3Error> decode_s3(const HttpRequest& request, const S3Dialect& dialect);

}  // namespace lockstorm::wire
