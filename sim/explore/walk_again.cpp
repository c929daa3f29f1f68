#include "sim/explore/walk_again.hpp"

#include "sim/explore/packed_steps.hpp"
#include "sim/limits.hpp"

namespace lockstorm::sim {
namespace {

// Stored states are canonical; walks the same path again without renaming anybody.
template <int W>
class Walker {
 public:
  explicit Walker(PackedWorld<W>& world) : world_(world), raw_(world.initial()) {}

  // By the canonical form, or, where that keeps apart what differs in the order of clients only, by trying.
  void take_to(const Key<W>& target, Violations wanted) {
    const auto violates = [&](Violations violations) { return (violations & wanted) == wanted; };
    const bool found = take([&](const Key<W>& next, Violations violations) {
                         return violates(violations) && world_.canonical(next) == target;
                       }) ||
                       take([&](const Key<W>& next, Violations violations) {
                         return violates(violations) && world_.differ_in_order_only(next, target);
                       });
    if (!found) throw_engine_error("the path to a state that was found cannot be walked again");
  }

  [[nodiscard]] const Schedule& schedule() const { return schedule_; }

 private:
  template <class Wanted>
  bool take(const Wanted& wanted) {
    StepChoice choice;
    Key<W> taken = raw_;
    bool found = false;
    world_.for_each_step(
        raw_, false,
        [&](const Key<W>& next, Slot, std::uint16_t, unsigned, std::uint8_t, Violations violations) {
          if (!found && wanted(next, violations)) {
            found = true;
            taken = next;
            choice.index = choice.bound;
          }
          ++choice.bound;
        });
    if (!found) return false;
    schedule_.push_back(choice);
    raw_ = taken;
    return true;
  }

  PackedWorld<W>& world_;
  Key<W> raw_;
  Schedule schedule_;
};

}  // namespace

template <int W>
Schedule walk_again(PackedWorld<W>& world, const std::vector<Key<W>>& path, bool reduced,
                    std::optional<std::uint32_t> last_step) {
  Walker<W> walker(world);
  for (std::size_t i = 1; i < path.size(); ++i) walker.take_to(path[i], 0);
  if (!last_step) return walker.schedule();
  // The violating step itself: find it among the canonical state's steps, then the same one here.
  Violations wanted = 0;
  Key<W> target{};
  std::uint32_t step = 0;
  world.for_each_step(
      path.back(), reduced,
      [&](const Key<W>& next, Slot, std::uint16_t, unsigned, std::uint8_t, Violations violations) {
        if (step++ == *last_step) {
          wanted = violations;
          target = world.canonical(next);
        }
      });
  walker.take_to(target, wanted);
  return walker.schedule();
}

template Schedule walk_again(PackedWorld<1>&, const std::vector<Key<1>>&, bool, std::optional<std::uint32_t>);
template Schedule walk_again(PackedWorld<2>&, const std::vector<Key<2>>&, bool, std::optional<std::uint32_t>);
template Schedule walk_again(PackedWorld<4>&, const std::vector<Key<4>>&, bool, std::optional<std::uint32_t>);

}  // namespace lockstorm::sim
