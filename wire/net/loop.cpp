#include "wire/net/loop.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#ifdef __GLIBC__
#include <nss.h>
#include <sys/auxv.h>
#endif

namespace lockstorm::wire {
namespace {

// Processes end without an event of the network.
constexpr std::chrono::milliseconds kLook{5};

void wait_for_signal(boost::asio::signal_set& signals, std::function<void(int)> call) {
  signals.async_wait([&signals, call = std::move(call)](boost::system::error_code error, int number) mutable {
    if (error) return;
    call(number);
    wait_for_signal(signals, std::move(call));
  });
}

// Names of hosts, where the C library is linked in (no loader has a base address then): what
// /etc/nsswitch.conf asks for beyond these two would be loaded from the system, whose C library may be
// another one.
void look_up_without_plugins() {
#ifdef __GLIBC__
  if (getauxval(AT_BASE) == 0) __nss_configure_lookup("hosts", "files dns");
#endif
}

}  // namespace

Loop::Loop() : context_(std::make_unique<boost::asio::io_context>(1)) { look_up_without_plugins(); }
Loop::~Loop() = default;

void Loop::run_until_signal() {
  boost::asio::signal_set signals(*context_, SIGINT, SIGTERM);
  signals.async_wait([this](boost::system::error_code error, int) {
    if (!error) context_->stop();
  });
  context_->restart();
  context_->run();
}

bool Loop::run_until(const std::function<bool()>& done, std::chrono::milliseconds longest) {
  // Without it a loop that waits for nothing of the network returns at once, again and again.
  const auto waits = boost::asio::make_work_guard(*context_);
  const auto end = std::chrono::steady_clock::now() + longest;
  while (!done()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    context_->restart();
    context_->run_one_for(kLook);
  }
  return true;
}

void Loop::on_signals(std::function<void(int)> call) {
  signals_ = std::make_shared<boost::asio::signal_set>(*context_, SIGINT, SIGTERM, SIGHUP);
  wait_for_signal(*signals_, std::move(call));
}

void Loop::after(std::chrono::milliseconds time, std::function<void()> call) {
  auto timer = std::make_shared<boost::asio::steady_timer>(*context_, time);
  timer->async_wait([timer, call = std::move(call)](boost::system::error_code error) {
    if (!error) call();
  });
}

boost::asio::ssl::context& Loop::trusted() {
  if (!trusted_) {
    trusted_ = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
    boost::system::error_code ignored;  // without authorities nobody is trusted, which every answer says
    trusted_->set_default_verify_paths(ignored);
  }
  return *trusted_;
}

std::expected<void, std::string> Loop::trust(const std::string& authority) {
  boost::system::error_code error;
  trusted().add_certificate_authority(boost::asio::buffer(authority), error);
  if (error) return std::unexpected("is no certificate of an authority: " + error.message());
  return {};
}

}  // namespace lockstorm::wire
