#include "wire/services/attendant.hpp"

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <utility>

namespace lockstorm::wire {
namespace {

using Clock = std::chrono::steady_clock;

// Servers with clocks change without a request.
constexpr std::chrono::milliseconds kLookAgain{50};

}  // namespace

class Attendant::Queue : public std::enable_shared_from_this<Queue> {
 public:
  Queue(Loop& loop, ModelServer& model) : model_(model), timer_(loop.context()) {}

  void take(HttpRequest request, std::shared_ptr<Reply> reply) {
    const auto wait = model_.waits(request);
    if (wait > std::chrono::milliseconds::zero()) {
      waiting_.push_back({std::move(request), std::move(reply), Clock::now() + wait});
      return wait_for_a_change();
    }
    reply->answer(model_.handle(request));
    answer_those_who_waited();
  }

  void stop() {
    waiting_.clear();
    timer_.cancel();
  }

 private:
  struct Waiting {
    HttpRequest request;
    std::shared_ptr<Reply> reply;
    Clock::time_point longest;
  };

  // What one of them changes may be what another waits for.
  void answer_those_who_waited() {
    for (auto one = waiting_.begin(); one != waiting_.end();) {
      const bool is_over = Clock::now() >= one->longest;
      if (!is_over && model_.waits(one->request) > std::chrono::milliseconds::zero()) {
        ++one;
        continue;
      }
      const Waiting ready = std::move(*one);
      waiting_.erase(one);
      ready.reply->answer(model_.handle(ready.request));
      one = waiting_.begin();
    }
  }

  void wait_for_a_change() {
    if (std::exchange(looks_again_, true)) return;
    timer_.expires_after(kLookAgain);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      self->looks_again_ = false;
      if (error) return;
      self->answer_those_who_waited();
      if (!self->waiting_.empty()) self->wait_for_a_change();
    });
  }

  ModelServer& model_;
  boost::asio::steady_timer timer_;
  std::list<Waiting> waiting_;
  bool looks_again_ = false;
};

Attendant::Attendant(Loop& loop, ModelServer& model) : queue_(std::make_shared<Queue>(loop, model)) {}
Attendant::Attendant(Attendant&&) noexcept = default;
Attendant& Attendant::operator=(Attendant&& other) noexcept {
  std::swap(queue_, other.queue_);
  return *this;
}
Attendant::~Attendant() {
  if (queue_) queue_->stop();
}

void Attendant::take(HttpRequest request, std::shared_ptr<Reply> reply) {
  queue_->take(std::move(request), std::move(reply));
}

}  // namespace lockstorm::wire
