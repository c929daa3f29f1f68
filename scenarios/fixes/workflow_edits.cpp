#include "scenarios/fixes/workflow_edits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <set>

#include "scenarios/fixes/limit_edits.hpp"
#include "scenarios/fixes/script_edits.hpp"
#include "scenarios/fixes/text_lines.hpp"

namespace lockstorm::scenarios {
namespace {

namespace pl = pipeline;

constexpr std::string_view kQueueHere = "queue: max";
// The tool by its name, or by the variable that has it.
constexpr std::string_view kToolInLine =
    R"((?:\b(?:terraform|tofu|terragrunt)\b|\$[({]?(?:TF|TERRAFORM|TOFU|TERRAGRUNT)(?:_\w+)?[)}]?))";
constexpr std::string_view kLockTimeout = " -lock-timeout=10m";

// A name that is the same wherever this state is worked on, of characters that no CI system minds.
std::string group_name(const pl::StatePlace& state) {
  std::string name = "tfstate";
  for (const std::string* part : {&state.directory, &state.key, &state.workspace}) {
    if (part->empty() || *part == ".") continue;
    name += '-';
    for (const char c : *part) {
      const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (is_plain) {
        name += c;
      } else if (!name.ends_with('-')) {
        name += '-';
      }
    }
  }
  return name;
}

// A state whose place the files do not say in full has no name of its own.
bool is_said_in_full(const pl::StatePlace& state) {
  return state.is_known && !state.is_many &&
         (state.directory + state.key + state.workspace).find_first_of("{$") == std::string::npos;
}

std::vector<const pl::Command*> changing_commands(const pl::Job& job) {
  std::vector<const pl::Command*> commands;
  for (const pl::JobRun& run : job.runs) {
    for (const pl::Command& command : run.commands)
      if (pl::writes(command.verb) && !command.is_remote) commands.push_back(&command);
  }
  return commands;
}

// The one state that the job changes; nothing: there are several, or its place is not said.
std::optional<pl::StatePlace> only_state(const pl::Job& job) {
  std::optional<pl::StatePlace> found;
  for (const pl::Command* command : changing_commands(job)) {
    if (!is_said_in_full(command->state) || (found && !(*found == command->state))) return std::nullopt;
    found = command->state;
  }
  return found;
}

bool has_group_of_its_own(const pl::Job& job) {
  return std::ranges::any_of(job.runs, [](const pl::JobRun& run) {
    return std::ranges::any_of(run.serialisers, &pl::Serialiser::is_of_job);
  });
}

std::string group_line(pl::System system, const std::string& name) {
  return system == pl::System::gitlab
             ? "resource_group: " + name
             : fmt::format("concurrency: {{group: {}, cancel-in-progress: false, queue: max}}", name);
}

// Texts on which several edits are made.
class Editor {
 public:
  explicit Editor(const TextOf& text_of) : text_of_(text_of) {}

  TextLines& lines_of(const std::string& file) {
    return files_.try_emplace(file, TextLines(text_of_(file))).first->second;
  }
  [[nodiscard]] pl::TextOverlay changed() const {
    pl::TextOverlay texts;
    for (const auto& [file, lines] : files_)
      if (std::string text = lines.text(); text != text_of_(file)) texts.emplace(file, std::move(text));
    return texts;
  }

 private:
  const TextOf& text_of_;
  std::map<std::string, TextLines> files_;
};

class EditsAgainst {
 public:
  EditsAgainst(const pl::Pipeline& pipeline, const pl::HazardFinding& finding, const TextOf& text_of)
      : pipeline_(pipeline), finding_(finding), job_(pipeline.jobs[finding.hazard.job]), text_of_(text_of) {}

  std::vector<WorkflowEdit> find() {
    switch (finding_.hazard.number) {
      case 1:
      case 22:
        give_a_group();
        break;
      case 2:
      case 3:
        name_the_state();
        give_a_group();
        break;
      case 4:
        let_all_wait();
        break;
      case 5:
        cancel_nothing();
        break;
      case 6:
      case 26:
        hand_interrupts_on();
        break;
      case 7:
      case 8:
        unlock_nothing();
        break;
      case 10:
        give_time();
        break;
      case 11:
        wait_for_the_lock();
        break;
      case 13:
        take_the_lock();
        break;
      case 14:
        let_legs_end();
        break;
      case 17:
      case 20:
        plan_without_lock();
        break;
      case 24:
        unlock_in_the_group();
        break;
      default:
        break;
    }
    return std::move(edits_);
  }

