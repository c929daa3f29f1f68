#include "cli/publish_audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "reports/campaigns/audit_formats.hpp"
#include "reports/campaigns/reported.hpp"
#include "scenarios/config/repository_folders.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;

bool has_all(const fs::path& folder, const std::vector<std::string>& files) {
  const reports::RepositoryPlaces places(folder);
  return std::ranges::none_of(files,
                              [&](const std::string& file) { return places.name_of(file).starts_with('/'); });
}

// Of each property's counterexamples the first of each set-up.
std::vector<scenarios::VerifyResult> shown_of(const reports::RepositoryAnswer& answer) {
  std::vector<scenarios::VerifyResult> shown;
  for (const reports::AuditAnswer& one : answer.answers)
    std::ranges::move(first_of_each(one.results), std::back_inserter(shown));
  return shown;
}

void tell_limits(const reports::RepositoryAnswer& answer) {
  std::size_t results = 0;
  for (const reports::AuditAnswer& one : answer.answers) results += one.graded.size() * one.states.size();
  if (const std::string limit = reports::sarif_limit_text(results); !limit.empty())
    print_error(fmt::format("lockstorm: --sarif: {}\n", limit));
}

}  // namespace

std::vector<std::string> AuditOutputs::files() const { return {gitlab, format == "github" ? "-" : ""}; }

void add_audit_outputs(CommandLine& command, AuditOutputs& outputs) {
  command
      .add_option("--gitlab", outputs.gitlab,
                  "Write GitLab's code quality JSON to FILE, for artifacts:reports:codequality")
      .type_name("FILE")
      .check(must_be_file_beside_report);
  command
      .add_option(
          "--format", outputs.format,
          "What to print: text (default), or github: annotations for a GitHub Actions step, then text")
      .one_of({"text", "github"})
      .type_name("FORMAT");
}

fs::path root_around(const std::vector<std::string>& files) {
  if (files.empty()) return {};
  for (const fs::path& folder : {scenarios::folders_up(".").back(), fs::path(".")}) {
    if (has_all(folder, files)) return folder;
  }
  const fs::path other = scenarios::folders_up(fs::path(files.front()).parent_path()).back();
  std::error_code error;
  return fs::exists(other / ".git", error) ? other : fs::path();
}

void publish_audit(Results& written, const Global& global, const AuditOutputs& outputs,
                   const reports::RepositoryAnswer& answer) {
  const PublishedFiles& files = global.published;
  written.write(files.junit, [&] { return reports::junit_repository(answer); });
  written.write(files.sarif, [&] { return reports::sarif_repository(answer); });
  if (!files.sarif.empty()) tell_limits(answer);
  written.write(files.markdown, [&] { return reports::markdown_repository(answer); });
  written.write(files.perfetto, [&] { return reports::perfetto_report(shown_of(answer)); });
  written.write(files.badge, [&] { return reports::badge_repository(answer); });
  written.write(outputs.gitlab, [&] { return reports::gitlab_repository(answer); });
  if (outputs.format == "github") written.write("-", [&] { return reports::github_repository(answer); });
}

}  // namespace lockstorm::cli
