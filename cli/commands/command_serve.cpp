// `lockstorm serve`: the model of servers, for real tools to talk to.
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/recording_file.hpp"
#include "cli/served_authority.hpp"
#include "cli/served_models.hpp"
#include "cli/usage.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "wire/net/server.hpp"
#include "wire/record/front.hpp"
#include "wire/services/attendant.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;

struct ServeArguments {
  std::vector<std::string> services;
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::vector<std::string> store;
  std::string ca;
  std::vector<std::string> faults;
  std::string record;
  std::vector<std::string> actors;  ///< empty: nobody is told from anybody
  std::string calm;                 ///< one more actor, who meets no misfortune
};

std::string must_be_misfortune(const std::string& text) {
  wire::Misfortunes any(1);
  const auto added = any.add(text);
  return added ? "" : added.error();
}

std::string must_set_a_key(const std::string& text) {
  const std::size_t equals = text.find('=');
  return equals == std::string::npos || equals == 0 ? "a key with its value, such as unlock=anybody" : "";
}

// The service of that name, with the promises that --store makes of it.
std::expected<std::unique_ptr<wire::ModelServer>, InputError> model_of(
    const ServedService& service, const std::vector<std::string>& store) {
  YAML::Node section;
  for (const std::string& setting : store) {
    const std::size_t equals = setting.find('=');
    section[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  const auto settings = service.settings();
  scenarios::YamlReader reader("--store");
  if (!store.empty()) settings->read_store(reader, section);
  if (reader.error()) {
    InputError error = *reader.error();
    error.where = {"--store", 0, 0};
    return std::unexpected(std::move(error));
  }
  ModelServers all = served_models(*settings);
  const auto found = std::ranges::find_if(
      all, [&](const auto& server) { return server->service() == service.model_name(); });
  return std::move(*found);
}

const ServedService& service_named(std::string_view name) {
  return *std::ranges::find(served_services(), name, &ServedService::name);
}

// A service at its port, or at one for each actor. What it holds is told under a path that no service has.
struct Served {
  std::unique_ptr<wire::ModelServer> model;
  std::unique_ptr<wire::Attendant> attendant{};
  std::vector<wire::Server> servers{};

  [[nodiscard]] const ServedService& service() const {
    return *std::ranges::find(served_services(), model->service(), &ServedService::model_name);
  }
};

constexpr std::string_view kContents = "/-/contents";

wire::HttpAnswer contents_of(const wire::ModelServer& model) {
  const nlohmann::ordered_json document{{"service", model.service()}, {"places", model.holds()}};
  using Handler = nlohmann::ordered_json::error_handler_t;
  return {200, {{"Content-Type", "application/json"}}, document.dump(2, ' ', false, Handler::replace) + "\n"};
}

std::expected<void, InputError> listen(Served& served, wire::Loop& loop, const ServeArguments& arguments,
                                       std::uint16_t port, const wire::Tls* tls, wire::Front front) {
  wire::ServerOptions options;
  options.address = arguments.address;
  options.port = port;
  options.tls = tls;
  options.sessions = served.model->sessions();
  if (served.service().reached == Reached::by_proxy)
    options.tunnels = [hosts = served.service().hosts](const std::string& host) {
      return host.ends_with(hosts);
    };
  if (!served.attendant) served.attendant = std::make_unique<wire::Attendant>(loop, *served.model);
  wire::ModelServer* const model = served.model.get();
  ask_the_model(front, *model);
  const wire::Handler handler = wire::behind(
      loop, std::move(front),
      [attendant = served.attendant.get()](wire::HttpRequest request, std::shared_ptr<wire::Reply> reply) {
        attendant->take(std::move(request), std::move(reply));
      });
  // Who asks what there is has no misfortunes, and is nobody's client.
  auto server = wire::Server::listen(
      loop, options, [model, handler](wire::HttpRequest request, std::shared_ptr<wire::Reply> reply) {
        if (request.path == kContents) return reply->answer(contents_of(*model));
        handler(std::move(request), std::move(reply));
      });
  if (!server) {
    return std::unexpected(InputError{{fmt::format("{}:{}", arguments.address, port), 0, 0},
                                      "nothing can listen here: " + server.error(),
                                      "a free port of this machine",
                                      "--port 0 takes any"});
  }
  served.servers.push_back(*std::move(server));
  return {};
}

std::string told_of(const Served& served, const ServeArguments& arguments) {
  std::string told;
  for (std::size_t i = 0; i < served.servers.size(); ++i) {
    const unsigned port = served.servers[i].port();
    told += fmt::format("{}: ", served.service().name);
    switch (served.service().reached) {
      case Reached::plainly:
        told += fmt::format("http://{}:{}", arguments.address, port);
        break;
      case Reached::by_sql:
        told += fmt::format("postgres://{}:{}/postgres?sslmode=disable", arguments.address, port);
        break;
      case Reached::securely:
        told += fmt::format("https://localhost:{}", port);
        break;
      case Reached::by_proxy:
        told += fmt::format("http://{}:{}, also as HTTPS_PROXY for *{}", arguments.address, port,
                            served.service().hosts);
        break;
    }
    const std::string actor = i < arguments.actors.size() ? arguments.actors[i] : arguments.calm;
    told += actor.empty() ? "\n" : fmt::format(" for {}\n", actor);
  }
  return told;
}

int run_serve(const ServeArguments& arguments, std::uint64_t seed) {
  wire::Loop loop;
  RecordingFile recording;
  if (const auto error = recording.open(arguments.record)) return bad_input(*error);
  wire::Front front;
  front.write = recording.writer();
  if (!arguments.faults.empty()) {
    front.misfortunes = std::make_shared<wire::Misfortunes>(seed);
    for (const std::string& fault : arguments.faults) {
      if (const auto added = front.misfortunes->add(fault); !added)
        return bad_input({{"--faults " + fault, 0, 0}, added.error(), "lose_response=5%", ""});
    }
  }
  std::optional<ServedAuthority> authority;
  std::vector<Served> all;
  for (const std::string& name : arguments.services) {
    auto model = model_of(service_named(name), arguments.store);
    if (!model) return bad_input(model.error());
    all.push_back({*std::move(model)});
  }
  if (std::ranges::any_of(all, [](const Served& one) { return one.service().needs_tls(); })) {
    authority.emplace();
    if (const auto error = authority->write(arguments.ca)) return bad_input(*error);
  }
  std::vector<std::string> actors = arguments.actors;
  if (!arguments.calm.empty()) actors.push_back(arguments.calm);
  if (actors.empty()) actors.emplace_back();
  const std::shared_ptr<wire::Misfortunes> misfortunes = front.misfortunes;
  std::uint16_t port = arguments.port;
  for (Served& served : all) {
    for (const std::string& actor : actors) {
      front.actor = actor;
      front.misfortunes = !actor.empty() && actor == arguments.calm ? nullptr : misfortunes;
      const auto listens =
          listen(served, loop, arguments, port, authority ? &authority->tls : nullptr, front);
      if (!listens) return bad_input(listens.error());
      if (port != 0) ++port;
    }
  }
  if (!arguments.address.starts_with("127.") && arguments.address != "::1")
    print_error(fmt::format("lockstorm: whoever reaches {} can read and replace the states served here\n",
                            arguments.address));
  std::string told;
  for (const Served& served : all) told += told_of(served, arguments);
  if (authority)
    told += fmt::format("certificates are signed by {}, which is for this run only\n", authority->file);
  print_whole(told + fmt::format("GET {} tells what a service holds\n", kContents));
  loop.run_until_signal();
  return 0;
}

std::vector<std::string> service_names() {
  std::vector<std::string> names;
  for (const ServedService& service : served_services()) names.emplace_back(service.name);
  return names;
}

}  // namespace

Action add_serve(CommandLine command) {
  auto options = std::make_shared<ServeArguments>();
  std::string services;
  for (const ServedService& service : served_services())
    services += fmt::format("{}{}: {}", services.empty() ? "" : "; ", service.name, service.is);
  command.add_option("SERVICE", options->services, services).required().one_of(service_names());
  command
      .add_option("--port", options->port,
                  "Where the first service listens, the others at the ports after it; 0 is any that is free "
                  "(default 0)")
      .type_name("N")
      .check(whole_number(0, 65535));
  command
      .add_option("--address", options->address, "The address it listens at (default 127.0.0.1: nobody else)")
      .type_name("ADDRESS");
  command
      .add_option(
          "--ca", options->ca,
          "Where to write the certificate of the authority that clients of TLS have to trust (default: "
          "a temporary file, which is printed)")
      .type_name("FILE");
  command
      .add_option("--store", options->store,
                  "What the server promises, as the `store` section of a scenario says it")
      .type_name("KEY=VALUE")
      .repeatable()
      .check(must_set_a_key);
  command
      .add_option("--faults", options->faults,
                  "What may go wrong with a request, and how often: lose_request, lose_response, "
                  "lose_response_reset, late_request, server_error, error_after_effect, throttle, delay. The "
                  "same requests in the same order meet the same, by --seed")
      .type_name("FAULT=PERCENT")
      .repeatable()
      .check(must_be_misfortune);
  command
      .add_option("--actor", options->actors,
                  "Give each service a port for NAME, whose requests the recording then tells from others' "
                  "(once for each actor)")
      .type_name("NAME")
      .repeatable()
      .check(must_not_be_empty);
  command
      .add_option("--calm", options->calm,
                  "Likewise, for NAME whose requests meet none of the --faults: who sets things up")
      .type_name("NAME")
      .check(must_not_be_empty);
  command
      .add_option("--record", options->record,
                  "Write every request and its answer into FILE, a line each, without credentials and the "
                  "values of states")
      .type_name("FILE")
      .check(must_be_file_name);
  return [options](const Global& global) { return run_serve(*options, global.seed); };
}

}  // namespace lockstorm::cli
