#include "checkers/versions/dependency_graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "checkers/history/limits.hpp"
#include "checkers/versions/suspects.hpp"

namespace lockstorm::checkers {
namespace {

// Nodes are the suspected operations and, after them, one moment for each completion (moment i leads to
// moment i + 1), so that real time costs a few edges an operation.
class Graph {
 public:
  Graph(const VersionHistory& history, const VersionTree& tree, std::span<const std::uint32_t> operations,
        bool with_real_time)
      : history_(history),
        tree_(tree),
        operations_(operations),
        node_of_(history.operations.size(), kNone),
        nodes_(operations.size()) {
    for (std::uint32_t node = 0; node < operations.size(); ++node) node_of_[operations[node]] = node;
    add_dependencies();
    add_missed();
    if (with_real_time) add_real_time();
    index_edges();
  }

  std::optional<std::vector<Dependency>> shortest_circle() {
    find_components();
    std::vector<Dependency> best;
    std::vector<std::size_t> tried(component_size_.size());
    for (std::uint32_t node = 0; node < operations_.size(); ++node) {
      const std::uint32_t component = component_[node];
      if (component_size_[component] < 2 || ++tried[component] > limits::kCircleStarts) continue;
      auto circle = circle_from(node);
      if (!circle.empty() && (best.empty() || circle.size() < best.size())) best = std::move(circle);
      if (best.size() == 2) break;
    }
    if (best.empty()) return std::nullopt;
    return best;
  }

 private:
  void add(std::uint32_t from, std::uint32_t to, Reason reason, std::uint32_t version) {
    if (from != to && from != kNone && to != kNone) edges_.push_back({from, to, reason, version});
  }

  [[nodiscard]] std::uint32_t node_of(std::uint32_t number) const {
    return number == kNone ? kNone : node_of_[number];
  }
  [[nodiscard]] const VersionOperation& operation(std::uint32_t node) const {
    return history_.operations[operations_[node]];
  }

  void add_dependencies() {
    for (const std::uint32_t number : operations_) {
      for_each_dependency(history_, tree_, number,
                          [&](std::uint32_t from, std::uint32_t to, Reason reason, std::uint32_t version) {
                            add(node_of(from), node_of(to), reason, version);
                          });
    }
  }

  // An acknowledged append that no list shows comes after all reads of its state. Two chains of nodes lead
  // from a read to all such appends but its own: one to those before it, one to those after it.
  void add_missed() {
    std::vector<std::vector<std::uint32_t>> appends(history_.states.size());
    for_each_missed_append(history_, tree_, [&](std::uint32_t state, std::uint32_t author) {
      if (node_of(author) != kNone) appends[state].push_back(node_of(author));
    });
    for (auto& of_state : appends) std::ranges::sort(of_state);
    std::vector<std::uint32_t> first_node(appends.size());
    for (std::size_t state = 0; state < appends.size(); ++state) {
      first_node[state] = static_cast<std::uint32_t>(nodes_);
      add_chains(appends[state]);
    }
    for (std::uint32_t node = 0; node < operations_.size(); ++node) {
      if (operation(node).outcome != EventType::ok) continue;
      for (const VersionAccess& access : history_.accesses_of(operation(node))) {
        const std::uint32_t state = history_.versions[access.version].state;
        if (!access.is_write) add_missed_by(node, access.version, appends[state], first_node[state]);
      }
    }
  }

  void add_chains(const std::vector<std::uint32_t>& appends) {
    const auto count = static_cast<std::uint32_t>(appends.size());
    const auto down = static_cast<std::uint32_t>(nodes_), up = down + count;
    nodes_ += 2 * appends.size();
    for (std::uint32_t i = 0; i < count; ++i) {
      add(down + i, appends[i], Reason::missed, kNone);
      add(up + i, appends[i], Reason::missed, kNone);
      if (i > 0) add(down + i, down + i - 1, Reason::missed, kNone);
      if (i + 1 < count) add(up + i, up + i + 1, Reason::missed, kNone);
    }
  }

