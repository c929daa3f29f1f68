// A scenario made runnable: the world both engines simulate, and what is checked in it.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checkers/monitors.hpp"
#include "models/terraform/backend.hpp"
#include "scenarios/data/scenario.hpp"
#include "sim/end_state.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::scenarios {

/// Which servers the fleets of a mixed scenario have in common: those of the same name at the same place.
class ServicePlaces {
 public:
  struct Place {
    std::uint8_t site = 0;             ///< 1: where a migration goes to, or the second state
    std::uint8_t lock_table = 0;       ///< of tables of locks: which, where a state has several
    bool keeps_lock = false;           ///< as the fleets so far configure it
    std::uint32_t locking_fleets = 0;  ///< bit k: fleet k locks here, and that lock is the one that counts
    std::uint32_t asking_fleets = 0;   ///< bit k: fleet k locks here
    /// Clients that lock, but not with this of the place's services.
    sim::SlotSet lock_elsewhere_here = 0;
  };

  /// What is placed next belongs to this fleet. `counts`: its lock there is the one that says whether it
  /// holds the lock.
  void enter(std::uint8_t site, std::uint8_t fleet, bool counts);
  /// The service's number: a new one, or that of an earlier fleet's.
  std::uint8_t place(sim::WorldSpec& spec, std::shared_ptr<const sim::AnyService> service,
                     std::uint8_t lock_table = 0);
  /// The service is one of those that a migration goes to, or of the second state's.
  [[nodiscard]] bool is_destination(std::size_t service) const {
    return service < places_.size() && places_[service].site == 1;
  }
  /// From here on what the jobs of the second state create is something of its own: a world with two states.
  void have_two_states() { two_states_ = true; }
  [[nodiscard]] bool has_two_states() const { return two_states_; }
  /// Some migration goes to another place than it comes from, or there is a second state.
  [[nodiscard]] bool has_destination() const {
    return std::ranges::any_of(places_, [](const Place& place) { return place.site == 1; });
  }
  /// In the order of the spec's services.
  [[nodiscard]] const std::vector<Place>& all() const { return places_; }
  [[nodiscard]] std::vector<Place>& all() { return places_; }

  static constexpr std::uint8_t kSites = 2;

 private:
  static constexpr std::uint8_t kEverywhere = 0xFF;

  std::vector<Place> places_;
  std::map<std::string, unsigned> placed_;  ///< how many of each name this fleet has
  std::uint8_t site_ = 0;
  std::uint8_t fleet_ = 0;
  bool counts_ = true;
  bool two_states_ = false;
};

/// Who frees the lock that a killed job has left, from the easiest on.
enum class Recovery : std::uint8_t {
  nobody,  ///< no such lock was ever left
  time,    ///< it is free after a time
  person,  ///< somebody has to run the documented command, with the id that is shown
  no_way,  ///< neither helps
};

/// Thread-safe; what is noted in any order is the same in the end.
struct EndFacts {
  std::atomic<std::uint8_t> recovery{0};  ///< the hardest Recovery so far

  void note(Recovery hard) {
    std::uint8_t known = recovery.load();
    const auto one = static_cast<std::uint8_t>(hard);
    while (known < one && !recovery.compare_exchange_weak(known, one)) {
    }
  }
};

