// Listings of a bucket, as ListObjects and ListObjectsV2 answer them.
#pragma once

#include <map>
#include <string>

#include "wire/net/exchange.hpp"
#include "wire/services/s3_call.hpp"

namespace lockstorm::wire {

struct ListedObject {
  std::size_t size = 0;
  std::string etag;
};

/// By their keys.
using ListedObjects = std::map<std::string, ListedObject>;

/// What the request's prefix, delimiter, marker and the like leave of them.
HttpAnswer list_answer(const S3Call& call, const HttpRequest& request, const ListedObjects& objects,
                       const S3Dialect& dialect);

}  // namespace lockstorm::wire
