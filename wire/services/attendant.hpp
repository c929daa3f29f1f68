// Hands requests to a modelled server: most at once, those that wait for a change when it has come.
#pragma once

#include <memory>

#include "wire/net/exchange.hpp"
#include "wire/net/loop.hpp"
#include "wire/net/reply.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire {

class Attendant {
 public:
  /// Both outlive it.
  Attendant(Loop& loop, ModelServer& model);
  Attendant(Attendant&&) noexcept;
  Attendant& operator=(Attendant&&) noexcept;
  ~Attendant();

  void take(HttpRequest request, std::shared_ptr<Reply> reply);

 private:
  class Queue;
  std::shared_ptr<Queue> queue_;
};

}  // namespace lockstorm::wire
