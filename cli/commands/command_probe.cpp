// `lockstorm probe`: which promises a real store keeps.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>

#include "cli/command.hpp"
#include "cli/publish.hpp"

#include "cli/results.hpp"
#include "cli/usage.hpp"
#include "reports/format/layout.hpp"
#include "reports/format/version.hpp"
#include "scenarios/data/printable.hpp"
#include "wire/probe/http_probe.hpp"
#include "wire/services/base64.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;
using scenarios::printable;
using wire::probe::Findings;
using wire::probe::Promise;
using wire::probe::StoreSetting;

constexpr int kSomethingIsNotKept = 1;

struct ProbeArguments {
  std::string url;
  std::string audited;
  unsigned racers = 64;
};

std::string variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return value == nullptr ? "" : value;
}

// For a name that nobody has.
std::uint64_t unused_number() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

// As Terraform's own http backend: by the variables that it reads.
std::map<std::string, std::string> credentials() {
  const std::string user = variable("TF_HTTP_USERNAME");
  if (user.empty()) return {};
  return {{"Authorization", "Basic " + wire::encode_base64(user + ":" + variable("TF_HTTP_PASSWORD"))}};
}

std::expected<wire::probe::HttpProbe, InputError> probe_of(const ProbeArguments& arguments) {
  const auto bad = [&](std::string why) {
    return std::unexpected(InputError{{printable(arguments.url), 0, 0},
                                      std::move(why),
                                      "http://HOST:PORT/PATH, an address at which states can be",
                                      "credentials come from TF_HTTP_USERNAME and TF_HTTP_PASSWORD"});
  };
  auto url = wire::parse_url(arguments.url);
  if (!url) return bad(url.error());
  if (url->scheme != "http")
    return bad(fmt::format("stores behind {}:// are not probed yet", printable(url->scheme)));
  if (url->target.find('?') != std::string::npos) return bad("has a query");
  while (url->target.size() > 1 && url->target.ends_with('/')) url->target.pop_back();
  // A state of its own beside the one that the address names.
  url->target += fmt::format("{}lockstorm-probe-{:016x}", url->target == "/" ? "" : "-", unused_number());
  return wire::probe::HttpProbe{*std::move(url), credentials(), arguments.racers};
}

std::string findings_text(const ProbeArguments& arguments, const Findings& findings,
                          const reports::Style& style) {
  std::string text = fmt::format("{}\n\n", printable(arguments.url));
  for (const Promise& promise : findings.promises)
    text += reports::paragraph(fmt::format("{}: {}", promise.what, promise.seen), style, 10,
                               promise.is_kept ? "  kept" : "  not");
  for (const std::string& what : findings.not_tried) text += reports::paragraph(what, style, 10, "  unknown");
  for (const std::string& what : findings.left_behind)
    text += reports::paragraph("left behind: " + printable(what), style, 10, "  !!");
  text += "\nstore:\n";
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
    document["promises"].push_back(
        {{"what", promise.what}, {"kept", promise.is_kept}, {"seen", promise.seen}});
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
  const auto probe = probe_of(arguments);
  if (!probe) return bad_input(probe.error());
  if (const auto error = check_published(global, {}, {})) return bad_input(*error);
  const auto findings = wire::probe::probe_http(*probe);
  if (!findings)
    return bad_input({{printable(arguments.url), 0, 0},
                      findings.error(),
                      "a state server that a job could use",
                      "nothing was found out, and nothing is left behind"});
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
  command.add_option("URL", options->url, "Where a state can be: http://HOST:PORT/PATH").required();
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
