// `lockstorm confirm`: a counterexample, forced on the real tool.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/command.hpp"
#include "cli/confirm/confirm_report.hpp"
#include "cli/confirm/confirm_script.hpp"
#include "cli/replay_subject.hpp"
#include "cli/served_models.hpp"
#include "cli/usage.hpp"
#include "scenarios/story/tell.hpp"
#include "wire/confirm/process.hpp"
#include "wire/confirm/stage.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;
using scenarios::Scenario;

constexpr int kCannotBeForced = 3;

struct ConfirmArguments {
  std::string subject;
  std::string scenario;
  std::string terraform;
  std::string tofu;
  std::string drop = "close";
};

std::expected<std::filesystem::path, InputError> tool_for(const ConfirmArguments& arguments,
                                                          models::Dialect tool) {
  const bool is_terraform = tool == models::Dialect::terraform;
  const std::string& given = is_terraform ? arguments.terraform : arguments.tofu;
  const std::string name = is_terraform ? "terraform" : "tofu";
  std::error_code ignored;
  if (!given.empty()) {
    if (std::filesystem::is_regular_file(given, ignored)) return std::filesystem::absolute(given);
    return std::unexpected(InputError{{given, 0, 0}, "is no program", "the path of " + name, ""});
  }
  const std::filesystem::path found = wire::confirm::program_on_path(name);
  if (!found.empty()) return found;
  return std::unexpected(InputError{{"confirm", 0, 0},
                                    fmt::format("there is no {} on PATH, and a run of {} is forced on one",
                                                name, scenarios::tool_name(tool)),
                                    fmt::format("--{} PATH", name),
                                    ""});
}

// A directory that goes away with it.
class WorkingDirectory {
 public:
  WorkingDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "lockstorm-confirm-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;
  ~WorkingDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

int exit_of(wire::confirm::Outcome outcome) { return static_cast<int>(outcome); }

int run_confirm(const ConfirmArguments& arguments, const Global&) {
  auto subject = read_replay_subject(arguments.subject, arguments.scenario);
  if (!subject) return bad_input(subject.error());
  const Scenario& scenario = subject->scenario;
  const auto world = scenarios::build_world(scenario);
  const auto told = scenarios::tell(scenario, *world, subject->replay.schedule);
  if (!told)
    return bad_input(
        {{"confirm", 0, 0}, told.error(), "a string that this version of lockstorm printed", ""});
  const auto cannot = [&](const std::string& why) {
    print_error(fmt::format("lockstorm: this run cannot be forced on a real tool: {}\n", why));
    return kCannotBeForced;
  };
  if (const std::string why = objection_to_forcing(scenario, *told); !why.empty()) return cannot(why);
  auto roles = roles_of(scenario, *told);
  if (!roles) return cannot(roles.error());
  const auto tool = tool_for(arguments, scenario.client.tool);
  if (!tool) return bad_input(tool.error());
  const WorkingDirectory directory;
  wire::confirm::Performance performance{script_of(*told),
                                         *std::move(roles),
                                         scenario.initial == scenarios::InitialState::existing,
                                         *tool,
                                         directory.path(),
                                         {}};
  if (arguments.drop == "reset") performance.options.drop = wire::Drop::reset;
  ModelServers servers = served_models(*scenario.backend);
  const auto performed = wire::confirm::perform(performance, servers);
  if (!performed)
    return bad_input({{"confirm", 0, 0}, performed.error(), "a tool that works in an empty directory", ""});
  print_whole(confirm_text(scenario, *told, *performed, stdout_style()));
  return exit_of(performed->direction.outcome);
}

}  // namespace

Action add_confirm(CommandLine command) {
  auto options = std::make_shared<ConfirmArguments>();
  command.add_option("REPLAY", options->subject, "The string LS1-..., or a file that holds one").required();
  command.add_option("--scenario", options->scenario, "The scenario it was found with, if not in the library")
      .type_name("SCENARIO");
  command
      .add_option("--terraform", options->terraform,
                  "The terraform to force it on (default: the one on PATH)")
      .type_name("PATH");
  command.add_option("--tofu", options->tofu, "The tofu to force it on (default: the one on PATH)")
      .type_name("PATH");
  command
      .add_option("--drop", options->drop,
                  "How a connection ends on which no answer comes: close or reset (default close)")
      .one_of({"close", "reset"});
  return [options](const Global& global) { return run_confirm(*options, global); };
}

}  // namespace lockstorm::cli
