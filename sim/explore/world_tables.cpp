#include "sim/explore/world_tables.hpp"

#include <algorithm>
#include <map>

namespace lockstorm::sim {
namespace {

using Number = WorldTables::Number;

Number number(std::uint32_t id) { return id == kUnknown ? WorldTables::kNone : Number{id}; }

class Writer {
 public:
  Writer(const StateTables& tables, const AnyMonitor& monitor, const PlainGraph& graph)
      : tables_(tables), spec_(tables.spec()), graph_(graph), processes_(spec_.process_count()) {
    out_.budget = spec_.budget;
    out_.time = spec_.time;
    out_.watched = monitor.watched();
  }

  WorldTables write() {
    const SpecNames names(spec_);
    for (Slot slot = 0; slot < processes_; ++slot) out_.names.push_back(names.slot_name(slot));
    const TableSizes sizes = tables_.sizes();
    for (std::size_t s = 0; s < spec_.services.size(); ++s) add_service(s, sizes.service_states[s]);
    for (LocalId id = 0; id < tables_.local_count(); ++id) add_local(id);
    for (std::uint32_t request = 0; request < tables_.request_count(); ++request) {
      for (Slot slot = 0; slot < processes_; ++slot)
        add_effects(request, slot, sizes.service_states[tables_.service_of_request(request)]);
    }
    add_ends();
    return std::move(out_);
  }

 private:
  void add_service(std::size_t s, std::size_t states) {
    WorldTables::ServiceTable service;
    service.name = std::string(spec_.services[s]->name());
    service.has_hooks = tables_.has_hooks(s);
    for (ServiceStateId state = 0; state < states; ++state) {
      service.holders.push_back(tables_.holders(s, state));
      service.ticked.push_back(number(tables_.known_tick(s, state)));
    }
    for (std::size_t hook = 0; hook < service.hooks.size(); ++hook) {
      std::vector<Number>& rows = service.hooks[hook];
      for (Slot slot = 0; slot < processes_; ++slot) {
        for (ServiceStateId state = 0; state < states; ++state)
          rows.push_back(number(tables_.known_hook(s, state, slot, static_cast<MoveInfo::Hook>(hook + 1))));
      }
      if (std::ranges::all_of(rows, [](Number next) { return next == WorldTables::kNone; })) rows.clear();
    }
    out_.services.push_back(std::move(service));
  }

  void add_local(LocalId id) {
    const LocalInfo& info = tables_.info(id);
    WorldTables::Local local{.first_move = out_.moves.size(),
                             .move_count = info.move_count,
                             .flags = info.flags,
                             .status = info.status,
                             .is_urgent = info.urgent,
                             .ticked = number(info.ticked),
                             .end = 0};
    const auto [end, is_new] = end_numbers_.try_emplace(tables_.end_of(id), end_numbers_.size());
    local.end = end->second;
    out_.locals.push_back(local);
    for (std::size_t i = 0; i < info.move_count; ++i) add_move(id, i);
  }

  void add_move(LocalId id, std::size_t i) {
    const MoveInfo& entry = tables_.move(id, i);
    WorldTables::MoveRow row{
        .type = entry.type,
        .fault = entry.move.fault,
        .service = entry.move.service,
        .hook = entry.hook,
        .is_dropped = entry.move.is_dropped(),
        .cuts = cuts_connection(entry.move.kind) && tables_.has_connections(entry.move.service),
        .delivered = entry.tags,
        .request = entry.request,
        .next = number(entry.next),
        .first_answer = out_.answers.size(),
        .answer_count = tables_.quick(tables_.info(id).first_move + static_cast<std::uint32_t>(i)).responses};
    if (entry.type == MoveInfo::Type::local) row.answer_count = 0;
    for (std::uint32_t answer = 0; answer < row.answer_count; ++answer)
      out_.answers.push_back(number(tables_.known_received(id, i, answer)));
    out_.moves.push_back(row);
  }

  void add_effects(std::uint32_t request, Slot slot, std::size_t states) {
    std::vector<Number>& of_state = out_.effect_of.emplace_back();
    for (ServiceStateId state = 0; state < states; ++state) {
      const EffectInfo* first = tables_.known_effect(request, slot, state, 0);
      if (first == nullptr) continue;
      of_state.resize(state + 1, WorldTables::kNone);
      of_state[state] = static_cast<Number>(out_.effects.size());
      for (unsigned way = 0; way < first->alternatives; ++way) {
        const EffectInfo* effect = tables_.known_effect(request, slot, state, way);
        out_.effects.push_back(effect == nullptr
                                   ? WorldTables::EffectRow{}
                                   : WorldTables::EffectRow{number(effect->next), effect->response_row,
                                                            effect->tags, effect->alternatives});
      }
    }
  }

  void add_ends() {
    for (const PlainGraph::End& end : graph_.ends) {
      WorldTables::EndRow row{.processes = {}, .services = {}, .violations = end.violations};
      for (const LocalId local : end.processes) row.processes.push_back(out_.locals[local].end);
      row.services.assign(end.services.begin(), end.services.end());
      out_.ends.push_back(std::move(row));
    }
    std::ranges::sort(out_.ends);
    const auto same = std::ranges::unique(out_.ends);
    out_.ends.erase(same.begin(), same.end());
  }

  const StateTables& tables_;
  const WorldSpec& spec_;
  const PlainGraph& graph_;
  std::size_t processes_;
  std::map<EndState::Process, std::size_t> end_numbers_;
  WorldTables out_;
};

}  // namespace

std::size_t WorldTables::most_moves() const {
  std::size_t most = 0;
  for (const Local& local : locals) most = std::max(most, local.move_count);
  return most;
}

std::size_t WorldTables::most_ways() const {
  std::size_t most = 1;
  for (const EffectRow& effect : effects) most = std::max<std::size_t>(most, effect.ways);
  return most;
}

WorldTables world_tables(StateTables& tables, const AnyMonitor& monitor, const PlainGraph& graph) {
  WorldTables out = Writer(tables, monitor, graph).write();
  const std::vector<std::uint8_t> classes = tables.spec().class_of_slot();
  for (const std::uint8_t process_class : classes) out.initial.push_back(tables.initial_local(process_class));
  for (std::size_t s = 0; s < out.services.size(); ++s) out.services[s].initial = tables.initial_service(s);
  return out;
}

}  // namespace lockstorm::sim
