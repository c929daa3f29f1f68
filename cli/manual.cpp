#include "cli/manual.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <sstream>

#include "reports/format/version.hpp"

namespace lockstorm::cli {
namespace {

// A backslash starts an escape, a dash may become a hyphen, and a dot or a quote at the start of a line a
// request.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
      out += c;
    }
  }
  return out;
}

std::string bold(std::string_view text) { return fmt::format("\\fB{}\\fR", escaped(text)); }
std::string italic(std::string_view text) { return fmt::format("\\fI{}\\fR", escaped(text)); }

bool is_help(const CLI::Option& option) { return option.check_lname("help"); }

// `--json FILE`, or for what stands on its own `SCENARIO ...`.
std::string form_of(const CLI::Option& option) {
  const std::string repeated = option.get_items_expected_max() > 1 ? " ..." : "";
  if (option.get_positional()) return italic(option.get_name(true)) + repeated;
  std::string form = bold(option.get_name());
  if (option.get_items_expected_max() > 0) form += " " + italic(option.get_type_name());
  return form + repeated;
}

std::string options_of(const CLI::App& app) {
  std::string out;
  for (const CLI::Option* option : app.get_options()) {
    if (!is_help(*option))
      out += fmt::format(".TP\n{}\n{}.\n", form_of(*option), escaped(option->get_description()));
  }
  return out;
}

std::string synopsis_of(const CLI::App& command) {
  std::string out = ".B lockstorm " + escaped(command.get_name());
  bool has_options = false;
  std::string words;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional()) {
      words += " " + form_of(*option);
    } else {
      has_options |= !is_help(*option);
    }
  }
  const std::string rest = (has_options ? " [\\fIOPTIONS\\fR]" : "") + words;
  return out + (rest.empty() ? "" : "\n" + rest.substr(1)) + "\n.br\n";
}

constexpr const char* kDescription =
    "Lockstorm finds out, before production does, whether concurrent\n.B terraform apply\nor\n.B tofu apply\n"
    "runs on a given state backend can corrupt or lose state, and proves it when they cannot.\n"
    "It runs the protocols of the real clients against models of the servers in a deterministic world, where "
    "every\n"
    "interleaving, crash, delay, lost reply, pause, lease expiry and force\\-unlock is a choice, and within "
    "stated\n"
    "bounds visits every reachable state: each property comes out proved or refuted by a shortest "
    "counterexample.\n";

struct Example {
  const char* command;
  const char* does;
};
constexpr Example kExamples[] = {
    {"lockstorm audit .", "Is the backend of this directory's configuration safe with two CI jobs?"},
    {"lockstorm audit --sarif audit.sarif .",
     "The same as a gate of a pipeline, for code scanning; .lockstorm.yaml says what to expect of it."},
    {"lockstorm verify 's3/*'", "Everything the library knows of the s3 backend."},
    {"lockstorm verify --certificate proof.json s3/lockfile/terraform/no-faults && lockstorm certify "
     "proof.json",
     "A proof, and the same proof found again."},
    {"lockstorm judge history.jsonl", "Is a recorded history linearizable?"},
};

constexpr const char* kExit =
    ".TP\n0\nEverything held.\n.TP\n1\nSomething was violated; for audit, a finding fails: it is new, not "
    "accepted, not "
    "inherent and at or above \\-\\-fail\\-on.\n.TP\n2\nUnknown: the search gave up, and "
    "says why.\n"
    ".TP\n3\nAn invalid run: a declared fault never took effect.\n.TP\n4\nNondeterminism.\n.TP\n64\nThe "
    "command line "
    "is wrong.\n"
    ".TP\n65\nBad input: file, line and column, and what was expected.\n.TP\n70\nAn internal error.\n";

}  // namespace

std::string manual_page(const CLI::App& app) {
  std::ostringstream out;
  out << ".TH LOCKSTORM 1 \"\" \"lockstorm " << reports::kVersion << "\" \"User Commands\"\n"
      << ".SH NAME\nlockstorm \\- verifies Terraform and OpenTofu state backends for concurrent applies\n"
      << ".SH SYNOPSIS\n.nh\n.ad l\n";
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* command : commands) out << synopsis_of(*command);
  out << ".SH DESCRIPTION\n"
      << kDescription << ".SH OPTIONS\nEvery command takes these.\n"
      << options_of(app);
  out << ".SH COMMANDS\n.I SCENARIO\nis a YAML file, a name of the library, or a glob of names.\n";
  for (const CLI::App* command : commands) {
    out << ".SS " << escaped(command->get_name()) << "\n" << escaped(command->get_description()) << ".\n";
    out << options_of(*command);
  }
  out << ".SH EXIT STATUS\n" << kExit << ".SH EXAMPLES\n";
  for (const Example& example : kExamples)
    out << ".TP\n" << bold(example.command) << "\n" << escaped(example.does) << "\n";
  out << ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nWithout colours also on a terminal.\n"
      << ".SH SEE ALSO\n.BR terraform (1),\n.BR tofu (1)\n";
  return out.str();
}

}  // namespace lockstorm::cli
