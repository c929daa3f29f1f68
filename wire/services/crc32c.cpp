#include "wire/services/crc32c.hpp"

#include <boost/crc.hpp>

namespace lockstorm::wire {

std::string crc32c_bytes(std::string_view text) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(text.data(), text.size());
  std::string bytes;
  for (unsigned shift = 32; shift > 0; shift -= 8)
    bytes += static_cast<char>(crc.checksum() >> (shift - 8) & 0xFFU);
  return bytes;
}

}  // namespace lockstorm::wire
