// Fuzzes the codec of DynamoDB's API and the server behind it.
#include <nlohmann/json.hpp>

#include "fuzz/requests.hpp"
#include "wire/services/dynamodb_server.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lockstorm::wire::DynamoDbServer server;
  lockstorm::fuzz::answer_all(server, lockstorm::fuzz::text_of(data, size));
  return 0;
}
