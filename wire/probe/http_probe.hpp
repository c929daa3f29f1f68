// Which promises an HTTP state server keeps: the questions that decide between the servers that the model
// knows (models::HttpServerPolicy; backend-protocols.md 3.9).
#pragma once

#include <expected>
#include <string>

#include "wire/probe/inquiry.hpp"

namespace lockstorm::wire::probe {

struct HttpProbe {
  Reach reach{};
  std::string target;  ///< of a state that is the probe's own and does not exist; without a query
};

/// Or why nothing could be found out, a sentence. Whatever it has stored is taken away again, and a state
/// that is there already is never touched.
std::expected<Findings, std::string> probe_http(const HttpProbe& probe);

}  // namespace lockstorm::wire::probe
