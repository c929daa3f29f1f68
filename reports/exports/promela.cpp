#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

#include "checkers/monitors.hpp"
#include "checkers/properties.hpp"
#include "checkers/tags.hpp"
#include "reports/exports/exports.hpp"
#include "reports/exports/promela_steps.hpp"
#include "reports/story/words.hpp"

namespace lockstorm::reports {
namespace {

using sim::WorldTables;

constexpr std::size_t kMostInShort = 32767;

// An identifier in both languages.
std::string name_in_c(std::string_view text, bool upper = false) {
  std::string name;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const int letter = upper ? std::toupper(byte) : byte;
    name += std::isalnum(byte) != 0 ? static_cast<char>(letter) : '_';
  }
  return name;
}

std::string property_macro(checkers::Property property) {
  return name_in_c(checkers::property_name(property), true);
}

// A comment ends where its text says so.
std::string comment(std::string text) {
  for (std::size_t at = text.find("*/"); at != std::string::npos; at = text.find("*/")) text[at] = '+';
  return text;
}

/// Writes numbers as rows of a C array, so many on a line.
class TableText {
 public:
  explicit TableText(std::string& out) : out_(out) {}

  template <class Rows, class Row>
  void array(std::string_view type, std::string_view name, const Rows& rows, const Row& row) {
    fmt::format_to(std::back_inserter(out_), "static const {} {}[] = {{", type, name);
    std::size_t column = kWidth;
    for (const auto& one : rows) {
      const std::string text = row(one) + ",";
      column += text.size();
      out_ += column > kWidth ? "\n  " : "";
      if (column > kWidth) column = text.size();
      out_ += text;
    }
    if (std::begin(rows) == std::end(rows)) out_ += "0";  // C knows no empty arrays
    out_ += "\n};\n";
  }
  template <class Rows>
  void numbers(std::string_view name, const Rows& rows) {
    array("int", name, rows, [](const auto& number) { return fmt::format("{}", number); });
  }
  void define(std::string_view name, std::uint64_t value) {
    fmt::format_to(std::back_inserter(out_), "#define {} {}\n", name, value);
  }

 private:
  static constexpr std::size_t kWidth = 110;
  std::string& out_;
};

/// Which of the declared faults a kind is; the others have no budget.
std::vector<std::size_t> declared_faults(const WorldTables& tables) {
  std::vector<std::size_t> declared;
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (tables.budget.count[kind] > 0) declared.push_back(kind);
  }
  return declared;
}

void define_words(TableText& text, const WorldTables& tables) {
  using namespace checkers;
  text.define("PROCESSES", tables.names.size());
  text.define("SERVICES", tables.services.size());
  text.define("ENDS", tables.ends.size());
  text.define("TICKS", tables.time.ticks);
  text.define("TIME_IS_URGENT", tables.time.urgent ? 1 : 0);
  for (const PropertyInfo& info : kPropertyInfo)
    text.define(property_macro(info.property), 1U << property_number(info.property));
  const auto number = [](auto value) { return static_cast<std::uint64_t>(value); };
  text.define("ALIVE", number(sim::ProcessStatus::alive));
  text.define("PAUSED", number(sim::ProcessStatus::paused));
  text.define("DEAD", number(sim::ProcessStatus::dead));
  text.define("EFFECT", number(sim::MoveInfo::Type::effect));
  text.define("CLOCK", number(sim::MoveInfo::Type::clock));
  text.define("ENDED", number(sim::MoveInfo::Hook::ended));
  text.define("CUT", number(sim::MoveInfo::Hook::cut));
  text.define("READS_STATE", kReadsState);
  text.define("WRITES_STATE", kWritesState);
  text.define("SERIAL_WENT_BACK", kSerialWentBack);
  text.define("SAME_SERIAL_OTHER_TEXT", kSameSerialOtherText);
  text.define("TOUCHES_FOREIGN_LOCK", kTouchesForeignLock);
  text.define("CHANGES_CLOUD", kChangesCloud);
  text.define("CREATES_TWIN", kCreatesTwin);
  text.define("ROBS_LIVE_LEASE", kRobsLiveLease);
  text.define("OF_OTHER_STATE", kOfOtherState);
  text.define("DESTROYS_UNASKED", kDestroysUnasked);
  text.define("DELETES_STATE", kDeletesState);
  text.define("IN_CRITICAL_SECTION", kInCriticalSection);
  text.define("READS_TO_COMPARE", kReadsToCompare);
  text.define("HAS_ACTED", kHasActed);
  // What a process remembers of the state file; of another file, four bits further up.
  text.define("FRESH", 1);
  text.define("AUTHOR", 2);
  text.define("ACKNOWLEDGED", 4);
  text.define("LOST", 8);
}

void write_processes(std::string& out, TableText& text, const WorldTables& tables) {
  const std::vector<std::size_t> declared = declared_faults(tables);
  out += "\nstruct local { int first_move, moves, flags, status, is_urgent, ticked, end; };\n";
  text.array("struct local", "locals", tables.locals, [](const WorldTables::Local& local) {
    return fmt::format("{{{},{},{},{},{},{},{}}}", local.first_move, local.move_count, local.flags,
                       static_cast<int>(local.status), local.is_urgent ? 1 : 0, local.ticked, local.end);
  });
  out +=
      "\nstruct move { int type, fault, service, hook, is_dropped, cuts, delivered, request, next, "
      "first_answer, answers; };\n";
  text.array("struct move", "moves", tables.moves, [&](const WorldTables::MoveRow& move) {
    const auto place = std::ranges::find(declared, std::size_t{move.fault});
    const std::ptrdiff_t fault = move.fault == sim::kNoFault ? -1 : place - declared.begin();
    return fmt::format("{{{},{},{},{},{},{},{},{},{},{},{}}}", static_cast<int>(move.type), fault,
                       move.service, static_cast<int>(move.hook), move.is_dropped ? 1 : 0, move.cuts ? 1 : 0,
                       move.delivered, move.request, move.next, move.first_answer, move.answer_count);
  });
  text.numbers("answers", tables.answers);
}

