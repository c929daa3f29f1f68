#include "checkers/versions/suspects.hpp"

#include <algorithm>

#include "checkers/versions/dependencies.hpp"

namespace lockstorm::checkers {
namespace {

struct Stretch {
  std::uint32_t first = 0, last = 0;  ///< positions
};

class Search {
 public:
  Search(const VersionHistory& history, const VersionTree& tree) : history_(history), tree_(tree) {}

  std::vector<std::uint32_t> run() {
    for (std::uint32_t number = 0; number < history_.operations.size(); ++number) {
      for_each_dependency(history_, tree_, number,
                          [&](std::uint32_t from, std::uint32_t to, Reason, std::uint32_t) {
                            if (from != kNone && to != kNone) note(position(from), position(to));
                          });
    }
    add_missed();
    join();
    std::vector<std::uint32_t> found;
    for (std::uint32_t number = 0; number < history_.operations.size(); ++number)
      if (is_covered(position(number))) found.push_back(number);
    return found;
  }

 private:
  [[nodiscard]] std::uint32_t position(std::uint32_t number) const {
    const VersionOperation& operation = history_.operations[number];
    return operation.outcome == EventType::ok ? operation.completed : operation.invoked;
  }

  void note(std::uint32_t from, std::uint32_t to) {
    if (from > to) back_.push_back({to, from});
  }

  // Every read of a state leads to every append of it that no list shows.
  void add_missed() {
    std::vector<std::uint32_t> last_read(history_.states.size(), 0);
    for (std::uint32_t number = 0; number < history_.operations.size(); ++number) {
      for (const VersionAccess& access : history_.accesses_of(history_.operations[number])) {
        std::uint32_t& last = last_read[history_.versions[access.version].state];
        if (!access.is_write) last = std::max(last, position(number));
      }
    }
    for_each_missed_append(history_, tree_, [&](std::uint32_t state, std::uint32_t author) {
      note(last_read[state], position(author));
    });
  }

  void join() {
    std::ranges::sort(back_, {}, &Stretch::first);
    for (const Stretch& stretch : back_) {
      if (joined_.empty() || stretch.first > joined_.back().last) {
        joined_.push_back(stretch);
      } else {
        joined_.back().last = std::max(joined_.back().last, stretch.last);
      }
    }
  }

  [[nodiscard]] bool is_covered(std::uint32_t at) const {
    const auto after = std::ranges::upper_bound(joined_, at, {}, &Stretch::first);
    return after != joined_.begin() && at <= std::prev(after)->last;
  }

  const VersionHistory& history_;
  const VersionTree& tree_;
  std::vector<Stretch> back_;
  std::vector<Stretch> joined_;  ///< rising, apart from each other
};

}  // namespace

std::vector<std::uint32_t> suspects(const VersionHistory& history, const VersionTree& tree) {
  return Search(history, tree).run();
}

}  // namespace lockstorm::checkers
