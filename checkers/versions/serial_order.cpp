#include "checkers/versions/serial_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace lockstorm::checkers {
namespace {

class Serials {
 public:
  Serials(const VersionHistory& history, const VersionTree& tree, const InitialVersions& initial,
          std::vector<Finding>& findings)
      : history_(history), tree_(tree), initial_(initial), findings_(findings), root_(tree.size()) {
    for (const std::uint32_t version : tree.top_down()) {
      const std::uint32_t parent = history.versions[version].parent;
      root_[version] = parent == kNone ? version : root_[parent];
    }
  }

  void run() {
    const bool has_serials = std::ranges::any_of(
        history_.versions, [](const Version& version) { return version.serial.has_value(); });
    if (!has_serials) return;
    check_times();
    check_equals();
    check_lineages();
  }

 private:
  /// `by`: who saw or wrote it; kNone where it was there at the beginning.
  struct Known {
    std::uint32_t version = kNone, by = kNone;
  };

  [[nodiscard]] const VersionOperation& operation(std::uint32_t number) const {
    return history_.operations[number];
  }
  [[nodiscard]] std::int64_t serial(std::uint32_t version) const {
    return *history_.versions[version].serial;
  }
  [[nodiscard]] std::string who(std::uint32_t number) const {
    return fmt::format("process {} (line {})", operation(number).process, operation(number).invoked_line);
  }
  [[nodiscard]] bool was_there(std::uint32_t version) const {
    return tree_.took_effect(version) || initial_.existed[version];
  }

  // The highest serial that was known to anybody when each operation began, against what it read or wrote.
  void check_times() {
    std::vector<Known> highest(history_.states.size());
    for (std::size_t state = 0; state < highest.size(); ++state) {
      const std::uint32_t first = initial_.version[state];
      if (first != kNone && history_.versions[first].serial) highest[state].version = first;
    }
    std::vector<std::uint32_t> by_completion;
    for (std::uint32_t number = 0; number < history_.operations.size(); ++number)
      if (operation(number).outcome == EventType::ok) by_completion.push_back(number);
    std::ranges::sort(by_completion, {}, [&](std::uint32_t number) { return operation(number).completed; });
    std::size_t done = 0;
    for (std::uint32_t number = 0; number < history_.operations.size(); ++number) {
      for (; done < by_completion.size() &&
             operation(by_completion[done]).completed < operation(number).invoked;
           ++done)
        note(by_completion[done], highest);
      for (const VersionAccess& access : history_.accesses_of(operation(number)))
        check(number, access, highest[history_.versions[access.version].state]);
    }
  }

  void note(std::uint32_t number, std::vector<Known>& highest) const {
    for (const VersionAccess& access : history_.accesses_of(operation(number))) {
      if (!history_.versions[access.version].serial) continue;
      Known& known = highest[history_.versions[access.version].state];
      if (known.version == kNone || serial(access.version) > serial(known.version))
        known = {access.version, number};
    }
  }

  void check(std::uint32_t number, const VersionAccess& access, const Known& known) {
    const bool counts =
        access.is_write ? operation(number).outcome != EventType::fail && tree_.took_effect(access.version)
                        : operation(number).outcome == EventType::ok;
    if (!counts || known.version == kNone || !history_.versions[access.version].serial) return;
    if (root_[known.version] == root_[access.version] || serial(access.version) >= serial(known.version))
      return;  // equal ones are found whenever they are
    add_finding(findings_, Anomaly::serial_order, [&] {
      const std::string earlier =
          known.by == kNone
              ? fmt::format("At the beginning there was {}.", history_.describe(known.version))
              : fmt::format("{} had seen or written {} when it was over in line {}.", who(known.by),
                            history_.describe(known.version), operation(known.by).completed_line);
      Finding finding{
          .proof = fmt::format("{} {} {} {} after that, and its serial is lower.", earlier, who(number),
                               access.is_write ? "wrote" : "read", history_.describe(access.version)),
          .lines = {operation(number).invoked_line}};
      if (known.by != kNone) finding.lines.insert(finding.lines.begin(), operation(known.by).invoked_line);
      return finding;
    });
  }

  // Two versions of one state with one serial, whenever they were made.
  void check_equals() {
    std::vector<std::uint32_t> versions;
    for (std::uint32_t version = 0; version < tree_.size(); ++version)
      if (history_.versions[version].serial && was_there(version)) versions.push_back(version);
    std::ranges::sort(versions, {}, [&](std::uint32_t version) {
      return std::tuple(history_.versions[version].state, serial(version), version);
    });
    for (std::size_t i = 1; i < versions.size(); ++i) {
      const std::uint32_t a = versions[i - 1], b = versions[i];
      if (history_.versions[a].state != history_.versions[b].state || serial(a) != serial(b) ||
          root_[a] == root_[b])
        continue;
      add_finding(findings_, Anomaly::two_contents, [&] {
        return told(
            a, b, fmt::format("{} and {} have the same serial.", history_.describe(a), history_.describe(b)));
      });
    }
  }

  void check_lineages() {
    for (const LineageConflict& conflict : history_.lineage_conflicts) {
      add_finding(findings_, Anomaly::two_lineages, [&] {
        const std::string elsewhere =
            conflict.line == 0 ? "at the beginning" : fmt::format("in line {}", conflict.line);
        Finding finding = told(conflict.version, conflict.version,
                               fmt::format("{} has lineage {} in one account and, {}, lineage {} in another.",
                                           history_.describe(conflict.version),
                                           history_.names[history_.versions[conflict.version].lineage],
                                           elsewhere, history_.names[conflict.lineage]));
        finding.lines.resize(std::min<std::size_t>(finding.lines.size(), 1));
        if (conflict.line != 0) finding.lines.push_back(conflict.line);
        return finding;
      });
    }
    std::vector<std::uint32_t> first(history_.states.size(), kNone);
    for (std::uint32_t version = 0; version < tree_.size(); ++version) {
      const Version& of = history_.versions[version];
      if (of.lineage == kNone || !was_there(version)) continue;
      std::uint32_t& one = first[of.state];
      if (one == kNone) one = version;
      if (history_.versions[one].lineage == of.lineage) continue;
      add_finding(findings_, Anomaly::two_lineages, [&] {
        return told(one, version,
                    fmt::format("{} has lineage {}, {} has lineage {}.", history_.describe(one),
                                history_.names[history_.versions[one].lineage], history_.describe(version),
                                history_.names[of.lineage]));
      });
    }
  }

  [[nodiscard]] Finding told(std::uint32_t a, std::uint32_t b, std::string proof) const {
    Finding finding{.proof = std::move(proof), .lines = {}};
    for (const std::uint32_t version : {a, b}) {
      const std::uint32_t who =
          tree_[version].writer != kNone ? tree_[version].writer : tree_[version].reader;
      if (who != kNone) finding.lines.push_back(operation(who).invoked_line);
    }
    return finding;
  }

  const VersionHistory& history_;
  const VersionTree& tree_;
  const InitialVersions& initial_;
  std::vector<Finding>& findings_;
  std::vector<std::uint32_t> root_;  ///< [version]: the first of its tree
};

}  // namespace

void check_serials(const VersionHistory& history, const VersionTree& tree, const InitialVersions& initial,
                   std::vector<Finding>& findings) {
  Serials(history, tree, initial, findings).run();
}

}  // namespace lockstorm::checkers
