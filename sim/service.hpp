// A modelled server: a value and a pure transition function; and its type-erased form the engines use.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/call_facts.hpp"
#include "sim/value.hpp"

namespace lockstorm::sim {

/// Facts about one effect that monitors read; bits are given meaning by `checkers/`.
using Tags = std::uint16_t;

/// Outcome of one request taking effect at a service.
template <class Response>
struct Effect {
  Response response{};
  Tags tags = 0;
};

/// A server as a pure state machine over flat values:
/// - `Value`: the whole state of the server; process names in it are absolute
/// - `Request`: a variant of operations, `Response`: a flat struct
/// - `initial()`: the state a world starts with
/// - `apply(value, caller, request)`: the atomic effect, from the documented behaviour of the server
/// Optional members: `alternatives(value, request)` with `apply(value, caller, request, alternative)` for
/// servers that may answer in several ways (eventually consistent reads; alternative 0 is the up-to-date
/// one), `refuse(request, kind)`, `process_ended(value, slot)`, `process_started(value, slot)`,
/// `process_paused(value, slot, paused)`,
/// `connection_lost(value, slot)` for servers that each client talks to over one connection,
/// `tick(value)`, `settled(value)`, `holders(value)`, `events_spent(value)` with
/// `static constexpr std::string_view kCountedEvent`, `route(request, alternative)`, the static
/// `operation(request)`, `about(request)`, `told(request, response)` and
/// `ran_out(before, request, alternative, after)` for whoever compares or tells runs, `normalise()` of a
/// value that has sets, and `static constexpr bool kIsLocal = true` for system calls.
template <class S>
concept Service =
    Internable<typename S::Value> && Internable<typename S::Request> && Internable<typename S::Response> &&
    requires(const S& service, typename S::Value& value, const typename S::Request& request, Slot caller) {
      { service.initial() } -> std::same_as<typename S::Value>;
      { S::kName } -> std::convertible_to<std::string_view>;
    };

/// How a server may refuse without doing, or after doing, what it was asked (backend-protocols.md 4, (d) and
/// (e)).
enum class Refusal : std::uint8_t {
  server_error,
  throttled,
  forbidden,  ///< the caller has not, or no longer, the right to ask for that
};

/// A service behind interned ids. All member functions are pure functions of their arguments and the pool.
class AnyService {
 public:
  struct Outcome {
    ValueId value = 0;
    ValueId response = 0;
    Tags tags = 0;
  };

