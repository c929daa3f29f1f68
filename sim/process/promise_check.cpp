#include "sim/process/promise_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>

#include "sim/process/automaton.hpp"
#include "sim/process/describe_action.hpp"

namespace lockstorm::sim {
namespace {

using Promise = std::pair<Memory::Kind, std::uint16_t>;

constexpr std::size_t kTurns = 32;            // of a loop, enough for any count of attempts that models have
constexpr std::size_t kLongestHistory = 256;  // steps
constexpr std::size_t kTail = 8;              // steps where enough histories have been before
constexpr std::size_t kSteps = 500;           // beyond those for every edge, in one check
constexpr std::size_t kStepsPerEdge = 8;      // and so many more for each edge that is new in it
constexpr std::size_t kLongestSearch = 64;    // nodes of a loop

/// What others can see of a process, and what it keeps for itself.
struct Behaviour {
  std::vector<Action> actions;
  std::uint16_t flags = 0;
  ValueId outcome = 0;
  ValueId kept = 0;  ///< nobody sees it, but what a process does next follows from it
  bool ended = false;

  friend bool operator==(const Behaviour&, const Behaviour&) = default;
};

Behaviour behaviour_of(const Process& process) {
  Behaviour seen{{}, process.flags(), process.outcome(), 0, process.ended()};
  if (seen.ended) return seen;
  seen.kept = process.kept();
  seen.actions = current_actions(process);
  return seen;
}

bool behaves_like(const Process& process, const AutomatonNode& node) {
  if (process.ended() != node.ended || process.flags() != node.flags || process.outcome() != node.outcome)
    return false;
  if (node.ended) return true;
  if (process.kept() != node.kept) return false;
  const std::size_t fibers = std::max(process.fiber_count(), node.actions.size());
  for (std::size_t i = 0; i < fibers; ++i) {
    const Action live = i < process.fiber_count() ? process.action(static_cast<FiberIndex>(i)) : Action{};
    if (live != (i < node.actions.size() ? node.actions[i] : Action{})) return false;
  }
  return true;
}

// The first way in which one differs from the other.
std::string describe(const WorldSpec& spec, const ValuePool& values, const Behaviour& one,
                     const Behaviour& other) {
  if (one.ended != other.ended) {
    if (one.ended) return "ends";
    return one.actions.empty() ? "goes on" : describe_action(spec, values, one.actions.front());
  }
  for (std::size_t i = 0; i < std::max(one.actions.size(), other.actions.size()); ++i) {
    const Action mine = i < one.actions.size() ? one.actions[i] : Action{};
    if (i < other.actions.size() ? mine != other.actions[i] : mine.kind != ActionKind::none)
      return describe_action(spec, values, mine);
    if (i >= one.actions.size()) return describe_action(spec, values, mine);
  }
  if (one.flags != other.flags) return fmt::format("has flags {:#x}", one.flags);
  if (one.kept != other.kept) return "keeps something else between its calls";
  return fmt::format("leaves behind {}", values.describe(one.outcome, SpecNames(spec)));
}

std::string text_of(const std::vector<Mark>& marks) {
  return marks.empty() ? "nothing" : fmt::format("{}", fmt::join(marks, ", "));
}

/// One history lived twice: by a process that forgets nothing, and by one that at every step is brought back
/// from what it remembers.
class Comparison {
 public:
  Comparison(ValuePool& values, const Process::Body& body, std::optional<Promise> only)
      : values_(values), body_(body), only_(only), full_(values, body) {
    full_.replay({}, false);
    bring_back();
  }

  void step(const Seen& seen) {
    full_.feed(seen.fiber, seen.observation);
    memory_.push_back(Memory::observed(seen.fiber, seen.observation));
    bring_back();
  }

  [[nodiscard]] bool agree() const {
    return mismatch_.empty() && behaviour_of(full_) == recalled_ && full_.marks() == marks_;
  }
  [[nodiscard]] const std::vector<Promise>& promises() const { return promises_; }
  [[nodiscard]] std::string full(const WorldSpec& spec) const {
    if (mismatch_.empty() && behaviour_of(full_) == recalled_) return "marks " + text_of(full_.marks());
    return describe(spec, values_, behaviour_of(full_), recalled_);
  }
  [[nodiscard]] std::string recalled(const WorldSpec& spec) const {
    if (mismatch_.empty() && behaviour_of(full_) == recalled_) return "marks " + text_of(marks_);
    return mismatch_.empty() ? describe(spec, values_, recalled_, behaviour_of(full_)) : mismatch_;
  }

