// `lockstorm confirm`: counterexamples, forced on the real tool.
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "cli/command.hpp"
#include "cli/confirm/confirm_case.hpp"
#include "cli/confirm/confirm_page.hpp"
#include "cli/confirm/confirm_report.hpp"
#include "cli/confirm/evidence.hpp"
#include "cli/output_file.hpp"
#include "cli/publish.hpp"
#include "cli/results.hpp"
#include "cli/usage.hpp"
#include "wire/confirm/process.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;

constexpr int kNothingWasForced = 3;

struct ConfirmArguments {
  std::vector<std::string> subjects;
  std::string scenario;
  std::string terraform;
  std::string tofu;
  std::string drop = "close";
  std::string evidence;
  std::vector<std::string> servers;
  std::string html_file;
  bool all = false;
};

std::map<std::string, std::string> versions_of(const ConfirmTools& tools) {
  std::map<std::string, std::string> versions;
  for (const auto& [name, path] : {std::pair{"terraform", tools.terraform}, {"tofu", tools.tofu}}) {
    if (std::string version = tool_version(path); !version.empty())
      versions.emplace(name, std::move(version));
  }
  return versions;
}

std::string environment_variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return value == nullptr ? "" : value;
}

std::string name_of_nobody() {
  std::random_device device;
  return fmt::format("lockstorm-confirm-{:016x}", std::uint64_t{device()} << 32U | device());
}

// Empty: nobody names one, and there is none on PATH.
std::expected<std::filesystem::path, InputError> tool_at(const std::string& given, const std::string& name) {
  std::error_code ignored;
  if (given.empty()) return wire::confirm::program_on_path(name);
  if (std::filesystem::is_regular_file(given, ignored)) return std::filesystem::absolute(given);
  return std::unexpected(InputError{{given, 0, 0}, "is no program", "the path of " + name, ""});
}

std::vector<ConfirmResult> confirm_all(const std::vector<ConfirmCase>& cases, const ConfirmTools& tools,
                                       unsigned threads) {
  // Terraform's creation lock is one for the whole database (PG-2): two at once would meet there.
  if (tools.servers.contains("postgres")) threads = 1;
  std::vector<ConfirmResult> results(cases.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < cases.size(); i = next++) results[i] = confirm_case(cases[i], tools);
  };
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < threads && i < cases.size(); ++i) others.emplace_back(work);
  work();
  return results;
}

int exit_status_of(const std::vector<ConfirmResult>& results) {
  using Kind = ConfirmResult::Kind;
  const auto any = [&](Kind kind) {
    return std::ranges::any_of(results, [&](const ConfirmResult& result) { return result.kind == kind; });
  };
  if (any(Kind::failed)) return 65;
  if (any(Kind::different)) return 2;
  if (any(Kind::not_reproduced)) return 1;
  return any(Kind::confirmed) ? 0 : kNothingWasForced;
}

int run_confirm(const ConfirmArguments& arguments, const Global& global) {
  ConfirmTools tools;
  const auto terraform = tool_at(arguments.terraform, "terraform");
  if (!terraform) return bad_input(terraform.error());
  const auto tofu = tool_at(arguments.tofu, "tofu");
  if (!tofu) return bad_input(tofu.error());
  tools.terraform = *terraform;
  tools.tofu = *tofu;
  const auto servers = read_real_servers(arguments.servers);
  if (!servers) return bad_input(servers.error());
  tools.servers = *servers;
  tools.environment = environment_variable;
  tools.unused_name = name_of_nobody;
  if (arguments.drop == "reset") tools.options.drop = wire::Drop::reset;
  if (const auto error = check_published(global, {arguments.html_file}, arguments.subjects))
    return bad_input(*error);
  const auto subjects = arguments.subjects.empty() ? std::vector<std::string>{"*"} : arguments.subjects;
  const auto cases = confirm_cases(subjects, arguments.scenario, arguments.all, global);
  if (!cases) return bad_input(cases.error());
  const std::vector<ConfirmResult> results = confirm_all(*cases, tools, global.threads());
  const reports::Style style = stdout_style();
  Results written(global);
  written.write(global.json_file, [&] { return confirm_json(results, versions_of(tools)); });
  written.write(arguments.html_file,
                [&] { return html_confirmations(results, versions_of(tools), tools.servers); });
  if (!arguments.evidence.empty()) written.add(write_evidence(arguments.evidence, results));
  return written.end(
      results.size() == 1 ? confirm_text(results.front(), style) : confirm_summary(results, style),
      exit_status_of(results));
}

}  // namespace

Action add_confirm(CommandLine command) {
  auto options = std::make_shared<ConfirmArguments>();
  command.add_option(
      "SUBJECT", options->subjects,
      "A replay string LS1-..., a report that holds some, or scenarios: files, library names or "
      "globs, whose counterexamples are looked for (default: the library)");
  command.add_flag("--all", options->all, "All the replay strings of a report, not just the first");
  command
      .add_option("--scenario", options->scenario,
                  "The scenario a string was found with, if not in the library")
      .type_name("SCENARIO");
  command
      .add_option("--terraform", options->terraform,
                  "The terraform to force them on (default: the one on PATH)")
      .type_name("PATH");
  command.add_option("--tofu", options->tofu, "The tofu to force them on (default: the one on PATH)")
      .type_name("PATH");
  command
      .add_option("--evidence", options->evidence,
                  "Write every request and answer, and what each process prints, into DIR")
      .type_name("DIR")
      .check(must_be_file_name);
  command
      .add_option("--html", options->html_file,
                  "Write the evidence as one HTML page to FILE, requests redacted")
      .type_name("FILE")
      .check(must_be_file_name);
  command
      .add_option("--server", options->servers,
                  fmt::format("Force them on a real store in place of the model: {}", kRealServers))
      .type_name("NAME=URL")
      .repeatable();
  command
      .add_option("--drop", options->drop,
                  "How a connection ends on which no answer comes: close or reset (default close)")
      .one_of({"close", "reset"});
  return [options](const Global& global) { return run_confirm(*options, global); };
}

}  // namespace lockstorm::cli
