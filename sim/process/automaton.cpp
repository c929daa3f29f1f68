#include "sim/process/automaton.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <set>

#include "sim/process/describe_action.hpp"

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
    key.append(reinterpret_cast<const char*>(&memory.depth), sizeof memory.depth);
    key.append(reinterpret_cast<const char*>(&memory.shared), sizeof memory.shared);
    key.append(reinterpret_cast<const char*>(&memory.kept), sizeof memory.kept);
  }
  return key;
}

// Different answers to one call in one run that no finite protocol has.
constexpr std::size_t kManyAnswers = 64;

// What closing an automaton may cost.
constexpr std::uint64_t kRunsPerNode = 64;

using Alphabets = boost::unordered_flat_map<std::uint64_t, std::vector<Observation>>;

// Adjacent members of a class swapped: these make up every way in which equal processes can swap places.
std::vector<SlotPermutation> swaps(const WorldSpec& spec) {
  std::vector<SlotPermutation> all;
  std::size_t first = 0;
  for (const ProcessClass& process_class : spec.classes) {
    for (std::size_t i = first; i + 1 < std::min(first + process_class.count, kMaxPermutedProcesses); ++i) {
      SlotPermutation& swap = all.emplace_back();
      for (std::size_t slot = 0; slot < kMaxPermutedProcesses; ++slot)
        swap.to[slot] = static_cast<std::uint8_t>(slot == i ? i + 1 : slot == i + 1 ? i : slot);
    }
    first += process_class.count;
  }
  return all;
}

// What an equal process may be told, another one may be told with the names swapped. Two nodes that are alike
// for all that has been seen so far are alike after a swap only where the alphabets hold this, too.
void close_under_swaps(Alphabets& alphabets, ValuePool& values, const WorldSpec& spec) {
  const std::vector<SlotPermutation> all = swaps(spec);
  for (bool grown = true; grown;) {
    grown = false;
    std::vector<std::uint64_t> keys;
    for (const auto& [key, known] : alphabets) keys.push_back(key);
    std::ranges::sort(keys);
    for (const std::uint64_t key : keys) {
      const std::vector<Observation> observations = alphabets[key];
      for (const SlotPermutation& swap : all) {
        const ValueId request = values.renamed(static_cast<ValueId>(key), swap);
        std::vector<Observation>& known = alphabets[key >> 32U << 32U | request];
        for (const Observation observation : observations) {
          const Observation swapped =
              observation < observe::kSpecial ? values.renamed(observation, swap) : observation;
          if (std::ranges::find(known, swapped) != known.end()) continue;
          known.push_back(swapped);
          grown = true;
        }
      }
    }
  }
}

std::uint64_t alphabet_key(const Action& action) {
  return static_cast<std::uint64_t>(action.service) << 32U | action.argument;
}

}  // namespace

std::vector<Action> current_actions(const Process& process) {
  std::vector<Action> actions;
  for (FiberIndex i = 0; i < process.fiber_count(); ++i) actions.push_back(process.action(i));
  // A fiber that has ended is like none at all: from a compressed memory it may not even start.
  while (!actions.empty() && actions.back().kind == ActionKind::none) actions.pop_back();
  return actions;
}

Automaton::Automaton(ValuePool& values, const WorldSpec& spec, std::size_t process_class, Mode mode,
                     AutomatonLimits limits)
    : values_(values),
      spec_(spec),
      process_class_(process_class),
      body_(spec.classes[process_class].body),
      mode_(mode),
      limits_(limits) {
  first_marks_ = run({}).marks;
}

// There are few different sets.
std::uint32_t Automaton::set_of(std::vector<Mark> marks) {
  std::ranges::sort(marks);
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
  const auto known = std::ranges::find(mark_sets_, marks);
  const auto number = static_cast<std::uint32_t>(known - mark_sets_.begin());
  if (known == mark_sets_.end()) mark_sets_.push_back(std::move(marks));
  return number;
}

std::vector<Mark> Automaton::reached() const {
  std::set<Mark> all(mark_sets_[first_marks_].begin(), mark_sets_[first_marks_].end());
  for (const std::vector<Edge>& edges : edges_) {
    for (const Edge& edge : edges) {
      if (edge.used) all.insert(mark_sets_[edge.marks].begin(), mark_sets_[edge.marks].end());
    }
  }
  return {all.begin(), all.end()};
}

