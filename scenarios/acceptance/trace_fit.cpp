#include "scenarios/acceptance/trace_fit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/services/consul.hpp"
#include "models/services/facts.hpp"
#include "scenarios/world/world.hpp"
#include "sim/run/simulator.hpp"

namespace lockstorm::scenarios {
namespace {

using sim::MoveKind;

// Ways that are tried before it is given up, and steps that a client may take by itself between two requests.
constexpr std::size_t kMostWays = 200'000;
constexpr std::size_t kMostSilentSteps = 400;

// DynamoDB says 400 to who is to come back later.
bool is_throttled(const SeenRequest& request) { return !request.takes_effect && request.status < 429; }

// The faults that the recording shows, as often as it does.
sim::FaultBudget faults_of(const std::vector<SeenRequest>& seen) {
  sim::FaultBudget budget;
  const auto one_more = [&budget](sim::Fault fault) {
    auto& count = budget[fault];
    if (count < 200) ++count;
  };
  for (const SeenRequest& request : seen) {
    if (request.end == SeenRequest::End::lost)
      one_more(request.takes_effect ? sim::Fault::lose_response : sim::Fault::lose_request);
    if (request.end != SeenRequest::End::answered) continue;
    if (request.status >= 500) one_more(sim::Fault::server_error);
    if (request.status == 429 || request.status == 503 || is_throttled(request))
      one_more(sim::Fault::throttle);
  }
  return budget;
}

// The goroutine that watches a consul lock is no fiber of the model, whose client looks where it uses the
// lock (models/backends/consul_watch.cpp). When it looks, in reality, says nothing.
bool stands_for_a_goroutine(std::string_view service, std::string_view operation) {
  return service == models::Consul::kName && operation == "watch .lock";
}

class Acceptor {
 public:
  Acceptor(const World& world, const std::vector<SeenRequest>& seen, const std::vector<std::string>& served,
           const std::vector<std::string>& commands)
      : world_(world),
        seen_(seen),
        served_(served),
        commands_(commands),
        simulator_(world.spec, values_, world.monitors) {}

  TraceFit run() {
    // Each place to go on from: the moves that lead there, how many requests they account for, which were let
    // pass, and what was done in silence since the last request.
    std::vector<Place> open{{}};
    while (!open.empty()) {
      const Place place = std::move(open.back());
      open.pop_back();
      if (++ways_ > kMostWays) {
        best_.gave_up = true;
        break;
      }
      walk_to(place.moves);
      if (note(place)) return best_;
      std::vector<Place> next = go_on(place);
      // The first way is the calmer one: it is tried first.
      open.insert(open.end(), std::make_move_iterator(next.rbegin()), std::make_move_iterator(next.rend()));
    }
    return best_;
  }

 private:
  struct Place {
    std::vector<std::size_t> moves{};
    std::size_t accepted = 0;
    std::vector<std::size_t> extra{};
    std::size_t silent = 0;
    bool is_sent = false;  ///< the request at `accepted` has been sent, and has not come to its end
  };

  void walk_to(const std::vector<std::size_t>& moves) {
    const std::size_t common =
        static_cast<std::size_t>(std::ranges::mismatch(moves, walked_).in1 - moves.begin());
    if (common < walked_.size()) {
      simulator_.restart();
      walked_.clear();
    }
    for (std::size_t i = walked_.size(); i < moves.size(); ++i) take(moves[i]);
  }

  const sim::StepRecord& take(std::size_t move) {
    walked_.push_back(move);
    return simulator_.take(move);
  }

  // Keeps the longest prefix, and what could come after it. True: everything is accounted for.
  bool note(const Place& place) {
    if (place.accepted > best_.accepted) {
      best_.accepted = place.accepted;
      best_.extra = place.extra;
      best_.instead.clear();
      best_.refused_answer.clear();
    }
    if (place.accepted < seen_.size()) return false;
    best_.is_accepted = true;
    best_.instead.clear();
    add_client_edges(world_, values_, simulator_.records(), served_, commands_, best_.edges);
    return true;
  }

  std::vector<Place> go_on(const Place& place) {
    const SeenRequest& request = seen_[place.accepted];
    std::vector<Place> next;
    const std::vector<sim::EnabledStep> enabled = simulator_.enabled();
    bool does_something = false;
    for (std::size_t i = 0; i < enabled.size(); ++i) {
      const sim::EnabledStep& step = enabled[i];
      if (step.is_tick || step.slot != request.slot) continue;
      does_something = does_something || step.move.fault == sim::kNoFault;
      if (auto after = place.is_sent ? end_of(place, step, i) : before_send(place, step, i))
        next.push_back(*std::move(after));
    }
    if (!does_something && !place.is_sent) tell_instead(place, request.slot, "ends");
    // A read that the model does not have changes nothing for anybody.
    if (!place.is_sent && !request.changes) {
      Place without = place;
      without.extra.push_back(request.number);
      ++without.accepted;
      next.push_back(std::move(without));
    }
    return next;
  }

