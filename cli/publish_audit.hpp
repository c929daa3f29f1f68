// The files that continuous integration wants of an audit.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/results.hpp"
#include "reports/campaigns/audit_answer.hpp"

namespace lockstorm::cli {

/// What only audits write, besides what every command may be asked for.
struct AuditOutputs {
  std::string gitlab;           ///< a file; empty: none
  std::string format = "text";  ///< of what is printed: text, github

  /// For check_published.
  [[nodiscard]] std::vector<std::string> files() const;
};

/// Adds --gitlab and --format.
void add_audit_outputs(CommandLine& command, AuditOutputs& outputs);

/// The root of the repository that these files lie in: that of the working directory, if they are in it.
std::filesystem::path root_around(const std::vector<std::string>& files);

/// Writes all that were asked for.
void publish_audit(Results& written, const Global& global, const AuditOutputs& outputs,
                   const reports::RepositoryAnswer& answer);

}  // namespace lockstorm::cli