Automaton::Arrival Automaton::run(const std::vector<Memory>& memory) {
  Process process(values_, body_);
  process.replay(memory, mode_ == Mode::compressed);
  ++fiber_runs_;
  AutomatonNode node;
  node.flags = process.flags();
  node.outcome = process.outcome();
  node.ended = process.ended();
  if (!node.ended) {
    node.memory = process.memory();
    node.kept = process.kept();
    node.actions = current_actions(process);
  }
  const std::uint32_t marks = set_of(process.marks());
  return {intern(std::move(node)), marks};
}

NodeId Automaton::intern(AutomatonNode node) {
  const auto [position, is_new] = ids_.try_emplace(identity(node), static_cast<NodeId>(nodes_.size()));
  if (is_new) {
    memories_ += node.memory.size();
    if (nodes_.size() >= limits_.nodes || memories_ > limits_.memories) throw AutomatonTooLarge(what_grows());
    nodes_.push_back(std::move(node));
    edges_.emplace_back();
    origins_.emplace_back();
    representative_.push_back(static_cast<NodeId>(nodes_.size() - 1));
  }
  return position->second;
}

// The index of the edge.
std::size_t Automaton::extend(NodeId from, FiberIndex fiber, Observation observation) {
  for (std::size_t i = 0; i < edges_[from].size(); ++i) {
    if (edges_[from][i].fiber == fiber && edges_[from][i].observation == observation) return i;
  }
  std::vector<Memory> memory = nodes_[from].memory;
  memory.push_back(Memory::observed(fiber, observation));
  const std::size_t known_nodes = nodes_.size();
  const auto [target, marks] = [&] {
    try {
      return run(memory);
    } catch (const ReplayMismatch&) {
      std::vector<Seen> there = history(from);
      there.push_back({fiber, observation});
      throw broken_promise(there);
    }
  }();
  if (nodes_.size() > known_nodes) origins_[target] = {from, {fiber, observation}};
  edges_[from].push_back({.fiber = fiber, .observation = observation, .target = target, .marks = marks});
  return edges_[from].size() - 1;
}

std::vector<Seen> Automaton::history(NodeId id) const {
  std::vector<Seen> seen;
  for (; id != initial(); id = origins_[id].from) {
    if (const auto root = root_histories_.find(id); root != root_histories_.end()) {
      seen.insert(seen.end(), root->second.rbegin(), root->second.rend());
      break;
    }
    seen.push_back(origins_[id].seen);
  }
  std::ranges::reverse(seen);
  return seen;
}

void Automaton::check_promises() { promise_check_.run(); }

BrokenPromise Automaton::broken_promise(const std::vector<Seen>& history) const {
  return find_broken_promise(values_, body_, spec_, process_class_, history);
}

// Tells the calls on the way to the newest node apart by what was seen there for the first time.
std::string Automaton::what_grows() const {
  struct Tally {
    std::size_t calls = 0;
    std::set<Observation> answers;
  };
  std::map<std::string, Tally> tallies;
  for (auto id = static_cast<NodeId>(nodes_.size() - 1); id != initial() && !root_histories_.contains(id);
       id = origins_[id].from) {
    const Origin& origin = origins_[id];
    const Action& action = nodes_[origin.from].actions[origin.seen.fiber];
    Tally& tally = tallies[describe_call(spec_, values_, action)];
    ++tally.calls;
    tally.answers.insert(origin.seen.observation);
  }
  const std::string& name = spec_.classes[process_class_].name;
  const auto newest = std::ranges::max_element(tallies, {}, [](const auto& entry) {
    return std::pair(entry.second.answers.size(), entry.second.calls);
  });
  if (newest == tallies.end()) return fmt::format("'{}' remembers too many different things", name);
  if (newest->second.answers.size() >= kManyAnswers)
    return grows(newest->first, newest->second.answers.size());
  const auto often =
      std::ranges::max_element(tallies, {}, [](const auto& entry) { return entry.second.calls; });
  return fmt::format(
      "'{}' has more than {} different things to remember; most often it has asked {}, {} times in one run: "
      "{}",
      name, nodes_.size(), often->first, often->second.calls,
      often->second.calls >= kManyAnswers ? "that loop needs forget()" : "try fewer faults or less time");
}

