// Requests to real servers, many at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "wire/net/exchange.hpp"
#include "wire/net/loop.hpp"

namespace lockstorm::wire {

struct Url {
  std::string scheme;  ///< "http"
  std::string host;
  std::uint16_t port = 80;
  std::string target;  ///< "/state/app?x=1", at least "/"

  /// As the Host header has it.
  [[nodiscard]] std::string authority() const;
};

/// Or what is wrong with it, a clause that repeats no credentials.
std::expected<Url, std::string> parse_url(std::string_view text);

/// Gets the answer; or why there is none, a clause.
using OnAnswer = std::function<void(std::expected<HttpAnswer, std::string>)>;

/// Sends one request over a connection of its own; `on_answer` is called once, by the loop, within `longest`.
/// `request.target` counts, not path and query.
void send_request(Loop& loop, const Url& where, const HttpRequest& request, std::chrono::milliseconds longest,
                  OnAnswer on_answer);

/// The same, and waits.
std::expected<HttpAnswer, std::string> ask(Loop& loop, const Url& where, const HttpRequest& request,
                                           std::chrono::milliseconds longest);

}  // namespace lockstorm::wire
