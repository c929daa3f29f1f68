#include "checkers/versions/version_checker.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checkers/versions/dependency_graph.hpp"
#include "checkers/versions/version_tree.hpp"

namespace lockstorm::checkers {
namespace {

class Checker {
 public:
  explicit Checker(const VersionHistory& history) : history_(history), tree_(history) {}

  std::vector<Finding> run() {
    check_contents();
    check_siblings();
    check_times();
    check_circles();
    return std::move(findings_);
  }

 private:
  [[nodiscard]] const VersionOperation& operation(std::uint32_t number) const {
    return history_.operations[number];
  }

  // "process 3 (line 12)".
  [[nodiscard]] std::string who(std::uint32_t number) const {
    return fmt::format("process {} (line {})", operation(number).process, operation(number).invoked_line);
  }

  template <class... Numbers>
  [[nodiscard]] Finding found(const std::string& proof, Numbers... operations) const {
    return Finding{.proof = proof, .lines = {operation(operations).invoked_line...}};
  }

  template <class Make>
  void report(Anomaly anomaly, Make make) {
    add_finding(findings_, anomaly, make);
  }

  void check_contents() {
    for (const ParentConflict& conflict : history_.conflicts) {
      report(Anomaly::fork, [&] {
        const auto parent = history_.versions[conflict.version].parent;
        return Finding{
            .proof = fmt::format(
                "{} follows {} in one account and, in line {}, {} in another: the state has two histories.",
                history_.describe(conflict.version), history_.describe(parent), conflict.line,
                history_.describe(conflict.other_parent)),
            .lines = {conflict.line}};
      });
    }
    for (std::uint32_t version = 0; version < tree_.size(); ++version) {
      if (history_.versions[version].name == kNone) continue;
      check_writers(version);
      check_serial(version);
    }
  }

  void check_writers(std::uint32_t version) {
    const VersionFacts& facts = tree_[version];
    if (facts.other_writer != kNone) {
      report(Anomaly::two_contents, [&] {
        return found(fmt::format("{} and {} both wrote {}.", who(facts.writer), who(facts.other_writer),
                                 history_.describe(version)),
                     facts.writer, facts.other_writer);
      });
    } else if (facts.writer == kNone && facts.reader != kNone) {
      report(Anomaly::unwritten_read, [&] {
        return found(
            fmt::format("{} read {}, which nobody wrote.", who(facts.reader), history_.describe(version)),
            facts.reader);
      });
    } else if (facts.writer != kNone && operation(facts.writer).outcome == EventType::fail &&
               facts.reader != kNone) {
      report(Anomaly::aborted_read, [&] {
        return found(fmt::format("{} read {}, but the update of {} failed.", who(facts.reader),
                                 history_.describe(version), who(facts.writer)),
                     facts.writer, facts.reader);
      });
    }
  }

  void check_serial(std::uint32_t version) {
    const Version& of = history_.versions[version];
    if (of.parent == kNone || !of.serial || !tree_.took_effect(version)) return;
    const auto& before = history_.versions[of.parent].serial;
    if (!before || *of.serial > *before || tree_[version].writer == kNone) return;
    report(Anomaly::serial_order, [&] {
      return found(
          fmt::format("{} replaced {} by {}, whose serial is not higher.", who(tree_[version].writer),
                      history_.describe(of.parent), history_.describe(version)),
          tree_[version].writer);
    });
  }

  void check_siblings() {
    for (std::uint32_t version = 0; version < tree_.size(); ++version) {
      const auto [first, second] = tree_[version].children;
      if (second == kNone) continue;
      const std::uint32_t a = tree_[first].writer, b = tree_[second].writer;
      if (a == kNone || b == kNone || a == b) continue;
      const bool is_fork = lives_after(first, b) && lives_after(second, a);
      const Anomaly anomaly = is_fork ? Anomaly::fork : Anomaly::lost_update;
      report(anomaly, [&] { return found(prove_siblings(version, first, second, is_fork), a, b); });
    }
    check_lost_appends();
  }

