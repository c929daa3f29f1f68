// Requests that go on to a real server, and its answers back.
#pragma once

#include <functional>
#include <optional>

#include "wire/net/client.hpp"
#include "wire/net/server.hpp"

namespace lockstorm::wire {

/// The server that a request goes on to; its own target stands for the URL's. Nothing: it goes nowhere.
using Destination = std::function<std::optional<Url>(const HttpRequest& request)>;

/// A request without what concerns its connection only (RFC 9110, 7.6.1), and without a host in its target.
HttpRequest passed_on(HttpRequest request);
/// The answer likewise. Of what HEAD asks for, it says how long it is without having it.
HttpAnswer passed_back(HttpAnswer answer, bool is_head);

/// Sends each request on as it came, Host field and signatures included, but for what concerns a connection
/// only (RFC 9110, 7.6.1). Who has no destination is told 502; where none answers within `longest`, the
/// client's connection is closed. The loop outlives it.
Handler onward(Loop& loop, Destination destination, std::chrono::milliseconds longest);

/// Where a proxy's client means to go: the URL that its request names, or, in a tunnel, its Host by TLS.
std::optional<Url> named_by(const HttpRequest& request);

}  // namespace lockstorm::wire