void write_effects(std::string& out, TableText& text, const WorldTables& tables) {
  out += "\nstruct effect { int next, answer, tags, ways; };\n";
  text.array("struct effect", "effects", tables.effects, [](const WorldTables::EffectRow& effect) {
    return fmt::format("{{{},{},{},{}}}", effect.next, effect.answer, effect.tags, effect.ways);
  });
  std::vector<WorldTables::Number> numbers;
  out += "struct row { int first, count; }; /* by request and process: of effect_numbers, by state */\n";
  text.array("struct row", "effect_rows", tables.effect_of, [&](const std::vector<WorldTables::Number>& row) {
    const std::size_t first = numbers.size();
    numbers.insert(numbers.end(), row.begin(), row.end());
    return fmt::format("{{{},{}}}", first, row.size());
  });
  text.numbers("effect_numbers", numbers);
}

void write_services(std::string& out, TableText& text, const WorldTables& tables) {
  std::vector<std::size_t> first_state;
  std::vector<std::size_t> states;
  std::vector<int> hears;
  std::vector<std::uint64_t> holders;
  std::vector<WorldTables::Number> ticked;
  std::vector<WorldTables::Number> hook_rows;
  std::vector<WorldTables::Number> hooks;
  for (const WorldTables::ServiceTable& service : tables.services) {
    first_state.push_back(holders.size());
    states.push_back(service.holders.size());
    hears.push_back(service.has_hooks ? 1 : 0);
    const auto here = static_cast<std::uint64_t>((sim::SlotSet{1} << tables.names.size()) - 1);
    for (const sim::SlotSet who : service.holders) holders.push_back(static_cast<std::uint64_t>(who) & here);
    ticked.insert(ticked.end(), service.ticked.begin(), service.ticked.end());
    for (const auto& rows : service.hooks) {
      // Where nothing is known of a hook, nobody has come to need it, and asking for it is an error.
      hook_rows.push_back(static_cast<WorldTables::Number>(hooks.size()));
      hooks.insert(hooks.end(), rows.begin(), rows.end());
      if (rows.empty()) hooks.resize(hooks.size() + tables.names.size() * service.holders.size(), -1);
    }
  }
  out += "\n/* Of each service, and of each state of each. */\n";
  text.numbers("first_state", first_state);
  text.numbers("states_of", states);
  text.numbers("hears", hears);
  text.numbers("holders", holders);
  text.numbers("ticked", ticked);
  text.numbers("hook_rows", hook_rows);
  text.numbers("hooks", hooks);
}

void write_ends(std::string& out, TableText& text, const WorldTables& tables) {
  out += "\n/* What has become of each process, the state of each service, and what is violated. */\n";
  const auto row = [](const WorldTables::EndRow& end) {
    return fmt::format("{{{},{},{}}}", fmt::join(end.processes, ","), fmt::join(end.services, ","),
                       end.violations);
  };
  if (tables.ends.empty()) {
    out += "static const int ends[1][PROCESSES + SERVICES + 1];\n";
  } else {
    text.array("int", "ends", tables.ends, row);
    const std::size_t at = out.rfind("ends[]");
    out.replace(at, 6, "ends[ENDS][PROCESSES + SERVICES + 1]");
  }
}

std::string tables_text(const WorldTables& tables, std::string_view name,
                        const std::vector<std::string>& processes) {
  std::string out = fmt::format(
      "/* Tables of {}.pml, which includes this file twice: once for the tables, once for the steps. A "
      "number\n"
      "   of -1 is what Lockstorm never came to. */\n#ifndef LOCKSTORM_TABLES\n#define LOCKSTORM_TABLES\n",
      name);
  TableText text(out);
  define_words(text, tables);
  write_processes(out, text, tables);
  write_effects(out, text, tables);
  write_services(out, text, tables);
  write_ends(out, text, tables);
  out += "#endif\n\n#ifdef LOCKSTORM_STEPS\n#undef LOCKSTORM_STEPS\n";
  out += kPromelaSteps;
  out += "\n/* SPIN takes no calls in conditions. */\n";
  for (std::size_t slot = 0; slot < processes.size(); ++slot) {
    for (std::size_t i = 0; i < tables.most_moves(); ++i) {
      for (std::size_t way = 0; way < tables.most_ways(); ++way) {
        fmt::format_to(std::back_inserter(out), "#define {}_CAN_{}_{} (ways({}, {}) > {})\n", processes[slot],
                       i, way, slot, i, way);
      }
    }
  }
  out += "#define TIME_MAY_PASS time_may_pass()\n#define NOTHING_MOVES nothing_moves()\n";
  out += "#define KNOWN_TO_LOCKSTORM (!unknown)\n";
  for (const checkers::PropertyInfo& info : checkers::kPropertyInfo)
    fmt::format_to(std::back_inserter(out), "#define {}_HOLDS (!(violated & {}))\n",
                   property_macro(info.property), property_macro(info.property));
  return out + "#endif\n";
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
  return {model_text(scenario, world, graph, tables, name, processes), tables_text(tables, name, processes)};
}

}  // namespace lockstorm::reports
