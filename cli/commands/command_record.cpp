// `lockstorm record`: what a tool and its real store say to each other, written down.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "cli/command.hpp"
#include "cli/configuration_options.hpp"
#include "cli/record/store_ways.hpp"
#include "cli/recording_file.hpp"
#include "cli/served_authority.hpp"
#include "cli/served_models.hpp"
#include "cli/usage.hpp"
#include "reports/format/layout.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/data/printable.hpp"
#include "wire/confirm/process.hpp"
#include "wire/record/front.hpp"
#include "wire/record/onward.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;
using scenarios::printable;
using wire::confirm::ToolProcess;

// Blocking queries last ten minutes at most (Consul).
constexpr std::chrono::minutes kLongestAnswer{11};
constexpr std::chrono::hours kForEver{24 * 365};
constexpr int kCannotStart = 127;  // as a shell says it

constexpr scenarios::InputKind kAuthorities{"a file with certificates (PEM)", 16 * scenarios::kMiB};

struct RecordArguments {
  std::string backend;
  std::string output = "recording.jsonl";
  std::string actor = "job";
  std::vector<std::string> hosts;
  std::vector<std::string> faults;
  std::vector<std::string> command;
  ConfigurationOptions configuration;
};

std::map<std::string, std::string> environment_of_this_process() {
  std::map<std::string, std::string> variables;
  for (char** one = environ; one != nullptr && *one != nullptr; ++one) {
    const std::string_view text = *one;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

// The authorities that the command trusts, as Go's tools find them (crypto/x509/root_linux.go).
std::string trusted_by(const std::map<std::string, std::string>& environment) {
  std::vector<std::string> files{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                 "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};
  if (const auto own = environment.find("SSL_CERT_FILE"); own != environment.end()) files = {own->second};
  for (const std::string& file : files) {
    if (auto text = scenarios::read_input_file(file, kAuthorities); text) return *std::move(text) + "\n";
  }
  return "";
}

std::vector<std::string_view> services_of(const ModelServers& servers) {
  std::vector<std::string_view> names;
  for (const auto& server : servers) names.push_back(server->service());
  return names;
}

// The codecs of whatever the configuration's backend talks to.
std::expected<ModelServers, InputError> codecs_of(const RecordArguments& arguments) {
  auto options = inventory_options(arguments.configuration, {});
  if (!options) return std::unexpected(options.error());
  const std::vector<std::filesystem::path> paths{arguments.backend};
  const scenarios::Inventory inventory = take_inventory(paths, *options);
  if (!inventory.complaints.empty()) return std::unexpected(inventory.complaints.front());
  const auto bad = [&](std::string why) {
    return std::unexpected(InputError{{printable(arguments.backend), 0, 0},
                                      std::move(why),
                                      "a directory with one backend block, in which the command runs",
                                      ""});
  };
  // A store that may keep a promise or not is one backend all the same.
  std::optional<ModelServers> servers;
  for (const scenarios::SetUp& set_up : inventory.set_ups) {
    for (const scenarios::Scenario& configuration : set_up.plan.configurations) {
      ModelServers of_this = served_models(*configuration.backend);
      if (of_this.empty())
        return bad(fmt::format("requests of {} are not understood yet", configuration.backend->type().name));
      if (std::ranges::any_of(of_this, [](const auto& one) { return one->sessions() != nullptr; }))
        return bad(
            fmt::format("{} speaks no HTTP (`lockstorm serve {} --record FILE` has a modelled server's side)",
                        configuration.backend->type().name, configuration.backend->type().name));
      if (servers && services_of(*servers) != services_of(of_this)) return bad("there are several backends");
      servers = std::move(of_this);
    }
  }
  if (!servers) return bad("there is no backend block");
  return *std::move(servers);
}

// Everything through which the command's requests pass.
class Proxies {
 public:
  Proxies(const RecordArguments& arguments, ModelServers codecs, wire::Front front)
      : arguments_(arguments), codecs_(std::move(codecs)), front_(std::move(front)) {}

  std::optional<InputError> listen(std::map<std::string, std::string>& environment) {
    if (auto error = authority_.write("", trusted_by(environment))) return error;
    for (const auto& codec : codecs_) {
      if (auto error = stand_at_variables(*codec, environment)) return error;
    }
    return be_proxy(environment);
  }

  wire::Loop& loop() { return loop_; }

 private:
  [[nodiscard]] wire::Front front_of(const wire::ModelServer& codec) const {
    wire::Front front = front_;
    ask_the_model(front, codec);
    return front;
  }

  std::expected<std::uint16_t, InputError> listen(const wire::ServerOptions& options, wire::Handler handler) {
    auto server = wire::Server::listen(loop_, options, std::move(handler));
    if (!server)
      return std::unexpected(
          InputError{{"127.0.0.1", 0, 0}, "nothing can listen here: " + server.error(), "a free port", ""});
    servers_.push_back(*std::move(server));
    return servers_.back().port();
  }

  // Tools ask for what is on this machine without any proxy; where the environment says where a store is, it
  // can say something else.
  std::optional<InputError> stand_at_variables(const wire::ModelServer& codec,
                                               std::map<std::string, std::string>& environment) {
    const auto variables = store_variables(codec.service(), environment);
    if (!variables)
      return InputError{{variables.error().first, 0, 0}, variables.error().second, "http://HOST:PORT", ""};
    std::map<std::string, std::uint16_t> ports;
    for (const StoreVariable& variable : *variables) {
      const std::string origin = variable.url.scheme + "://" + variable.url.authority();
      if (!ports.contains(origin)) {
        const auto port =
            listen({}, behind(loop_, front_of(codec),
                              wire::onward(
                                  loop_, [url = variable.url](const auto&) { return std::optional(url); },
                                  kLongestAnswer)));
        if (!port) return port.error();
        ports[origin] = *port;
      }
      environment[variable.name] = variable.at_port(ports.at(origin));
    }
    return std::nullopt;
  }

  [[nodiscard]] bool is_own(std::string_view service, const std::string& host) const {
    return is_host_of(service, host) || (service == codecs_.front()->service() &&
                                         std::ranges::find(arguments_.hosts, host) != arguments_.hosts.end());
  }

  std::optional<InputError> be_proxy(std::map<std::string, std::string>& environment) {
    wire::ServerOptions options;
    options.tls = &authority_.tls;
    options.passes_on = true;
    options.tunnels = [this](const std::string& host) {
      return std::ranges::any_of(codecs_, [&](const auto& codec) { return is_own(codec->service(), host); });
    };
    const wire::Handler plain = wire::onward(loop_, wire::named_by, kLongestAnswer);
    std::map<std::string, wire::Handler, std::less<>> recorded;
    for (const auto& codec : codecs_)
      recorded.emplace(codec->service(), behind(loop_, front_of(*codec), plain));
    const auto port = listen(
        options, [this, plain, recorded](wire::HttpRequest request, std::shared_ptr<wire::Reply> reply) {
          const auto url = wire::named_by(request);
          for (const auto& [service, handler] : recorded) {
            if (url && is_own(service, url->host)) return handler(std::move(request), std::move(reply));
          }
          plain(std::move(request), std::move(reply));
        });
    if (!port) return port.error();
    for (const char* name : {"HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"})
      environment[name] = fmt::format("http://127.0.0.1:{}", *port);
    for (const char* name : {"NO_PROXY", "no_proxy"}) environment[name] = "";
    environment["SSL_CERT_FILE"] = authority_.file;
    environment["AWS_CA_BUNDLE"] = authority_.file;
    return std::nullopt;
  }

  const RecordArguments& arguments_;
  ModelServers codecs_;
  wire::Front front_;
  ServedAuthority authority_;
  wire::Loop loop_;
  std::vector<wire::Server> servers_;
};

// What is recorded, and what to do with it.
std::string told(const RecordArguments& arguments, const RecordingFile& recording) {
  if (recording.lines() == 0)
    return fmt::format(
        "lockstorm: no request to the store has passed. Addresses of this machine in a backend block pass no "
        "proxy: leave them out, and say them in the environment (docs/record.md); --store-host names a host "
        "that is no cloud's own\n");
  if (!recording.is_whole())
    return fmt::format("lockstorm: {} could not be written as a whole\n", printable(arguments.output));
  return fmt::format("lockstorm: {} in {}\n", reports::counted(recording.lines(), "request"),
                     printable(arguments.output));
}

int run_record(const RecordArguments& arguments, std::uint64_t seed) {
  auto codecs = codecs_of(arguments);
  if (!codecs) return bad_input(codecs.error());
  wire::Front front;
  front.actor = arguments.actor;
  if (!arguments.faults.empty()) {
    front.misfortunes = std::make_shared<wire::Misfortunes>(seed);
    for (const std::string& fault : arguments.faults) {
      if (const auto added = front.misfortunes->add(fault); !added)
        return bad_input({{"--faults " + fault, 0, 0}, added.error(), "lose_response=5%", ""});
    }
  }
  const std::string& name = arguments.command.front();
  const auto program = name.find('/') != std::string::npos ? std::filesystem::path(name)
                                                           : wire::confirm::program_on_path(name);
  if (program.empty())
    return bad_input({{printable(name), 0, 0}, "there is no such command on PATH", "terraform apply", ""});
  RecordingFile recording;
  if (const auto error = recording.open(arguments.output)) return bad_input(*error);
  front.write = recording.writer();
  auto environment = environment_of_this_process();
  Proxies proxies(arguments, *std::move(codecs), std::move(front));
  if (const auto error = proxies.listen(environment)) return bad_input(*error);
  std::vector<std::string> words = arguments.command;
  words.front() = program.string();
  auto process =
      ToolProcess::start({std::move(words), std::filesystem::current_path(), std::move(environment)});
  if (!process) {
    print_error(fmt::format("lockstorm: {}\n", printable(process.error())));
    return kCannotStart;
  }
  // A terminal's Ctrl-C reaches the command by itself.
  proxies.loop().on_signals([&](int number) {
    if (number != SIGINT || isatty(STDIN_FILENO) == 0) process->signal(number);
  });
  std::optional<int> status;
  proxies.loop().run_until(
      [&] {
        status = process->ended();
        return status.has_value();
      },
      kForEver);
  print_error(told(arguments, recording));
  if (!recording.is_whole())
    return bad_input({{arguments.output, 0, 0}, "cannot be written", "a file that can", ""});
  return *status < 0 ? 128 - *status : *status;
}

}  // namespace

Action add_record(CommandLine command) {
  auto options = std::make_shared<RecordArguments>();
  command
      .add_option("COMMAND", options->command,
                  "What to run, behind `--`; its status is that of this command, too")
      .required();
  command.add_option("--backend", options->backend, "Where the configuration is whose backend it uses")
      .type_name("DIR")
      .required()
      .check(must_not_be_empty);
  command
      .add_option(
          "--output", options->output,
          "Where its requests and their answers go, a line each, without credentials and the values of "
          "states (default recording.jsonl)")
      .type_name("FILE")
      .check(must_be_file_name);
  command.add_option("--actor", options->actor, "Who sends them, in the recording (default job)")
      .type_name("NAME")
      .check(must_not_be_empty);
  command
      .add_option("--store-host", options->hosts,
                  "A host that is the store's, where it is no cloud's own: a MinIO, a Terraform Enterprise")
      .type_name("HOST")
      .repeatable();
  command
      .add_option("--faults", options->faults,
                  "What may go wrong on the way, and how often, as `serve` has it")
      .type_name("FAULT=PERCENT")
      .repeatable();
  add_reading_options(command, options->configuration);
  return [options](const Global& global) { return run_record(*options, global.seed); };
}

}  // namespace lockstorm::cli
