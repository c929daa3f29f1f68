#include "cli/fixer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <expected>
#include <filesystem>
#include <map>
#include <tuple>
#include <utility>

#include "cli/verify_waves.hpp"
#include "scenarios/config/config_files.hpp"

namespace lockstorm::cli {
namespace {

using reports::AuditAnswer;
using scenarios::ArgumentEdit;
using scenarios::AuditedState;
using scenarios::Finding;
using scenarios::Fix;
using scenarios::SourceLocation;
using scenarios::TerraformConfiguration;

constexpr std::size_t kNamedPlaces = 4;

// A state and what is known of it. What hangs on the store has findings of two set-ups.
struct StateBefore {
  const AuditedState* state = nullptr;
  std::size_t set_up = 0;                            ///< the first that it is in
  const scenarios::AuditOptions* options = nullptr;  ///< that it was audited with
  std::vector<Finding> findings;
};

// A backend block and the states that it is the block of.
struct BlockBefore {
  SourceLocation where;
  std::vector<StateBefore> states;
};

std::vector<BlockBefore> blocks_of(const reports::RepositoryAnswer& answer) {
  std::vector<BlockBefore> blocks;
  for (std::size_t number = 0; number < answer.answers.size(); ++number) {
    const AuditAnswer& one = answer.answers[number];
    for (const AuditedState& state : one.states) {
      if (state.where.file.empty()) continue;
      auto block = std::ranges::find(blocks, state.where, &BlockBefore::where);
      if (block == blocks.end()) block = blocks.insert(blocks.end(), BlockBefore{state.where, {}});
      auto known = std::ranges::find_if(block->states, [&](const StateBefore& before) {
        return before.state->completed_by == state.completed_by;
      });
      if (known == block->states.end())
        known = block->states.insert(known, StateBefore{&state, number, &one.plan.options, {}});
      known->findings.insert(known->findings.end(), one.graded.begin(), one.graded.end());
    }
  }
  return blocks;
}

std::string edit_text(const ArgumentEdit& edit) {
  return edit.value ? fmt::format("{} = {}", edit.name, *edit.value) : fmt::format("without {}", edit.name);
}

std::string edits_text(const std::vector<ArgumentEdit>& edits) {
  std::vector<std::string> parts;
  for (const ArgumentEdit& edit : edits) parts.push_back(edit_text(edit));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string rules_text(const std::vector<scenarios::Rule>& rules) {
  std::vector<std::string> ids;
  for (const scenarios::Rule& rule : rules) ids.push_back(rule.id());
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return fmt::format("{}", fmt::join(ids, ", "));
}

class Fixer {
 public:
  Fixer(bool unsafe_too, const Global& global) : unsafe_too_(unsafe_too), global_(global) {}

  void fix(BlockBefore block) {
    const bool has_findings = std::ranges::any_of(block.states, [](const StateBefore& before) {
      return std::ranges::any_of(before.findings, [](const Finding& one) { return !one.is_inherent; });
    });
    if (!has_findings) return;
    const std::string name = std::filesystem::path(block.where.file).filename().string();
    if (!scenarios::is_configuration(name) || scenarios::is_json_syntax(name))
      return leave("not edited, as it is in no file of HCL's native syntax", block.where);
    std::vector<TerraformConfiguration> configurations;
    for (const StateBefore& before : block.states) configurations.push_back(before.state->configuration);
    Accepted accepted;
    for (const Fix& fix : fixes_for(*block.states.front().state))
      try_one(fix, block, configurations, accepted);
    if (!accepted.edits.empty()) edit(block.where, accepted);
  }

  Fixes take() && {
    for (const auto* list : {&done_, &left_}) {
      for (const auto& [what, places] : *list) {
        const auto shown =
            places.begin() + static_cast<std::ptrdiff_t>(std::min(places.size(), kNamedPlaces));
        fixes_.told.push_back(fmt::format(
            "{}{}: {}.", fmt::join(places.begin(), shown, ", "),
            shown == places.end() ? "" : fmt::format(" and {} more", places.end() - shown), what));
      }
    }
    return std::move(fixes_);
  }

 private:
  using Tried = std::tuple<std::size_t, std::string>;  ///< the set-up, and all edits so far
  struct Accepted {
    std::vector<ArgumentEdit> edits;
    std::vector<std::string> told;
  };

  // What is said, and of which blocks.
  using Told = std::vector<std::pair<std::string, std::vector<std::string>>>;

  static void add_to(Told& told, std::string what, const SourceLocation& where) {
    const auto known = std::ranges::find(told, what, [](const auto& entry) { return entry.first; });
    auto& entry =
        known == told.end() ? told.emplace_back(std::move(what), std::vector<std::string>{}) : *known;
    entry.second.push_back(fmt::format("{}:{}", scenarios::printable(where.file), where.line));
  }
  void leave(std::string why, const SourceLocation& where) { add_to(left_, std::move(why), where); }

  void try_one(const Fix& fix, BlockBefore& block, std::vector<TerraformConfiguration>& configurations,
               Accepted& accepted) {
    const std::string what = fmt::format("{} ({})", edits_text(fix.edits), fix.what);
    if (!fix.unsafe.empty() && !unsafe_too_)
      return leave(fmt::format("{} is left to --fix-unsafe: {}", what, fix.unsafe), block.where);
    for (const TerraformConfiguration& configuration : configurations) {
      if (const std::string elsewhere = set_elsewhere(configuration, fix, block.where); !elsewhere.empty())
        return leave(fmt::format("{} is not tried: {}", what, elsewhere), block.where);
    }
    std::vector<ArgumentEdit> all = accepted.edits;
    all.insert(all.end(), fix.edits.begin(), fix.edits.end());
    std::vector<std::vector<Finding>> after;
    std::vector<scenarios::Rule> gone;
    for (std::size_t i = 0; i < block.states.size(); ++i) {
      const auto findings = audited(block.states[i], after_edits(configurations[i], fix.edits), all);
      if (!findings)
        return leave(fmt::format("{} is not tried: {}", what, findings.error().problem), block.where);
      const scenarios::FixEffect effect = effect_of(block.states[i].findings, *findings);
      const bool is_harmless = effect.gone.empty() && effect.come.empty();
      if (!effect.is_better() && !is_harmless)
        return leave(fmt::format("{} is not written: {}", what,
                                 effect.come.empty() ? "nothing is gone then"
                                                     : rules_text(effect.come) + " would come"),
                     block.where);
      gone.insert(gone.end(), effect.gone.begin(), effect.gone.end());
      after.push_back(*findings);
    }
    if (gone.empty())
      return leave(fmt::format("{} is not written: it changes no finding", what), block.where);
    for (std::size_t i = 0; i < block.states.size(); ++i) {
      block.states[i].findings = after[i];
      configurations[i] = after_edits(std::move(configurations[i]), fix.edits);
    }
    accepted.edits = std::move(all);
    accepted.told.push_back(fmt::format("{}{}; gone: {}", what,
                                        fix.unsafe.empty() ? "" : ", and " + fix.unsafe, rules_text(gone)));
  }

  // What stands in another file wins over the block, whatever becomes of that.
  static std::string set_elsewhere(const TerraformConfiguration& configuration, const Fix& fix,
                                   const SourceLocation& where) {
    for (const ArgumentEdit& edit : fix.edits) {
      const auto found = configuration.backend->arguments.find(edit.name);
      if (found != configuration.backend->arguments.end() && found->second.where.file != where.file)
        return fmt::format("{} is set in {}", edit.name, scenarios::printable(found->second.where.file));
    }
    return "";
  }

  // All findings of a state with these edits, whatever its store promises.
  std::expected<std::vector<Finding>, scenarios::InputError> audited(
      const StateBefore& before, const TerraformConfiguration& configuration,
      const std::vector<ArgumentEdit>& edits) {
    const Tried key{before.set_up, edits_text(edits)};
    if (const auto known = audited_.find(key); known != audited_.end()) return known->second;
    scenarios::AuditOptions options = *before.options;
    options.tool = before.state->tool.tool;
    auto plans = plan_audits(configuration, options);
    if (!plans) return std::unexpected(plans.error());
    std::vector<std::vector<scenarios::Scenario>*> families;
    for (scenarios::AuditPlan& plan : *plans) families.push_back(&plan.configurations);
    const auto results = verify_in_waves(families, global_, Again::by_another_cause);
    std::vector<Finding> findings;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const auto here = findings_of((*plans)[i], results[i], conclude_audit(results[i]));
      findings.insert(findings.end(), here.begin(), here.end());
    }
    audited_.emplace(key, findings);
    return findings;
  }

  void edit(const SourceLocation& where, const Accepted& accepted) {
    const auto source = scenarios::read_source(where.file);
    if (!source) return leave("cannot be read again: " + source.error().problem, where);
    auto edited = edit_block(*source, where, accepted.edits);
    if (!edited)
      return leave(fmt::format("{} is not written: {}", edits_text(accepted.edits), edited.error()), where);
    fixes_.files.push_back({where.file, std::string(source->text()), *std::move(edited)});
    for (const std::string& what : accepted.told) add_to(done_, what, where);
  }

  bool unsafe_too_;
  const Global& global_;
  Fixes fixes_;
  Told done_;
  Told left_;
  std::map<Tried, std::vector<Finding>> audited_;
};

}  // namespace

Fixes find_fixes(const reports::RepositoryAnswer& answer, bool unsafe_too, const Global& global) {
  Fixer fixer(unsafe_too, global);
  for (BlockBefore& block : blocks_of(answer)) fixer.fix(std::move(block));
  return std::move(fixer).take();
}

}  // namespace lockstorm::cli
