// Waits for whatever happens on the network, on one thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace lockstorm::wire {

class Loop {
 public:
  Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  /// Serves until SIGTERM or SIGINT.
  void run_until_signal();
  /// Serves until `done`, which is asked after each event and every few milliseconds. False: the time was
  /// over before.
  bool run_until(const std::function<bool()>& done, std::chrono::milliseconds longest);

  /// Calls it once, a while later.
  void after(std::chrono::milliseconds time, std::function<void()> call);

  boost::asio::io_context& context() { return *context_; }

 private:
  std::unique_ptr<boost::asio::io_context> context_;
};

}  // namespace lockstorm::wire
