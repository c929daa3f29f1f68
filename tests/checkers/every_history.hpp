// All histories of a few operations: each interval order once (which operation was over before which other
// began), with each choice of what was done, up to renaming of processes and values.
//
// An interval order has one shape in blocks: invocations, completions, invocations, completions, and so on,
// where each block has at least one event and the order within a block tells nothing (Fishburn 1970), but for
// what one process did before its crash and what after it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "checkers/history/history.hpp"
#include "tests/checkers/renamings.hpp"

namespace lockstorm::checkers {

struct PlacedOperation {
  std::uint8_t from = 0;   ///< block of invocations
  std::uint8_t until = 0;  ///< block of completions that follows the block of invocations of that number
  std::uint8_t kind = 0;
  /// How many crashes of its process lie in its block before it; of an unknown result only.
  std::uint8_t crashes = 0;
  friend auto operator<=>(const PlacedOperation&, const PlacedOperation&) = default;
};

inline constexpr std::uint8_t kNoBlock = 255;

class EveryHistory {
 public:
  /// `fixed`: values that no renaming changes.
  explicit EveryHistory(std::vector<OperationKind> kinds, Numbers numbers = Numbers::names,
                        const Value& fixed = {})
      : kinds_(std::move(kinds)), renamings_(renamings_of(kinds_, numbers, fixed)) {}

  /// Calls `visit(history)` for each history of that many operations.
  template <class Visit>
  void visit(unsigned operations, const Visit& visit) {
    for (std::uint8_t blocks = 0; blocks <= operations; ++blocks) {
      blocks_ = blocks;
      add(operations, {}, visit);
    }
  }

 private:
  [[nodiscard]] bool is_crash(const PlacedOperation& one) const {
    return kinds_[one.kind].function == kCrash;
  }

  // It can tell what it did before a crash from what it did afterwards.
  [[nodiscard]] bool is_of_mortal(const OperationKind& kind) const {
    return kind.process >= 0 && kind.function != kCrash &&
           std::ranges::any_of(kinds_, [&](const OperationKind& other) {
             return other.function == kCrash && other.process == kind.process;
           });
  }

