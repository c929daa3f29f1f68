// Waits for whatever happens on the network, on one thread.
#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
class any_io_executor;
template <class Executor>
class basic_signal_set;
using signal_set = basic_signal_set<any_io_executor>;
namespace ssl {
class context;
}
}  // namespace boost::asio

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

  /// From now on SIGINT, SIGTERM and SIGHUP are for `call`, while the loop runs.
  void on_signals(std::function<void(int number)> call);

  /// Calls it once, a while later.
  void after(std::chrono::milliseconds time, std::function<void()> call);

  boost::asio::io_context& context() { return *context_; }

  /// What servers are trusted by: the authorities of the machine (and of SSL_CERT_FILE and SSL_CERT_DIR, as
  /// OpenSSL has them), read when it is asked for first.
  boost::asio::ssl::context& trusted();
  /// Also whoever this authority has signed: PEM. Or why it is none, a clause.
  std::expected<void, std::string> trust(const std::string& authority);

 private:
  std::unique_ptr<boost::asio::io_context> context_;
  std::unique_ptr<boost::asio::ssl::context> trusted_;
  std::shared_ptr<boost::asio::signal_set> signals_;
};

}  // namespace lockstorm::wire