 private:
  void add(std::string what, std::string price, const Editor& editor) {
    if (pl::TextOverlay files = editor.changed(); !files.empty())
      edits_.push_back({std::move(what), std::move(price), std::move(files)});
  }

  // All jobs that change the state get the same group: one alone would be in it by itself.
  void give_a_group() {
    const auto state = only_state(job_);
    const bool is_edited = job_.system == pl::System::github || job_.system == pl::System::gitlab;
    if (!state || !is_edited) return;
    const std::string name = group_name(*state);
    Editor editor(text_of_);
    for (const pl::Job& job : pipeline_.jobs) {
      const auto other = only_state(job);
      if (job.system != job_.system || !other || !(*other == *state) || has_group_of_its_own(job)) continue;
      TextLines& lines = editor.lines_of(job.where.file);
      const std::string indent = lines.indent_below(job.where.line);
      if (!indent.empty()) lines.insert_below(job.where.line, indent + group_line(job.system, name));
    }
    add(fmt::format("one group for the state: {}", name), "", editor);
  }

  void name_the_state() {
    const auto state = only_state(job_);
    if (!state) return;
    Editor editor(text_of_);
    for (const pl::JobRun& run : job_.runs) {
      for (const pl::Serialiser& held : run.serialisers) {
        TextLines& lines = editor.lines_of(held.where.file);
        std::string line = lines.line(held.where.line);
        const std::size_t at = line.find(held.written);
        if (at == std::string::npos || held.written.empty()) continue;
        lines.set(held.where.line, line.replace(at, held.written.size(), group_name(*state)));
      }
    }
    add(fmt::format("the key of the group is {}", group_name(*state)), "", editor);
  }

  void let_all_wait() {
    Editor editor(text_of_);
    for (const pl::JobRun& run : job_.runs) {
      for (const pl::Serialiser& held : run.serialisers) {
        if (held.keeper != pl::Keeper::concurrency_group || held.waiting == pl::Waiting::all) continue;
        add_queue(editor.lines_of(held.waiting_where.file), held);
      }
    }
    add("all runs wait their turn (queue: max)", "", editor);
  }

  // `concurrency: {group: x}`, `concurrency: x`, or a mapping of lines.
  static void add_queue(TextLines& lines, const pl::Serialiser& held) {
    const unsigned number = held.waiting_where.line;
    std::string line = lines.line(number);
    if (line.find(kQueueHere) != std::string::npos ||
        lines.line(number + 1).find(kQueueHere) != std::string::npos)
      return;
    const std::size_t colon = line.find("concurrency:");
    if (colon == std::string::npos) return;
    const std::string value = line.substr(line.find_first_not_of(' ', colon + 12) == std::string::npos
                                              ? line.size()
                                              : line.find_first_not_of(' ', colon + 12));
    if (value.empty() || value.starts_with('#')) {
      if (const std::string indent = lines.indent_below(number); !indent.empty())
        lines.insert_below(number, indent + std::string(kQueueHere));
    } else if (value.starts_with('{') && line.ends_with('}')) {
      lines.set(number, line.substr(0, line.size() - 1) + ", " + std::string(kQueueHere) + "}");
    } else if (!value.starts_with('{')) {
      const std::string indent = lines.indent(number) + "  ";
      lines.set(number, line.substr(0, colon) + "concurrency:");
      lines.insert_below(number, indent + std::string(kQueueHere));
      lines.insert_below(number, indent + "group: " + value);
    }
  }

