// How a mutant differs from the protocol it was made of: in what its client does, in what its requests say,
// or in what the server makes of them.
#pragma once

#include <cassert>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "models/backends/forwarding_backend.hpp"
#include "scenarios/world/world.hpp"
#include "sim/service.hpp"

namespace lockstorm::league {

/// Operations of the client that are other ones; those left empty are the real client's. `real` is that
/// client.
struct ClientEdit {
  using Backend = models::Backend;
  std::function<models::DoneResult(const Backend& real, sim::Process&)> open{};
  std::function<models::LockResult(const Backend& real, sim::Process&, const models::LockInfo&)> lock{};
  std::function<models::GetResult(const Backend& real, sim::Process&)> get{};
  std::function<models::DoneResult(const Backend& real, sim::Process&, const models::StateSnapshot&,
                                   const models::StateSnapshot& read)>
      put{};
  std::function<models::DoneResult(const Backend& real, sim::Process&, const models::LockId&)> unlock{};
  /// Of operators only: how the lock that was shown is removed.
  std::function<models::DoneResult(const Backend& real, sim::Process&, const models::LockId&)> evict{};
};

/// The servers of a world, for clients that send requests which the real one does not.
class Servers {
 public:
  explicit Servers(const sim::WorldSpec& spec) : spec_(spec) {}

  /// The first of that type; there has to be one.
  template <sim::Service S>
  [[nodiscard]] sim::ServiceRef<S> of() const {
    for (std::size_t i = 0; i < spec_.services.size(); ++i) {
      if (sim::model_of<S>(*spec_.services[i]) != nullptr) return {static_cast<std::uint8_t>(i)};
    }
    throw std::logic_error("the mutant asks a server that its control does not have");
  }

 private:
  const sim::WorldSpec& spec_;
};

/// What happens to requests on their way in and to answers on their way out, atomically with the effect.
template <sim::Service S>
struct ServerEdit {
  std::function<void(typename S::Value&, typename S::Request&)> before{};
  std::function<void(typename S::Value&, sim::Slot, const typename S::Request&, typename S::Response&)>
      after{};
};

template <class S>
concept HasAlternatives =
    requires(const S& service, const typename S::Value& value, const typename S::Request& request) {
      service.alternatives(value, request);
    };

/// A server that is the real one but for an edit.
template <sim::Service S>
class EditedServer : public S {
 public:
  using Value = typename S::Value;
  using Request = typename S::Request;
  using Response = typename S::Response;

  EditedServer(S real, ServerEdit<S> edit) : S(std::move(real)), edit_(std::move(edit)) {}

  [[nodiscard]] unsigned alternatives(const Value& value, const Request& request) const
    requires HasAlternatives<S>
  {
    Value before = value;
    Request arrived = request;
    if (edit_.before) edit_.before(before, arrived);
    return S::alternatives(before, arrived);
  }
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                                            unsigned alternative) const
    requires HasAlternatives<S>
  {
    return apply_edited(value, caller, request, [&](const Request& arrived) {
      return S::apply(value, caller, arrived, alternative);
    });
  }
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const
    requires(!HasAlternatives<S>)
  {
    return apply_edited(value, caller, request,
                        [&](const Request& arrived) { return S::apply(value, caller, arrived); });
  }

 private:
  template <class Apply>
  sim::Effect<Response> apply_edited(Value& value, sim::Slot caller, Request request,
                                     const Apply& real) const {
    if (edit_.before) edit_.before(value, request);
    sim::Effect<Response> effect = real(request);
    if (edit_.after) edit_.after(value, caller, request, effect.response);
    return effect;
  }

  ServerEdit<S> edit_;
};

/// Everything that a mutant changes.
struct Mutation {
  std::function<void(scenarios::Scenario&)> scenario{};
  ClientEdit client{};
  std::vector<std::function<void(sim::WorldSpec&)>> servers{};
  /// In the place of `client`, where it has to know the servers.
  std::function<ClientEdit(const Servers&)> client_of{};
  /// What operators do otherwise.
  std::function<ClientEdit(const Servers&)> operators{};

  [[nodiscard]] std::unique_ptr<scenarios::World> build(const scenarios::Scenario& scenario) const;
};

/// Another client.
inline Mutation client(ClientEdit edit) { return {.client = std::move(edit)}; }
/// Another client, which sends requests of its own.
inline Mutation client_of(std::function<ClientEdit(const Servers&)> edit) {
  return {.client_of = std::move(edit)};
}
/// Other operators.
inline Mutation operators(std::function<ClientEdit(const Servers&)> edit) {
  return {.operators = std::move(edit)};
}
/// Another scenario: a switch that the real client or store has.
inline Mutation setting(std::function<void(scenarios::Scenario&)> edit) {
  return {.scenario = std::move(edit)};
}

/// Every server of that type is changed; there has to be one.
template <sim::Service S>
std::function<void(sim::WorldSpec&)> edited(std::function<S(const S&)> promises, ServerEdit<S> edit) {
  return [promises = std::move(promises), edit = std::move(edit)](sim::WorldSpec& spec) {
    bool found = false;
    for (auto& service : spec.services) {
      const S* real = sim::model_of<S>(*service);
      if (real == nullptr) continue;
      found = true;
      service = sim::make_service(EditedServer<S>(promises ? promises(*real) : *real, edit));
    }
    assert(found && "the mutant changes a server that its control does not have");
    (void)found;
  };
}

/// Requests of one kind say something else: `edit` changes them, and may look at the server's value.
template <sim::Service S, class R>
Mutation request(std::function<void(typename S::Value&, R&)> edit) {
  ServerEdit<S> server;
  server.before = [edit = std::move(edit)](typename S::Value& value, typename S::Request& request) {
    if (R* one = std::get_if<R>(&request)) edit(value, *one);
  };
  return {.servers = {edited<S>({}, std::move(server))}};
}

/// Requests of one kind are answered otherwise, or leave something else behind.
template <sim::Service S, class R>
Mutation answer(std::function<void(typename S::Value&, sim::Slot, const R&, typename S::Response&)> edit) {
  ServerEdit<S> server;
  server.after = [edit = std::move(edit)](typename S::Value& value, sim::Slot caller,
                                          const typename S::Request& request,
                                          typename S::Response& response) {
    if (const R* one = std::get_if<R>(&request)) edit(value, caller, *one, response);
  };
  return {.servers = {edited<S>({}, std::move(server))}};
}

/// The server makes other promises.
template <sim::Service S>
Mutation server(std::function<S(const S&)> promises) {
  return {.servers = {edited<S>(std::move(promises), {})}};
}

}  // namespace lockstorm::league