 private:
  // Once from the memory that came about, for what the last step has made forgotten.
  void bring_back() {
    marks_ = replay_memory();
    if (mismatch_.empty()) replay_memory();
  }
  // What was marked on the way from the last thing it remembers.
  std::vector<Mark> replay_memory() {
    Process process(values_, body_);
    if (only_) process.compress_only(only_->first, only_->second);
    try {
      process.replay(memory_, true);
      recalled_ = behaviour_of(process);
      if (!process.ended()) memory_ = process.memory();
    } catch (const ReplayMismatch& mismatch) {
      mismatch_ = mismatch.what();
    }
    for (const Promise& promise : process.promises()) {
      if (std::ranges::find(promises_, promise) == promises_.end()) promises_.push_back(promise);
    }
    return process.marks();
  }

  ValuePool& values_;
  const Process::Body& body_;
  std::optional<Promise> only_;
  Process full_;
  std::vector<Memory> memory_;
  std::vector<Promise> promises_;
  std::vector<Mark> marks_;
  Behaviour recalled_;
  std::string mismatch_;
};

// Every scope and loop that is forgotten on the way, in order.
std::vector<Promise> promises_on(ValuePool& values, const Process::Body& body,
                                 const std::vector<Seen>& history) {
  Comparison comparison(values, body, std::nullopt);
  for (std::size_t i = 0; i < history.size() && comparison.agree(); ++i) comparison.step(history[i]);
  return comparison.promises();
}

std::string name_of(const Promise& promise) {
  return promise.first == Memory::Kind::scope_result ? fmt::format("scope {}", promise.second)
                                                     : fmt::format("the loop head {}", promise.second);
}

}  // namespace

BrokenPromise find_broken_promise(ValuePool& values, const Process::Body& body, const WorldSpec& spec,
                                  std::size_t process_class, const std::vector<Seen>& history) {
  const std::vector<Promise> promises = promises_on(values, body, history);
  const auto broken = [&](std::optional<Promise> only) -> std::optional<BrokenPromise> {
    Comparison comparison(values, body, only);
    std::size_t steps = 0;
    for (const Seen& seen : history) {
      comparison.step(seen);
      ++steps;
      if (comparison.agree()) continue;
      std::string what;
      if (only) {
        what = name_of(*only);
      } else {
        for (const Promise& promise : promises) what += (what.empty() ? "" : " and ") + name_of(promise);
        what += promises.size() > 1 ? " together" : "";
      }
      return BrokenPromise(fmt::format(
          "the model of '{}' forgets too much at {}: after {} observations it {}, but from what it "
          "remembers: {}",
          spec.classes[process_class].name, what, steps, comparison.full(spec), comparison.recalled(spec)));
    }
    return std::nullopt;
  };
  for (const Promise& promise : promises) {
    if (const auto error = broken(promise)) return *error;
  }
  if (const auto error = broken(std::nullopt)) return *error;
  return BrokenPromise(fmt::format("the model of '{}' is not a function of what it observes",
                                   spec.classes[process_class].name));
}

/// A process that forgets nothing, beside the node that is to stand for it.
class PromiseCheck::FullHistory {
 public:
  FullHistory(Automaton& automaton, NodeId from)
      : automaton_(automaton),
        process_(automaton.values_, automaton.body_),
        node_(from),
        history_(automaton.history(from)) {
    std::vector<Memory> memory;
    for (const Seen& seen : history_) memory.push_back(Memory::observed(seen.fiber, seen.observation));
    process_.replay(memory, false);
    compare();
  }

  void take(std::size_t index) {
    Automaton::Edge& edge = automaton_.edges_[node_][index];
    edge.checked = true;
    history_.push_back({edge.fiber, edge.observation});
    process_.feed(edge.fiber, edge.observation);
    node_ = edge.target;
    compare();
    if (automaton_.set_of(process_.marks()) != edge.marks) throw automaton_.broken_promise(history_);
  }

  [[nodiscard]] NodeId node() const { return node_; }
  [[nodiscard]] std::size_t length() const { return history_.size(); }

 private:
  void compare() const {
    if (!behaves_like(process_, automaton_.nodes_[node_])) throw automaton_.broken_promise(history_);
  }

