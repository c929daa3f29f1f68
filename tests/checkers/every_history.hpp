// All histories of a few operations: each interval order once (which operation was over before which other
// began), with each choice of what was done, up to renaming.
//
// An interval order has one shape in blocks: invocations, completions, invocations, completions, and so on,
// where each block has at least one event and the order within a block tells nothing (Fishburn 1970).
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "checkers/history.hpp"

namespace lockstorm::checkers {

/// What is done: an operation's function, outcome and values. An operation of unknown result says nothing; a
/// crash is one event.
struct OperationKind {
  std::string function;
  EventType outcome = EventType::ok;
  Value invoked{}, completed{};
  /// A process that does one thing after the other; -1: one of its own.
  int process = -1;
};

struct PlacedOperation {
  std::uint8_t from = 0;   ///< block of invocations
  std::uint8_t until = 0;  ///< block of completions that follows the block of invocations of that number
  std::uint8_t kind = 0;
  friend auto operator<=>(const PlacedOperation&, const PlacedOperation&) = default;
};

inline constexpr std::uint8_t kNoBlock = 255;

class EveryHistory {
 public:
  /// `renamings`: kinds that are exchanged when processes or values are renamed; one entry [kind] for each
  /// renaming but that which changes nothing.
  EveryHistory(std::vector<OperationKind> kinds, std::vector<std::vector<std::uint8_t>> renamings = {})
      : kinds_(std::move(kinds)), renamings_(std::move(renamings)) {}

  /// Calls `visit(history)` for each history of that many operations.
  template <class Visit>
  void visit(unsigned operations, const Visit& visit) {
    for (std::uint8_t blocks = 0; blocks <= operations; ++blocks) {
      blocks_ = blocks;
      add(operations, {}, visit);
    }
  }

  [[nodiscard]] const std::vector<OperationKind>& kinds() const { return kinds_; }

 private:
  template <class Visit>
  void add(unsigned missing, const PlacedOperation& last, const Visit& visit) {
    if (missing == 0) {
      if (has_all_blocks() && is_first_of_its_names()) visit(history());
      return;
    }
    for (std::uint8_t from = last.from; from <= blocks_; ++from) {
      for (std::uint8_t kind = 0; kind < kinds_.size(); ++kind) {
        if (kinds_[kind].outcome == EventType::unknown) {
          append({from, kNoBlock, kind}, missing, last, visit);
        } else {
          for (std::uint8_t until = from; until < blocks_; ++until)
            append({from, until, kind}, missing, last, visit);
        }
      }
    }
  }

  template <class Visit>
  void append(const PlacedOperation& next, unsigned missing, const PlacedOperation& last,
              const Visit& visit) {
    if (!placed_.empty() && next < last) return;
    if (std::ranges::any_of(placed_, [&](const PlacedOperation& other) { return exclude(other, next); }))
      return;
    placed_.push_back(next);
    add(missing - 1, next, visit);
    placed_.pop_back();
  }

  // A process waits for its answer; one that will never come it gives up at once.
  [[nodiscard]] bool exclude(const PlacedOperation& a, const PlacedOperation& b) const {
    const int process = kinds_[a.kind].process;
    if (process < 0 || process != kinds_[b.kind].process) return false;
    const auto over = [](const PlacedOperation& one) { return one.until == kNoBlock ? one.from : one.until; };
    return over(a) >= b.from && over(b) >= a.from;
  }

  [[nodiscard]] bool has_all_blocks() const {
    for (std::uint8_t block = 0; block < blocks_; ++block) {
      if (std::ranges::none_of(placed_, [&](const auto& one) { return one.from == block; })) return false;
      if (std::ranges::none_of(placed_, [&](const auto& one) { return one.until == block; })) return false;
    }
    return true;
  }

  [[nodiscard]] bool is_first_of_its_names() const {
    return std::ranges::none_of(renamings_, [&](const std::vector<std::uint8_t>& renaming) {
      auto renamed = placed_;
      for (PlacedOperation& one : renamed) one.kind = renaming[one.kind];
      std::ranges::sort(renamed);
      return renamed < placed_;
    });
  }

  [[nodiscard]] History history() const {
    History history;
    history.reserve(2 * placed_.size());
    for (std::uint8_t block = 0; block <= blocks_; ++block) {
      for (std::size_t i = 0; i < placed_.size(); ++i) {
        if (placed_[i].from != block) continue;
        if (kinds_[placed_[i].kind].function != kCrash) emit(history, i, EventType::invoke);
        if (placed_[i].until == kNoBlock) emit(history, i, EventType::unknown);
      }
      for (std::size_t i = 0; i < placed_.size(); ++i)
        if (placed_[i].until == block) emit(history, i, kinds_[placed_[i].kind].outcome);
    }
    return history;
  }

  void emit(History& history, std::size_t i, EventType type) const {
    const OperationKind& kind = kinds_[placed_[i].kind];
    const bool is_first = type == EventType::invoke || type == EventType::unknown;
    history.push_back({.type = type,
                       .process = kind.process >= 0 ? static_cast<std::uint32_t>(kind.process)
                                                    : static_cast<std::uint32_t>(100 + i),
                       .line = static_cast<std::uint32_t>(history.size() + 1),
                       .function = kind.function,
                       .key = {},
                       .value = is_first ? kind.invoked : kind.completed,
                       .time = std::chrono::nanoseconds(history.size())});
  }

  std::vector<OperationKind> kinds_;
  std::vector<std::vector<std::uint8_t>> renamings_;
  std::vector<PlacedOperation> placed_;
  std::uint8_t blocks_ = 0;
};

}  // namespace lockstorm::checkers
