// Fuzzes the codec of HCP Terraform and the server behind it.
#include "fuzz/requests.hpp"
#include "wire/services/tfe_server.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lockstorm::wire::TfeServer server;
  lockstorm::fuzz::answer_all(server, lockstorm::fuzz::text_of(data, size));
  return 0;
}