std::string Automaton::grows(const std::string& call, std::size_t answers) const {
  return fmt::format("'{}' keeps seeing new answers to {}: {} different ones so far",
                     spec_.classes[process_class_].name, call, answers);
}

NodeId Automaton::next(NodeId from, FiberIndex fiber, Observation observation) {
  learn(nodes_[from].actions[fiber], observation);
  const std::size_t index = extend(from, fiber, observation);
  Edge& edge = edges_[from][index];
  if (!edge.used && mode_ == Mode::compressed) new_edges_.emplace_back(from, index);
  edge.used = true;
  return representative_[edge.target];
}

void Automaton::learn(const Action& action, Observation observation) {
  if (action.kind != ActionKind::call && action.kind != ActionKind::now) return;
  std::vector<Observation>& known = seen_[alphabet_key(action)];
  if (std::ranges::find(known, observation) != known.end()) return;
  known.push_back(observation);
  if (known.size() > limits_.answers)
    throw AutomatonTooLarge(grows(describe_call(spec_, values_, action), known.size()));
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

// The same history had equal processes swapped places.
std::vector<Seen> Automaton::renamed_history(NodeId id, const SlotPermutation& permutation) const {
  std::vector<Seen> there = history(id);
  for (Seen& seen : there) {
    if (seen.observation < observe::kSpecial)
      seen.observation = values_.renamed(seen.observation, permutation);
  }
  return there;
}

NodeId Automaton::renamed(NodeId id, const SlotPermutation& permutation) {
  const std::size_t known_nodes = nodes_.size();
  const NodeId result = [&] {
    try {
      return renamed_node(id, permutation);
    } catch (const ReplayMismatch&) {
      throw broken_promise(renamed_history(id, permutation));
    }
  }();
  if (nodes_.size() > known_nodes) {
    root_histories_.emplace(result, renamed_history(id, permutation));
    if (mode_ == Mode::compressed) new_roots_.push_back(result);
  }
  return representative_[result];
}

NodeId Automaton::renamed_node(NodeId id, const SlotPermutation& permutation) {
  const AutomatonNode& original = nodes_[id];
  if (original.ended) {
    AutomatonNode copy = original;
    copy.outcome = values_.renamed(original.outcome, permutation);
    return intern(std::move(copy));
  }
  std::vector<Memory> memory = original.memory;
  bool changed = false;
  for (Memory& item : memory) {
    const auto rename = [&](ValueId& value) {
      const ValueId other = values_.renamed(value, permutation);
      changed |= other != value;
      value = other;
    };
    rename(item.shared);
    if (item.kept != Memory::kAsItIs) rename(item.kept);
    if (item.kind != Memory::Kind::observation || item.value < observe::kSpecial) rename(item.value);
  }
  if (!changed) return id;
  AutomatonNode probe;
  probe.memory = memory;
  if (const auto known = ids_.find(identity(probe)); known != ids_.end()) return known->second;
  if (minimised_) outgrown_ = true;  // an equal client has been somewhere this one has not: close again
  return run(memory).node;
}

std::size_t Automaton::minimise(std::size_t max_nodes) {
  close_under_swaps(seen_, values_, spec_);
  // Close under what has been observed: every node gets every edge its requests' alphabets allow.
  const std::uint64_t most_runs = fiber_runs_ + max_nodes * kRunsPerNode;
  for (NodeId id = 0; id < nodes_.size() && nodes_.size() < max_nodes && fiber_runs_ < most_runs; ++id) {
    for (FiberIndex fiber = 0; fiber < nodes_[id].actions.size(); ++fiber) {
      for (const Observation observation : alphabet(nodes_[id].actions[fiber]))
        extend(id, fiber, observation);
    }
  }
  minimised_ = true;
  outgrown_ = false;
  for (NodeId id = 0; id < nodes_.size(); ++id) representative_[id] = id;
  if (nodes_.size() >= max_nodes || fiber_runs_ >= most_runs)
    return nodes_.size();  // too large to close: stay with histories

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
        look.push_back(static_cast<std::uint64_t>(edge.marks) << 32U | block[edge.target]);
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