  // Somebody used the version, or one made from it, although the other update was over.
  [[nodiscard]] bool lives_after(std::uint32_t version, std::uint32_t other) const {
    const std::uint32_t over =
        std::max(operation(tree_[version].writer).completed, operation(other).completed);
    return over != kNever && tree_[version].last_use > over;
  }

  [[nodiscard]] std::string prove_siblings(std::uint32_t version, std::uint32_t first, std::uint32_t second,
                                           bool is_fork) const {
    const std::uint32_t a = tree_[first].writer, b = tree_[second].writer;
    std::string proof = fmt::format(
        "Let T1 be {}, T2 be {}. Both replaced {}: T1 by {}, T2 by {}. T1 came before T2 because T1 read "
        "what T2 replaced; T2 came before T1 because "
        "T2 read what T1 replaced: a contradiction. ",
        who(a), who(b), history_.describe(version), history_.describe(first), history_.describe(second));
    proof += is_fork
                 ? "Both updates were read or built upon after both were done: the state has two histories."
                 : "One of the two updates is gone, although both took effect.";
    return proof;
  }

  // An acknowledged append that no read shows although one, or an update that reads do show, began after it.
  void check_lost_appends() {
    std::vector<std::uint32_t> latest(history_.states.size(), kNone);
    const auto note = [&](std::uint32_t state, std::uint32_t number) {
      if (number != kNone && (latest[state] == kNone || number > latest[state])) latest[state] = number;
    };
    for (std::uint32_t number = 0; number < history_.operations.size(); ++number) {
      if (operation(number).outcome != EventType::ok) continue;
      for (const VersionAccess& access : history_.accesses_of(operation(number)))
        if (!access.is_write) note(history_.versions[access.version].state, number);
    }
    for (std::uint32_t version = 0; version < tree_.size(); ++version)
      if (tree_[version].is_observed) note(history_.versions[version].state, tree_[version].writer);
    for (std::uint32_t version = 0; version < tree_.size(); ++version) check_lost_append(version, latest);
  }

  void check_lost_append(std::uint32_t version, const std::vector<std::uint32_t>& latest) {
    const Version& of = history_.versions[version];
    const std::uint32_t writer = tree_[version].writer, later = latest[of.state];
    if (of.name == kNone || of.parent != kNone || writer == kNone || later == kNone) return;
    if (operation(writer).outcome != EventType::ok || operation(later).invoked <= operation(writer).completed)
      return;
    report(Anomaly::lost_update, [&] {
      return found(
          fmt::format("{} was told in line {} that {} is written. No read shows it, although the reads show "
                      "what {} did, which began later.",
                      who(writer), operation(writer).completed_line, history_.describe(version), who(later)),
          writer, later);
    });
  }

  // What was known to everybody when each operation began, against what it read.
  void check_times() {
    std::vector<std::uint32_t> newest(history_.states.size(), kNone), known_by(history_.states.size(), kNone);
    std::vector<std::uint32_t> by_completion;
    for (std::uint32_t number = 0; number < history_.operations.size(); ++number)
      if (operation(number).outcome == EventType::ok) by_completion.push_back(number);
    std::ranges::sort(by_completion, {}, [&](std::uint32_t number) { return operation(number).completed; });
    std::size_t done = 0;
    for (std::uint32_t number = 0; number < history_.operations.size(); ++number) {
      for (; done < by_completion.size() &&
             operation(by_completion[done]).completed < operation(number).invoked;
           ++done) {
        for (const VersionAccess& access : history_.accesses_of(operation(by_completion[done]))) {
          const std::uint32_t state = history_.versions[access.version].state;
          const bool is_placed = !access.is_write || history_.versions[access.version].parent != kNone;
          if (!is_placed ||
              (newest[state] != kNone && tree_[newest[state]].depth >= tree_[access.version].depth))
            continue;
          newest[state] = access.version;
          known_by[state] = by_completion[done];
        }
      }
      check_reads(number, newest, known_by);
    }
  }

