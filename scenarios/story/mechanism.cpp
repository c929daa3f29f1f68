#include "scenarios/story/mechanism.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>

#include "models/terraform/command.hpp"
#include "scenarios/story/step_words.hpp"

namespace lockstorm::scenarios {
namespace {

using How = EndFault::How;

constexpr std::string_view kState = "state";
constexpr std::string_view kLock = "lock";
constexpr std::string_view kResource = "resource";

struct Wrong {
  std::string_view object;
  std::string_view how;
};

Wrong wrong(How how) {
  switch (how) {
    case How::unreadable:
      return {kState, "cannot be read"};
    case How::mixed:
      return {kState, "is acted on as a mixture of two versions"};
    case How::vanished:
      return {kState, "was never stored, and the command ended with success"};
    case How::saved_behind:
      return {kState, "is saved where it has been migrated away from"};
    case How::unrecorded:
      return {kResource, "is recorded nowhere"};
    case How::not_cleared:
      return {kLock, "cannot be removed with the documented command"};
    case How::waits:
      return {kLock, "is waited for, and never comes"};
    case How::shown_itself:
      return {kLock, "is its own, and refuses it"};
    case How::refused_elsewhere:
      return {kLock, "is that of another state, and refuses it"};
    case How::gave_up_on_conflict:
      return {kLock, "is free, and the wait for it has ended at a conflict"};
    case How::gave_up:
      return {kLock, "is free, and the wait for it has ended"};
    case How::still_named:
      return {kLock, "is still named after force-unlock has reported success"};
    case How::unlock_failed:
      return {kLock, "stays, as its command could not unlock"};
    case How::kept_on_purpose:
      return {kLock, "stays, as its command keeps it"};
    case How::no_way:
      return {kLock, "stays, as its command knows nobody to unlock with"};
    case How::unaware:
      return {kLock, "stays, and its command does not know that it has it"};
    case How::nobodys:
      return {kLock, "stays, and bears nobody's id"};
    case How::sibling_refused:
      return {kLock, "is that of another job of its pull request, and refuses it"};
    case How::directory_refused:
      return {kLock, "is that of the working directory, and refuses it"};
    case How::read_refused:
      return {kLock, "is that of the state that it reads, and refuses it"};
    case How::write_skew:
      return {kState, "and the other one are made from versions of each other that fit no order"};
  }
  return {};
}

// What somebody who is no job does: an act by hand, or else force-unlock, under that name.
std::string name_of_people(const World& world, std::size_t process_class, std::string_view force_unlock) {
  if (const World::ByHand* by_hand = world.acts_by_hand(process_class))
    return std::string(models::hand_act_name(by_hand->act));
  return world.operators == process_class ? std::string(force_unlock)
                                          : world.spec.classes[process_class].name;
}

// What the members of each process class run, each command by itself.
std::vector<std::vector<std::string>> scripts_of_classes(const World& world) {
  std::vector<std::vector<std::string>> scripts(world.spec.classes.size());
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    if (i < world.scripts.size()) {
      for (const models::Command command : world.scripts[i])
        scripts[i].emplace_back(models::command_name(command));
    }
    if (scripts[i].empty()) scripts[i].push_back(name_of_people(world, i, "force-unlock"));
  }
  return scripts;
}

// As a scenario declares it: what an agent does is that it ends a session.
std::string kind_of_intervention(const World& world, std::size_t process_class) {
  const std::string kind = name_of_people(world, process_class, "operator");
  return kind == "agent" ? "session_losses" : kind;
}

}  // namespace

unsigned Mechanism::adverse_events() const {
  return std::accumulate(adversity.begin(), adversity.end(), 0U,
                         [](unsigned sum, const auto& kind) { return sum + kind.second; });
}

EventNames::EventNames(const World& world, sim::ValuePool& values)
    : world_(world), values_(values), end_faults_(world.end_faults), scripts_(scripts_of_classes(world)) {}

sim::EventId EventNames::number(ViolatingEvent event) {
  const auto [position, is_new] = numbers_.try_emplace(event, static_cast<sim::EventId>(events_.size()));
  if (is_new) events_.push_back(std::move(event));
  return position->second;
}

// Which of its commands it was is not known of a process that is no more.
std::string EventNames::whole(std::size_t process_class) const {
  return fmt::format("{}", fmt::join(scripts_[process_class], ", then "));
}

sim::EventId EventNames::of_step(const sim::ViolatingStep& step) {
  const auto known = steps_.find(step);
  if (known != steps_.end()) return known->second;
  ViolatingEvent event;
  const std::vector<std::string>& script = scripts_[step.process_class];
  const std::size_t command = checkers::command_of(step.flags);
  event.command = step.is_over || command >= script.size() ? whole(step.process_class) : script[command];
  if (step.request == 0) {
    event.operation = event_name(step.kind);
  } else {
    constexpr sim::Slot kAnybody = 0;  // names of processes are no part of an event
    const sim::AnyService& service = *world_.spec.services[step.service];
    event.service = service.name();
    event.operation = service.operation(values_, step.request);
    event.object = service.about(values_, kAnybody, step.request).object;
    if (step.response != 0)
      event.answer = service.told(values_, kAnybody, step.request, step.response).status;
  }
  return steps_.emplace(step, number(std::move(event))).first->second;
}

std::vector<sim::EventId> EventNames::of_end(const sim::EndState& end, checkers::Property property) {
  std::vector<sim::EventId> ids;
  const std::vector<std::uint8_t> classes = world_.spec.class_of_slot();
  if (!end_faults_) return {number({{}, {}, {}, {}, {}, "the end is wrong"})};
  for (const EndFault& fault : end_faults_(values_, end)) {
    if (fault.property != property) continue;
    const Wrong what = wrong(fault.how);
    const std::string command = fault.whose ? whole(classes[*fault.whose]) : "";
    ids.push_back(number({command, {}, {}, std::string(what.object), {}, std::string(what.how)}));
  }
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

sim::EventId EventNames::of_hang() {
  return number({{}, {}, {}, std::string(kLock), {}, "from there on somebody waits for ever"});
}

SpentEvents EventNames::adversity(const sim::Spent& spent) const {
  SpentEvents adversity;
  const auto add = [&](std::string_view kind, unsigned number) {
    if (number > 0) adversity.emplace_back(kind, number);
  };
  const sim::WorldSpec& spec = world_.spec;
  const sim::SpentPlaces places(spec);
  for (std::size_t i = 0; i < sim::kFaultKinds; ++i) add(sim::kFaultNames[i], spent[places.fault(i)]);
  for (std::size_t i = 0; i < spec.classes.size(); ++i)
    add(kind_of_intervention(world_, i), spent[places.intervention(i)]);
  for (std::size_t i = 0; i < spec.services.size(); ++i)
    add(spec.services[i]->counted_event(), spent[places.counted(i)]);
  return adversity;
}

}  // namespace lockstorm::scenarios
