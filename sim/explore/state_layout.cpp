#include "sim/explore/state_layout.hpp"

#include <bit>

namespace lockstorm::sim {
namespace {

// First fit; no field straddles words.
class Packer {
 public:
  explicit Packer(int words) : used_(static_cast<std::size_t>(words)) {}
  // False when no word has room.
  bool place(unsigned bits, Field& placed) {
    if (bits == 0) {
      placed = {};
      return true;
    }
    for (std::size_t word = 0; word < used_.size(); ++word) {
      if (used_[word] + bits > 64) continue;
      placed = {static_cast<std::uint8_t>(word), static_cast<std::uint8_t>(used_[word]),
                bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1};
      used_[word] += bits;
      return true;
    }
    return false;
  }

 private:
  std::vector<unsigned> used_;
};

}  // namespace

void throw_too_narrow(const char* what) { throw KeyTooNarrow(what); }

StateLayout::StateLayout(const WorldSpec& spec, unsigned monitor_bits, int words, const TableSizes& known)
    : monitor_mask(static_cast<std::uint8_t>((1U << monitor_bits) - 1U)) {
  require(monitor_bits <= 8, "more than 8 bits of a monitor's state for each process");
  // As wide as there is room for; a world that outgrows a field is explored again with more words.
  for (const unsigned bits : {24U, 20U, 18U, 16U, 15U, 14U, 13U, 12U}) {
    if (place_all(spec, monitor_bits, {bits, std::vector<unsigned>(spec.services.size(), bits)}, words))
      return;
  }
  if (known.local_states == 0) throw_too_narrow("fields");
  const auto bits_for = [](std::size_t count) { return static_cast<unsigned>(std::bit_width(count)); };
  Widths least{bits_for(known.local_states), {}};
  for (const std::size_t count : known.service_states) least.service.push_back(bits_for(2 * count));
  for (const unsigned more : {4U, 3U, 2U, 1U, 0U}) {
    if (place_all(spec, monitor_bits, {least.local + more, least.service}, words)) return;
  }
  throw_too_narrow("fields");
}

bool StateLayout::place_all(const WorldSpec& spec, unsigned monitor_bits, const Widths& widths, int words) {
  Packer packer(words);
  local_bits = widths.local;
  local_mask = (std::uint64_t{1} << local_bits) - 1;
  process.resize(spec.process_count());
  service.resize(spec.services.size());
  bool fits = true;
  for (Field& field : process) fits = fits && packer.place(local_bits + monitor_bits, field);
  for (std::size_t i = 0; i < service.size(); ++i) fits = fits && packer.place(widths.service[i], service[i]);
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind)
    fits = fits && packer.place(static_cast<unsigned>(std::bit_width(spec.budget.count[kind])), budget[kind]);
  return fits && packer.place(static_cast<unsigned>(std::bit_width(spec.time.ticks)), clock);
}

}  // namespace lockstorm::sim
