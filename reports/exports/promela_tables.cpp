#include "reports/exports/promela_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

#include "checkers/monitors.hpp"
#include "checkers/tags.hpp"
#include "reports/exports/promela_steps.hpp"

namespace lockstorm::reports {
namespace {

using sim::WorldTables;

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

}  // namespace

std::string name_in_c(std::string_view text, bool upper) {
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

std::vector<std::size_t> declared_faults(const WorldTables& tables) {
  std::vector<std::size_t> declared;
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (tables.budget.count[kind] > 0) declared.push_back(kind);
  }
  return declared;
}

std::string promela_tables(const WorldTables& tables, std::string_view name,
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

}  // namespace lockstorm::reports
