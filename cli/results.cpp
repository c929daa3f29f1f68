#include "cli/results.hpp"

#include "cli/output_file.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/data/verdict.hpp"

namespace lockstorm::cli {

void Results::write(const std::string& file, const std::function<std::string()>& make_text) {
  add(write_output_file(file, make_text));
}

void Results::add(const std::optional<scenarios::InputError>& failed) {
  if (!failed) return;
  incomplete_ = true;
  if (!ends_by_broken_pipe()) bad_input(*failed);
}

int Results::end(const std::string& report, int status) {
  if (!global_.stdout_is_taken())
    add(write_output_file("-", scenarios::printable_lines(report, stdout_style().colour)));
  wait_.reset();
  return incomplete_ ? scenarios::kExitBadInput : status;
}

}  // namespace lockstorm::cli