  Automaton& automaton_;
  Process process_;
  NodeId node_;
  std::vector<Seen> history_;
};

PromiseSample& PromiseSample::operator+=(const PromiseSample& other) {
  edges += other.edges;
  loops += other.loops;
  loops_left += other.loops_left;
  meetings += other.meetings;
  meetings_cut += other.meetings_cut;
  return *this;
}

void PromiseCheck::run() {
  const std::vector<Automaton::EdgeName> edges = std::exchange(automaton_.new_edges_, {});
  for (const NodeId root : std::exchange(automaton_.new_roots_, {})) FullHistory(automaton_, root);
  left_ = kSteps + edges.size() * kStepsPerEdge;
  sample_.edges += edges.size();
  for (const auto& [from, index] : edges) {
    if (!automaton_.edges_[from][index].checked) cover(from, index);
  }
  for (const auto& [from, index] : edges) turn_loop(from, index);
  std::size_t meetings = edges.size();
  for (const auto& [from, index] : edges) {
    if (!is_first_way(from, index)) follow_meeting(from, index, left_ / meetings);
    --meetings;
  }
}

// The edge over which its target was first reached; the target's own history takes it.
bool PromiseCheck::is_first_way(NodeId from, std::size_t index) const {
  const Automaton::Edge& edge = automaton_.edges_[from][index];
  const Automaton::Origin& origin = automaton_.origins_[edge.target];
  return origin.from == from && origin.seen == Seen{edge.fiber, edge.observation};
}

void PromiseCheck::take(FullHistory& history, std::size_t index) {
  history.take(index);
  if (left_ > 0) --left_;
}

// Takes the edge, then others that no history has taken yet for as long as there are any.
void PromiseCheck::cover(NodeId from, std::size_t index) {
  FullHistory history(automaton_, from);
  take(history, index);
  while (history.length() < kLongestHistory) {
    const std::vector<Automaton::Edge>& edges = automaton_.edges_[history.node()];
    const auto next =
        std::ranges::find_if(edges, [](const Automaton::Edge& edge) { return edge.used && !edge.checked; });
    if (next == edges.end()) return;
    take(history, static_cast<std::size_t>(next - edges.begin()));
  }
}

// Two histories meet at the end of the edge. The one that comes over it goes on from there by every way, each
// time the way it has gone least, until it finds nothing new or has taken its share of steps.
void PromiseCheck::follow_meeting(NodeId from, std::size_t index, std::size_t share) {
  const std::size_t end = left_ - std::min(left_, share);
  ++kind_;
  ++sample_.meetings;
  for (bool is_new = true; is_new && left_ > end;) {
    is_new = false;
    FullHistory history(automaton_, from);
    take(history, index);
    for (std::size_t known = 0; known < kTail && history.length() < kLongestHistory && left_ > end; ++known) {
      std::vector<Automaton::Edge>& edges = automaton_.edges_[history.node()];
      if (edges.empty()) break;
      const auto least = std::ranges::min_element(edges, {}, [&](const Automaton::Edge& edge) {
        return std::pair(!edge.used, edge.kind == kind_ ? edge.taken : 0);
      });
      least->taken = least->kind == kind_ ? least->taken + 1 : 1;
      least->kind = kind_;
      if (least->taken == 1) {
        is_new = true;
        known = 0;
      }
      take(history, static_cast<std::size_t>(least - edges.begin()));
    }
  }
  if (left_ <= end) ++sample_.meetings_cut;
}

// An edge back to a loop head: many turns of that loop must leave the process where the first one did.
void PromiseCheck::turn_loop(NodeId from, std::size_t index) {
  const NodeId head = automaton_.edges_[from][index].target;
  const std::vector<Memory>& memory = automaton_.nodes_[head].memory;
  if (memory.empty() || memory.back().kind != Memory::Kind::loop_head) return;
  const auto there = left_ > 0 ? way(head, from) : std::nullopt;
  if (there && there->empty() && head != from) return;  // it comes to its head for the first time
  ++sample_.loops;
  if (!there) {
    ++sample_.loops_left;
    return;
  }
  FullHistory history(automaton_, head);
  for (std::size_t turn = 0; turn < kTurns; ++turn) {
    for (const std::size_t step : *there) take(history, step);
    take(history, index);
  }
}

std::optional<std::vector<std::size_t>> PromiseCheck::way(NodeId from, NodeId to) const {
  struct Visit {
    NodeId node;
    std::size_t before;  ///< index of the visit it was reached from
    std::size_t edge;
  };
  std::vector<Visit> visits{{from, 0, 0}};
  std::set<NodeId> known{from};
  for (std::size_t next = 0; next < visits.size(); ++next) {
    if (visits.size() >= kLongestSearch) return std::nullopt;
    const NodeId node = visits[next].node;
    if (node == to) {
      std::vector<std::size_t> edges;
      for (std::size_t at = next; at != 0; at = visits[at].before) edges.push_back(visits[at].edge);
      std::ranges::reverse(edges);
      return edges;
    }
    for (std::size_t i = 0; i < automaton_.edges_[node].size(); ++i) {
      const NodeId target = automaton_.edges_[node][i].target;
      if (known.insert(target).second) visits.push_back({target, next, i});
    }
  }
  return std::vector<std::size_t>{};
}

}  // namespace lockstorm::sim
