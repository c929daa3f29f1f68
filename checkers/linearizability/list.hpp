// Lowe's list: the invocations and completions that are not linearized yet, in order, with constant-time
// removal and undo.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "checkers/history/history.hpp"

namespace lockstorm::checkers::linearizability {

class List {
 public:
  void reserve(std::size_t operations) { spans_.reserve(operations); }
  void add(std::uint32_t invoked, std::uint32_t completed) { spans_.push_back({invoked, completed}); }

  /// To be called once, after all are added.
  void link() {
    const auto count = static_cast<std::uint32_t>(spans_.size());
    std::vector<std::uint32_t> order;
    for (std::uint32_t operation = 0; operation < count; ++operation) {
      order.push_back(2 * operation);
      if (spans_[operation].completed == kNever) continue;
      order.push_back(2 * operation + 1);
      ++completions_;
    }
    std::ranges::sort(order, {}, [&](std::uint32_t node) {
      return node % 2 == 0 ? spans_[node / 2].invoked : spans_[node / 2].completed;
    });
    // The last node is the ring's head; it ends a scan as a completion does.
    head_ = 2 * count + 1;
    links_.resize(head_ + 1);
    std::uint32_t previous = head_;
    for (const std::uint32_t node : order) {
      links_[previous].next = node;
      links_[node].previous = previous;
      previous = node;
    }
    links_[previous].next = head_;
    links_[head_].previous = previous;
  }

  [[nodiscard]] std::uint32_t first() const { return links_[head_].next; }
  [[nodiscard]] std::uint32_t next(std::uint32_t node) const { return links_[node].next; }
  [[nodiscard]] bool is_invocation(std::uint32_t node) const { return node % 2 == 0; }
  [[nodiscard]] std::uint32_t operation_of(std::uint32_t node) const { return node / 2; }
  [[nodiscard]] std::uint32_t invocation_of(std::uint32_t operation) const { return 2 * operation; }
  /// How many completed operations are left.
  [[nodiscard]] std::size_t completions() const { return completions_; }

  void lift(std::uint32_t operation) {
    unlink(2 * operation);
    if (spans_[operation].completed == kNever) return;
    unlink(2 * operation + 1);
    --completions_;
  }

  /// In the reverse order of lift.
  void unlift(std::uint32_t operation) {
    if (spans_[operation].completed != kNever) {
      relink(2 * operation + 1);
      ++completions_;
    }
    relink(2 * operation);
  }

 private:
  struct Span {
    std::uint32_t invoked, completed;
  };
  struct Link {
    std::uint32_t previous = 0, next = 0;
  };

  void unlink(std::uint32_t node) {
    links_[links_[node].previous].next = links_[node].next;
    links_[links_[node].next].previous = links_[node].previous;
  }
  void relink(std::uint32_t node) {
    links_[links_[node].previous].next = node;
    links_[links_[node].next].previous = node;
  }

  std::vector<Span> spans_;
  std::vector<Link> links_;
  std::uint32_t head_ = 0;
  std::size_t completions_ = 0;
};

}  // namespace lockstorm::checkers::linearizability
