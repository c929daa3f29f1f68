#include "wire/confirm/gate.hpp"

#include "wire/confirm/script.hpp"
#include "wire/net/pg_exchange.hpp"

namespace lockstorm::wire::confirm {

Upstream upstream_of(ModelServer& server) {
  return {std::string(server.service()),
          nullptr,
          "",
          [&server](const HttpRequest& request) { return server.waits(request); },
          [&server](const HttpRequest& request) { return named(server, request); },
          [&server](const HttpRequest& request, unsigned alternative) {
            server.choose(alternative);
            return server.handle(request);
          },
          [&server](const HttpRequest& request, sim::Refusal kind) { return server.refuse(request, kind); },
          [&server](const HttpRequest& request, const HttpAnswer& answer) {
            return server.model_status(request, answer);
          },
          [&server](const HttpRequest& request, const HttpAnswer& answer) {
            return server.brings(request, answer);
          },
          [&server](const HttpRequest& request, const HttpAnswer& answer) {
            return server.in_short(request, answer);
          },
          [&server](const HttpRequest& request, const HttpAnswer& answer) {
            return server.model_words(request, answer);
          },
          [&server](const std::string& lock_id) { server.falls_silent(lock_id); },
          server.sessions()};
}

Upstream provider() {
  return {std::string(kProvider),
          nullptr,
          "",
          [](const HttpRequest&) { return std::chrono::milliseconds(0); },
          [](const HttpRequest&) {
            return std::expected<RequestName, std::string>(RequestName{"provider call", "resource", "", ""});
          },
          [](const HttpRequest&, unsigned) { return HttpAnswer{}; },
          [](const HttpRequest&, sim::Refusal) { return HttpAnswer{500}; },
          [](const HttpRequest&, const HttpAnswer& answer) { return answer.status; },
          [](const HttpRequest&, const HttpAnswer&) { return std::optional<StateText>(); },
          [](const HttpRequest&, const HttpAnswer& answer) { return std::to_string(answer.status); },
          [](const HttpRequest&, const HttpAnswer&) { return std::string(); },
          [](const std::string&) {}};
}

std::expected<std::uint16_t, std::string> Gate::open(std::size_t actor, const Upstream& upstream) {
  const Upstream* const behind = &upstreams_.emplace_back(upstream);
  ServerOptions options;
  options.tls = behind->tls;
  options.sessions = behind->sessions;
  if (!behind->hosts.empty())
    options.tunnels = [behind](const std::string& host) { return host.ends_with(behind->hosts); };
  auto server = Server::listen(
      loop_, options, [this, actor, behind](HttpRequest request, std::shared_ptr<Reply> reply) {
        auto name = behind->name(request);
        Held& held =
            held_.emplace_back(Held{actor, behind, std::move(request), std::move(name), std::move(reply)});
        if (const auto wait = behind->waits(held.request); wait.count() > 0)
          held.patient_until = std::chrono::steady_clock::now() + wait;
        if ((is_free_ && !held.patient_until) || (held.name && held.name->is_rest)) pass(held);
      });
  if (!server) return std::unexpected(server.error());
  return servers_.emplace_back(*std::move(server)).port();
}

void Gate::set_free(bool is_free) {
  is_free_ = is_free;
  if (!is_free_) return;
  for (Held& held : held_) {
    if (!held.is_claimed && !held.patient_until) pass(held);
  }
}

void Gate::answer_patient() {
  for (Held& held : held_) {
    if (!held.patient_until || held.is_claimed) continue;
    const bool is_over = std::chrono::steady_clock::now() >= *held.patient_until;
    if (is_over || held.upstream->waits(held.request).count() == 0) pass(held);
  }
}

std::vector<Held*> Gate::waiting(std::size_t actor) {
  std::vector<Held*> waiting;
  for (Held& held : held_) {
    if (held.actor == actor && !held.is_claimed) waiting.push_back(&held);
  }
  return waiting;
}

void Gate::take_effect(Held& held, unsigned alternative) {
  held.answer = held.upstream->handle(held.request, alternative);
  held.has_effect = true;
  held.took_effect = std::chrono::steady_clock::now();
}

void Gate::answer(Held& held) {
  if (held.is_over || !held.answer) return;
  held.is_over = true;
  held.fate = Fate::answered;
  held.reply->answer(*held.answer);
}

void Gate::drop(Held& held, Drop how) {
  if (held.is_over) return;
  held.is_over = true;
  held.fate = how == Drop::close ? Fate::closed : Fate::reset;
  held.reply->drop(how);
}

void Gate::lose_session(const Held& held) {
  if (held.upstream->sessions == nullptr || held.is_over) return;
  if (const auto statement = statement_of(held.request)) held.upstream->sessions->lose(statement->session);
}

void Gate::pass(Held& held) {
  held.is_claimed = true;
  if (!held.has_effect) take_effect(held);
  answer(held);
}

}  // namespace lockstorm::wire::confirm
