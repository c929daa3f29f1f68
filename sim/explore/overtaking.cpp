#include "sim/explore/overtaking.hpp"

#include <algorithm>

#include "sim/explore/number_within.hpp"
#include "sim/explore/packed_steps.hpp"
#include "sim/monitor.hpp"

namespace lockstorm::sim {
namespace {

constexpr int kWordsOfAState = 4;  // as wide as they get
constexpr std::uint32_t kNoNode = ~0U;

// Every state twice: while the process waits, and while it does not.
class OvertakingSearch {
 public:
  OvertakingSearch(StateTables& tables, Slot waiter, std::size_t max_states)
      : tables_(tables), waiter_(waiter), world_(tables, monitor_, false), set_(max_states) {}

  Overtaking run() {
    node_of(set_.insert(world_.initial(), hash_key(world_.initial())).first, false, 0);
    for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
      nodes_[node].first_edge = edges_.size();
      take_steps(node);
      found_.states = set_.size();
      if (too_many_) return std::move(found_);
    }
    find_components();
    judge();
    return std::move(found_);
  }

 private:
  struct Node {
    std::uint32_t state = 0;
    bool waits = false;
    std::uint32_t depth = 0;
    std::size_t first_edge = 0;
    std::uint32_t component = kNoNode;
  };
  struct Edge {
    std::uint32_t to = 0;
    std::uint16_t move = 0;
    std::uint8_t slot = 0;
    bool is_granted = false;
    bool is_in_vain = false;
  };

  [[nodiscard]] std::span<const Edge> edges_of(std::uint32_t node) const {
    const std::size_t end = node + 1 < nodes_.size() ? nodes_[node + 1].first_edge : edges_.size();
    return std::span(edges_).subspan(nodes_[node].first_edge, end - nodes_[node].first_edge);
  }

  std::uint32_t node_of(std::uint32_t state, bool waits, std::uint32_t depth) {
    const std::size_t place = std::size_t{state} * 2 + (waits ? 1 : 0);
    if (place >= numbers_.size()) numbers_.resize(place * 2 + 2, kNoNode);
    if (numbers_[place] == kNoNode) {
      numbers_[place] = static_cast<std::uint32_t>(nodes_.size());
      nodes_.push_back({.state = state, .waits = waits, .depth = depth});
    }
    return numbers_[place];
  }

  // By the record of the services that keep one.
  [[nodiscard]] SlotSet holders(const Key<kWordsOfAState>& key) const {
    SlotSet all = 0;
    for (std::size_t s = 0; s < world_.layout().service.size(); ++s) {
      const SlotSet some = tables_.holders(s, world_.layout().service_state(key, s));
      if (some != kEverybody) all |= some;
    }
    return all;
  }

  [[nodiscard]] bool asks(LocalId local, std::uint16_t move) const {
    const MoveInfo& info = tables_.move(local, move);
    if (info.type != MoveInfo::Type::effect) return false;
    const AnyService& service = *tables_.spec().services[info.move.service];
    return service.about(tables_.pool(), waiter_, info.move.argument).lock == LockUse::asks;
  }

  void take_steps(std::uint32_t number) {
    const Node node = nodes_[number];
    const Key<kWordsOfAState> key = set_[node.state];
    const SlotSet me = only(Who::process(waiter_));
    const SlotSet before = holders(key);
    const auto processes = static_cast<Slot>(world_.layout().process.size());
    world_.for_each_step(key, false,
                         [&](const Key<kWordsOfAState>& next, Slot slot, std::uint16_t move, unsigned,
                             std::uint8_t fault, Violations) {
                           if (fault != kNoFault || slot >= processes) return;
                           const SlotSet after = holders(next);
                           Edge edge{.move = move, .slot = static_cast<std::uint8_t>(slot)};
                           const bool holds = (after & me) != 0;
                           edge.is_in_vain =
                               slot == waiter_ && !holds && asks(world_.layout().local(key, slot), move);
                           const LocalId mine = world_.layout().local(next, waiter_);
                           const bool is_there = tables_.info(mine).status == ProcessStatus::alive;
                           const bool waits = is_there && !holds && (node.waits || edge.is_in_vain);
                           edge.is_granted = node.waits && waits && (after & ~before & ~me) != 0;
                           const std::uint32_t state = number_within(set_, next);
                           too_many_ |= state == StateSet<kWordsOfAState>::kAbsent;
                           if (too_many_) return;
                           found_.somebody_waits |= waits;
                           edge.to = node_of(state, waits, node.depth + 1);
                           edges_.push_back(edge);
                         });
  }

  // Tarjan, "Depth-First Search and Linear Graph Algorithms", SIAM J. Comput. 1 (1972), without recursion,
  // over the nodes in which the process waits. A component gets its number after those it leads to.
  void find_components() {
    std::vector<std::uint32_t> index(nodes_.size(), kNoNode);
    std::vector<std::uint32_t> low(nodes_.size());
    std::vector<std::uint32_t> open;
    std::vector<std::pair<std::uint32_t, std::size_t>> path;  // node, next edge
    std::uint32_t visited = 0;
    const auto enter = [&](std::uint32_t node) {
      index[node] = low[node] = visited++;
      open.push_back(node);
      path.emplace_back(node, 0);
    };
    for (std::uint32_t root = 0; root < nodes_.size(); ++root) {
      if (!nodes_[root].waits || index[root] != kNoNode) continue;
      enter(root);
      while (!path.empty()) {
        const std::uint32_t node = path.back().first;
        const std::span<const Edge> edges = edges_of(node);
        if (path.back().second < edges.size()) {
          const std::uint32_t to = edges[path.back().second++].to;
          if (!nodes_[to].waits) continue;
          if (index[to] == kNoNode)
            enter(to);
          else if (nodes_[to].component == kNoNode)
            low[node] = std::min(low[node], index[to]);
          continue;
        }
        path.pop_back();
        if (!path.empty()) low[path.back().first] = std::min(low[path.back().first], low[node]);
        if (low[node] != index[node]) continue;
        for (std::uint32_t member = kNoNode; member != node; open.pop_back())
          nodes_[member = open.back()].component = components_;
        ++components_;
      }
    }
  }

