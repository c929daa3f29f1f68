// `lockstorm probe`: which promises a real store keeps.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>

#include "cli/command.hpp"
#include "cli/probe/probe_target.hpp"
#include "cli/publish.hpp"
#include "cli/results.hpp"
#include "cli/usage.hpp"
#include "reports/format/layout.hpp"
#include "reports/format/version.hpp"
#include "scenarios/data/printable.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::printable;
using wire::probe::Findings;
using wire::probe::Promise;
using wire::probe::StoreSetting;

constexpr int kSomethingIsNotKept = 1;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return value == nullptr ? "" : value;
}

// For a name that nobody has.
std::uint64_t unused_number() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

// What was tried several times and never failed may still fail now and then: how often it would have been
// seen, with 95 % (1 - 0.05^(1/n), which is near 3/n).
double least_failure_rate_seen(unsigned tries) { return 1.0 - std::pow(0.05, 1.0 / tries); }

std::string confidence(const Promise& promise) {
  if (!promise.is_kept || promise.tries < 2) return "";
  return fmt::format(" (95 % sure that fewer than {:.0f} % fail)",
                     100.0 * least_failure_rate_seen(promise.tries));
}

std::string findings_text(const ProbeArguments& arguments, const Findings& findings,
                          const reports::Style& style) {
  std::string text = fmt::format("{}\n\n", printable(arguments.url));
  for (const Promise& promise : findings.promises)
    text += reports::paragraph(fmt::format("{}: {}{}", promise.what, promise.seen, confidence(promise)),
                               style, 10, promise.is_kept ? "  kept" : "  not");
  for (const std::string& what : findings.not_tried) text += reports::paragraph(what, style, 10, "  unknown");
  for (const std::string& what : findings.left_behind)
    text += reports::paragraph("left behind: " + printable(what), style, 10, "  !!");
  if (!findings.store.empty()) text += "\nstore:\n";
  for (const StoreSetting& setting : findings.store)
    text += fmt::format("  {}: {}\n", setting.key, setting.value);
  return text;
}

std::string findings_json(const ProbeArguments& arguments, const Findings& findings) {
  nlohmann::ordered_json document;
  document["lockstorm"] = reports::kVersion;
  document["url"] = arguments.url;
  document["promises"] = nlohmann::ordered_json::array();
  for (const Promise& promise : findings.promises)
    document["promises"].push_back({{"what", promise.what},
                                    {"kept", promise.is_kept},
                                    {"seen", promise.seen},
                                    {"tries", promise.tries}});
  document["store"] = nlohmann::ordered_json::object();
  for (const StoreSetting& setting : findings.store) document["store"][setting.key] = setting.value;
  document["not_tried"] = findings.not_tried;
  document["left_behind"] = findings.left_behind;
  using Handler = nlohmann::ordered_json::error_handler_t;
  return document.dump(2, ' ', false, Handler::replace) + "\n";
}

// This program again, in its place: an audit of the directory on a store that promises what was found.
int audit_in_its_place(const std::string& directory, const Findings& findings) {
  std::vector<std::string> words{"lockstorm", "audit", directory};
  for (const StoreSetting& setting : findings.store) {
    words.emplace_back("--store");
    words.push_back(setting.key + "=" + setting.value);
  }
  print_whole(fmt::format("\n$ {}\n", fmt::join(words, " ")));
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  execv("/proc/self/exe", pointers.data());
  return bad_input({{directory, 0, 0}, "the audit cannot be started", "lockstorm audit, by hand", ""});
}

int run_probe(const ProbeArguments& arguments, const Global& global) {
  const auto probe =
      probe_target(arguments, variable, fmt::format("lockstorm-probe-{:016x}", unused_number()));
  if (!probe) return bad_input(probe.error());
  if (const auto error = check_published(global, {}, {})) return bad_input(*error);
  const auto findings = (*probe)();
  if (!findings)
    return bad_input({{printable(arguments.url), 0, 0},
                      findings.error(),
                      "a store that a job could use",
                      "nothing was found out"});
  Results written(global);
  written.write(global.json_file, [&] { return findings_json(arguments, *findings); });
  const bool all_kept = std::ranges::all_of(findings->promises, &Promise::is_kept);
  const int status =
      written.end(findings_text(arguments, *findings, stdout_style()), all_kept ? 0 : kSomethingIsNotKept);
  return arguments.audited.empty() ? status : audit_in_its_place(arguments.audited, *findings);
}

}  // namespace

Action add_probe(CommandLine command) {
  auto options = std::make_shared<ProbeArguments>();
  command.add_option("URL", options->url, fmt::format("The store: {}", kProbeUrls)).required();
  command
      .add_option("--endpoint", options->endpoint,
                  "Where the service is, unless it is its cloud's own or the environment says it")
      .type_name("URL");
  command
      .add_option("--ca", options->authority,
                  "Trust the authority whose certificate is in FILE, beside those of this machine")
      .type_name("FILE");
  command
      .add_option("--audit", options->audited,
                  "Then audit the configuration in DIR on a store that keeps what was found")
      .type_name("DIR");
  command.add_option("--racers", options->racers, "Who ask for the lock at once (default 64)")
      .type_name("N")
      .check(whole_number(2, 1000));
  return [options](const Global& global) { return run_probe(*options, global); };
}

}  // namespace lockstorm::cli
