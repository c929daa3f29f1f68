#include "sim/automaton.hpp"

#include <algorithm>
#include <cassert>
#include <map>

namespace lockstorm::sim {
namespace {

// A node's identity: what it remembers; an ended process is only what it leaves behind.
std::string identity(const AutomatonNode& node) {
  std::string key;
  if (node.ended) {
    key = "ended";
    key.append(reinterpret_cast<const char*>(&node.flags), sizeof node.flags);
    key.append(reinterpret_cast<const char*>(&node.outcome), sizeof node.outcome);
    return key;
  }
  for (const Memory& memory : node.memory) {
    const std::uint32_t words[2] = {static_cast<std::uint32_t>(memory.fiber) |
                                        static_cast<std::uint32_t>(memory.kind) << 8U |
                                        static_cast<std::uint32_t>(memory.tag) << 16U,
                                    memory.value};
    key.append(reinterpret_cast<const char*>(words), sizeof words);
    key.append(reinterpret_cast<const char*>(&memory.flags), sizeof memory.flags);
  }
  return key;
}

std::uint64_t alphabet_key(const Action& action) {
  return static_cast<std::uint64_t>(action.service) << 32U | action.argument;
}

}  // namespace

Automaton::Automaton(ValuePool& values, Process::Body body, Mode mode, std::size_t max_nodes)
    : values_(values), body_(std::move(body)), mode_(mode), max_nodes_(max_nodes) {
  run({});
}

NodeId Automaton::run(const std::vector<Memory>& memory) {
  Process process(values_, body_);
  process.replay(memory, mode_ == Mode::compressed);
  ++fiber_runs_;
  AutomatonNode node;
  node.flags = process.flags();
  node.outcome = process.outcome();
  node.ended = process.ended();
  if (!node.ended) {
    node.memory = process.memory();
    for (FiberIndex i = 0; i < process.fiber_count(); ++i) node.actions.push_back(process.action(i));
  }
  return intern(std::move(node));
}

NodeId Automaton::intern(AutomatonNode node) {
  const auto [position, is_new] = ids_.try_emplace(identity(node), static_cast<NodeId>(nodes_.size()));
  if (is_new) {
    if (nodes_.size() >= max_nodes_) {
      throw AutomatonTooLarge("a client's automaton has more than " + std::to_string(max_nodes_) +
                              " nodes: a loop in its code needs forget()");
    }
    nodes_.push_back(std::move(node));
    edges_.emplace_back();
    representative_.push_back(static_cast<NodeId>(nodes_.size() - 1));
  }
  return position->second;
}

NodeId Automaton::extend(NodeId from, FiberIndex fiber, Observation observation) {
  for (const Edge& edge : edges_[from]) {
    if (edge.fiber == fiber && edge.observation == observation) return edge.target;
  }
  std::vector<Memory> memory = nodes_[from].memory;
  memory.push_back({fiber, Memory::Kind::observation, 0, 0, observation});
  const NodeId target = run(memory);
  edges_[from].push_back({fiber, observation, target});
  return target;
}

NodeId Automaton::next(NodeId from, FiberIndex fiber, Observation observation) {
  learn(nodes_[from].actions[fiber], observation);
  return representative_[extend(from, fiber, observation)];
}

void Automaton::learn(const Action& action, Observation observation) {
  if (action.kind != ActionKind::call && action.kind != ActionKind::now) return;
  std::vector<Observation>& known = seen_[alphabet_key(action)];
  if (std::ranges::find(known, observation) != known.end()) return;
  known.push_back(observation);
  if (minimised_) outgrown_ = true;
}

std::vector<Observation> Automaton::alphabet(const Action& action) const {
  switch (action.kind) {
    case ActionKind::none:
    case ActionKind::recall:
      return {};
    case ActionKind::call:
    case ActionKind::now: {
      const auto known = seen_.find(alphabet_key(action));
      return known == seen_.end() ? std::vector<Observation>{} : known->second;
    }
    case ActionKind::sleep:
      return {observe::kWoke};
    case ActionKind::wait:
      return {observe::kWoke, observe::kDeadline};
    case ActionKind::work:
      return {observe::kDone};
    case ActionKind::signal:
      return {observe::kSignal};
    case ActionKind::choose: {
      std::vector<Observation> choices;
      for (std::uint32_t i = 0; i < action.argument; ++i) choices.push_back(observe::kChoice + i);
      return choices;
    }
  }
  return {};
}

NodeId Automaton::renamed(NodeId id, const SlotPermutation& permutation) {
  const AutomatonNode& original = nodes_[id];
  if (original.ended) {
    AutomatonNode copy = original;
    copy.outcome = values_.renamed(original.outcome, permutation);
    return representative_[intern(std::move(copy))];
  }
  std::vector<Memory> memory = original.memory;
  bool changed = false;
  for (Memory& item : memory) {
    const bool is_value = item.kind != Memory::Kind::observation || item.value < observe::kSpecial;
    if (!is_value) continue;
    const ValueId renamed_value = values_.renamed(item.value, permutation);
    changed |= renamed_value != item.value;
    item.value = renamed_value;
  }
  if (!changed) return id;
  AutomatonNode probe;
  probe.memory = memory;
  if (const auto known = ids_.find(identity(probe)); known != ids_.end())
    return representative_[known->second];
  if (minimised_) outgrown_ = true;  // an equal client has been somewhere this one has not: close again
  return representative_[run(memory)];
}

std::size_t Automaton::minimise(std::size_t max_nodes) {
  // Close under what has been observed: every node gets every edge its requests' alphabets allow.
  for (NodeId id = 0; id < nodes_.size() && nodes_.size() < max_nodes; ++id) {
    for (FiberIndex fiber = 0; fiber < nodes_[id].actions.size(); ++fiber) {
      for (const Observation observation : alphabet(nodes_[id].actions[fiber]))
        extend(id, fiber, observation);
    }
  }
  minimised_ = true;
  outgrown_ = false;
  for (NodeId id = 0; id < nodes_.size(); ++id) representative_[id] = id;
  if (nodes_.size() >= max_nodes) return nodes_.size();  // too large to close: stay with histories

  std::vector<NodeId> block(nodes_.size());
  std::size_t blocks = 0;
  {
    std::map<std::vector<std::uint64_t>, NodeId> first;
    for (NodeId id = 0; id < nodes_.size(); ++id) {
      const AutomatonNode& node = nodes_[id];
      std::vector<std::uint64_t> look{node.ended, node.flags, node.outcome};
      for (const Action& action : node.actions) {
        look.push_back(static_cast<std::uint64_t>(action.kind) << 56U |
                       static_cast<std::uint64_t>(action.service) << 48U | action.argument);
      }
      block[id] = first.try_emplace(std::move(look), static_cast<NodeId>(first.size())).first->second;
    }
    blocks = first.size();
  }
  for (;;) {
    std::map<std::vector<std::uint64_t>, NodeId> first;
    std::vector<NodeId> refined(nodes_.size());
    for (NodeId id = 0; id < nodes_.size(); ++id) {
      std::vector<std::uint64_t> look{block[id]};
      std::vector<Edge> edges = edges_[id];
      std::ranges::sort(edges, {}, [](const Edge& e) { return std::pair(e.fiber, e.observation); });
      for (const Edge& edge : edges) {
        look.push_back(static_cast<std::uint64_t>(edge.fiber) << 32U | edge.observation);
        look.push_back(block[edge.target]);
      }
      refined[id] = first.try_emplace(std::move(look), static_cast<NodeId>(first.size())).first->second;
    }
    block.swap(refined);
    if (first.size() == blocks) break;
    blocks = first.size();
  }
  std::vector<NodeId> first_of(blocks, ~NodeId{0});
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    if (first_of[block[id]] == ~NodeId{0}) first_of[block[id]] = id;
    representative_[id] = first_of[block[id]];
  }
  return blocks;
}

}  // namespace lockstorm::sim
