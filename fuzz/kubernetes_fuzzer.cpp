// Fuzzes the codec of the Kubernetes API and the server behind it.
#include "fuzz/requests.hpp"
#include "wire/services/kubernetes_server.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lockstorm::wire::KubernetesServer server;
  lockstorm::fuzz::answer_all(server, lockstorm::fuzz::text_of(data, size));
  return 0;
}