  virtual ~AnyService() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Calls are local and certain (system calls): no message of theirs can be lost, late or refused.
  [[nodiscard]] virtual bool is_local() const = 0;
  virtual ValueId initial(ValuePool& pool) const = 0;
  /// Number of ways the request may take effect, at least 1.
  virtual unsigned alternatives(const ValuePool& pool, ValueId value, Slot caller, ValueId request) const = 0;
  virtual Outcome apply(ValuePool& pool, ValueId value, Slot caller, ValueId request,
                        unsigned alternative) const = 0;
  /// Whether its front end ever answers 5xx or asks to slow down.
  [[nodiscard]] virtual bool can_refuse() const = 0;
  /// The answer a refusing front end gives; only when `can_refuse()`.
  virtual ValueId refusal(ValuePool& pool, ValueId request, Refusal kind) const = 0;
  /// Whether a request of somebody whose credentials have ended is refused for that. By default every one is,
  /// where there is anybody who could refuse.
  [[nodiscard]] virtual bool forbids(const ValuePool&, Slot /*caller*/, ValueId /*request*/) const {
    return can_refuse() && !is_local();
  }
  /// `apply` of a request whose sender has no credentials any more.
  Outcome apply_forbidden(ValuePool& pool, ValueId value, Slot caller, ValueId request,
                          unsigned alternative) const {
    if (!forbids(pool, caller, request)) return apply(pool, value, caller, request, alternative);
    return {value, refusal(pool, request, Refusal::forbidden), 0};
  }
  /// `alternatives` of such a request.
  [[nodiscard]] unsigned alternatives_forbidden(const ValuePool& pool, ValueId value, Slot caller,
                                                ValueId request) const {
    return forbids(pool, caller, request) ? 1 : alternatives(pool, value, caller, request);
  }
  /// What may be asked for, and what about: the API's names, one for each kind of request.
  struct Asked {
    std::string operation;
    RequestFacts about;
  };
  [[nodiscard]] virtual std::vector<Asked> requests() const = 0;
  /// State after the process in `slot` has ended (kernel locks, sessions); the same value for most servers.
  virtual ValueId process_ended(ValuePool& pool, ValueId value, Slot slot) const = 0;
  /// State after a new process was given the slot of one that had ended, in runs that use slots again; the
  /// same value for all that keep no list of those who have ended.
  virtual ValueId process_started(ValuePool&, ValueId value, Slot) const { return value; }
  /// State after the process in `slot` was paused or resumed; the same value for all but the job monitor.
  virtual ValueId process_paused(ValuePool& pool, ValueId value, Slot slot, bool paused) const = 0;
  /// State after a message between the process in `slot` and this server was lost, which on a connection
  /// means that the connection is; the same value for servers that know no connections.
  virtual ValueId connection_lost(ValuePool& pool, ValueId value, Slot slot) const = 0;
  /// Whether that ever changes anything.
  [[nodiscard]] virtual bool has_connections() const = 0;
  /// Whether the two functions before ever change anything.
  [[nodiscard]] virtual bool has_process_hooks() const = 0;
  /// State after one tick of time; the same value for servers without clocks.
  virtual ValueId tick(ValuePool& pool, ValueId value) const = 0;
  /// State after so much time that every lease has run out and every session of an ended process is closed;
  /// the same value for servers that drop nothing of their own accord.
  virtual ValueId settled(ValuePool& pool, ValueId value) const = 0;
  /// The API's name of what a request asks for, e.g. PutObject.
  [[nodiscard]] virtual std::string operation(const ValuePool& pool, ValueId request) const = 0;
  /// What a request of `caller` is about; processes are absolute.
  [[nodiscard]] virtual RequestFacts about(const ValuePool& pool, Slot caller, ValueId request) const = 0;
  /// What the answer to a request says to `caller`; processes are absolute.
  [[nodiscard]] virtual AnswerFacts told(const ValuePool& pool, Slot caller, ValueId request,
                                         ValueId response) const = 0;
  /// Where the request went, if it took effect in this of its ways.
  [[nodiscard]] virtual Route route(const ValuePool& pool, ValueId request, unsigned alternative) const = 0;
  /// What turns out, with this effect, to have run out by then; not what the request itself ends.
  [[nodiscard]] virtual RanOut ran_out(const ValuePool& pool, ValueId before, Slot caller, ValueId request,
                                       unsigned alternative, ValueId after) const = 0;
  /// Bit i: by this server's record process i holds the lock. All ones when it keeps no lock.
  [[nodiscard]] virtual SlotSet holders(const ValuePool& pool, ValueId value) const = 0;
  /// The same for whoever tells a run: without those whom a world counts as holders here because they lock
  /// elsewhere.
  [[nodiscard]] virtual SlotSet recorded_holders(const ValuePool& pool, ValueId value) const {
    return holders(pool, value);
  }
  /// How many of the adverse events that the server itself may bring about, one each of a declared number
  /// (sessions it ends, reads that are out of date), have happened by then; none for most servers.
  [[nodiscard]] virtual unsigned events_spent(const ValuePool& pool, ValueId value) const = 0;
  /// What such an event is called, as whoever declares them says it: "session_losses".
  [[nodiscard]] virtual std::string_view counted_event() const = 0;
};

namespace detail {

template <Service S>
class ServiceAdapter final : public AnyService {
 public:
  using Value = typename S::Value;
  using Request = typename S::Request;
  using Response = typename S::Response;

  explicit ServiceAdapter(S service) : service_(std::move(service)) {}

  [[nodiscard]] const S& model() const { return service_; }

  [[nodiscard]] std::string_view name() const override { return S::kName; }
  [[nodiscard]] bool is_local() const override {
    if constexpr (requires { S::kIsLocal; }) return S::kIsLocal;
    return false;
  }
  ValueId initial(ValuePool& pool) const override { return pool.intern(service_.initial()); }

