// Fuzzes the codec of Cloud Storage and the server behind it.
#include "fuzz/requests.hpp"
#include "wire/services/gcs_server.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lockstorm::wire::GcsServer server;
  lockstorm::fuzz::answer_all(server, lockstorm::fuzz::text_of(data, size));
  return 0;
}