  void add_missed_by(std::uint32_t reader, std::uint32_t version, const std::vector<std::uint32_t>& appends,
                     std::uint32_t down) {
    if (appends.empty()) return;
    const auto count = static_cast<std::uint32_t>(appends.size());
    const auto own = std::ranges::equal_range(appends, reader);
    const auto before = static_cast<std::uint32_t>(own.begin() - appends.begin());
    const auto after = static_cast<std::uint32_t>(own.end() - appends.begin());
    if (before > 0) add(reader, down + before - 1, Reason::missed, version);
    if (after < count) add(reader, down + count + after, Reason::missed, version);
  }

  void add_real_time() {
    std::vector<std::uint32_t> by_completion;
    for (std::uint32_t node = 0; node < operations_.size(); ++node)
      if (operation(node).outcome == EventType::ok) by_completion.push_back(node);
    std::ranges::sort(by_completion, {}, [&](std::uint32_t node) { return operation(node).completed; });
    const auto first_moment = nodes_;
    nodes_ += by_completion.size();
    for (std::size_t i = 0; i < by_completion.size(); ++i) {
      const auto moment = static_cast<std::uint32_t>(first_moment + i);
      add(by_completion[i], moment, Reason::real_time, kNone);
      if (i + 1 < by_completion.size()) add(moment, moment + 1, Reason::real_time, kNone);
    }
    std::size_t done = 0;
    for (std::uint32_t node = 0; node < operations_.size(); ++node) {
      while (done < by_completion.size() &&
             operation(by_completion[done]).completed < operation(node).invoked)
        ++done;
      if (done > 0 && operation(node).outcome != EventType::fail)
        add(static_cast<std::uint32_t>(first_moment + done - 1), node, Reason::real_time, kNone);
    }
  }

  void index_edges() {
    first_.assign(nodes_ + 1, 0);
    for (const Dependency& edge : edges_) ++first_[edge.from + 1];
    for (std::size_t node = 0; node < nodes_; ++node) first_[node + 1] += first_[node];
    by_node_.resize(edges_.size());
    auto next = first_;
    for (std::uint32_t edge = 0; edge < edges_.size(); ++edge) by_node_[next[edges_[edge].from]++] = edge;
  }

  // Tarjan, without recursion.
  void find_components() {
    std::vector<std::uint32_t> number(nodes_, 0), low(nodes_, 0), stack;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> path;
    component_.assign(nodes_, kNone);
    std::uint32_t count = 0;
    for (std::uint32_t root = 0; root < nodes_; ++root) {
      if (number[root] != 0) continue;
      path.emplace_back(root, first_[root]);
      while (!path.empty()) {
        auto& [node, next] = path.back();
        if (number[node] == 0) {
          number[node] = low[node] = ++count;
          stack.push_back(node);
        }
        if (next < first_[node + 1]) {
          const std::uint32_t to = edges_[by_node_[next++]].to;
          if (number[to] == 0) {
            path.emplace_back(to, first_[to]);
          } else if (component_[to] == kNone) {
            low[node] = std::min(low[node], number[to]);
          }
          continue;
        }
        const std::uint32_t done = node;
        if (low[done] == number[done]) close_component(done, stack);
        path.pop_back();
        if (!path.empty()) low[path.back().first] = std::min(low[path.back().first], low[done]);
      }
    }
  }

  void close_component(std::uint32_t root, std::vector<std::uint32_t>& stack) {
    std::uint32_t size = 0;
    std::uint32_t node = kNone;
    do {
      node = stack.back();
      stack.pop_back();
      component_[node] = static_cast<std::uint32_t>(component_size_.size());
      ++size;
    } while (node != root);
    component_size_.push_back(size);
  }

