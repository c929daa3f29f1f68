// `audit --fix`: edits of backend blocks and CI files that were audited before they are written.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "cli/command.hpp"
#include "reports/campaigns/audit_answer.hpp"

namespace lockstorm::cli {

/// What the command line says of it.
struct FixArguments {
  bool fix = false;
  bool fix_unsafe = false;
  bool diff = false;
};

void add_fix_options(CommandLine& command, FixArguments& arguments);

/// What was done.
struct FixedRun {
  std::string told;         ///< what is changed, or the diff; what is not, and why
  bool is_written = false;  ///< some file was, so that another audit has to answer for it
  bool is_complete = true;  ///< every file was that should have been
};

/// Edits the blocks of an answer and the CI files, as far as that was asked for; what cannot be written is
/// complained about. `audited`: the paths that the answer is about.
FixedRun run_fixes(const reports::RepositoryAnswer& answer, const FixArguments& arguments,
                   std::span<const std::filesystem::path> audited, const Global& global);

}  // namespace lockstorm::cli
