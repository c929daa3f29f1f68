#include "checkers/versions/version_checker.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checkers/versions/dependency_graph.hpp"
#include "checkers/versions/initial_versions.hpp"
#include "checkers/versions/serial_order.hpp"
#include "checkers/versions/version_tree.hpp"

namespace lockstorm::checkers {
namespace {

class Checker {
 public:
  Checker(const VersionHistory& history, const InitialPart& initial)
      : history_(history), tree_(history), initial_(find_initial_versions(history, tree_, initial)) {}

  std::vector<Finding> run() {
    check_contents();
    check_beginnings();
    check_siblings();
    check_times();
    check_serials(history_, tree_, initial_, findings_);
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
    } else if (facts.writer == kNone && facts.is_observed &&
               initial_.beginning[version] != version) {  // check_beginnings looks at the others
      report(Anomaly::unwritten_read, [&] {
        const std::uint32_t reader = first_to_see(version);
        return found(fmt::format("{} read {}, which nobody wrote.", who(reader), history_.describe(version)),
                     reader);
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

  [[nodiscard]] std::uint32_t first_to_see(std::uint32_t version) const {
    for (std::uint32_t number = 0; number < history_.operations.size(); ++number) {
      for (const VersionAccess& access : history_.accesses_of(operation(number)))
        if (!access.is_write && (access.version == version || tree_.descends(access.version, version)))
          return number;
    }
    return tree_[version].reader;
  }

  void check_beginnings() {
    for (const OtherBeginning& other : initial_.others) {
      report(Anomaly::unwritten_read, [&] {
        const std::uint32_t state = history_.versions[other.version].state;
        const bool is_unwritten = history_.versions[other.beginning].name != kNone;
        std::string proof = fmt::format("{} read {}", who(other.operation), history_.describe(other.version));
        if (other.beginning != other.version)
          proof += fmt::format(", which came of {}", history_.describe(other.beginning));
        if (is_unwritten) proof += ", which nobody wrote";
        const std::uint32_t first = initial_.version[state], shown_by = initial_.shown_by[state];
        if (shown_by == kNone) {
          return found(fmt::format("{}. At the beginning there was {}.", proof, history_.describe(first)),
                       other.operation);
        }
        return found(fmt::format("{}. But what {} read shows that at the beginning there was {}.", proof,
                                 who(shown_by), history_.describe(first)),
                     shown_by, other.operation);
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
    if (of.name == kNone || of.serial || of.parent != kNone || writer == kNone || later == kNone) return;
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
    std::vector<VersionAccess> begun(history_.states.size());
    std::vector<std::uint32_t> begun_by(history_.states.size(), kNone);
    std::vector<std::uint32_t> by_completion;
    for (std::uint32_t number = 0; number < history_.operations.size(); ++number)
      by_completion.push_back(number);
    std::ranges::sort(by_completion, {}, [&](std::uint32_t number) { return told_at(number); });
    std::size_t done = 0;
    for (std::uint32_t number = 0; number < history_.operations.size(); ++number) {
      for (; done < by_completion.size() && told_at(by_completion[done]) < operation(number).invoked;
           ++done) {
        const bool is_ok = operation(by_completion[done]).outcome == EventType::ok;
        for (const VersionAccess& access : history_.accesses_of(operation(by_completion[done]))) {
          if (!is_ok && access.is_write) continue;
          const std::uint32_t state = history_.versions[access.version].state;
          if (begun_by[state] == kNone && !is_beginning(access.version)) {
            begun[state] = access;
            begun_by[state] = by_completion[done];
          }
          const bool is_placed = !access.is_write || history_.versions[access.version].parent != kNone;
          if (!is_placed ||
              (newest[state] != kNone && tree_[newest[state]].depth >= tree_[access.version].depth))
            continue;
          newest[state] = access.version;
          known_by[state] = by_completion[done];
        }
      }
      check_reads(number, newest, known_by);
      check_beginning_again(number, begun, begun_by);
    }
  }

  // By when what it read was there. An update that was not acknowledged had read what it meant to replace
  // before it was asked for.
  [[nodiscard]] std::uint32_t told_at(std::uint32_t number) const {
    return operation(number).outcome == EventType::ok ? operation(number).completed
                                                      : operation(number).invoked;
  }
  [[nodiscard]] std::uint32_t told_in(std::uint32_t number) const {
    return operation(number).outcome == EventType::ok ? operation(number).completed_line
                                                      : operation(number).invoked_line;
  }

  [[nodiscard]] bool is_beginning(std::uint32_t version) const {
    return history_.versions[version].name == kNone || initial_.existed[version];
  }

  // Whatever replaced it, and even where that is not told: what was there at the beginning is not there any
  // more once anything else was.
  void check_beginning_again(std::uint32_t number, const std::vector<VersionAccess>& begun,
                             const std::vector<std::uint32_t>& begun_by) {
    if (operation(number).outcome != EventType::ok) return;
    for (const VersionAccess& access : history_.accesses_of(operation(number))) {
      const std::uint32_t state = history_.versions[access.version].state;
      if (access.is_write || begun_by[state] == kNone || !is_beginning(access.version)) continue;
      // An append that no list shows is told as a lost update, and what came of this version by the tree.
      const Version& other = history_.versions[begun[state].version];
      if (!other.serial || tree_.descends(begun[state].version, access.version)) continue;
      report(Anomaly::stale_read, [&] {
        const std::uint32_t knew = begun_by[state];
        return found(fmt::format("{} had seen or written {} when it was over in line {}. {} began after that "
                                 "and read {}, which is older.",
                                 who(knew), history_.describe(begun[state].version), told_in(knew),
                                 who(number), history_.describe(access.version)),
                     knew, number);
      });
    }
  }

  void check_reads(std::uint32_t number, const std::vector<std::uint32_t>& newest,
                   const std::vector<std::uint32_t>& known_by) {
    const VersionOperation& reader = operation(number);
    const auto accesses = history_.accesses_of(reader);
    for (const VersionAccess& access : accesses) {
      if (access.is_write) continue;
      const std::uint32_t state = history_.versions[access.version].state;
      const std::uint32_t writer = tree_[access.version].writer;
      if (writer != kNone && writer != number && operation(writer).invoked > told_at(number)) {
        report(Anomaly::unwritten_read, [&] {
          return found(fmt::format("{} read {}, which nobody had begun to write: {} did so later.",
                                   who(number), history_.describe(access.version), who(writer)),
                       number, writer);
        });
      }
      if (reader.outcome != EventType::ok || newest[state] == kNone ||
          !tree_.descends(newest[state], access.version))
        continue;
      const bool is_update = std::ranges::any_of(accesses, [&](const VersionAccess& other) {
        return other.is_write && history_.versions[other.version].parent == access.version;
      });
      // An update of an old version is a lost update, which its siblings tell.
      if (is_update) continue;
      report(Anomaly::stale_read, [&] {
        const std::uint32_t knew = known_by[state];
        return found(fmt::format("{} had seen or written {} when it was over in line {}. {} began after that "
                                 "and read {}, which is older.",
                                 who(knew), history_.describe(newest[state]), told_in(knew), who(number),
                                 history_.describe(access.version)),
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
  InitialVersions initial_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_versions(const VersionHistory& history, const InitialPart& initial) {
  return Checker(history, initial).run();
}

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
