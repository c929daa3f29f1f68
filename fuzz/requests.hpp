// Requests of HTTP in a fuzz target's input, for a modelled server to answer.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "fuzz/expectation.hpp"
#include "wire/net/exchange.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::fuzz {

/// A line with method and target, lines with headers, an empty one, the body.
inline wire::HttpRequest request_in(std::string_view text) {
  const auto next_line = [&] {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
  };
  wire::HttpRequest request;
  const std::string_view first = next_line();
  const std::size_t space = std::min(first.find(' '), first.size());
  request.method = std::string(first.substr(0, space));
  request.target = std::string(first.substr(std::min(space + 1, first.size())));
  wire::split_target(request.target, request);
  for (std::string_view line = next_line(); !line.empty(); line = next_line()) {
    const std::size_t colon = std::min(line.find(": "), line.size());
    request.headers[std::string(line.substr(0, colon))] =
        std::string(line.substr(std::min(colon + 2, line.size())));
  }
  request.body = std::string(text);
  return request;
}

/// Requests that follow each other after lines of `%%`. Each gets an answer of HTTP, and those that have a
/// name are of the service, which never says that it does not know them.
inline void answer_all(wire::ModelServer& server, std::string_view text) {
  constexpr std::string_view kNext = "\n%%\n";
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(kNext));
    text.remove_prefix(std::min(text.size(), one.size() + kNext.size()));
    const wire::HttpRequest request = request_in(one);
    const auto name = server.name(request);
    const wire::HttpAnswer answer = server.handle(request);
    expect(answer.status >= 200 && answer.status < 600, "an answer has a status");
    expect(!name || answer.status != 501, "what has a name is known");
    expect(name || answer.status >= 400, "what has no name is refused");
    (void)server.waits(request);
    (void)server.refuse(request, sim::Refusal::server_error);
  }
  (void)server.holds();
}

}  // namespace lockstorm::fuzz
