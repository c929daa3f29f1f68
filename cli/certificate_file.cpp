#include "cli/certificate_file.hpp"

#include "cli/output_file.hpp"
#include "cli/usage.hpp"
#include "reports/ci/certificate.hpp"

namespace lockstorm::cli {

void add_certificate_option(CommandLine command, std::string& file) {
  command
      .add_option("--certificate", file,
                  "Write what was proved to FILE, for `lockstorm certify` to find again")
      .type_name("FILE")
      .check(must_be_file_beside_report);
}

std::optional<scenarios::InputError> write_certificate(const std::string& file,
                                                       std::span<const scenarios::VerifyResult> results) {
  if (file.empty()) return std::nullopt;
  const auto text = reports::certificate_text(results);
  if (text) return write_output_file(file, *text);
  return scenarios::InputError{{file, 0, 0},
                               "there is nothing to certify: " + text.error(),
                               "scenarios that can be explored completely",
                               "--memory 8G, or fewer clients or faults"};
}

}  // namespace lockstorm::cli
