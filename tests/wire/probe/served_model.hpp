// A modelled server on a thread of its own, as a probe waits for its answers.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <thread>

#include "wire/net/server.hpp"
#include "wire/probe/inquiry.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire::probe {

class ServedModel {
 public:
  using Changed = std::function<std::optional<HttpAnswer>(const HttpRequest& request)>;

  /// `instead` may answer before the model does.
  explicit ServedModel(ModelServer& model, Changed instead = {}, const Tls* tls = nullptr)
      : instead_(std::move(instead)), scheme_(tls == nullptr ? "http" : "https") {
    ServerOptions options;
    options.tls = tls;
    auto server = Server::listen(
        loop_, options, [this, &model](const HttpRequest& request, const std::shared_ptr<Reply>& reply) {
          methods_[request.method] += 1;
          auto other = instead_ ? instead_(request) : std::nullopt;
          reply->answer(other ? *std::move(other) : model.handle(request));
        });
    port_ = server->port();
    thread_ = std::jthread([this, server = std::move(*server)](const std::stop_token& stop) mutable {
      loop_.run_until([&] { return stop.stop_requested(); }, std::chrono::minutes(5));
    });
  }
  ~ServedModel() {
    thread_.request_stop();
    thread_.join();
  }
  ServedModel(const ServedModel&) = delete;
  ServedModel& operator=(const ServedModel&) = delete;

  [[nodiscard]] std::string url() const { return scheme_ + "://localhost:" + std::to_string(port_); }
  [[nodiscard]] Reach reach() const {
    Reach reach;
    reach.server = parse_url(url()).value();
    reach.own_name = "lockstorm-probe-1";
    reach.races = 1;
    reach.racers = 8;
    return reach;
  }

 private:
  Loop loop_;
  Changed instead_;
  std::string scheme_;
  std::map<std::string, unsigned> methods_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

/// Whether the promise that says this was kept; nothing: there is none.
inline std::optional<bool> kept(const Findings& findings, std::string_view what) {
  for (const Promise& promise : findings.promises) {
    if (promise.what.find(what) != std::string::npos) return promise.is_kept;
  }
  return std::nullopt;
}

}  // namespace lockstorm::wire::probe
