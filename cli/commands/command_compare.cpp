// `lockstorm compare A B`: what changes between two configurations and their CI files, and how to get from
// the one to the other.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "cli/audit_set_ups.hpp"
#include "cli/command.hpp"
#include "cli/configuration_options.hpp"
#include "cli/pipeline_in_audit.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "cli/verify_all.hpp"
#include "reports/campaigns/compare_report.hpp"
#include "scenarios/findings/grades.hpp"
#include "scenarios/pipeline/compared_hazards.hpp"
#include "scenarios/pipeline/jobs_at_state.hpp"
#include "scenarios/pipeline/read_pipeline.hpp"

namespace lockstorm::cli {
namespace {

using reports::CompareAnswer;
using reports::ComparedPair;
using scenarios::Grade;
using scenarios::Scenario;

struct CompareArguments {
  std::string a;
  std::string b;
  ConfigurationOptions configuration;
  BackendOptions changed;          ///< what B has otherwise
  std::vector<std::string> unset;  ///< what B has not
  std::vector<std::string> both;   ///< what completes both
  std::string to_tool;
  std::string fail_on = "high";
  bool no_roll_out = false;
  bool no_pipeline = false;
  bool quiet = false;
  std::string html_file;
};

std::string must_be_argument_name(const std::string& text) {
  const bool is_name = !text.empty() && text.find_first_not_of(
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRS"
                                            "TUVWXYZ0123456789_-") == std::string::npos;
  return is_name ? "" : "an argument's name has letters, digits, _ and -";
}

bool changes_anything(const CompareArguments& arguments) {
  const BackendOptions& changed = arguments.changed;
  return !changed.settings.empty() || !changed.backend_config.empty() || !changed.store.empty() ||
         !arguments.unset.empty() || !arguments.to_tool.empty();
}

bool is_flag_or_number(const std::string& value) {
  return value == "true" || value == "false" ||
         (!value.empty() && value.size() < 4 && value.find_first_not_of("0123456789") == std::string::npos);
}

// "live with --set use_lockfile=true --unset dynamodb_table"; of what may be a credential only the name.
std::string name_of_changed(const CompareArguments& arguments, const std::string& path) {
  std::vector<std::string> parts;
  const auto add = [&](const std::vector<std::string>& settings, std::string_view option) {
    for (const std::string& one : settings) {
      const std::size_t equals = one.find('=');
      const bool is_shown = equals == std::string::npos || is_flag_or_number(one.substr(equals + 1));
      parts.push_back(fmt::format("{} {}", option, is_shown ? one : one.substr(0, equals) + "=..."));
    }
  };
  add(arguments.changed.settings, "--set");
  add(arguments.changed.backend_config, "--backend-config");
  add(arguments.changed.store, "--store");
  add(arguments.unset, "--unset");
  if (!arguments.to_tool.empty()) parts.push_back("--to-tool " + arguments.to_tool);
  return parts.empty() ? path : fmt::format("{} with {}", path, fmt::join(parts, " "));
}

// A value with spaces that was not quoted has become a path, and may be a credential: then it is not
// repeated.
std::optional<scenarios::InputError> missing_path(const CompareArguments& arguments, const std::string& path,
                                                  std::string_view name) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) return std::nullopt;
  const bool is_hidden = !arguments.b.empty() && (changes_anything(arguments) || !arguments.both.empty() ||
                                                  !arguments.configuration.variables.empty());
  return scenarios::InputError{{is_hidden ? std::string(name) : path, 0, 0},
                               "no such file or directory",
                               "a configuration file or a directory",
                               is_hidden ? "a value with spaces needs quotes" : ""};
}

struct SideRead {
  scenarios::Inventory inventory;
  std::string path;
  std::optional<reports::PipelineInAudit> pipeline;  ///< nothing: there are no CI files, or none were read
};

// A file of a CI system by itself, which no configuration is.
bool is_ci_file(const std::filesystem::path& path) {
  std::error_code error;
  const std::string name = path.filename().string();
  return std::filesystem::is_regular_file(path, error) &&
         (name.ends_with(".yml") || name.ends_with(".yaml") || name.find("Jenkinsfile") != std::string::npos);
}

// With what is hazardous in it; what is broken in it is complained about in the inventory.
void take_pipeline(SideRead& side, std::optional<scenarios::pipeline::Pipeline> pipeline) {
  if (!pipeline) return;
  const std::vector<std::filesystem::path> paths{side.path};
  std::ranges::copy(pipeline->complaints, std::back_inserter(side.inventory.complaints));
  side.pipeline = in_audit(*pipeline, paths);
}

