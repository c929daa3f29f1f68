// Which promises an HTTP state server keeps: the questions that decide between the servers that the model
// knows (models::HttpServerPolicy; backend-protocols.md 3.9).
#pragma once

#include <chrono>
#include <expected>
#include <string>

#include "wire/net/client.hpp"
#include "wire/probe/promise.hpp"

namespace lockstorm::wire::probe {

struct HttpProbe {
  Url state;                                     ///< of a state that is the probe's own and does not exist
  std::map<std::string, std::string> headers{};  ///< that every request carries, such as Authorization
  unsigned racers = 64;                          ///< who ask for the lock at once
  unsigned races = 5;
  std::chrono::milliseconds longest_answer{10'000};
};

/// Or why nothing could be found out, a sentence. Whatever it has stored is taken away again, and a state
/// that is there already is never touched.
std::expected<Findings, std::string> probe_http(const HttpProbe& probe);

}  // namespace lockstorm::wire::probe
