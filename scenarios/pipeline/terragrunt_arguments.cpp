#include "scenarios/pipeline/terragrunt_arguments.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <system_error>
#include <tuple>

#include "scenarios/config/terragrunt/terragrunt_unit.hpp"
#include "scenarios/pipeline/script.hpp"
#include "scenarios/pipeline/symbolic.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostUnits = 1000;
constexpr const char* kUnitFile = "terragrunt.hcl";

// What one unit, or several together, say about a command of the tool.
struct Said {
  bool is_anywhere = false;                          // there is a unit
  std::optional<SourceLocation> lock_off;            // of any
  std::optional<std::chrono::seconds> lock_timeout;  // of all: the shortest
  std::optional<SourceLocation> retried;             // of any
};

// Whether every failure is repeated, or that of a command that has met a held lock.
bool is_blind(std::string expression) {
  for (const std::string_view part : {"(?s)", "(?i)", "(?is)", "(?si)", "(?m)", "^", "$"})
    for (std::size_t at = expression.find(part); at != std::string::npos; at = expression.find(part))
      expression.erase(at, part.size());
  static const std::set<std::string> kAnything{"", ".*", ".+", ".*Error.*", ".*error.*", "Error", "Error:"};
  return kAnything.contains(expression) || lower(expression).find("state lock") != std::string::npos ||
         lower(expression).find("acquiring the") != std::string::npos;
}

std::string_view subcommand(const Command& command) {
  switch (command.verb) {
    case Verb::plan:
      return "plan";
    case Verb::apply:
      return "apply";
    case Verb::destroy:
      return "destroy";
    case Verb::change_state:
      return command.written.find(" import") != std::string::npos ? "import" : "state";
    case Verb::force_unlock:
    case Verb::break_lock:
      break;
  }
  return "";
}

class UnitArguments {
 public:
  explicit UnitArguments(const Pipeline& pipeline) {
    std::error_code error;
    shown_ = pipeline.root.empty() ? fs::path(".") : pipeline.root;
    root_ = fs::weakly_canonical(shown_, error);
  }

  void put_into(Command& command) {
    const bool is_terragrunt = std::ranges::find(command.links, Link::terragrunt) != command.links.end();
    if (!is_terragrunt || removes_lock(command.verb)) return;
    const Said& said = of(command);
    if (!command.lock_off && said.lock_off) {
      command.locks = false;
      command.lock_off = said.lock_off;
    }
    if (!command.lock_timeout) command.lock_timeout = said.lock_timeout;
    if (!command.retried && writes(command.verb)) command.retried = said.retried;
  }

 private:
  const Said& of(const Command& command) {
    const auto [known, is_new] = known_.try_emplace(
        std::tuple(command.state.directory, command.state.is_many, std::string(subcommand(command))));
    if (!is_new) return known->second;
    Said all;
    for (const fs::path& file : unit_files(command.state)) {
      if (const auto unit = read_unit(file, files_, {})) join(all, of_unit(*unit, command));
    }
    return known->second = std::move(all);
  }

  [[nodiscard]] std::vector<fs::path> unit_files(const StatePlace& state) const {
    const bool is_open = state.directory.find_first_of("{$") != std::string::npos;
    std::error_code error;
    const fs::path directory = fs::weakly_canonical(root_ / state.directory, error);
    const fs::path below = directory.lexically_relative(root_);
    if (is_open || error || below.empty() || *below.begin() == "..") return {};
    std::vector<fs::path> found;
    if (!state.is_many) {
      if (fs::is_regular_file(directory / kUnitFile, error)) found.push_back(directory / kUnitFile);
      return found;
    }
    fs::recursive_directory_iterator it(directory, fs::directory_options::skip_permission_denied, error);
    for (const fs::recursive_directory_iterator end; !error && it != end; it.increment(error)) {
      std::error_code unknown_kind;
      const std::string name = it->path().filename().string();
      if (it->is_directory(unknown_kind) && name.starts_with('.')) it.disable_recursion_pending();
      if (name == kUnitFile && it->is_regular_file(unknown_kind)) found.push_back(it->path());
      if (found.size() > kMostUnits) break;
    }
    std::ranges::sort(found);
    return found;
  }

  Said of_unit(const terragrunt::Unit& unit, const Command& command) const {
    Said said;
    // A file that others include has no module to run.
    said.is_anywhere = unit.source || unit.remote_state || !unit.included.empty();
    Command flags;
    flags.verb = command.verb;
    for (const auto& [label, extra] : unit.extra_arguments) {
      const bool is_for_it = std::ranges::find(extra.commands, subcommand(command)) != extra.commands.end();
      if (is_for_it) read_flags(extra.arguments, place_of(extra.where), flags);
    }
    said.lock_off = flags.lock_off;
    said.lock_timeout = flags.lock_timeout;
    for (const terragrunt::Retries& retries : unit.retries)
      if (std::ranges::any_of(retries.expressions, is_blind)) said.retried = place_of(retries.where);
    return said;
  }

  static void join(Said& all, const Said& one) {
    if (!one.is_anywhere) return;
    if (!all.lock_off) all.lock_off = one.lock_off;
    if (!all.retried) all.retried = one.retried;
    if (!all.is_anywhere) {
      all.lock_timeout = one.lock_timeout;
    } else if (all.lock_timeout) {
      all.lock_timeout =
          one.lock_timeout ? std::optional(std::min(*all.lock_timeout, *one.lock_timeout)) : std::nullopt;
    }
    all.is_anywhere = true;
  }

  // As the pipeline's own files are shown.
  [[nodiscard]] SourceLocation place_of(const SourceLocation& where) const {
    std::error_code error;
    const fs::path below = fs::weakly_canonical(where.file, error).lexically_relative(root_);
    if (error || below.empty() || *below.begin() == "..") return where;
    return {(shown_ / below).lexically_normal().string(), where.line, where.column};
  }

  fs::path root_;
  fs::path shown_;
  terragrunt::FileCache files_;
  std::map<std::tuple<std::string, bool, std::string>, Said> known_;
};

}  // namespace

void take_unit_arguments(Pipeline& pipeline) {
  UnitArguments units(pipeline);
  for (Job& job : pipeline.jobs)
    for (JobRun& run : job.runs)
      for (Command& command : run.commands) units.put_into(command);
}

}  // namespace lockstorm::scenarios::pipeline