std::expected<SideRead, scenarios::InputError> read_side(const CompareArguments& arguments, bool is_b) {
  const std::string& path = is_b && !arguments.b.empty() ? arguments.b : arguments.a;
  if (auto missing = missing_path(arguments, path, is_b ? "B" : "A"))
    return std::unexpected(*std::move(missing));
  ConfigurationOptions configuration = arguments.configuration;
  if (is_b && !arguments.to_tool.empty()) configuration.tool = arguments.to_tool;
  BackendOptions backend;
  backend.backend_config = arguments.both;
  if (is_b) {
    const BackendOptions& changed = arguments.changed;
    backend.backend_config.insert(backend.backend_config.end(), changed.backend_config.begin(),
                                  changed.backend_config.end());
    backend.settings = changed.settings;
    backend.store = changed.store;
  }
  auto options = inventory_options(configuration, backend);
  if (!options) return std::unexpected(options.error());
  if (is_b) options->without = arguments.unset;
  const std::vector<std::filesystem::path> paths{path};
  if (!arguments.no_pipeline && is_ci_file(path)) {
    auto pipeline = scenarios::pipeline::read_pipeline(path);
    if (!pipeline) return std::unexpected(pipeline.error());
    SideRead side{{}, path, {}};
    take_pipeline(side, *std::move(pipeline));
    return side;
  }
  auto pipeline = arguments.no_pipeline ? std::nullopt : pipeline_of(paths);
  if (pipeline) options->jobs_at = scenarios::pipeline::JobsAtState(*pipeline);
  SideRead side{take_inventory(paths, *options), path, {}};
  take_pipeline(side, std::move(pipeline));
  return side;
}

std::vector<std::vector<Scenario>> configurations_of(const scenarios::Inventory& inventory) {
  std::vector<std::vector<Scenario>> all;
  for (const scenarios::SetUp& set_up : inventory.set_ups) all.push_back(set_up.plan.configurations);
  return all;
}

/// Everything that is still to be verified for the pairs, so that it is done side by side.
class Questions {
 public:
  /// Returns the place of the first.
  std::size_t add(const std::vector<Scenario>& scenarios) {
    const std::size_t first = all_.size();
    all_.insert(all_.end(), scenarios.begin(), scenarios.end());
    return first;
  }
  [[nodiscard]] const std::vector<Scenario>& all() const { return all_; }

 private:
  std::vector<Scenario> all_;
};

class Comparer {
 public:
  Comparer(const CompareArguments& arguments, const Global& global, SideRead a, SideRead b)
      : arguments_(arguments), global_(global) {
    answer_.name_a = a.path;
    answer_.name_b = name_of_changed(arguments, b.path);
    auto paired = scenarios::pair_states({a.inventory, a.path}, {b.inventory, b.path});
    answer_.only_in_a = std::move(paired.only_in_a);
    answer_.only_in_b = std::move(paired.only_in_b);
    for (scenarios::PairedStates& one : paired.pairs)
      answer_.pairs.push_back({std::move(one), {}, {}, {}, {}});
    configurations_a_ = configurations_of(a.inventory);
    configurations_b_ = configurations_of(b.inventory);
    take_pipelines(arguments, std::move(a.pipeline), std::move(b.pipeline));
    audit(std::move(a.inventory.set_ups), std::move(b.inventory.set_ups));
  }

  CompareAnswer compare() && {
    std::vector<Place> places;
    Questions questions;
    for (ComparedPair& pair : answer_.pairs) places.push_back(ask(pair, questions));
    std::vector<scenarios::VerifyResult> results =
        verify_all(questions.all(), global_, "worlds", {.explain = false});
    for (std::size_t i = 0; i < answer_.pairs.size(); ++i) conclude(answer_.pairs[i], places[i], results);
    complete();
    return std::move(answer_);
  }

 private:
  // Where B is A changed by options, its CI files are A's.
  void take_pipelines(const CompareArguments& arguments, std::optional<reports::PipelineInAudit> a,
                      std::optional<reports::PipelineInAudit> b) {
    if (arguments.b.empty()) return;
    answer_.pipeline_a = std::move(a);
    answer_.pipeline_b = std::move(b);
    const auto side = [](const std::optional<reports::PipelineInAudit>& one) {
      return one ? scenarios::pipeline::HazardsOfSide{&one->answer.pipeline, &one->findings}
                 : scenarios::pipeline::HazardsOfSide{};
    };
    answer_.hazards = compare_hazards(side(answer_.pipeline_a), side(answer_.pipeline_b));
  }

  struct Place {
    std::size_t findings = 0;
    std::size_t worlds = 0;
  };

