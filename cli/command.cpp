#include "cli/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "cli/output_file.hpp"
#include "scenarios/verdict.hpp"

namespace lockstorm::cli {

unsigned Global::threads() const {
  return jobs > 0 ? jobs : std::max(1U, std::thread::hardware_concurrency());
}

int bad_input(const scenarios::InputError& error) {
  std::fflush(stdout);
  fmt::print(stderr, "{}\n", error.render());
  return scenarios::kExitBadInput;
}

reports::Style stdout_style() {
  const char* no_colour = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  const bool wanted = no_colour == nullptr || *no_colour == '\0';
  return {.colour = wanted && isatty(STDOUT_FILENO) != 0, .width = 100};
}

void print_whole(const std::string& text) {
  if (const auto error = write_output_file("-", text)) throw CannotPrint{*error};
}

void print_report(const Global& global, const std::string& text) {
  if (!global.stdout_is_taken()) print_whole(text);
}

}  // namespace lockstorm::cli
