// Fuzzes the codec of Tencent Cloud's tags and the server behind it.
#include <nlohmann/json.hpp>

#include "fuzz/requests.hpp"
#include "wire/services/tencent_tag_server.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const lockstorm::wire::HttpRequest request =
      lockstorm::fuzz::request_in(lockstorm::fuzz::text_of(data, size));
  lockstorm::wire::TencentTagServer server;
  // This API's errors have status 200.
  lockstorm::fuzz::expect(server.handle(request).status == 200, "every answer has status 200");
  const bool is_known = server.name(request).has_value();
  lockstorm::fuzz::expect(is_known || server.holds().empty(), "what has no name does nothing");
  return 0;
}
