// The model of an object store, answering real requests: a state with its lock file for each key.
#pragma once

#include <map>
#include <set>
#include <string>

#include "wire/services/model_server.hpp"
#include "wire/services/s3_codec.hpp"
#include "wire/services/s3_listing.hpp"
#include "wire/services/s3_uploads.hpp"

namespace lockstorm::wire {

/// Any bucket exists. Reads are up to date, whatever else the promises allow; and no delete comes in between,
/// unless it is chosen (ModelServer::choose).
class S3Server final : public ModelServer {
 public:
  explicit S3Server(models::S3Promises promises, S3Dialect dialect = kAmazonS3) : dialect_(dialect) {
    model_.promises = promises;
  }

  [[nodiscard]] std::string_view service() const override { return dialect_.service; }
  /// What a client sends of an object in parts is called by its API, "UploadPart", but for the last request,
  /// which the models know as PutObject.
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override;
  HttpAnswer handle(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const override;
  void clear() override;
  [[nodiscard]] nlohmann::ordered_json holds() const override;

 private:
  HttpAnswer answer(const HttpRequest& request);
  HttpAnswer answer_bucket(const S3Call& call, const HttpRequest& request);
  HttpAnswer answer_object(const S3Call& call, const HttpRequest& request, StoredObject stored);
  HttpAnswer answer_upload(S3Call call, const HttpRequest& request);
  [[nodiscard]] std::string place_of(const S3Call& call) const;
  [[nodiscard]] ListedObjects objects_in(const S3Call& bucket) const;

  models::S3 model_;
  S3Dialect dialect_;
  std::map<std::string, S3Place> places_;
  std::set<std::string> buckets_;
  S3Uploads uploads_;
  std::uint64_t requests_ = 0;
};

}  // namespace lockstorm::wire
