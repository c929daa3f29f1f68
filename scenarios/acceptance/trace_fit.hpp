// Whether recorded requests are a run of the model: client code, by the answers that it got.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/acceptance/client_edges.hpp"
#include "scenarios/data/scenario.hpp"
#include "sim/who.hpp"

namespace lockstorm::scenarios {

/// One request of a recording, in the order in which requests took effect.
struct SeenRequest {
  enum class End : std::uint8_t { answered, lost };
  std::size_t number = 0;  ///< as the recording counts
  sim::Slot slot = 0;      ///< whose it is
  std::string service;
  std::string operation;  ///< by the model's names
  std::string object;
  bool changes = true;  ///< it may change what is stored
  bool takes_effect = true;
  End end = End::answered;
  unsigned status = 200;  ///< of the answer
};

/// What a model's client would have sent, or done.
struct WouldSend {
  sim::Slot slot = 0;
  std::string what;  ///< "PutObject .tflock", "ends"
};

struct TraceFit {
  bool is_accepted = false;
  /// So many requests, from the first on, fit some run; all of them where it is accepted.
  std::size_t accepted = 0;
  std::vector<std::size_t> extra;  ///< of these, reads that the model does not have: their numbers
  /// Where it is not accepted: what each such run would have gone on with, without repetition.
  std::vector<WouldSend> instead;
  std::string
      refused_answer;    ///< ... or the answers that the server's model gives to the request that it sends
  bool gave_up = false;  ///< there were too many ways to try
  ClientEdges edges{};   ///< where it is accepted: what its clients did upon which answer
};

/// The scenario's faults are those that the recording has, however many. `served`: services whose requests
/// are recorded; what clients ask of others passes in silence.
TraceFit accept_trace(Scenario scenario, const std::vector<SeenRequest>& seen,
                      const std::vector<std::string>& served);

}  // namespace lockstorm::scenarios
