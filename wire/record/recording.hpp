// What passed between clients and servers, as lines of JSON without anybody's secrets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "wire/net/exchange.hpp"

namespace lockstorm::wire {

/// How a request ended for its client.
enum class Fate : std::uint8_t { answered, closed, reset, open };

/// One request, and what became of it.
struct Recorded {
  std::uint64_t number = 0;  ///< from 1, in the order in which requests came
  std::string actor;         ///< who sent it, as far as that is known
  std::string service;
  HttpRequest request;
  std::string operation;    ///< as the models call it; empty: they do not know it
  std::string object;       ///< as the models call it
  bool changes = true;      ///< it may change what is stored
  bool has_effect = false;  ///< false: it never arrived
  std::optional<HttpAnswer> answer{};
  std::optional<unsigned> model_status{};  ///< what the model's status of that answer is, if not its own
  Fate fate = Fate::answered;
};

/// One line, with its newline. Hidden are: credentials, signatures and tokens in headers and queries; of
/// states the values of outputs and attributes. Nothing else of a body is kept that is no JSON.
std::string recorded_line(const Recorded& recorded);

}  // namespace lockstorm::wire
