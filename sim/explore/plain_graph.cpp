#include "sim/explore/plain_graph.hpp"

#include <map>

#include "sim/explore/number_within.hpp"
#include "sim/explore/packed_steps.hpp"

namespace lockstorm::sim {
namespace {

constexpr int kWords = 4;  // as wide as they get: nothing here is in a hurry

class PlainSearch {
 public:
  PlainSearch(StateTables& tables, const AnyMonitor& monitor, const EndCheck& end_check,
              const PlainGraphOptions& options)
      : tables_(tables),
        world_(tables, monitor, false),
        end_check_(end_check),
        options_(options),
        set_(options.max_states) {}

  PlainGraph run() {
    number_of(world_.initial());
    for (std::uint32_t state = 0; state < set_.size(); ++state) {
      take_steps(state);
      if (too_many_) return std::move(graph_);
    }
    graph_.complete = true;
    graph_.states = set_.size();
    return std::move(graph_);
  }

 private:
  void take_steps(std::uint32_t state) {
    const Key<kWords> key = set_[state];
    const auto processes = static_cast<Slot>(world_.layout().process.size());
    bool is_end = true;
    world_.for_each_step(key, false,
                         [&](const Key<kWords>& next, Slot slot, std::uint16_t move, unsigned, std::uint8_t,
                             Violations violations) {
                           is_end = false;
                           ++graph_.transitions;
                           graph_.violated = static_cast<Violations>(graph_.violated | violations);
                           const std::uint32_t to = number_of(next);
                           const LocalId local = slot < processes ? world_.layout().local(key, slot) : 0;
                           if (options_.keep_steps)
                             graph_.steps.push_back({state, to, local, move, slot, violations});
                         });
    if (is_end) add_end(state, key);
  }

  void add_end(std::uint32_t state, const Key<kWords>& key) {
    PlainGraph::End end{.state = state, .processes = {}, .services = {}};
    for (Slot slot = 0; slot < world_.layout().process.size(); ++slot)
      end.processes.push_back(world_.layout().local(key, slot));
    for (std::size_t s = 0; s < world_.layout().service.size(); ++s)
      end.services.push_back(world_.layout().service_state(key, s));
    const auto [known, is_new] = judged_.try_emplace(world_.end_state(key), Violations{0});
    if (is_new && end_check_) known->second = end_check_(tables_.values(), known->first);
    end.violations = known->second;
    graph_.violated = static_cast<Violations>(graph_.violated | end.violations);
    graph_.ends.push_back(std::move(end));
  }

  std::uint32_t number_of(const Key<kWords>& key) {
    const std::uint32_t number = number_within(set_, key);
    too_many_ |= number == StateSet<kWords>::kAbsent;
    return number;
  }

  StateTables& tables_;
  PackedWorld<kWords> world_;
  EndCheck end_check_;  // a copy: it remembers what it has seen
  PlainGraphOptions options_;
  StateSet<kWords> set_;
  std::map<EndState, Violations> judged_;
  bool too_many_ = false;
  PlainGraph graph_;
};

}  // namespace

PlainGraph plain_graph(StateTables& tables, const AnyMonitor& monitor, const EndCheck& end_check,
                       const PlainGraphOptions& options) {
  return PlainSearch(tables, monitor, end_check, options).run();
}

}  // namespace lockstorm::sim
