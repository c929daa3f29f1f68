// Fuzzes the codec of replay strings: what decodes, encodes to a string that decodes to the same.
#include "fuzz/expectation.hpp"
#include "sim/schedule.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lockstorm;
  const auto replay = sim::decode_replay(fuzz::text_of(data, size));
  if (replay) {
    const auto again = sim::decode_replay(sim::encode_replay(*replay));
    fuzz::expect(again && again->schedule == replay->schedule && again->subject == replay->subject &&
                     again->fingerprint == replay->fingerprint,
                 "what was encoded decodes to the same");
  }
  // The other way: any bytes make a schedule.
  sim::ReplayString made{std::string(fuzz::text_of(data, size % 9)), size, {}};
  for (std::size_t i = 0; i + 1 < size && i < 400; i += 2)
    made.schedule.push_back({data[i] % (data[i + 1] + 1U), data[i + 1] + 1U});
  const std::string text = sim::encode_replay(made);
  const auto back = sim::decode_replay(text);
  fuzz::expect(back && back->schedule == made.schedule && back->subject == made.subject,
               "any schedule comes back");
  fuzz::expect(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
                   std::string::npos,
               "a replay string is letters, digits, - and _");
  return 0;
}