  unsigned alternatives(const ValuePool& pool, ValueId value, Slot caller, ValueId request) const override {
    if constexpr (kHasAlternatives) {
      return service_.alternatives(pool.get<Value>(value), absolute_request(pool, caller, request));
    } else {
      return 1;
    }
  }

  Outcome apply(ValuePool& pool, ValueId value, Slot caller, ValueId request,
                [[maybe_unused]] unsigned alternative) const override {
    Value state = pool.get<Value>(value);
    const Request absolute = absolute_request(pool, caller, request);
    Effect<Response> effect;
    if constexpr (kHasAlternatives) {
      effect = service_.apply(state, caller, absolute, alternative);
    } else {
      assert(alternative == 0);
      effect = service_.apply(state, caller, absolute);
    }
    visit_who(effect.response, [&](Who& who) { who = who.relative(caller); });
    return {intern(pool, state), pool.intern(effect.response), effect.tags};
  }

  [[nodiscard]] bool can_refuse() const override {
    return requires(const S& service, const Request& request) {
      service.refuse(request, Refusal::throttled);
    };
  }

  ValueId refusal(ValuePool& pool, ValueId request, Refusal kind) const override {
    if constexpr (requires(const Request& r) { service_.refuse(r, kind); }) {
      return pool.intern(Response{service_.refuse(pool.get<Request>(request), kind)});
    } else {
      return 0;
    }
  }

  [[nodiscard]] std::vector<Asked> requests() const override {
    std::vector<Asked> all;
    if constexpr (requires { std::variant_size<Request>::value; }) {
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        (add_asked(Request(std::in_place_index<I>), all), ...);
      }(std::make_index_sequence<std::variant_size_v<Request>>{});
    }
    return all;
  }

  ValueId process_ended(ValuePool& pool, ValueId value, Slot slot) const override {
    if constexpr (requires(Value& v) { service_.process_ended(v, slot); })
      return changed(pool, value, [&](Value& v) { service_.process_ended(v, slot); });
    return value;
  }

  ValueId process_started(ValuePool& pool, ValueId value, Slot slot) const override {
    if constexpr (requires(Value& v) { service_.process_started(v, slot); })
      return changed(pool, value, [&](Value& v) { service_.process_started(v, slot); });
    return value;
  }

  ValueId process_paused(ValuePool& pool, ValueId value, Slot slot, bool paused) const override {
    if constexpr (requires(Value& v) { service_.process_paused(v, slot, paused); })
      return changed(pool, value, [&](Value& v) { service_.process_paused(v, slot, paused); });
    return value;
  }

  ValueId connection_lost(ValuePool& pool, ValueId value, Slot slot) const override {
    if constexpr (requires(Value& v) { service_.connection_lost(v, slot); })
      return changed(pool, value, [&](Value& v) { service_.connection_lost(v, slot); });
    return value;
  }

  [[nodiscard]] bool has_connections() const override {
    return requires(const S& service, Value& v, Slot slot) { service.connection_lost(v, slot); };
  }

  [[nodiscard]] bool has_process_hooks() const override {
    return requires(const S& service, Value& v, Slot slot) { service.process_ended(v, slot); } ||
           requires(const S& service, Value& v, Slot slot) { service.process_paused(v, slot, true); };
  }

  ValueId tick(ValuePool& pool, ValueId value) const override {
    if constexpr (requires(Value& v) { service_.tick(v); })
      return changed(pool, value, [&](Value& v) { service_.tick(v); });
    return value;
  }

  ValueId settled(ValuePool& pool, ValueId value) const override {
    if constexpr (requires(Value& v) { service_.settled(v); })
      return changed(pool, value, [&](Value& v) { service_.settled(v); });
    return value;
  }

  [[nodiscard]] std::string operation([[maybe_unused]] const ValuePool& pool,
                                      [[maybe_unused]] ValueId request) const override {
    if constexpr (requires(const Request& r) { S::operation(r); })
      return std::string(S::operation(pool.get<Request>(request)));
    return {};
  }

  [[nodiscard]] RequestFacts about([[maybe_unused]] const ValuePool& pool, [[maybe_unused]] Slot caller,
                                   [[maybe_unused]] ValueId request) const override {
    if constexpr (requires(const Request& r) { S::about(r); })
      return S::about(absolute_request(pool, caller, request));
    return {};
  }