/// One thing that is wrong with a world that has come to its end.
struct EndFault {
  enum class How : std::uint8_t {
    unreadable,           ///< the state cannot be read
    mixed,                ///< somebody without a lock acted on parts of two versions of the state
    vanished,             ///< somebody's command ended with success and never stored what it was to save
    saved_behind,         ///< the state was saved where it had been migrated away from
    unrecorded,           ///< a resource exists that nobody records
    not_cleared,          ///< a lock is there that the documented command does not remove
    waits,                ///< somebody waits for what never comes
    shown_itself,         ///< somebody was refused its own lock
    refused_elsewhere,    ///< ... or a lock of another state
    gave_up_on_conflict,  ///< somebody who was to wait has stopped at a conflict, and the lock is free
    gave_up,              ///< somebody who was to wait has stopped, and the lock is free
    still_named,          ///< force-unlock reported success, and the record still names the id
    unlock_failed,        ///< a lock stays, and its command was told that it could not unlock
    kept_on_purpose,      ///< ... and its command meant to keep it
    no_way,               ///< ... and its command knows nobody to unlock with
    unaware,              ///< ... and its command does not know that it has one
    nobodys,              ///< ... and it bears nobody's id
    write_skew,           ///< two states are made from versions of each other that fit no order
    sibling_refused,      ///< somebody was refused by the lock of another job of its pull request
    directory_refused,    ///< ... by the lock of a working directory that jobs have in common
    read_refused,         ///< ... by the lock of the state that it reads
  };
  checkers::Property property{};
  How how = How::unreadable;
  std::optional<sim::Slot> whose{};  ///< whose command it is about, if it is about one
};

/// All that is wrong with a world that has come to its end.
using EndFaults = std::function<std::vector<EndFault>(sim::ValuePool&, const sim::EndState&)>;

/// Everything a run needs; the spec's process bodies refer to the other members, so worlds are not copied.
struct World {
  sim::WorldSpec spec;
  std::shared_ptr<const models::Backend> backend;  ///< the first fleet's, which operators use
  /// Every different view of the stored state, the first fleet's first.
  std::vector<std::shared_ptr<const models::Backend>> backends;
  /// Of the first fleet whose block has a lock: whose messages name one. Null: none has.
  std::shared_ptr<const models::Backend> locking_backend;
  ServicePlaces places;
  std::shared_ptr<const models::Backend> operators_backend;  ///< another one than the jobs'; null: theirs
  std::vector<std::shared_ptr<const void>> owned;            ///< whatever else bodies refer to
  sim::EndCheck end_check;  ///< copy it before use: it remembers what it has seen
  EndFaults end_faults;     ///< what end_check judges by; copy it, too
  /// What end checks have come across that is no violation; filled while they run.
  std::shared_ptr<EndFacts> end_facts = std::make_shared<EndFacts>();
  sim::MonitorOf<checkers::Monitors> monitors;
  checkers::PropertySet applicable;  ///< properties that mean something here
  checkers::PropertySet checked;     ///< applicable and asked for
  /// Properties of which endings have a say: where bounded time cuts an ending off, it is not known.
  checkers::PropertySet judged_at_endings;
  /// [process class]: what its members run and mark (models/terraform/milestone.hpp). None: they say nothing
  /// of how they fare, and nobody asks whether they succeed.
  std::vector<std::vector<models::Command>> scripts;
  std::optional<std::size_t> operators;  ///< who runs force-unlock: their process class
  /// Process classes of those who act by hand, and what each does.
  struct ByHand {
    std::size_t process_class = 0;
    models::HandAct act = models::HandAct::delete_lock;
  };
  std::vector<ByHand> by_hand;
  /// Nobody can work before somebody has interfered: the lock of an earlier job stands in the way.
  bool needs_people = false;

  [[nodiscard]] const ByHand* acts_by_hand(std::size_t process_class) const {
    const auto found = std::ranges::find(by_hand, process_class, &ByHand::process_class);
    return found == by_hand.end() ? nullptr : &*found;
  }
};

/// Puts something between clients and the backend they use, to watch them.
using BackendWrap =
    std::function<std::shared_ptr<const models::Backend>(std::shared_ptr<const models::Backend>)>;

/// Builds the world of a scenario.
std::unique_ptr<World> build_world(const Scenario& scenario, const BackendWrap& wrap = {});

/// The same world for runs in virtual time, where waits and applies last as long as they last: no clock ends
/// them.
std::unique_ptr<World> build_timed_world(const Scenario& scenario);

/// What makes the world of a scenario where it is not `build_world`: somebody's own protocol in its place.
using WorldBuilder = std::function<std::unique_ptr<World>(const Scenario&)>;

/// `build_world` without anything in between.
inline std::unique_ptr<World> plain_world(const Scenario& scenario) { return build_world(scenario); }

}  // namespace lockstorm::scenarios
