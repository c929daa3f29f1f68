// `lockstorm serve`: the model of a server, for real tools to talk to.
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "cli/command.hpp"
#include "cli/usage.hpp"
#include "scenarios/backends/http.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "wire/http_state_server.hpp"
#include "wire/server.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;

struct ServeArguments {
  std::string service;
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::vector<std::string> store;
};

std::string must_set_a_key(const std::string& text) {
  const std::size_t equals = text.find('=');
  return equals == std::string::npos || equals == 0 ? "a key with its value, such as unlock=anybody" : "";
}

// What the server promises, as the `store` section of a scenario says it.
std::expected<models::HttpServerPolicy, InputError> policy_of(const ServeArguments& arguments) {
  YAML::Node section;
  for (const std::string& setting : arguments.store) {
    const std::size_t equals = setting.find('=');
    section[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  scenarios::HttpConfig config;
  if (section.size() == 0) return config.policy;
  scenarios::YamlReader reader("--store");
  config.read_store(reader, section);
  if (reader.error()) {
    InputError error = *reader.error();
    error.where = {"--store", 0, 0};
    return std::unexpected(std::move(error));
  }
  return config.policy;
}

int run_serve(const ServeArguments& arguments) {
  const auto policy = policy_of(arguments);
  if (!policy) return bad_input(policy.error());
  wire::HttpStateServer states(*policy);
  wire::ServerOptions options;
  options.address = arguments.address;
  options.port = arguments.port;
  auto server = wire::Server::listen(
      options, [&states](const wire::HttpRequest& request) { return states.handle(request); });
  if (!server) {
    return bad_input({{fmt::format("{}:{}", arguments.address, arguments.port), 0, 0},
                      "nothing can listen here: " + server.error(),
                      "a free port of this machine",
                      "--port 0 takes any"});
  }
  if (!arguments.address.starts_with("127.") && arguments.address != "::1")
    print_error(fmt::format("lockstorm: whoever reaches {} can read and replace the states served here\n",
                            arguments.address));
  print_whole(fmt::format("http state server: http://{}:{}/NAME is a state; GET / tells what there is\n",
                          arguments.address, server->port()));
  server->run();
  return 0;
}

}  // namespace

Action add_serve(CommandLine command) {
  auto options = std::make_shared<ServeArguments>();
  command.add_option("SERVICE", options->service, "http: a state server of the http backend")
      .required()
      .one_of({"http"});
  command.add_option("--port", options->port, "Where it listens; 0 is any free port (default 0)")
      .type_name("N")
      .check(whole_number(0, 65535));
  command
      .add_option("--address", options->address, "The address it listens at (default 127.0.0.1: nobody else)")
      .type_name("ADDRESS");
  command
      .add_option("--store", options->store,
                  "What the server promises, as the `store` section of a scenario says it")
      .type_name("KEY=VALUE")
      .repeatable()
      .check(must_set_a_key);
  return [options](const Global&) { return run_serve(*options); };
}

}  // namespace lockstorm::cli