  // What is the same on both sides is verified once.
  void audit(std::vector<scenarios::SetUp> a, std::vector<scenarios::SetUp> b) {
    std::vector<scenarios::SetUp> all = std::move(a);
    const std::size_t of_a = all.size();
    std::vector<std::size_t> places;
    for (scenarios::SetUp& set_up : b) {
      const auto known = std::ranges::find_if(all, [&](const scenarios::SetUp& one) {
        const Scenario& first = one.plan.configurations.front();
        return first.name == set_up.plan.configurations.front().name &&
               one.plan.assumptions == set_up.plan.assumptions;
      });
      places.push_back(static_cast<std::size_t>(known - all.begin()));
      if (known == all.end()) all.push_back(set_up);
    }
    std::vector<reports::AuditAnswer> answers = audit_set_ups(std::move(all), global_);
    for (std::size_t i = 0; i < b.size(); ++i) {
      reports::AuditAnswer answer = answers[places[i]];
      answer.path = b[i].states.front().directory.string();
      answer.plan.where = b[i].plan.where;
      answer.plan.options = b[i].plan.options;
      answer.plan.premise = b[i].plan.premise;
      answer.states = std::move(b[i].states);
      answer_.b.push_back(std::move(answer));
    }
    answers.resize(of_a);
    answer_.a = std::move(answers);
  }

  [[nodiscard]] scenarios::AuditedSetUp set_up_a(const ComparedPair& pair) const {
    const reports::AuditAnswer& answer = answer_.a[pair.states.a];
    return {configurations_a_[pair.states.a], answer.results, answer.graded};
  }
  [[nodiscard]] scenarios::AuditedSetUp set_up_b(const ComparedPair& pair) const {
    const reports::AuditAnswer& answer = answer_.b[pair.states.b];
    return {configurations_b_[pair.states.b], answer.results, answer.graded};
  }

  Place ask(ComparedPair& pair, Questions& questions) const {
    Place place;
    std::vector<Scenario> open;
    for (const scenarios::ComparisonQuestion& question :
         comparison_questions(set_up_a(pair), set_up_b(pair))) {
      const bool on_a = question.side == scenarios::Side::a;
      open.push_back(on_a ? configurations_a_[pair.states.a][question.configuration]
                          : configurations_b_[pair.states.b][question.configuration]);
      open.back().check = question.check;
    }
    place.findings = questions.add(open);
    if (arguments_.no_roll_out) return place;
    const reports::AuditAnswer& a = answer_.a[pair.states.a];
    const reports::AuditAnswer& b = answer_.b[pair.states.b];
    pair.plan = scenarios::plan_roll_out({a.plan, a.states.front().configuration},
                                         {b.plan, b.states.front().configuration});
    const bool has_worlds = !pair.plan->crossings.empty();
    place.worlds = questions.add(has_worlds ? roll_out_scenarios(*pair.plan) : std::vector<Scenario>{});
    return place;
  }

  void conclude(ComparedPair& pair, const Place& place, std::vector<scenarios::VerifyResult>& results) const {
    const std::size_t asked = comparison_questions(set_up_a(pair), set_up_b(pair)).size();
    pair.findings =
        compare_findings(set_up_a(pair), set_up_b(pair), std::span(results).subspan(place.findings, asked));
    if (!pair.plan || pair.plan->crossings.empty()) return;
    const auto first = results.begin() + static_cast<std::ptrdiff_t>(place.worlds);
    const auto count = static_cast<std::ptrdiff_t>(roll_out_scenarios(*pair.plan).size());
    pair.worlds.assign(std::make_move_iterator(first), std::make_move_iterator(first + count));
    pair.judged = judge_roll_out(*pair.plan, pair.worlds);
  }

  // When it was too late, and who plays no part, of what people are shown.
  void complete() {
    std::vector<OpenQuestion> shown;
    for (ComparedPair& pair : answer_.pairs) {
      std::size_t first = 0;
      if (!pair.plan || pair.plan->crossings.empty()) continue;
      for (const scenarios::RollOutBlock& block : pair.plan->blocks) first += block.at_rest.size();
      std::vector<std::size_t> begins;
      for (const scenarios::Crossing& crossing : pair.plan->crossings) {
        begins.push_back(first);
        first += crossing.worlds.size();
      }
      for (const reports::ShownCrossing& one : shown_crossings(pair)) {
        scenarios::VerifyResult& result = pair.worlds[begins[one.crossing] + one.world];
        if (scenarios::Counterexample* found = result.counterexample_of(one.property))
          shown.push_back({&result.scenario, found});
      }
    }
    complete_stories(shown, global_);
  }

  const CompareArguments& arguments_;
  const Global& global_;
  CompareAnswer answer_;
  std::vector<std::vector<Scenario>> configurations_a_;
  std::vector<std::vector<Scenario>> configurations_b_;
};

bool reaches(std::optional<Grade> worst, const std::string& fail_on) {
  return worst && fail_on != "never" && *worst >= scenarios::grade_named(fail_on).value();
}

