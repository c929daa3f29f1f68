// `lockstorm bench`: runs the benchmarks that were built beside the command, and says what became slower.
#include <fmt/format.h>

#include <algorithm>
#include <boost/process.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "reports/bench/bench_report.hpp"
#include "reports/ci/json_report.hpp"
#include "scenarios/data/input_file.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;
using reports::BenchRun;
using scenarios::InputError;

struct BenchArguments {
  std::string filter;
  unsigned repetitions = 9;
  std::string baseline;
  std::string against;
  std::string against_label;
  std::string history;
  std::string label = "this build";
  double threshold_percent = 5;
  std::string html_file;
};

InputError nothing_to_run(const fs::path& directory) {
  return {{directory.string(), 0, 0},
          "there are no benchmarks here",
          "programs *_bench beside the command",
          "build with -DLOCKSTORM_BENCH=ON"};
}

// A comparison of nothing finds nothing slower.
InputError nothing_in_common(const BenchArguments& options) {
  const bool is_file = !options.baseline.empty();
  return {{is_file ? options.baseline : options.against, 0, 0},
          "has no figure in common with this run: there is nothing to compare",
          is_file ? "what `lockstorm bench --json FILE` wrote of the same benchmarks"
                  : "a build with the same benchmarks",
          options.filter.empty() ? "" : "--filter may leave out what they have in common"};
}

std::expected<std::vector<fs::path>, InputError> suite_in(const fs::path& directory) {
  std::vector<fs::path> programs;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().filename().string().ends_with("_bench")) programs.push_back(entry.path());
  }
  if (error || programs.empty()) return std::unexpected(nothing_to_run(directory));
  std::ranges::sort(programs);
  return programs;
}

// One repetition of one program. What it says on standard error is the machine's state, which is not our
// business.
std::expected<void, std::string> sample(const fs::path& program, const std::string& filter, BenchRun& run) {
  namespace process = boost::process;
  std::vector<std::string> arguments{"--benchmark_format=json"};
  if (!filter.empty()) arguments.push_back("--benchmark_filter=" + filter);
  process::ipstream out;
  std::error_code error;
  process::child child(program.string(), process::args(arguments), process::std_out > out,
                       process::std_err > process::null, process::std_in < process::null, error);
  if (error) return std::unexpected(fmt::format("{} cannot be run: {}", program.string(), error.message()));
  std::ostringstream text;
  text << out.rdbuf();
  child.wait(error);
  if (error || child.exit_code() != 0)
    return std::unexpected(fmt::format("{} ended with status {}", program.string(), child.exit_code()));
  // A filter that fits nothing of a program leaves it without output.
  if (!filter.empty() && text.str().empty()) return {};
  return reports::add_samples(run, program.filename().string(), text.str());
}

struct Measured {
  BenchRun here;
  BenchRun there;  ///< of the other build, if there is one
};

// In turn, and every other time in the other order: what slows the machine for a while slows both.
std::expected<Measured, std::string> measure(const std::vector<fs::path>& here,
                                             const std::vector<fs::path>& there,
                                             const BenchArguments& options) {
  Measured measured;
  measured.here.label = options.label;
  measured.there.label = options.against_label.empty() ? options.against : options.against_label;
  Progress progress(options.repetitions * (here.size() + there.size()), "runs of benchmarks");
  const auto take = [&](const fs::path& program, BenchRun& run) {
    progress.started(program.filename().string());
    auto taken = sample(program, options.filter, run);
    progress.finished();
    return taken;
  };
  const auto of_other = [&](const fs::path& program) {
    return std::ranges::find(there, program.filename(),
                             [](const fs::path& other) { return other.filename(); });
  };
  for (unsigned repetition = 0; repetition < options.repetitions; ++repetition) {
    for (const fs::path& program : here) {
      const auto other = of_other(program);
      const bool other_first = repetition % 2 == 1;
      for (const bool first : {true, false}) {
        const bool is_other = first == other_first;
        if (is_other && other == there.end()) continue;
        auto taken = is_other ? take(*other, measured.there) : take(program, measured.here);
        if (!taken) return std::unexpected(std::move(taken).error());
      }
    }
  }
  return measured;
}

std::expected<BenchRun, InputError> read_baseline(const std::string& file) {
  const auto text = read_input_file(file, scenarios::kBenchFile);
  if (!text) return std::unexpected(text.error());
  auto run = reports::read_run(*text);
  if (!run)
    return std::unexpected(
        InputError{{file, 0, 0}, run.error(), "what `lockstorm bench --json FILE` wrote", ""});
  return *std::move(run);
}

