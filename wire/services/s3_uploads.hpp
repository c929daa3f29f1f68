// Uploads in parts: what has been sent of an object that is not there yet.
#pragma once

#include <expected>
#include <map>
#include <string>

#include "wire/services/s3_codec.hpp"

namespace lockstorm::wire {

/// At most so many bytes wait in parts; more are refused (EntityTooLarge).
inline constexpr std::size_t kMaxPartBytes = std::size_t{512} << 20U;
/// At most so many uploads are open; more are refused (SlowDown).
inline constexpr std::size_t kMaxUploads = 1000;
/// All parts but the last have as many bytes at least (EntityTooSmall).
inline constexpr std::size_t kMinPartBytes = std::size_t{5} << 20U;

class S3Uploads {
 public:
  /// The id of a new upload, which stores `stored` with its object.
  std::expected<std::string, S3Error> create(const S3Call& call, StoredObject stored);
  /// The part's entity tag; one of the same number is replaced.
  std::expected<std::string, S3Error> put_part(const S3Call& call);

  struct Made {
    std::string text;
    StoredObject stored;
  };
  /// What the parts make that the body of CompleteMultipartUpload lists.
  [[nodiscard]] std::expected<Made, S3Error> made_by(const S3Call& call) const;
  /// It is completed or aborted. False: there is none of that id.
  bool remove(const S3Call& call);

 private:
  struct Part {
    std::string text;
    std::string etag;
  };
  struct Upload {
    std::string object;
    StoredObject stored;
    std::map<unsigned, Part> parts;
  };
  [[nodiscard]] const Upload* find(const S3Call& call) const;

  std::map<std::string, Upload> uploads_;
  std::uint64_t count_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace lockstorm::wire
