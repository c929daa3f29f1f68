// The model of Cloud Storage, answering real requests: a state and a lock object for each name, in any
// bucket.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/services/gcs.hpp"
#include "wire/services/gcs_answers.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire {

class GcsServer final : public ModelServer {
 public:
  [[nodiscard]] std::string_view service() const override { return models::Gcs::kName; }
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override;
  HttpAnswer handle(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const override;
  /// A lock's ID is its generation, as the backend has it.
  [[nodiscard]] nlohmann::ordered_json holds() const override;

 private:
  struct Place {
    models::Gcs::Value value;
    Contents contents;
    std::string bucket, state_name, lock_name, lock_text;
    std::uint64_t state_generations = 0;  ///< the model keeps no number of them
  };

  [[nodiscard]] static GcsObject object_of(const Place& place, bool of_lock);
  [[nodiscard]] std::vector<GcsObject> objects_in(const std::string& bucket) const;

  models::Gcs model_;
  std::map<std::string, Place> places_;
};

}  // namespace lockstorm::wire
