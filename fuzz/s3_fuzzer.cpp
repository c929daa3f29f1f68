// Fuzzes the codec of the S3 API and the server behind it.
#include <nlohmann/json.hpp>

#include "fuzz/requests.hpp"
#include "wire/services/s3_server.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lockstorm::wire::S3Server server({});
  lockstorm::fuzz::answer_all(server, lockstorm::fuzz::text_of(data, size));
  return 0;
}