  void judge() {
    std::vector<bool> asked(components_, false);
    bool goes_round = false;
    for_each_edge([&](std::uint32_t from, const Edge& edge) {
      if (!is_inside(from, edge)) return;
      if (edge.is_in_vain) asked[nodes_[from].component] = true;
      goes_round |= edge.is_granted;
    });
    if (!goes_round) return count_most();
    found_.answer = Overtaking::Answer::asleep;
    for_each_edge([&](std::uint32_t from, const Edge& edge) {
      if (found_.answer == Overtaking::Answer::unbounded || !edge.is_granted || !is_inside(from, edge) ||
          !asked[nodes_[from].component])
        return;
      found_.answer = Overtaking::Answer::unbounded;
      tell_circle(from, edge);
    });
  }

  template <class F>
  void for_each_edge(const F& visit) const {
    for (std::uint32_t from = 0; from < nodes_.size(); ++from) {
      for (const Edge& edge : edges_of(from)) visit(from, edge);
    }
  }

  [[nodiscard]] bool is_inside(std::uint32_t from, const Edge& edge) const {
    return nodes_[from].waits && nodes_[from].component == nodes_[edge.to].component;
  }

  // No component has a grant in it, so along any run there are only those between components.
  void count_most() {
    found_.answer = Overtaking::Answer::bounded;
    std::vector<std::vector<std::uint32_t>> members(components_);
    for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
      if (nodes_[node].waits) members[nodes_[node].component].push_back(node);
    }
    std::vector<unsigned> most(components_, 0);
    for (std::uint32_t component = 0; component < components_; ++component) {
      for (const std::uint32_t node : members[component]) {
        for (const Edge& edge : edges_of(node)) {
          const Node& to = nodes_[edge.to];
          if (!to.waits || to.component == component) continue;
          most[component] = std::max(most[component], most[to.component] + (edge.is_granted ? 1 : 0));
        }
      }
      found_.most = std::max(found_.most, most[component]);
    }
  }

  // The grant, then the shortest way to an attempt in vain, then the shortest way back.
  void tell_circle(std::uint32_t from, const Edge& grant) {
    found_.steps_before = nodes_[from].depth;
    add_step(from, grant);
    const std::uint32_t asked =
        walk(grant.to, [&](std::uint32_t, const Edge& edge) { return edge.is_in_vain; });
    if (asked == from) return;
    walk(asked, [&](std::uint32_t, const Edge& edge) { return edge.to == from; });
  }

  // Breadth first within the component up to an edge that is wanted, which is taken; where that leads.
  template <class F>
  std::uint32_t walk(std::uint32_t start, const F& is_wanted) {
    struct Came {
      std::uint32_t from;
      const Edge* edge;
    };
    std::vector<Came> came(nodes_.size(), {kNoNode, nullptr});
    std::vector<std::uint32_t> queue{start};
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const std::uint32_t node = queue[i];
      for (const Edge& edge : edges_of(node)) {
        if (!is_inside(node, edge)) continue;
        if (is_wanted(node, edge)) {
          std::vector<Came> steps{{node, &edge}};
          for (std::uint32_t at = node; at != start; at = came[at].from) steps.push_back(came[at]);
          for (auto step = steps.rbegin(); step != steps.rend(); ++step) add_step(step->from, *step->edge);
          return edge.to;
        }
        if (edge.to == start || came[edge.to].edge != nullptr) continue;
        came[edge.to] = {node, &edge};
        queue.push_back(edge.to);
      }
    }
    throw_engine_error("a component of a graph is not connected");
  }

  void add_step(std::uint32_t from, const Edge& edge) {
    const MoveInfo& info =
        tables_.move(world_.layout().local(set_[nodes_[from].state], edge.slot), edge.move);
    const bool is_effect = info.type == MoveInfo::Type::effect;
    found_.circle.push_back({.slot = edge.slot,
                             .is_effect = is_effect,
                             .service = info.move.service,
                             .request = is_effect ? info.move.argument : 0,
                             .is_granted = edge.is_granted,
                             .is_in_vain = edge.is_in_vain});
  }

  MonitorOf<NoMonitor> monitor_;
  StateTables& tables_;
  Slot waiter_;
  PackedWorld<kWordsOfAState> world_;
  StateSet<kWordsOfAState> set_;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::vector<std::uint32_t> numbers_;  ///< [state][waits]
  std::uint32_t components_ = 0;
  bool too_many_ = false;
  Overtaking found_;
};

}  // namespace

Overtaking find_overtaking(StateTables& tables, Slot waiter, std::size_t max_states) {
  return OvertakingSearch(tables, waiter, max_states).run();
}

}  // namespace lockstorm::sim
