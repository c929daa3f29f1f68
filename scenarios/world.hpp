// A scenario made runnable: the world both engines simulate, and what is checked in it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "checkers/monitors.hpp"
#include "models/backends/backend.hpp"
#include "scenarios/scenario.hpp"
#include "sim/end_state.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::scenarios {

/// Which servers the fleets of a mixed scenario have in common: those of the same name at the same place.
class ServicePlaces {
 public:
  static constexpr std::uint8_t kNoFleet = 31;
  struct Place {
    std::uint8_t site = 0;             ///< 1: where a migration goes to
    bool keeps_lock = false;           ///< as the fleets so far configure it
    std::uint32_t locking_fleets = 0;  ///< bit k: fleet k locks here
  };

  /// What is placed next belongs to this fleet.
  void enter(std::uint8_t site, std::uint8_t fleet);
  /// The service's number: a new one, or that of an earlier fleet's.
  std::uint8_t place(sim::WorldSpec& spec, std::shared_ptr<const sim::AnyService> service);
  /// The service is one of those that a migration goes to.
  [[nodiscard]] bool is_destination(std::size_t service) const {
    return service < places_.size() && places_[service].site == 1;
  }
  /// In the order of the spec's services.
  [[nodiscard]] const std::vector<Place>& all() const { return places_; }

 private:
  static constexpr std::uint8_t kEverywhere = 0xFF;

  std::vector<Place> places_;
  std::map<std::string, unsigned> placed_;  ///< how many of each name this fleet has
  std::uint8_t site_ = 0;
  std::uint8_t fleet_ = 0;
};

/// Everything a run needs; the spec's process bodies refer to the other members, so worlds are not copied.
struct World {
  sim::WorldSpec spec;
  std::shared_ptr<const models::Backend> backend;  ///< the first fleet's, which operators use
  /// Every different view of the stored state, the first fleet's first.
  std::vector<std::shared_ptr<const models::Backend>> backends;
  ServicePlaces places;
  std::vector<std::shared_ptr<const void>> owned;  ///< whatever else bodies refer to
  sim::EndCheck end_check;                         ///< copy it before use: it remembers what it has seen
  checkers::Monitors monitors;
  checkers::PropertySet applicable = 0;  ///< properties that mean something here
  checkers::PropertySet checked = 0;     ///< applicable and asked for
};

/// Puts something between clients and the backend they use, to watch them.
using BackendWrap =
    std::function<std::shared_ptr<const models::Backend>(std::shared_ptr<const models::Backend>)>;

/// Builds the world of a scenario.
std::unique_ptr<World> build_world(const Scenario& scenario, const BackendWrap& wrap = {});

/// What makes the world of a scenario where it is not `build_world`: somebody's own protocol in its place.
using WorldBuilder = std::function<std::unique_ptr<World>(const Scenario&)>;

}  // namespace lockstorm::scenarios