  void check_reads(std::uint32_t number, const std::vector<std::uint32_t>& newest,
                   const std::vector<std::uint32_t>& known_by) {
    const VersionOperation& reader = operation(number);
    if (reader.outcome != EventType::ok) return;
    const auto accesses = history_.accesses_of(reader);
    for (const VersionAccess& access : accesses) {
      if (access.is_write) continue;
      const std::uint32_t state = history_.versions[access.version].state;
      const std::uint32_t writer = tree_[access.version].writer;
      if (writer != kNone && writer != number && operation(writer).invoked > reader.completed) {
        report(Anomaly::unwritten_read, [&] {
          return found(fmt::format("{} read {}, which nobody had begun to write: {} did so later.",
                                   who(number), history_.describe(access.version), who(writer)),
                       number, writer);
        });
      }
      if (newest[state] == kNone || !tree_.descends(newest[state], access.version)) continue;
      const bool is_update = std::ranges::any_of(accesses, [&](const VersionAccess& other) {
        return other.is_write && history_.versions[other.version].parent == access.version;
      });
      // An update of an old version is a lost update, which its siblings tell.
      if (is_update) continue;
      report(Anomaly::stale_read, [&] {
        const std::uint32_t knew = known_by[state];
        return found(fmt::format("{} had seen or written {} when it was over in line {}. {} began after that "
                                 "and read {}, which is older.",
                                 who(knew), history_.describe(newest[state]), operation(knew).completed_line,
                                 who(number), history_.describe(access.version)),
                     knew, number);
      });
    }
  }

  void check_circles() {
    const bool is_clean = findings_.empty();
    auto circle = find_circle(history_, tree_, is_clean);
    if (!circle) return;
    // A circle without the clock says more.
    if (is_clean) {
      if (auto timeless = find_circle(history_, tree_, false)) circle = std::move(timeless);
    }
    const Anomaly anomaly = name_circle(*circle);
    Finding finding{anomaly, prove_circle(history_, *circle), {}, 1};
    for (const Dependency& edge : *circle) finding.lines.push_back(operation(edge.from).invoked_line);
    findings_.push_back(std::move(finding));
  }

  // Two operations that each read what the other replaced.
  [[nodiscard]] Anomaly name_circle(const std::vector<Dependency>& circle) const {
    const bool is_skew = circle.size() == 2 && std::ranges::all_of(circle, [](const Dependency& edge) {
                           return edge.reason == Reason::overtook || edge.reason == Reason::missed;
                         });
    if (!is_skew) return Anomaly::dependency_cycle;
    const bool is_one_state =
        history_.versions[circle[0].version].state == history_.versions[circle[1].version].state;
    return is_one_state ? Anomaly::lost_update : Anomaly::write_skew;
  }

  const VersionHistory& history_;
  VersionTree tree_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_versions(const VersionHistory& history) { return Checker(history).run(); }

std::size_t bytes_to_check(const VersionHistory& history) {
  constexpr std::size_t kNumber = sizeof(std::uint32_t);
  // Of each edge itself and its place in the index; of each node its marks for components and circles.
  constexpr std::size_t kEdge = sizeof(Dependency) + kNumber, kNode = 8 * kNumber;
  constexpr std::size_t kEdgesOfAccess = 3, kEdgesOfOperation = 3, kNodesOfOperation = 2;
  const std::size_t of_operation =
      sizeof(VersionOperation) + kNodesOfOperation * kNode + kEdgesOfOperation * kEdge;
  const std::size_t of_access = sizeof(VersionAccess) + kEdgesOfAccess * kEdge;
  const std::size_t of_version = sizeof(Version) + sizeof(VersionFacts) + 6 * kNumber;
  return history.operations.size() * of_operation + history.accesses.size() * of_access +
         history.versions.size() * of_version + history.names.size() * 2 * sizeof(std::string);
}

}  // namespace lockstorm::checkers