std::expected<std::vector<BenchRun>, InputError> read_history_file(const std::string& file) {
  std::error_code ignored;
  if (file.empty() || !fs::exists(file, ignored)) return std::vector<BenchRun>{};
  const auto text = read_input_file(file, scenarios::kBenchFile);
  if (!text) return std::unexpected(text.error());
  auto runs = reports::read_history(*text);
  if (!runs)
    return std::unexpected(InputError{{file, 0, 0},
                                      runs.error(),
                                      "lines that `lockstorm bench --history FILE` wrote",
                                      "move it away to begin anew"});
  return *std::move(runs);
}

std::string history_text(const std::vector<BenchRun>& history) {
  std::string text;
  for (const BenchRun& run : history) text += reports::json_dump(reports::json_of(run), -1) + "\n";
  return text;
}

int run_bench(const BenchArguments& options, const Global& global) {
  const auto here = suite_in(fs::read_symlink("/proc/self/exe").parent_path());
  if (!here) return bad_input(here.error());
  std::expected<std::vector<fs::path>, InputError> there;
  if (!options.against.empty()) there = suite_in(options.against);
  if (!there) return bad_input(there.error());
  std::optional<BenchRun> baseline;
  if (!options.baseline.empty()) {
    auto read = read_baseline(options.baseline);
    if (!read) return bad_input(read.error());
    if (read->series.empty()) return bad_input(nothing_in_common(options));
    baseline = *std::move(read);
  }
  auto history = read_history_file(options.history);
  if (!history) return bad_input(history.error());
  if (const auto error = check_published(global, {options.html_file, options.history}, {options.baseline}))
    return bad_input(*error);

  auto measured = measure(*here, *there, options);
  if (!measured) {
    print_error(fmt::format("lockstorm: {}\n", scenarios::printable(measured.error())));
    return scenarios::kExitInternal;
  }
  if (measured->here.series.empty())
    return bad_input({{"--filter", 0, 0},
                      fmt::format("no benchmark fits '{}'", options.filter),
                      "a regular expression",
                      "a benchmark's name is shown with its program before it"});
  if (!options.against.empty()) baseline = std::move(measured->there);
  reports::BenchAnswer answer{std::move(measured->here), std::nullopt, *std::move(history)};
  if (baseline)
    answer.comparison =
        reports::compare(*baseline, answer.run, options.threshold_percent / 100, !options.against.empty());
  if (answer.comparison && answer.comparison->differences.empty())
    return bad_input(nothing_in_common(options));
  answer.history.push_back(answer.run);
  Results written(global);
  written.write(options.history, [&] { return history_text(answer.history); });
  written.write(global.json_file, [&] { return json_bench(answer); });
  written.write(global.published.markdown, [&] { return markdown_bench(answer); });
  written.write(options.html_file, [&] { return html_bench(answer); });
  return written.end(text_bench(answer, stdout_style()),
                     scenarios::exit_status(answer.comparison && answer.comparison->any_worse()
                                                ? scenarios::Verdict::violated
                                                : scenarios::Verdict::held));
}

}  // namespace

Action add_bench(CommandLine command) {
  auto options = std::make_shared<BenchArguments>();
  command.add_option("--filter", options->filter, "Only benchmarks whose name fits").type_name("REGEX");
  command
      .add_option("--repetitions", options->repetitions,
                  "Runs of each program (default 9; fewer than 7 tell little)")
      .type_name("N")
      .check(whole_number(1, 1000));
  const Declared baseline =
      command.add_option("--baseline", options->baseline, "Compare with what --json wrote to FILE earlier")
          .type_name("FILE")
          .check(must_not_be_empty);
  command
      .add_option("--against", options->against,
                  "Compare with the *_bench programs of another build in DIR, measured in turn")
      .type_name("DIR")
      .check(must_not_be_empty)
      .excludes(baseline);
  command
      .add_option("--against-label", options->against_label,
                  "What the other build is, such as a commit (default: its DIR)")
      .type_name("TEXT")
      .check(must_be_utf8);
  command
      .add_option("--history", options->history,
                  "Add this run to FILE, a line for each run, for the trend of --html")
      .type_name("FILE")
      .check(must_be_file_beside_report);
  command.add_option("--label", options->label, "What is measured, such as a commit (default: this build)")
      .type_name("TEXT")
      .check(must_be_utf8);
  command
      .add_option("--threshold", options->threshold_percent,
                  "Changes below so many percent do not count (default 5)")
      .type_name("PERCENT")
      .check(decimal_number(0, 1000));
  command.add_option("--html", options->html_file, "Write table and trend as one HTML page to FILE")
      .type_name("FILE")
      .check(must_be_file_beside_report);
  return [options](const Global& global) { return run_bench(*options, global); };
}

}  // namespace lockstorm::cli
