// A real store where the model would stand: what requests are called is asked of the model, what becomes of
// them is the store's affair.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "wire/net/client.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire::confirm {

struct RealStore {
  Url server{};
  /// What it holds below the names of this run, read from itself, as ModelServer::holds has it.
  std::function<nlohmann::ordered_json(Loop&)> look{};
  /// Takes away what is there.
  std::function<void(Loop&)> clear{};
  /// Nobody can ask it who has a lock: the model's record of what was answered stands in for that.
  bool hides_locks = false;
};

/// Requests go on as they came, Host field and signatures included. It is cleared when it is destroyed.
std::unique_ptr<ModelServer> real_store(RealStore store, std::unique_ptr<ModelServer> model);

}  // namespace lockstorm::wire::confirm
