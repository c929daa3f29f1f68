// The model of DynamoDB, answering real requests: a lock and a digest for each state, in any table.
#pragma once

#include <map>
#include <set>
#include <string>

#include "wire/services/dynamodb_codec.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire {

/// Tables come into being when they are created or first written to. Reads are up to date, whatever they ask
/// for.
class DynamoDbServer final : public ModelServer {
 public:
  [[nodiscard]] std::string_view service() const override { return models::DynamoDb::kName; }
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override;
  HttpAnswer handle(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const override;
  void clear() override;
  [[nodiscard]] nlohmann::ordered_json holds() const override;

 private:
  HttpAnswer answer_item(const DynamoCall& call);
  HttpAnswer answer_table(const DynamoCall& call);

  models::DynamoDb model_;
  std::map<std::string, std::map<std::string, DynamoPlace>> tables_;
  std::uint64_t requests_ = 0;
};

}  // namespace lockstorm::wire