  [[nodiscard]] AnswerFacts told([[maybe_unused]] const ValuePool& pool, [[maybe_unused]] Slot caller,
                                 [[maybe_unused]] ValueId request,
                                 [[maybe_unused]] ValueId response) const override {
    if constexpr (requires(const Request& q, const Response& r) { S::told(q, r); }) {
      Response absolute = pool.get<Response>(response);
      visit_who(absolute, [&](Who& who) { who = who.absolute(caller); });
      return S::told(pool.get<Request>(request), absolute);
    }
    return {};
  }

  [[nodiscard]] Route route([[maybe_unused]] const ValuePool& pool, [[maybe_unused]] ValueId request,
                            [[maybe_unused]] unsigned alternative) const override {
    if constexpr (requires(const Request& r) { service_.route(r, alternative); })
      return service_.route(pool.get<Request>(request), alternative);
    return {};
  }

  [[nodiscard]] RanOut ran_out([[maybe_unused]] const ValuePool& pool, [[maybe_unused]] ValueId before,
                               [[maybe_unused]] Slot caller, [[maybe_unused]] ValueId request,
                               [[maybe_unused]] unsigned alternative,
                               [[maybe_unused]] ValueId after) const override {
    if constexpr (requires(const Value& v, const Request& r) { S::ran_out(v, r, alternative, v); })
      return S::ran_out(pool.get<Value>(before), absolute_request(pool, caller, request), alternative,
                        pool.get<Value>(after));
    return {};
  }

  [[nodiscard]] SlotSet holders([[maybe_unused]] const ValuePool& pool,
                                [[maybe_unused]] ValueId value) const override {
    if constexpr (requires(const Value& v) { service_.holders(v); }) {
      return service_.holders(pool.get<Value>(value));
    } else {
      return kEverybody;
    }
  }

  [[nodiscard]] unsigned events_spent([[maybe_unused]] const ValuePool& pool,
                                      [[maybe_unused]] ValueId value) const override {
    if constexpr (requires(const Value& v) { service_.events_spent(v); }) {
      return service_.events_spent(pool.get<Value>(value));
    } else {
      return 0;
    }
  }

  [[nodiscard]] std::string_view counted_event() const override {
    if constexpr (requires { S::kCountedEvent; }) return S::kCountedEvent;
    return {};
  }

 private:
  static constexpr bool kHasAlternatives = requires(
      const S& service, const Value& value, const Request& request) { service.alternatives(value, request); };

  static void add_asked([[maybe_unused]] const Request& request, [[maybe_unused]] std::vector<Asked>& all) {
    Asked asked;
    if constexpr (requires { S::operation(request); }) asked.operation = S::operation(request);
    if constexpr (requires { S::about(request); }) asked.about = S::about(request);
    if (!asked.operation.empty()) all.push_back(std::move(asked));
  }

  // Sets in a value are sorted, so that equal states have equal bytes.
  static ValueId intern(ValuePool& pool, Value& value) {
    if constexpr (requires { value.normalise(); }) value.normalise();
    return pool.intern(value);
  }

  template <class Change>
  static ValueId changed(ValuePool& pool, ValueId value, const Change& change) {
    Value state = pool.get<Value>(value);
    change(state);
    return intern(pool, state);
  }

  static Request absolute_request(const ValuePool& pool, Slot caller, ValueId request) {
    Request absolute = pool.get<Request>(request);
    visit_who(absolute, [&](Who& who) { who = who.absolute(caller); });
    return absolute;
  }

  S service_;
};

}  // namespace detail

/// Makes a service model usable by the engines.
template <Service S>
std::shared_ptr<const AnyService> make_service(S service) {
  return std::make_shared<detail::ServiceAdapter<S>>(std::move(service));
}

/// The model behind a service, if it is of that very type; else null.
template <Service S>
const S* model_of(const AnyService& service) {
  const auto* adapter = dynamic_cast<const detail::ServiceAdapter<S>*>(&service);
  return adapter == nullptr ? nullptr : &adapter->model();
}

/// A typed handle on the service at `index` of the world; `Process::call` takes it.
template <Service S>
struct ServiceRef {
  std::uint8_t index = 0;
};

}  // namespace lockstorm::sim
