#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "checkers/properties.hpp"
#include "reports/exports/exports.hpp"
#include "reports/exports/promela_tables.hpp"
#include "reports/story/words.hpp"

namespace lockstorm::reports {
namespace {

using sim::WorldTables;

constexpr std::size_t kMostInShort = 32767;

// A comment ends where its text says so.
std::string comment(std::string text) {
  for (std::size_t at = text.find("*/"); at != std::string::npos; at = text.find("*/")) text[at] = '+';
  return text;
}

std::string_view type_for(std::size_t values) { return values > kMostInShort ? "int" : "short"; }

// Initial values are numbers in braces, one for each entry.
template <class Numbers>
void write_global(std::string& out, std::string_view type, std::string_view array, const Numbers& initial,
                  std::string_view what) {
  fmt::format_to(std::back_inserter(out), "{} {}[{}] = {{{}}}; /* {} */\n", type, array, std::size(initial),
                 fmt::join(initial, ", "), what);
}

void write_globals(std::string& out, const WorldTables& tables) {
  std::size_t most_states = 1;
  std::vector<std::size_t> services;
  for (const WorldTables::ServiceTable& service : tables.services) {
    most_states = std::max(most_states, service.holders.size());
    services.push_back(service.initial);
  }
  std::vector<unsigned> left;
  for (const std::size_t kind : declared_faults(tables)) left.push_back(tables.budget.count[kind]);
  if (left.empty()) left.push_back(0);
  write_global(out, type_for(tables.locals.size()), "at", tables.initial, "where each process is");
  write_global(out, type_for(most_states), "service", services, "the state of each service");
  write_global(out, "byte", "left", left, "how many faults of each kind may still happen");
  write_global(out, "byte", "seen", std::vector<unsigned>(tables.names.size()),
               "what monitors remember of each process");
  out += "byte clock;\n\n";
}

std::string model_text(const scenarios::Scenario& scenario, const scenarios::World& world,
                       const sim::PlainGraph& graph, const WorldTables& tables, std::string_view name,
                       const std::vector<std::string>& processes) {
  std::string out = fmt::format(
      "/* {0}: {1}.\n\n"
      "   A process is an automaton, and so is a service: their tables are in {2}.h. SPIN makes the product "
      "of\n"
      "   them, every state of it, and checks the assertions; endings are judged by a table.\n\n"
      "     spin -a {2}.pml && cc -O2 -DSAFETY -DBFS -DNOREDUCE -o pan pan.c && ./pan -c0\n\n"
      "   Without reductions Lockstorm comes to {3} states and takes {4} steps; {5} states are endings, "
      "which\n"
      "   have a step to themselves here. SPIN counts the way into the first state, too: {3} states\n"
      "   stored, {6} transitions. Whether everybody can still finish is no question for assertions. */\n\n",
      comment(scenarios::printable(scenario.name)), comment(bounds_text(scenario)), name, graph.states,
      graph.transitions, graph.ends.size(), graph.states + 1, graph.transitions + graph.ends.size() + 2);
  fmt::format_to(std::back_inserter(out), "c_decl {{\n\\#include \"{}.h\"\n}}\n\n", name);
  write_globals(out, tables);
  fmt::format_to(std::back_inserter(out), "c_code {{\n\\#define LOCKSTORM_STEPS\n\\#include \"{}.h\"\n}}\n\n",
                 name);
  out += "inline judge() {\n  assert(c_expr { KNOWN_TO_LOCKSTORM });\n";
  for (const checkers::Property property : world.checked) {
    fmt::format_to(std::back_inserter(out), "  assert(c_expr {{ {}_HOLDS }});\n", property_macro(property));
  }
  out += "}\n";
  for (std::size_t slot = 0; slot < processes.size(); ++slot) {
    fmt::format_to(std::back_inserter(out), "\nactive proctype {}() {{\nend:\n  do\n", processes[slot]);
    for (std::size_t i = 0; i < tables.most_moves(); ++i) {
      for (std::size_t way = 0; way < tables.most_ways(); ++way) {
        fmt::format_to(
            std::back_inserter(out),
            "  :: d_step {{ c_expr {{ {}_CAN_{}_{} }} -> c_code {{ go({}, {}, {}); }}; judge() }}\n",
            processes[slot], i, way, slot, i, way);
      }
    }
    out += "  od\n}\n";
  }
  if (tables.time.ticks > 0)
    out +=
        "\nactive proctype time_passes() {\nend:\n  do\n"
        "  :: d_step { c_expr { TIME_MAY_PASS } -> c_code { pass_time(); }; judge() }\n  od\n}\n";
  out +=
      "\nactive proctype it_ends() {\nend:\n  do\n"
      "  :: d_step { c_expr { NOTHING_MOVES } -> c_code { judge_ending(); }; judge() }\n  od\n}\n";
  return out;
}

}  // namespace

PromelaModel promela_model(const scenarios::Scenario& scenario, const scenarios::World& world,
                           const sim::PlainGraph& graph, const WorldTables& tables, std::string_view name) {
  std::vector<std::string> processes;
  for (const std::string& process : tables.names) processes.push_back("process_" + name_in_c(process));
  return {model_text(scenario, world, graph, tables, name, processes),
          promela_tables(tables, name, processes)};
}

}  // namespace lockstorm::reports