  void cancel_nothing() {
    static const std::regex kCancels(R"((cancel-in-progress:\s*)(\$\{\{.*?\}\}|"[^"]*"|'[^']*'|[^,}\s#]+))");
    static const std::regex kInterruptible(R"((interruptible:\s*)true)");
    Editor editor(text_of_);
    const auto replace_at = [&](const SourceLocation& where) {
      TextLines& lines = editor.lines_of(where.file);
      if (lines.line(where.line).size() > kLongestLine) return;
      std::string line = std::regex_replace(lines.line(where.line), kCancels, "$1false");
      lines.set(where.line, std::regex_replace(line, kInterruptible, "$1false"));
    };
    for (const pl::JobRun& run : job_.runs) {
      for (const pl::Serialiser& held : run.serialisers)
        if (held.cancels_running) replace_at(held.cancels_where);
    }
    for (const pl::Cause& cause : finding_.hazard.causes) replace_at(cause.where);
    add("a running apply is not cancelled", "runs wait for the one that runs", editor);
  }

  // Behind the subcommand, in the line where the command stands.
  void flag_commands(Editor& editor, std::string_view flag, const std::regex& command) {
    for (const pl::Cause& cause : finding_.hazard.causes) {
      TextLines& lines = editor.lines_of(cause.where.file);
      const std::string line = lines.line(cause.where.line);
      const bool has_flag = line.find(flag.substr(0, flag.find('='))) != std::string::npos;
      if (has_flag || line.size() > kLongestLine) continue;
      lines.set(cause.where.line, std::regex_replace(line, command, "$&" + std::string(flag),
                                                     std::regex_constants::format_first_only));
    }
  }

  // The causes of a hazard, last lines first, so that edits leave the lines of the others where they are.
  [[nodiscard]] std::vector<SourceLocation> causes_from_below() const {
    std::vector<SourceLocation> places;
    for (const pl::Cause& cause : finding_.hazard.causes) places.push_back(cause.where);
    const auto key = [](const SourceLocation& where) { return std::pair(where.file, where.line); };
    std::ranges::sort(places, std::ranges::greater{}, key);
    const auto same = std::ranges::unique(places, {}, key);
    places.erase(same.begin(), same.end());
    return places;
  }

  // A lock that is left stays for a person who has looked at its holder.
  void unlock_nothing() {
    Editor editor(text_of_);
    for (const SourceLocation& where : causes_from_below())
      remove_unlock(editor.lines_of(where.file), job_.system, where);
    add("nothing unlocks on its own",
        "a lock that a killed job leaves stays until somebody removes it "
        "(`lockstorm advise unlock` says when that is safe)",
        editor);
  }

  // Whoever unlocks waits for those that apply, so that the holder of a lock that he meets is no more.
  void unlock_in_the_group() {
    const pl::Serialiser* group = nullptr;
    for (const pl::Job& job : pipeline_.jobs) {
      for (const pl::JobRun& run : job.runs) {
        const bool changes = std::ranges::any_of(
            run.commands, [](const pl::Command& command) { return pl::writes(command.verb); });
        for (const pl::Serialiser& held : run.serialisers)
          if (changes && job.system == job_.system && held.key.is_known && !held.key.is_fresh &&
              !held.is_assumed)
            group = &held;
      }
    }
    const bool is_edited = job_.system == pl::System::github || job_.system == pl::System::gitlab;
    if (group == nullptr || !is_edited || has_group_of_its_own(job_)) return;
    Editor editor(text_of_);
    TextLines& lines = editor.lines_of(job_.where.file);
    const std::string indent = lines.indent_below(job_.where.line);
    if (indent.empty()) return;
    lines.insert_below(job_.where.line, indent + group_line(job_.system, group->key.text));
    add(fmt::format("who unlocks waits in the group of those that apply: {}", group->key.text), "", editor);
  }

  void hand_interrupts_on() {
    if (job_.system != pl::System::github) return;
    Editor editor(text_of_);
    bool is_any = false;
    for (const SourceLocation& where : causes_from_below())
      is_any = hand_one_interrupt_on(editor.lines_of(where.file), where) || is_any;
    if (!is_any) return;
    std::size_t next = ~std::size_t{0};
    for (const pl::Job& job : pipeline_.jobs)
      if (job.file == job_.file && job.where.line > job_.where.line)
        next = std::min<std::size_t>(next, job.where.line - 1);
    TextLines& lines = editor.lines_of(job_.file);
    // Lines have been added above the next job by now.
    const std::size_t added = lines.count() - TextLines(text_of_(job_.file)).count();
    const std::size_t last = next == ~std::size_t{0} ? lines.count() : next + added;
    switch_wrapper_off(lines, job_.where.line, last);
    add("one interrupt is handed on to the tool, and a step waits for it", "", editor);
  }

  // A cancel is what a limit comes to: it has to leave room for the wait and for the longest apply.
  void give_time() {
    constexpr std::chrono::minutes kForAnApply{120};
    Editor editor(text_of_);
    auto longest = std::chrono::minutes{0};
    std::set<std::pair<std::string, unsigned>> done;
    for (const pl::Command* command : changing_commands(job_)) {
      const auto wait =
          std::chrono::ceil<std::chrono::minutes>(command->lock_timeout.value_or(std::chrono::seconds{0}));
      const auto to = kForAnApply + wait;
      longest = std::max(longest, to);
      const auto raise = [&](const std::optional<SourceLocation>& where, std::chrono::seconds limit) {
        const bool is_short = limit.count() > 0 && limit < to;
        if (where && is_short && done.insert({where->file, where->line}).second)
          raise_limit(editor.lines_of(where->file), where->line, to);
      };
      raise(command->time_limit_where, command->time_limit.value_or(std::chrono::seconds{0}));
      raise(job_.limit.where, job_.limit.length);
    }
    if (!job_.limit.where && done.empty() && longest.count() > 0)
      set_limit(editor.lines_of(job_.where.file), job_.system, job_.where.line, longest);
    add(fmt::format("a time limit that leaves room for the wait and the apply ({} min)", longest.count()), "",
        editor);
  }

  void wait_for_the_lock() {
    static const std::regex kLocking(std::string(kToolInLine) +
                                     R"([^|;&"']*?\s(apply|plan|destroy|import|refresh)(?=\s|$|"|'))");
    Editor editor(text_of_);
    flag_commands(editor, kLockTimeout, kLocking);
    add("a held lock is waited for (-lock-timeout=10m)", "", editor);
  }