  [[nodiscard]] bool is_looked_at(const sim::Move& move) const {
    const sim::AnyService& service = *world_.spec.services[move.service];
    return std::ranges::find(served_, service.name()) != served_.end() &&
           !stands_for_a_goroutine(service.name(), service.operation(values_, move.argument));
  }

  [[nodiscard]] Place moved(const Place& place, std::size_t move) const {
    Place after = place;
    after.moves.push_back(move);
    return after;
  }

  // What a client does until it sends the next recorded request.
  std::optional<Place> before_send(const Place& place, const sim::EnabledStep& step, std::size_t move) {
    const bool is_call = !is_local(step.move.kind);
    if (step.move.fault != sim::kNoFault) return std::nullopt;
    if (is_call && step.move.kind == MoveKind::send && is_looked_at(step.move))
      return sends(place, step, move);
    if (place.silent >= kMostSilentSteps) return std::nullopt;
    Place after = moved(place, move);
    ++after.silent;
    return after;
  }

  static bool is_local(MoveKind kind) {
    return kind == MoveKind::wake || kind == MoveKind::deadline || kind == MoveKind::choose ||
           kind == MoveKind::work || kind == MoveKind::signal || kind == MoveKind::read_clock;
  }

  std::optional<Place> sends(const Place& place, const sim::EnabledStep& step, std::size_t move) {
    const SeenRequest& request = seen_[place.accepted];
    const sim::AnyService& service = *world_.spec.services[step.move.service];
    const std::string operation = service.operation(values_, step.move.argument);
    const sim::RequestFacts about = service.about(values_, step.slot, step.move.argument);
    if (service.name() != request.service || operation != request.operation ||
        about.object != request.object) {
      tell_instead(place, step.slot, fmt::format("{} {}", operation, about.object));
      return std::nullopt;
    }
    Place after = moved(place, move);
    after.is_sent = true;
    return after;
  }

  // The request takes effect and comes back, or gets lost, as it was recorded.
  std::optional<Place> end_of(const Place& place, const sim::EnabledStep& step, std::size_t move) {
    const SeenRequest& request = seen_[place.accepted];
    const bool is_delivered = step.move.kind == MoveKind::deliver;
    if (!is_delivered && !fits(request, step.move.kind)) return std::nullopt;
    if (is_delivered) {
      Place after = moved(place, move);
      after.is_sent = false;
      after.silent = 0;
      ++after.accepted;
      return after;
    }
    if (step.move.kind != MoveKind::effect) return moved(place, move);
    walk_to(place.moves);
    const sim::StepRecord& record = take(move);
    const sim::AnyService& service = *world_.spec.services[record.service];
    const sim::AnswerFacts told = service.told(values_, step.slot, record.request, record.response);
    if (models::means_the_same(told.status, told.is_refusal, request.changes, request.status))
      return moved(place, move);
    if (place.accepted == best_.accepted) {
      const std::string answer = fmt::format("{} instead of {}", told.status, request.status);
      if (best_.refused_answer.find(answer) == std::string::npos)
        best_.refused_answer += (best_.refused_answer.empty() ? "" : ", ") + answer;
    }
    return std::nullopt;
  }

  static bool fits(const SeenRequest& request, MoveKind kind) {
    if (request.end == SeenRequest::End::lost)
      return request.takes_effect ? kind == MoveKind::effect_lost_response
                                  : kind == MoveKind::lose_request || kind == MoveKind::give_up;
    if (!is_throttled(request) && request.status < 429) return kind == MoveKind::effect;
    return kind == MoveKind::effect || kind == MoveKind::refuse || kind == MoveKind::throttle ||
           kind == MoveKind::effect_refused;
  }

  void tell_instead(const Place& place, sim::Slot slot, std::string what) {
    if (place.accepted != best_.accepted) return;
    const bool is_known = std::ranges::any_of(
        best_.instead, [&](const WouldSend& one) { return one.slot == slot && one.what == what; });
    if (!is_known) best_.instead.push_back({slot, std::move(what)});
  }

  const World& world_;
  const std::vector<SeenRequest>& seen_;
  const std::vector<std::string>& served_;
  const std::vector<std::string>& commands_;
  sim::ValuePool values_;
  sim::Simulator simulator_;
  std::vector<std::size_t> walked_;
  std::size_t ways_ = 0;
  TraceFit best_;
};

}  // namespace

TraceFit accept_trace(Scenario scenario, const std::vector<SeenRequest>& seen,
                      const std::vector<std::string>& served) {
  scenario.faults = faults_of(seen);
  const auto world = build_world(scenario);
  return Acceptor(*world, seen, served, commands_by_slot(scenario)).run();
}

}  // namespace lockstorm::scenarios