  template <class Visit>
  void add(unsigned missing, const PlacedOperation& last, const Visit& visit) {
    if (missing == 0) {
      if (has_its_crashes() && is_first_of_its_names()) visit(history());
      return;
    }
    const auto next_block =
        static_cast<std::uint8_t>(placed_.empty() ? 0 : std::min<int>(last.from + 1, blocks_));
    for (std::uint8_t from = last.from; from <= next_block; ++from) {
      for (std::uint8_t kind = 0; kind < kinds_.size(); ++kind) {
        if (kinds_[kind].outcome == EventType::unknown) {
          const std::size_t others = is_of_mortal(kinds_[kind]) ? placed_.size() + missing - 1 : 0;
          for (std::uint8_t crashes = 0; crashes <= others; ++crashes)
            append({from, kNoBlock, kind, crashes}, missing, last, visit);
        } else {
          for (std::uint8_t until = from; until < blocks_; ++until)
            append({from, until, kind, 0}, missing, last, visit);
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
    if (can_have_all_blocks(missing - 1)) add(missing - 1, next, visit);
    placed_.pop_back();
  }

  // A process waits for its answer; one that will never come it gives up at once, and goes on.
  [[nodiscard]] bool exclude(const PlacedOperation& a, const PlacedOperation& b) const {
    const int process = kinds_[a.kind].process;
    if (process < 0 || process != kinds_[b.kind].process) return false;
    const bool a_is_known = a.until != kNoBlock, b_is_known = b.until != kNoBlock;
    if (a_is_known && b_is_known) return a.until >= b.from && b.until >= a.from;
    if (a_is_known) return a.from < b.from && b.from <= a.until;
    return b_is_known && b.from < a.from && a.from <= b.until;
  }

  // With that many more. Invocations come block by block.
  [[nodiscard]] bool can_have_all_blocks(unsigned missing) const {
    unsigned completed = 0;
    for (std::uint8_t block = 0; block < blocks_; ++block)
      completed += std::ranges::any_of(placed_, [&](const auto& one) { return one.until == block; }) ? 1 : 0;
    return completed + missing >= blocks_ && placed_.back().from + 1U + missing >= blocks_;
  }

  [[nodiscard]] bool has_its_crashes() const {
    return std::ranges::all_of(placed_, [&](const PlacedOperation& one) {
      return one.crashes == 0 || one.crashes <= std::ranges::count_if(placed_, [&](const auto& other) {
                                   return is_crash(other) && other.from == one.from &&
                                          kinds_[other.kind].process == kinds_[one.kind].process;
                                 });
    });
  }

  // No renaming makes an earlier one of it.
  [[nodiscard]] bool is_first_of_its_names() {
    return std::ranges::none_of(renamings_, [&](const Renaming& renaming) {
      renamed_ = placed_;
      for (PlacedOperation& one : renamed_) {
        one.kind = renaming[one.kind];
        if (one.kind == kNoKind) return false;
      }
      std::ranges::sort(renamed_);
      return renamed_ < placed_;
    });
  }

  [[nodiscard]] History history() const {
    History history;
    history.reserve(2 * placed_.size());
    for (std::uint8_t block = 0; block <= blocks_; ++block) {
      const std::int64_t time = 2 * block;
      emit_those_of_unknown_result(history, block, time);
      for (std::size_t i = 0; i < placed_.size(); ++i)
        if (placed_[i].from == block && placed_[i].until != kNoBlock)
          emit(history, i, EventType::invoke, time);
      for (std::size_t i = 0; i < placed_.size(); ++i)
        if (placed_[i].until == block) emit(history, i, kinds_[placed_[i].kind].outcome, time + 1);
    }
    return history;
  }

  // Before what is answered: a process does nothing more until it has its answer.
  void emit_those_of_unknown_result(History& history, std::uint8_t block, std::int64_t time) const {
    std::vector<bool> is_out(placed_.size());
    for (std::uint8_t crashes = 0; crashes <= placed_.size(); ++crashes) {
      for (std::size_t i = 0; i < placed_.size(); ++i) {
        const PlacedOperation& one = placed_[i];
        if (one.from != block || one.until != kNoBlock || is_crash(one) || one.crashes != crashes) continue;
        emit(history, i, EventType::invoke, time);
        emit(history, i, EventType::unknown, time);
      }
      std::vector<int> crashed;
      for (std::size_t i = 0; i < placed_.size(); ++i) {
        const int process = kinds_[placed_[i].kind].process;
        if (placed_[i].from != block || !is_crash(placed_[i]) || is_out[i]) continue;
        if (std::ranges::find(crashed, process) != crashed.end()) continue;
        emit(history, i, EventType::unknown, time);
        is_out[i] = true;
        crashed.push_back(process);
      }
    }
  }

  void emit(History& history, std::size_t i, EventType type, std::int64_t time) const {
    const OperationKind& kind = kinds_[placed_[i].kind];
    const bool is_first = type == EventType::invoke || type == EventType::unknown;
    history.push_back({.type = type,
                       .process = kind.process >= 0 ? static_cast<std::uint32_t>(kind.process)
                                                    : static_cast<std::uint32_t>(100 + i),
                       .line = static_cast<std::uint32_t>(history.size() + 1),
                       .function = kind.function,
                       .key = {},
                       .value = is_first ? kind.invoked : kind.completed,
                       .time = std::chrono::nanoseconds(time)});
  }

  std::vector<OperationKind> kinds_;
  std::vector<Renaming> renamings_;
  std::vector<PlacedOperation> placed_, renamed_;
  std::uint8_t blocks_ = 0;
};

}  // namespace lockstorm::checkers
