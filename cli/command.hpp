// What all commands share: global options, and the form of a command.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "cli/command_line.hpp"
#include "reports/format/style.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::cli {

/// Results in the forms of continuous integration; empty: not asked for, "-": standard output.
struct PublishedFiles {
  std::string junit;
  std::string sarif;
  std::string markdown;
  std::string perfetto;
  std::string badge;

  [[nodiscard]] bool on_stdout() const {
    return junit == "-" || sarif == "-" || markdown == "-" || perfetto == "-" || badge == "-";
  }
};

/// Options that every command takes.
struct Global {
  std::string json_file;  ///< empty: none; "-": standard output
  std::uint64_t seed = 1;
  unsigned jobs = 0;  ///< threads; 0: one for each processor
  std::size_t memory_bytes = std::size_t{4} << 30U;
  PublishedFiles published;

  [[nodiscard]] unsigned threads() const;
  /// Whether standard output is taken by a report for machines.
  [[nodiscard]] bool stdout_is_taken() const { return json_file == "-" || published.on_stdout(); }
};

/// A command, ready to run once its options are parsed; returns the exit status.
using Action = std::function<int(const Global&)>;

/// Each adds its options to the application and says what to do when it is chosen.
Action add_audit(CommandLine command);
Action add_compare(CommandLine command);
Action add_pipeline(CommandLine command);
Action add_advise(CommandLine command);
Action add_matrix(CommandLine command);
Action add_verify(CommandLine command);
Action add_explore(CommandLine command);
Action add_hunt(CommandLine command);
Action add_campaign(CommandLine command);
Action add_merge(CommandLine command);
Action add_judge(CommandLine command);
Action add_bench(CommandLine command);
Action add_simulate(CommandLine command);
Action add_contend(CommandLine command);
Action add_replay(CommandLine command);
Action add_serve(CommandLine command);
Action add_confirm(CommandLine command);
Action add_probe(CommandLine command);
Action add_record(CommandLine command);
Action add_accept(CommandLine command);
Action add_list(CommandLine command);
Action add_certify(CommandLine command);
Action add_describe(CommandLine command);
Action add_manual(CommandLine command);
Action add_completions(CommandLine command);

/// Prints on standard error, behind what was printed on standard output. Where that fails there is nobody to
/// tell, and the work goes on.
void print_error(std::string_view text);

/// Prints the error on standard error; returns the exit status for bad input.
int bad_input(const scenarios::InputError& error);

/// How text goes to standard output: coloured on a terminal unless NO_COLOR is set.
reports::Style stdout_style();

/// Standard output does not take what is printed: a full disk, for example.
struct CannotPrint {
  scenarios::InputError error;
};

/// Prints on standard output, to its end; throws CannotPrint, which ends the command.
void print_whole(const std::string& text);

}  // namespace lockstorm::cli
