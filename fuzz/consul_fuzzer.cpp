// Fuzzes the codec of Consul and the server behind it.
#include "fuzz/requests.hpp"
#include "wire/services/consul_server.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lockstorm::wire::ConsulServer server([] { return lockstorm::wire::ConsulServer::Time{}; });
  lockstorm::fuzz::answer_all(server, lockstorm::fuzz::text_of(data, size));
  return 0;
}