  // Breadth first within the component, back to where it started.
  std::vector<Dependency> circle_from(std::uint32_t start) {
    came_by_.resize(nodes_, kNone);
    std::vector<std::uint32_t> reached{start};
    std::uint32_t last = kNone;
    for (std::size_t i = 0; i < reached.size() && last == kNone; ++i) {
      for (std::uint32_t at = first_[reached[i]]; at < first_[reached[i] + 1]; ++at) {
        const std::uint32_t edge = by_node_[at], to = edges_[edge].to;
        if (to == start) {
          last = edge;
          break;
        }
        if (component_[to] != component_[start] || came_by_[to] != kNone) continue;
        came_by_[to] = edge;
        reached.push_back(to);
      }
    }
    std::vector<Dependency> circle;
    for (std::uint32_t edge = last; edge != kNone; edge = came_by_[edges_[edge].from])
      circle.push_back(edges_[edge]);
    std::ranges::reverse(circle);
    for (const std::uint32_t node : reached) came_by_[node] = kNone;
    return without_moments(circle);
  }

  // From operation to operation, and by their numbers.
  [[nodiscard]] std::vector<Dependency> without_moments(const std::vector<Dependency>& circle) const {
    std::vector<Dependency> short_circle;
    for (const Dependency& edge : circle) {
      if (edge.from < operations_.size()) {
        short_circle.push_back(edge);
      } else {
        short_circle.back().to = edge.to;
      }
    }
    for (Dependency& edge : short_circle) {
      edge.from = operations_[edge.from];
      edge.to = operations_[edge.to];
    }
    return short_circle;
  }

  const VersionHistory& history_;
  const VersionTree& tree_;
  std::span<const std::uint32_t> operations_;  ///< [node]
  std::vector<std::uint32_t> node_of_;         ///< [operation]
  std::size_t nodes_;
  std::vector<Dependency> edges_;
  std::vector<std::uint32_t> first_, by_node_, component_, component_size_, came_by_;
};

std::string because(const VersionHistory& history, const Dependency& edge) {
  const std::string version = edge.version == kNone ? "" : history.describe(edge.version);
  switch (edge.reason) {
    case Reason::replaced:
      return fmt::format("it wrote {}, which the other replaced", version);
    case Reason::read_from:
      return fmt::format("it wrote {}, which the other read", version);
    case Reason::overtook:
      return fmt::format("it read {}, which the other replaced", version);
    case Reason::missed:
      return fmt::format("it read {}, without what the other added", version);
    case Reason::real_time:
      return fmt::format("it was over in line {}, before the other began in line {}",
                         history.operations[edge.from].completed_line,
                         history.operations[edge.to].invoked_line);
  }
  return {};
}

}  // namespace

std::optional<std::vector<Dependency>> find_circle(const VersionHistory& history, const VersionTree& tree,
                                                   bool with_real_time) {
  const std::vector<std::uint32_t> operations = suspects(history, tree);
  if (operations.empty()) return std::nullopt;
  return Graph(history, tree, operations, with_real_time).shortest_circle();
}

std::string prove_circle(const VersionHistory& history, const std::vector<Dependency>& circle) {
  std::string proof = "Let ";
  for (std::size_t i = 0; i < circle.size(); ++i) {
    const VersionOperation& operation = history.operations[circle[i].from];
    fmt::format_to(std::back_inserter(proof), "{}T{} be process {}'s operation of line {}",
                   i == 0 ? "" : ", ", i + 1, operation.process, operation.invoked_line);
  }
  proof += '.';
  for (std::size_t i = 0; i < circle.size(); ++i) {
    fmt::format_to(std::back_inserter(proof), " {}T{} came before T{} because {}{}",
                   i + 1 == circle.size() ? "But " : "", i + 1, (i + 1) % circle.size() + 1,
                   because(history, circle[i]), i + 1 == circle.size() ? ": a contradiction." : ".");
  }
  return proof;
}

}  // namespace lockstorm::checkers
