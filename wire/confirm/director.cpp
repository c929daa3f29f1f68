#include "wire/confirm/director.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "models/services/facts.hpp"
#include "wire/confirm/last_words.hpp"

namespace lockstorm::wire::confirm {
namespace {

using sim::MoveKind;
using Kind = StepEvidence::Kind;

// Longer than the 20 s after which a running apply saves in between (2.6.9).
constexpr std::chrono::milliseconds kPersistInterval{20'600};
// Until a process has come as far as it can: to its next request.
constexpr std::chrono::milliseconds kSettles{3'000};
// Two signals that come at once are one to the kernel (confirm.md 7).
constexpr std::chrono::milliseconds kBetweenSignals{50};

// What a goroutine that watches its lock sends, and what only the job itself asks for.
constexpr std::string_view kWatches = "watch .lock";
constexpr std::string_view kState = "state";

bool is_of_provider(const ScriptStep& step) { return step.service == kProvider; }

std::string name_of(const Held& held) {
  if (!held.name) return fmt::format("{} {} ({})", held.request.method, held.request.path, held.name.error());
  return fmt::format("{} {}", held.name->operation, held.name->object);
}

std::string exit_text(int status) {
  return status < 0 ? fmt::format("signal {}", -status) : fmt::format("status {}", status);
}

}  // namespace

Director::Director(Loop& loop, Gate& gate, const Script& script, std::vector<Player*> players,
                   std::set<std::string> services, std::function<std::string()> lock_id,
                   DirectorOptions options)
    : loop_(loop),
      gate_(gate),
      script_(script),
      players_(std::move(players)),
      services_(std::move(services)),
      lock_id_(std::move(lock_id)),
      options_(options),
      actors_(script.actors.size()) {
  for (std::size_t i = 0; i < actors_.size(); ++i) actors_[i].acts = !script.actors[i].is_operator;
}

Direction Director::run() {
  gate_.set_free(false);
  for (const ScriptStep& step : script_.steps) {
    if (!take(step)) break;
    if (step.begins_to_act) actors_[step.actor].acts = true;
  }
  return direction_;
}

bool Director::note(const ScriptStep& step, Kind kind, std::string real) {
  direction_.steps.push_back({step.number, kind, std::move(real)});
  return kind != Kind::differs;
}

bool Director::differ(const ScriptStep& step, Outcome outcome, std::string sentence) {
  direction_.outcome = outcome;
  direction_.difference = sentence;
  return note(step, Kind::differs, std::move(sentence));
}

bool Director::take(const ScriptStep& step) {
  if (step.is_time) return note(step, Kind::off_wire);
  return step.service.empty() ? take_process_step(step) : take_call(step);
}

bool Director::take_process_step(const ScriptStep& step) {
  ActorState& actor = actors_[step.actor];
  ToolProcess* const process = player(step).process();
  switch (step.kind) {
    case MoveKind::crash:
    case MoveKind::crash_lost:
      settle(step.actor);
      if (process == nullptr) return note(step, Kind::forced, "never started");
      if (step.kind == MoveKind::crash_lost) {
        for (Held& held : gate_.all())
          if (held.actor == step.actor && !held.has_effect) lost_.insert(&held);
      }
      process->signal_group(SIGKILL);
      falls_silent(step.actor);
      return note(step, Kind::forced, "SIGKILL");
    case MoveKind::pause:
    case MoveKind::resume: {
      settle(step.actor);
      if (process == nullptr) return note(step, Kind::off_wire, "not started yet");
      const bool stops = step.kind == MoveKind::pause;
      process->signal_group(stops ? SIGSTOP : SIGCONT);
      if (stops) falls_silent(step.actor);
      actor.is_frozen = stops;
      return note(step, Kind::forced, stops ? "SIGSTOP" : "SIGCONT");
    }
    case MoveKind::signal:
      if (process == nullptr) return note(step, Kind::off_wire, "not started yet");
      process->signal(SIGINT);
      loop_.run_until([] { return false; }, kBetweenSignals);
      return note(step, Kind::forced, "SIGINT");
    default:
      return note(step, Kind::off_wire);
  }
}

void Director::falls_silent(std::size_t actor) {
  for (const Held& held : gate_.all()) {
    const bool is_of_lock = held.actor == actor && held.name && !held.name->lock_id.empty();
    if (is_of_lock) held.upstream->falls_silent(held.name->lock_id);
  }
}

bool Director::is_on_wire(const ScriptStep& step) const {
  if (is_of_provider(step)) return step.operation == "CreateResource" || step.operation == "UpdateResource";
  return services_.contains(step.service);
}

bool Director::take_call(const ScriptStep& step) {
  if (!actors_[step.actor].acts || (evict_ && script_.actors[step.actor].is_operator))
    return take_by_hand(step);
  if (!is_on_wire(step)) return note(step, Kind::off_wire);
  if (step.kind == MoveKind::send) return take_send(step);
  const auto found = sent_.find(step.sent);
  if (found == sent_.end()) return note(step, Kind::by_hand);  // sent before an operator began to act
  if (found->second == nullptr) return note(step, Kind::not_sent);
  Held& held = *found->second;
  const bool goes_on = take_message(step, held);
  if (sim::cuts_connection(step.kind)) Gate::lose_session(held);
  return goes_on;
}

bool Director::take_by_hand(const ScriptStep& step) {
  if (step.kind != MoveKind::effect || !services_.contains(step.service)) return note(step, Kind::by_hand);
  if (!actors_[step.actor].acts) {
    seen_lock_ = lock_id_();
    return note(step, Kind::by_hand, seen_lock_);
  }
  if (step.changes) evict_(seen_lock_);
  return note(step, Kind::by_hand, step.changes ? "session " + seen_lock_ + " is ended" : "");
}

bool Director::take_message(const ScriptStep& step, Held& held) {
  switch (step.kind) {
    case MoveKind::effect:
    case MoveKind::effect_lost_response:
    case MoveKind::effect_duplicated:
    case MoveKind::effect_refused:
    case MoveKind::stray_effect:
      return take_effect(step, held);
    case MoveKind::refuse:
    case MoveKind::throttle:
      held.answer = held.upstream->refuse(
          held.request, step.kind == MoveKind::refuse ? sim::Refusal::server_error : sim::Refusal::throttled);
      return note(step, Kind::forced, held.answered() + ", made up");
    case MoveKind::lose_request:
      lost_.insert(&held);
      return note(step, Kind::forced, "kept for ever");
    case MoveKind::give_up:
      return note(step, Kind::forced, "kept");
    case MoveKind::deliver:
      return take_answer(step, held);
    default:
      return note(step, Kind::off_wire);
  }
}

bool Director::start(const ScriptStep& step) {
  Player& actor = player(step);
  if (script_.actors[step.actor].is_operator) {
    if (actors_[step.actor].unlocks) return true;
    if (seen_lock_.empty())
      return differ(step, Outcome::not_reproduced, "There is no lock to unlock by force.");
    actors_[step.actor].unlocks = true;
    const auto started = actor.start({"force-unlock", "-force", seen_lock_});
    return started || differ(step, Outcome::different, started.error());
  }
  if (!actor.is_idle()) return true;
  const auto started = actor.start_next();
  if (!started) return differ(step, Outcome::different, started.error());
  return true;
}

bool Director::take_send(const ScriptStep& step) {
  if (!start(step)) return false;
  end_work(step);
  const auto before = direction_.steps.size();
  Held* const held = request_of(step);
  const bool is_over = direction_.steps.size() != before;  // request_of has said why
  sent_[step.number] = held;
  if (is_over) return direction_.steps.back().kind != Kind::differs;
  return note(step, Kind::forced, name_of(*held));
}

bool Director::fits(const ScriptStep& step, const Held& held) const {
  if (held.service() != step.service || !held.name) return false;
  return is_of_provider(step) || (held.name->operation == step.operation && held.name->object == step.object);
}

const ScriptStep* Director::next_step(const ScriptStep& after) const {
  const auto found = std::ranges::find_if(script_.steps, [&](const ScriptStep& step) {
    return step.number > after.number && step.actor == after.actor && !step.is_time;
  });
  return found == script_.steps.end() ? nullptr : &*found;
}

const ScriptStep* Director::next_send(const ScriptStep& after) const {
  const auto found = std::ranges::find_if(script_.steps, [&](const ScriptStep& step) {
    return step.number > after.number && step.actor == after.actor && !step.is_time &&
           step.kind == MoveKind::send && !step.service.empty() && is_on_wire(step);
  });
  return found == script_.steps.end() ? nullptr : &*found;
}

bool Director::changes_something(const ScriptStep& send) const {
  return std::ranges::any_of(script_.steps, [&](const ScriptStep& step) {
    return step.sent == send.number && step.kind != MoveKind::send && step.changes;
  });
}

// Goroutines of one client do not wait for each other: what one of the next steps sends may come first, and
// is held until its turn comes.
bool Director::is_early(const ScriptStep& step, const Held& held) const {
  constexpr unsigned kAhead = 4;
  // A read that does not come may as well be left out (request_of).
  if (!held.name || !held.name->changes || !changes_something(step)) return false;
  unsigned ahead = 0;
  for (const ScriptStep* later = next_send(step); later != nullptr; later = next_send(*later), ++ahead) {
    if (fits(*later, held)) return ahead < kAhead;
  }
  return true;  // it is of what comes after the counterexample
}

// Of those, reads that wait for a change are in nobody's way.
std::vector<Held*> Director::impatient(std::size_t actor) {
  std::vector<Held*> waiting = gate_.waiting(actor);
  std::erase_if(waiting, [](const Held* held) { return held->patient_until.has_value(); });
  return waiting;
}

Held* Director::request_of(const ScriptStep& step) {
  const auto takes_its_turn = [&] {
    const std::vector<Held*> waiting = gate_.waiting(step.actor);
    return std::ranges::any_of(waiting, [&](const Held* held) {
      return fits(step, *held) || (!held->patient_until && !is_early(step, *held));
    });
  };
  Player& actor = player(step);
  // One for all: a client may read again and again while it waits for something.
  const auto end = std::chrono::steady_clock::now() + options_.longest_wait;
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    bool has_ended = false;
    const bool came = loop_.run_until(
        [&] {
          gate_.answer_patient();
          has_ended = actor.is_idle();
          return takes_its_turn() || has_ended;
        },
        left);
    const std::vector<Held*> waiting = gate_.waiting(step.actor);
    for (Held* const held : waiting) {
      if (!fits(step, *held)) continue;
      held->is_claimed = true;
      return held;
    }
    std::vector<Held*> others = impatient(step.actor);
    std::erase_if(others, [&](const Held* held) { return is_early(step, *held); });
    if (came && !others.empty()) {
      const ScriptStep* const next = next_send(step);
      if (next != nullptr && fits(*next, *others.front()) && !changes_something(step)) {
        note(step, Kind::not_sent, fmt::format("sends {} next", name_of(*others.front())));
        return nullptr;
      }
      if (!let_pass(step, *others.front())) return nullptr;
      continue;
    }
    if (has_ended && !takes_its_turn()) {
      // One of its commands is over; the request may be the next one's.
      const auto goes_on = actor.start_next();
      if (!goes_on) {
        differ(step, Outcome::different, goes_on.error());
        return nullptr;
      }
      if (*goes_on) continue;
      const ToolRun& last = actor.runs().back();
      differ(step, Outcome::different,
             fmt::format("{} sends no {} {}: `{}` has ended with {}: {}", actor.role().name, step.operation,
                         step.object, last.command, exit_text(last.status.value_or(0)),
                         last_words(last.printed)));
      return nullptr;
    }
    const auto early = std::ranges::find_if(waiting, [&](const Held* held) { return is_early(step, *held); });
    if (!came && early != waiting.end()) {
      differ(step, Outcome::different, instead_of(step, **early));
      return nullptr;
    }
    if (!came) {
      differ(step, Outcome::different,
             fmt::format("{} sends no {} {} within {} s", actor.role().name, step.operation, step.object,
                         options_.longest_wait.count() / 1000));
      return nullptr;
    }
  }
}

std::string Director::instead_of(const ScriptStep& step, const Held& held) {
  return fmt::format("{} sends {} instead of {} {}", player(step).role().name, name_of(held), step.operation,
                     step.object);
}

bool Director::let_pass(const ScriptStep& step, Held& held) {
  const std::string what = fmt::format("{}: {}", player(step).role().name, name_of(held));
  if (!held.name || held.name->changes) return differ(step, Outcome::different, instead_of(step, held));
  // Go's transport sends a read again by itself when a connection that it has used before ends (confirm.md 2,
  // D3): what was lost is lost once more.
  const Held* const dropped = actors_[step.actor].dropped;
  if (dropped != nullptr && dropped->request.method == held.request.method &&
      dropped->request.target == held.request.target) {
    actors_[step.actor].dropped = nullptr;
    held.is_claimed = true;
    Gate::drop(held, options_.drop);
    direction_.extra.push_back(what + ", sent again by the HTTP library");
    return true;
  }
  direction_.extra.push_back(what);
  Gate::pass(held);
  return true;
}

bool Director::take_effect(const ScriptStep& step, Held& held) {
  if (held.has_effect) {  // a copy of it; the first answer stays the one that its client gets
    const HttpAnswer again = held.upstream->handle(held.request, step.alternative);
    return note(step, Kind::forced, fmt::format("{}", again.status));
  }
  Gate::take_effect(held, step.alternative);
  if (!compare(step, held)) return false;
  std::string real = held.answered();
  if (held.name->state) real += fmt::format(", serial {}", held.name->state->serial);
  if (step.kind == MoveKind::effect_refused) {
    held.answer = held.upstream->refuse(held.request, sim::Refusal::server_error);
    real += fmt::format(", then {}, made up", held.answered());
  }
  return note(step, Kind::forced, std::move(real));
}

bool Director::compare(const ScriptStep& step, const Held& held) {
  if (is_of_provider(step) || step.kind == MoveKind::effect_refused) return true;
  const bool agrees = models::means_the_same(step.told.status, step.told.is_refusal, held.name->changes,
                                             held.upstream->model_status(held.request, *held.answer));
  // A reason that the model has and nobody is told comes after these words.
  const std::string words = held.upstream->model_words(held.request, *held.answer);
  const bool is_said = step.told.status.empty() || step.told.status.starts_with(words);
  if (!agrees || !is_said)
    return differ(step, Outcome::not_reproduced,
                  fmt::format("{} answers {} to {}, not {}", step.service, held.answered(), name_of(held),
                              step.told.status));
  const auto brought = held.upstream->brings(held.request, *held.answer);
  if (step.told.serial == 0 || !brought) return true;
  const std::int64_t ahead = static_cast<std::int64_t>(brought->serial) - step.told.serial;
  if (!serials_ahead_) serials_ahead_ = ahead;
  if (*serials_ahead_ == ahead) return true;
  return differ(step, Outcome::not_reproduced,
                fmt::format("{} shows serial {}, not {}", name_of(held), brought->serial,
                            *serials_ahead_ + step.told.serial));
}

Drop Director::drop_at(const ScriptStep& step) const {
  const ScriptStep* const next = next_step(step);
  if (next == nullptr || next->kind != MoveKind::choose ||
      next->choice != models::Choice::connection_is_closed)
    return options_.drop;
  return next->second_way ? Drop::close : Drop::reset;
}

// Whether the goroutine that watches the lock sends the next requests, and more than a look.
bool Director::monitor_acts_next(const ScriptStep& answered) const {
  const ScriptStep* const look = next_send(answered);
  if (look == nullptr || look->operation != kWatches) return false;
  const ScriptStep* const act = next_send(*look);
  return act != nullptr && act->object != kState;
}

// Its work ends before the job itself uses the store again.
void Director::end_work(const ScriptStep& send) {
  ActorState& actor = actors_[send.actor];
  if (actor.working == nullptr || (!is_of_provider(send) && send.object != kState)) return;
  Gate::answer(*std::exchange(actor.working, nullptr));
}

bool Director::take_answer(const ScriptStep& step, Held& held) {
  // The model lets a monitor act just before the next use of the client, which stands for any time since the
  // last one. A real one has to act before the use begins, since that has the client's mutex: the work that
  // lies between takes as long.
  if (is_of_provider(step) && monitor_acts_next(step)) {
    actors_[step.actor].working = &held;
    return note(step, Kind::forced, "answered when the lock's monitor has acted");
  }
  if (step.told.status.empty()) {
    const Drop how = drop_at(step);
    Gate::drop(held, how);
    actors_[step.actor].dropped = &held;
    return note(step, Kind::forced, how == Drop::close ? "connection closed" : "connection reset");
  }
  const ScriptStep* const next = next_step(step);
  const bool waits = next != nullptr && next->kind == MoveKind::choose && next->second_way &&
                     next->choice == models::Choice::persist_interval;
  if (waits) loop_.run_until([] { return false; }, kPersistInterval);
  Gate::answer(held);
  return note(step, Kind::forced, waits ? "answered 20 s later" : "answered");
}

// Lets it come to its next request: what it does before that passes no gate.
void Director::settle(std::size_t actor) {
  Player& player = *players_[actor];
  const bool waits_for_answer = std::ranges::any_of(
      gate_.all(), [&](const Held& held) { return held.actor == actor && held.is_claimed && !held.is_over; });
  if (waits_for_answer || player.process() == nullptr || actors_[actor].is_frozen) return;
  loop_.run_until([&] { return !impatient(actor).empty() || player.is_idle(); }, kSettles);
}

bool Director::let_go(std::chrono::milliseconds longest) {
  for (std::size_t i = 0; i < players_.size(); ++i) {
    if (actors_[i].is_frozen) players_[i]->process()->signal_group(SIGCONT);
  }
  for (Held& held : gate_.all()) {
    if (held.is_over || !held.is_claimed) continue;
    if (lost_.contains(&held)) {
      Gate::drop(held, options_.drop);
    } else {
      if (!held.answer) Gate::take_effect(held);
      Gate::answer(held);
    }
  }
  gate_.set_free(true);
  const bool all_ended = loop_.run_until(
      [&] {
        gate_.answer_patient();
        return std::ranges::all_of(players_, [](Player* one) { return one->is_idle(); });
      },
      longest);
  for (Player* const one : players_) {
    if (!one->is_idle()) one->process()->signal_group(SIGKILL);
  }
  if (!all_ended)
    loop_.run_until([&] { return std::ranges::all_of(players_, [](Player* one) { return one->is_idle(); }); },
                    kSettles);
  return all_ended;
}

}  // namespace lockstorm::wire::confirm
