// View abstraction (Abdulla, Haziza, Holik, VMCAI 2013) of worlds of equal processes: what one process and
// the services can look like, however many other processes there are.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sim/explore/state_tables.hpp"
#include "sim/monitor.hpp"

namespace lockstorm::sim {

/// One process and the services, the others forgotten but for their names: it is process 0, and whoever else
/// is named is 1, 2, ... in one order of several, the same for all views that differ in names only.
struct View {
  std::vector<ServiceStateId> services;
  std::vector<std::uint8_t> left;  ///< how many faults of each kind may still happen
  LocalId local = 0;
  std::uint8_t others = 0;  ///< how many others are named
  friend auto operator<=>(const View&, const View&) = default;
};

/// A step of a view's process, names as in the view.
struct ViewStep {
  View after;  ///< not renamed: process 0 is who has taken the step
  std::uint16_t move = 0;
  std::uint8_t way = 0;
  bool is_seen = false;       ///< it changes the services or what is left
  bool enters = false;        ///< it takes the watched flag
  Violations violations = 0;  ///< that it is by itself, whoever else is there
};

/// How a view was come to first.
struct ViewOrigin {
  std::uint32_t view = 0;   ///< that was there before; its own number: every process is at its start
  std::uint32_t actor = 0;  ///< whose step it was, as a view of the same services; `view`: its own step
  std::uint32_t step = 0;   ///< of the actor
};

/// Two processes that may be there together as far as views can tell, and one of which can take a step that
/// violates something.
struct CoarsePair {
  std::uint32_t actor = 0;
  std::uint32_t step = 0;
  std::uint32_t other = 0;  ///< the actor's own number: it violates by itself
  Violations violations = 0;
};

/// A thing with names in it, as what it is apart from them and which names stand where. Two things are equal
/// when they have the same number and some order of places that makes no difference makes their names equal.
struct Shape {
  std::uint32_t number = 0;
  std::vector<std::uint8_t> names;  ///< [place]
  friend bool operator==(const Shape&, const Shape&) = default;
};

struct ViewSearchOptions {
  std::size_t max_views = 400'000;
  std::size_t max_meetings = 4'000'000;  ///< ways in which two processes can be there together
  unsigned max_others = 4;               ///< names of others in one view
  std::uint16_t exclusive_flag = 0;      ///< that two live processes must not have at once
  Violations exclusive_property = 0;     ///< what is violated then
  Violations wanted = 0;                 ///< once views allow all of these violations, it is over
};

struct ViewSearchResult {
  bool complete = false;  ///< the views are closed under all steps of two processes
  std::string why_incomplete;
  std::vector<View> views;
  std::vector<std::vector<ViewStep>> steps;  ///< [view]
  std::vector<ViewOrigin> origins;           ///< [view]
  Violations violated = 0;                   ///< by what views allow; it need not happen
  std::vector<CoarsePair> coarse;            ///< per property the first
};

/// The smallest set of views that has the first state and is closed: whatever a process can do whose view is
/// in it, to itself and to any other process whose view is in it and has the same services. Every state that
/// any number of processes can come to is made of views of the set, as long as names are only names: the step
/// of a process does not depend on which slot it or anybody else has. `tables` are of a world with one class
/// of at least `2 * max_others + 4` processes, free time, and nobody else.
class ViewSearch {
 public:
  ViewSearch(StateTables& tables, const AnyMonitor& monitor, const ViewSearchOptions& options);
  ViewSearchResult run();

  /// The view of the same process with the names that views of the result have. Throws LimitExceeded where it
  /// names too many.
  View canonical(const View& raw);
  /// The same of a process that has another slot.
  View canonical(const View& raw, Slot slot);

  // ---- for certificates, after the search ----
  Shape services_of(const View& view);
  Shape process_of(const View& view);
  /// [number]: orders of the places that make no difference, the one that changes nothing among them.
  [[nodiscard]] const std::vector<std::vector<Shape>>& orders_of_services() const { return service_orders_; }
  [[nodiscard]] const std::vector<std::vector<Shape>>& orders_of_processes() const { return process_orders_; }
  [[nodiscard]] bool is_exclusive(LocalId local) const;

 private:
  using Names = std::uint32_t;  ///< bit i: slot i
  struct Least {
    View form;
    std::vector<std::uint8_t> order;  ///< whose name is the first one, the second one, ...
    std::vector<Shape> same;          ///< orders of the form's names in which it is the same
  };
  using ServicesKey = std::pair<std::vector<ServiceStateId>, std::vector<std::uint8_t>>;

  std::uint32_t number_of(const View& view, const ViewOrigin& origin);
  Least least(const View& raw, Names names, unsigned first, bool wants_same);
  View renamed(const View& view, const SlotPermutation& map);
  Names names_of(const View& view);
  Names names_of_service(std::size_t service, ServiceStateId state);
  Names names_of_services(const View& view);
  Names names_of_local(LocalId local);
  [[nodiscard]] Names named_by(const std::function<bool(Slot, Slot)>& changes) const;
  std::vector<ViewStep> steps_of(const View& view);
  void check_renaming(const View& view, const std::vector<ViewStep>& steps);
  /// Two views whose processes may be there together.
  struct Pair {
    std::uint32_t actor = 0;
    std::uint32_t other = 0;
    View acting;
    View watching;
    Names shared_acting = 0;  ///< names that stand in the services
    Names shared_watching = 0;
  };
  void meet(std::uint32_t actor, std::uint32_t other);
  void place(const Pair& pair, SlotPermutation& map, Names used, unsigned next);
  void act(const Pair& pair, const SlotPermutation& map);
  void note(const CoarsePair& pair);

  StateTables& tables_;
  const AnyMonitor& monitor_;
  ViewSearchOptions options_;
  Slot slots_;
  ViewSearchResult result_;
  std::vector<Names> shared_;  ///< [view]: names that stand in its services
  std::size_t meetings_ = 0;
  std::map<View, std::uint32_t> numbers_;
  std::map<View, View> canonical_;
  std::map<ServicesKey, std::vector<std::uint32_t>> same_services_;  ///< by their own canonical form
  std::vector<std::map<ServiceStateId, Names>> service_names_;
  std::map<LocalId, Names> local_names_;
  std::map<ServicesKey, std::uint32_t> service_numbers_;
  std::map<LocalId, std::uint32_t> process_numbers_;
  std::vector<std::vector<Shape>> service_orders_;
  std::vector<std::vector<Shape>> process_orders_;
};

}  // namespace lockstorm::sim
