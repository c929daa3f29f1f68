// Fuzzes the reader of `--shard K/N`: a part that is read is a part of the whole.
#include "cli/shard.hpp"
#include "fuzz/expectation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lockstorm;
  if (size == 0) return 0;  // then the environment says
  const auto shard = cli::read_shard(std::string(fuzz::text_of(data, size)));
  if (shard) fuzz::expect(shard->count >= 1 && shard->number < shard->count, "a part is one of the parts");
  return 0;
}
