// Fuzzes the reader of certificates: it throws nothing, and what it reads does not differ from itself.
#include "fuzz/expectation.hpp"
#include "reports/ci/certificate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lockstorm;
  const auto certificate = reports::read_certificate(std::string(fuzz::text_of(data, size)));
  if (!certificate) {
    fuzz::expect(!certificate.error().empty(), "an error says what is wrong");
    return 0;
  }
  fuzz::expect(!certificate->empty(), "a certificate certifies something");
  for (const reports::Certified& one : *certificate)
    fuzz::expect(reports::differences(one, one).empty(), "a claim is as it is");
  return 0;
}
