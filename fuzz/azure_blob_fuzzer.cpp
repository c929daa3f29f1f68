// Fuzzes the codec of Azure Blob Storage and the server behind it.
#include "fuzz/requests.hpp"
#include "wire/services/azure_blob_server.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lockstorm::wire::AzureBlobServer server({}, [] { return lockstorm::wire::AzureBlobServer::Time{}; });
  lockstorm::fuzz::answer_all(server, lockstorm::fuzz::text_of(data, size));
  return 0;
}
