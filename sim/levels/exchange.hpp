// What those who search one space together tell each other: threads of one process, or processes on many
// machines.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/levels/bytes.hpp"

namespace lockstorm::sim {

/// Each member makes the same calls in the same order; each call waits for all. Who cannot go on throws, and
/// then so does everybody else.
class Exchange {
 public:
  virtual ~Exchange() = default;

  [[nodiscard]] virtual unsigned rank() const = 0;
  [[nodiscard]] virtual unsigned size() const = 0;
  /// `to[i]` is for member i; what comes back is from each.
  virtual std::vector<Bytes> all_to_all(std::vector<Bytes> to) = 0;
  /// Everybody gets what each has said.
  virtual std::vector<Bytes> all_gather(const Bytes& mine) = 0;
  /// How many bytes have left this member.
  [[nodiscard]] virtual std::uint64_t bytes_sent() const = 0;
};

/// Nobody else is there.
class Alone final : public Exchange {
 public:
  [[nodiscard]] unsigned rank() const override { return 0; }
  [[nodiscard]] unsigned size() const override { return 1; }
  std::vector<Bytes> all_to_all(std::vector<Bytes> to) override { return to; }
  std::vector<Bytes> all_gather(const Bytes& mine) override { return {mine}; }
  [[nodiscard]] std::uint64_t bytes_sent() const override { return 0; }
};

}  // namespace lockstorm::sim