int status_of(const CompareAnswer& answer, const CompareArguments& arguments) {
  if (!answer.complaints.empty()) return scenarios::kExitBadInput;
  if (reaches(answer.worst(scenarios::Change::comes), arguments.fail_on)) return 1;
  return reaches(answer.worst(scenarios::Change::unknown), arguments.fail_on) ? 2 : 0;
}

int run_compare(const CompareArguments& arguments, const Global& global) {
  if (arguments.b.empty() && !changes_anything(arguments)) {
    return bad_input({{arguments.a, 0, 0},
                      "there is nothing to compare it with",
                      "another path, or what B has otherwise: --set, --unset, --backend-config, --store, "
                      "--to-tool",
                      "for example `lockstorm compare . --set use_lockfile=true`"});
  }
  auto a = read_side(arguments, false);
  if (!a) return bad_input(a.error());
  auto b = read_side(arguments, true);
  if (!b) return bad_input(b.error());
  std::vector<scenarios::InputError> complaints = a->inventory.complaints;
  for (const scenarios::InputError& one : b->inventory.complaints) {
    const bool is_told = std::ranges::any_of(
        complaints, [&](const scenarios::InputError& known) { return known.render() == one.render(); });
    if (!is_told) complaints.push_back(one);
  }
  for (const scenarios::InputError& complaint : complaints) bad_input(complaint);
  // Of CI files alone nothing is verified.
  const bool is_pipelines_only = a->inventory.set_ups.empty() && b->inventory.set_ups.empty() &&
                                 a->pipeline && b->pipeline && !arguments.b.empty();
  for (const SideRead* side : {&*a, &*b}) {
    if (!side->inventory.set_ups.empty() || is_pipelines_only) continue;
    if (!complaints.empty()) return scenarios::kExitBadInput;
    return bad_input({{side->path, 0, 0},
                      "no root module is here: nothing to compare",
                      "a directory with a backend block, or one in which the tool is run",
                      "--modules takes every directory with configuration"});
  }
  if (const auto error = check_published(global, {arguments.html_file})) return bad_input(*error);
  CompareAnswer answer = Comparer(arguments, global, *std::move(a), *std::move(b)).compare();
  answer.complaints = std::move(complaints);
  const reports::Style style = stdout_style();
  Results written(global);
  written.write(global.json_file, [&] { return json_comparison(answer); });
  written.write(arguments.html_file, [&] { return html_comparison(answer); });
  return written.end(arguments.quiet ? short_comparison(answer, style) : text_comparison(answer, style),
                     status_of(answer, arguments));
}

}  // namespace

Action add_compare(CommandLine command) {
  auto options = std::make_shared<CompareArguments>();
  command.add_option("A", options->a, "A directory, a file in a root module, or a CI file, as it is")
      .required();
  command.add_option("B", options->b, "What it is compared with (default: A, changed by the options below)");
  command
      .add_option("--set", options->changed.settings,
                  "An argument that B has otherwise, e.g. use_lockfile=true")
      .type_name("ARGUMENT=VALUE")
      .repeatable()
      .check(must_set_an_argument);
  command.add_option("--unset", options->unset, "An argument that B has not, e.g. dynamodb_table")
      .type_name("ARGUMENT")
      .repeatable()
      .check(must_be_argument_name);
  command
      .add_option("--backend-config", options->changed.backend_config,
                  "What jobs with B pass to `init -backend-config`: a file, or ARGUMENT=VALUE")
      .type_name("FILE|ARGUMENT=VALUE")
      .repeatable()
      .check(must_complete_a_block);
  command
      .add_option("--store", options->changed.store,
                  "What B's store promises, as the `store` section of a scenario says it")
      .type_name("KEY=VALUE")
      .repeatable()
      .check(must_set_an_argument);
  command.add_option("--to-tool", options->to_tool, "The tool that B is for, where it is another than A's")
      .one_of({"terraform", "opentofu", "tofu"})
      .type_name("TOOL");
  command.add_option("--both", options->both, "What jobs with A and with B pass to `init -backend-config`")
      .type_name("FILE|ARGUMENT=VALUE")
      .repeatable()
      .check(must_complete_a_block);
  add_reading_options(command, options->configuration);
  add_job_options(command, options->configuration);
  add_walk_options(command, options->configuration);
  command
      .add_option("--fail-on", options->fail_on,
                  "The exit status is 1 where a finding of this grade or above comes (default high)")
      .one_of({"critical", "high", "medium", "low", "info", "never"})
      .type_name("GRADE");
  command.add_flag("--no-pipeline", options->no_pipeline,
                   "Do not read CI files: neither their hazards, nor what they say of jobs");
  command.add_flag("--no-roll-out", options->no_roll_out, "Leave out in which order jobs may get there");
  command.add_flag("--quiet", options->quiet, "Print a line for each pair only");
  add_html_option(command, options->html_file);
  return [options](const Global& global) { return run_compare(*options, global); };
}

}  // namespace lockstorm::cli