  void plan_without_lock() {
    static const std::regex kPlan(std::string(kToolInLine) + R"([^|;&"']*?\splan(?=\s|$|"|'))");
    Editor editor(text_of_);
    flag_commands(editor, " -lock=false", kPlan);
    add("what only reads takes no lock (-lock=false)", "", editor);
  }

  void take_the_lock() {
    Editor editor(text_of_);
    for (const pl::Cause& cause : finding_.hazard.causes) {
      TextLines& lines = editor.lines_of(cause.where.file);
      std::string line = lines.line(cause.where.line);
      const std::size_t at = line.find(" -lock=false");
      if (at != std::string::npos) lines.set(cause.where.line, line.erase(at, 12));
    }
    add("the lock is taken (no -lock=false)",
        "the job waits, or is refused, where another one holds the lock", editor);
  }

  void let_legs_end() {
    if (!job_.legs || job_.system != pl::System::github) return;
    Editor editor(text_of_);
    TextLines& lines = editor.lines_of(job_.legs->file);
    for (unsigned number = job_.legs->line; number > 0 && number + 20 > job_.legs->line; --number) {
      const std::string line = lines.line(number);
      const std::size_t at = line.find("strategy:");
      if (at == std::string::npos) continue;
      const std::string indent = lines.indent_below(number);
      const std::size_t brace = line.find('{', at);
      if (brace != std::string::npos) {
        lines.set(number, line.substr(0, brace + 1) + "fail-fast: false, " + line.substr(brace + 1));
      } else if (!indent.empty()) {
        lines.insert_below(number, indent + "fail-fast: false");
      }
      break;
    }
    add("a failing leg ends no other (fail-fast: false)", "", editor);
  }

  const pl::Pipeline& pipeline_;
  const pl::HazardFinding& finding_;
  const pl::Job& job_;
  const TextOf& text_of_;
  std::vector<WorkflowEdit> edits_;
};

}  // namespace

std::vector<WorkflowEdit> edits_against(const pl::Pipeline& pipeline, const pl::HazardFinding& finding,
                                        const TextOf& text_of) {
  return EditsAgainst(pipeline, finding, text_of).find();
}

}  // namespace lockstorm::scenarios
