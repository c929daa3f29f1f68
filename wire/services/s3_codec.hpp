// The S3 API as the model of an object store has it: requests become the model's, its answers become XML and
// header fields (backend-protocols.md 4.2; docs.aws.amazon.com/AmazonS3/latest/API).
#pragma once

#include <map>
#include <string>

#include "models/services/s3.hpp"
#include "wire/net/exchange.hpp"
#include "wire/services/contents.hpp"
#include "wire/services/s3_call.hpp"

namespace lockstorm::wire {

/// What is stored with an object, beside its bytes, and comes back with them.
struct StoredObject {
  std::string etag;  ///< quoted
  std::map<std::string, std::string> fields{};
  bool has_customer_key = false;
};

/// A state with its lock file.
struct S3Place {
  models::S3::Value value;
  Contents contents{};
  StoredObject state{};
  StoredObject lock{};

  [[nodiscard]] const StoredObject& object(bool is_lock) const { return is_lock ? lock : state; }
  [[nodiscard]] const std::string& text(bool is_lock) const {
    return is_lock ? contents.text_of(value.lock) : contents.text_of(value.state);
  }
  [[nodiscard]] bool has(bool is_lock) const { return is_lock ? !value.lock.empty() : value.state.exists(); }
};

/// What a call on an object, or a listing, asks of the model. An upload in parts is one PutObject with what
/// the parts make, when it is completed.
models::S3::Request to_model(const S3Call& call, const S3Dialect& dialect, S3Place& place);

/// What a put stores with its object.
StoredObject stored_by(const S3Call& call, const HttpRequest& request, const S3Dialect& dialect);

/// GetObject and HeadObject of what is there: all of it or a range (206), unless the reader's own conditions
/// say otherwise (304, 412).
HttpAnswer object_answer(const S3Call& call, const HttpRequest& request, const StoredObject& stored,
                         const std::string& text, const S3Dialect& dialect);

/// Of a status that is no success.
S3Error error_of(models::S3::Status status);
HttpAnswer error_answer(const S3Error& error, const HttpRequest& request, const S3Dialect& dialect);

/// Adds what every answer has; `number` counts requests.
void finish(HttpAnswer& answer, const S3Dialect& dialect, std::uint64_t number);

}  // namespace lockstorm::wire
