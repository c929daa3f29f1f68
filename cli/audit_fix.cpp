#include "cli/audit_fix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <regex>
#include <vector>

#include "cli/fixer.hpp"
#include "cli/interrupt.hpp"
#include "cli/output_file.hpp"
#include "cli/workflow_fixer.hpp"
#include "reports/format/layout.hpp"
#include "reports/format/unified_diff.hpp"
#include "scenarios/pipeline/shown_command.hpp"

namespace lockstorm::cli {
namespace {

// Without what may be a credential, and without what a terminal would take for a command.
std::string line_shown(std::string_view line) {
  static const std::regex kAssignment(R"(([A-Za-z_][A-Za-z0-9_-]*)(\s*=\s*)([^=].*)$)");
  std::string text(line);
  if (text.ends_with('\r')) text.pop_back();
  std::smatch match;
  if (std::regex_search(text, match, kAssignment) && !scenarios::holds_no_credential(match[1].str()))
    text = fmt::format("{}{}{}[hidden]", match.prefix().str(), match[1].str(), match[2].str());
  return scenarios::printable(text);
}

std::string line_of_ci_shown(std::string_view line) {
  return scenarios::printable(scenarios::pipeline::shown_line(line));
}

// The changes; values that may be credentials are hidden.
std::string diff_of(const std::vector<FixedFile>& files, std::string (*shown)(std::string_view)) {
  std::string out;
  for (const FixedFile& file : files)
    out += reports::unified_diff(scenarios::printable(file.file), file.before, file.after, shown);
  return out;
}

// Writes them, each whole or not at all; what could not be written.
std::vector<scenarios::InputError> write_fixes(const Fixes& fixes) {
  const InterruptsWait guard;
  std::vector<scenarios::InputError> failed;
  for (const FixedFile& file : fixes.files) {
    if (auto error = write_output_file(file.file, file.after)) failed.push_back(*std::move(error));
  }
  return failed;
}

}  // namespace

void add_fix_options(CommandLine& command, FixArguments& arguments) {
  command.add_flag(
      "--fix", arguments.fix,
      "Edit backend blocks and CI files where that is safe, and audit what comes of it: a finding less, and "
      "none as bad instead");
  command.add_flag("--fix-unsafe", arguments.fix_unsafe,
                   "The same with edits that have a price, which is told");
  command.add_flag("--diff", arguments.diff,
                   "Show what --fix or --fix-unsafe would write, and write nothing");
}

FixedRun run_fixes(const reports::RepositoryAnswer& answer, const FixArguments& arguments,
                   std::span<const std::filesystem::path> audited, const Global& global) {
  FixedRun run;
  if (!arguments.fix && !arguments.fix_unsafe && !arguments.diff) return run;
  Fixes fixes = find_fixes(answer, arguments.fix_unsafe, global);
  std::string diff = diff_of(fixes.files, line_shown);
  if (answer.pipeline) {
    Fixes of_pipeline = find_workflow_fixes(*answer.pipeline, audited, arguments.fix_unsafe);
    diff += diff_of(of_pipeline.files, line_of_ci_shown);
    std::ranges::move(of_pipeline.files, std::back_inserter(fixes.files));
    std::ranges::move(of_pipeline.told, std::back_inserter(fixes.told));
  }
  if (arguments.diff) {
    run.told = std::move(diff);
  } else {
    const std::vector<scenarios::InputError> failed = write_fixes(fixes);
    for (const scenarios::InputError& error : failed) bad_input(error);
    run.is_complete = failed.empty();
    run.is_written = failed.size() < fixes.files.size();
  }
  if (fixes.files.empty()) run.told = "Nothing is edited.\n";
  for (const std::string& line : fixes.told) run.told += reports::paragraph(line, stdout_style());
  run.told += "\n";
  return run;
}

}  // namespace lockstorm::cli
