#include "cli/exports.hpp"

#include <fmt/format.h>

#include <cctype>
#include <filesystem>
#include <set>

#include "cli/output_file.hpp"
#include "cli/usage.hpp"
#include "reports/exports/exports.hpp"
#include "scenarios/world/world.hpp"
#include "sim/limits.hpp"

namespace lockstorm::cli {
namespace fs = std::filesystem;

namespace {

// What a state takes, at the most: its key twice while the set grows, its place in the index, and its steps.
constexpr std::size_t kBytesOfAState = 96;
constexpr std::size_t kBytesOfItsSteps = 8 * sizeof(sim::PlainGraph::Step);

std::string file_name_of(const std::string& scenario) {
  std::string name;
  for (const char c : scenario) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  return name.empty() ? "scenario" : name;
}

// Different scenarios may come to the same name.
std::string unused_name(const std::string& scenario, std::set<std::string>& used) {
  std::string name = file_name_of(scenario);
  for (unsigned number = 2; !used.insert(name).second; ++number)
    name = fmt::format("{}-{}", file_name_of(scenario), number);
  return name;
}

scenarios::InputError too_large(const std::string& scenario, const std::string& why) {
  return {{scenario, 0, 0},
          "cannot be exported: " + why,
          "a world that can be explored without reductions",
          "--memory 16G, or fewer clients or faults"};
}

class Exporter {
 public:
  Exporter(const ExportArguments& options, const Global& global)
      : options_(options), is_graph_(options.format == "aut") {
    graph_.keep_steps = is_graph_;
    graph_.max_states = global.memory_bytes / (kBytesOfAState + (is_graph_ ? kBytesOfItsSteps : 0));
  }

  void add(const scenarios::Scenario& scenario) {
    try {
      write(scenario);
    } catch (const sim::LimitExceeded& error) {
      note(too_large(scenario.name, error.what()));
    } catch (const std::bad_alloc&) {
      note(too_large(scenario.name, "the system gives no more memory"));
    }
  }

  Exported take() { return std::move(exported_); }

 private:
  void write(const scenarios::Scenario& scenario) {
    const auto world = scenarios::build_world(scenario);
    sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
    const sim::PlainGraph graph = plain_graph(tables, world->monitors, world->end_check, graph_);
    if (!graph.complete) return note(too_large(scenario.name, "it has more states than there is memory for"));
    const std::string name = unused_name(scenario.name, used_);
    std::string files = write(name, is_graph_ ? ".aut" : ".pml", [&] {
      if (is_graph_) return reports::aldebaran_graph(*world, tables, graph);
      reports::PromelaModel model =
          reports::promela_model(scenario, *world, graph, world_tables(tables, world->monitors, graph), name);
      tables_text_ = std::move(model.tables);
      return std::move(model.model);
    });
    if (!is_graph_) files += " and " + write(name, ".h", [&] { return std::move(tables_text_); });
    exported_.told +=
        fmt::format("\nExported: {}: {} states, {} transitions and {} endings, without reductions\n", files,
                    graph.states, graph.transitions, graph.ends.size());
  }

  template <class Text>
  std::string write(const std::string& name, std::string_view extension, const Text& text) {
    const std::string file = (fs::path(options_.directory) / (name + std::string(extension))).string();
    if (const auto failed = write_output_file(file, std::function<std::string()>(text))) note(*failed);
    return scenarios::printable(file);
  }

  void note(scenarios::InputError error) {
    if (!exported_.failed) exported_.failed = std::move(error);
  }

  const ExportArguments& options_;
  bool is_graph_;
  sim::PlainGraphOptions graph_;
  std::set<std::string> used_;
  std::string tables_text_;
  Exported exported_;
};

}  // namespace

void add_export_options(CommandLine command, ExportArguments& options) {
  command
      .add_option("--export", options.format,
                  "Write each world for another model checker: promela (SPIN), aut (CADP, mCRL2)")
      .type_name("FORMAT")
      .one_of({"promela", "aut"});
  command.add_option("--export-dir", options.directory, "Where --export writes its files (default: here)")
      .type_name("DIR")
      .check(must_be_file_name);
}

std::optional<scenarios::InputError> make_export_directory(const ExportArguments& options) {
  if (options.format.empty()) return std::nullopt;
  std::error_code error;
  fs::create_directories(options.directory, error);
  if (error)
    return scenarios::InputError{{options.directory, 0, 0},
                                 "cannot be made: " + error.message(),
                                 "a directory for what is exported",
                                 ""};
  return check_output_files({(fs::path(options.directory) / "some.pml").string()});
}

Exported write_exports(const ExportArguments& options, std::span<const scenarios::Scenario> found,
                       const Global& global) {
  if (options.format.empty()) return {};
  Exporter exporter(options, global);
  for (const scenarios::Scenario& scenario : found) exporter.add(scenario);
  return exporter.take();
}

}  // namespace lockstorm::cli
