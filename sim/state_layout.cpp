#include "sim/state_layout.hpp"

#include <bit>

namespace lockstorm::sim {
namespace {

// First fit; no field straddles words.
class Packer {
 public:
  explicit Packer(int words) : used_(static_cast<std::size_t>(words)) {}
  Field place(unsigned bits) {
    if (bits == 0) return {};
    for (std::size_t word = 0; word < used_.size(); ++word) {
      if (used_[word] + bits > 64) continue;
      const Field field{static_cast<std::uint8_t>(word), static_cast<std::uint8_t>(used_[word]),
                        bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1};
      used_[word] += bits;
      return field;
    }
    throw KeyTooNarrow("fields");
  }

 private:
  std::vector<unsigned> used_;
};

}  // namespace

StateLayout::StateLayout(const WorldSpec& spec, unsigned monitor_bits, int words) {
  // Narrow keys keep memory small; a world that outgrows a field is explored again with wider ones.
  const unsigned service_bits = words <= 1 ? 12 : words == 2 ? 14 : 24;
  local_bits = words <= 1 ? 12 : words == 2 ? 16 : 24;
  local_mask = (std::uint64_t{1} << local_bits) - 1;
  Packer packer(words);
  for (std::size_t i = 0; i < spec.process_count(); ++i)
    process.push_back(packer.place(local_bits + monitor_bits));
  for (std::size_t i = 0; i < spec.services.size(); ++i) service.push_back(packer.place(service_bits));
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
    budget[kind] = packer.place(static_cast<unsigned>(std::bit_width(spec.budget.count[kind])));
  }
  clock = packer.place(static_cast<unsigned>(std::bit_width(spec.time.ticks)));
}

}  // namespace lockstorm::sim
