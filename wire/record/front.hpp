// What stands before a served model on request: misfortunes, and a recording of everything.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sim/service.hpp"
#include "wire/net/server.hpp"
#include "wire/record/misfortunes.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire {

struct Front {
  std::string service;
  std::string actor{};                            ///< whose requests these are, for the recording
  std::shared_ptr<Misfortunes> misfortunes;       ///< null: none happen
  std::function<void(const std::string&)> write;  ///< a line of the recording; null: nobody records
  std::function<HttpAnswer(const HttpRequest&, sim::Refusal)> refuse;
  /// How many requests there have been: of all that are recorded together.
  std::shared_ptr<std::uint64_t> requests = std::make_shared<std::uint64_t>(0);
  /// What the models call a request; null: nobody asks.
  std::function<std::expected<RequestName, std::string>(const HttpRequest&)> name{};
  /// ModelServer::model_status; null: nobody asks.
  std::function<unsigned(const HttpRequest&, const HttpAnswer&)> model_status{};
};

/// What the model says of requests: their names, its refusals, its own statuses. It outlives the front.
void ask_the_model(Front& front, const ModelServer& model);

/// The handler with that before it. The loop outlives it.
Handler behind(Loop& loop, Front front, Handler inner);

}  // namespace lockstorm::wire
