// The authority of one run's certificates, and the file from which clients read it.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>

#include "cli/output_file.hpp"
#include "cli/temporary_folder.hpp"
#include "scenarios/data/input_error.hpp"
#include "wire/net/tls.hpp"

namespace lockstorm::cli {

struct ServedAuthority {
  wire::Tls tls;
  std::optional<TemporaryFolder> folder;
  std::string file;

  /// Empty: into a temporary file, which goes away with this. `others`: certificates that clients trust
  /// beside it. Or why not.
  std::optional<scenarios::InputError> write(const std::string& wanted, const std::string& others = "") {
    file = wanted;
    if (wanted.empty()) {
      folder.emplace();
      if (folder->path().empty())
        return scenarios::InputError{{"the directory for temporary files", 0, 0},
                                     "no certificate can be written here",
                                     "a place for it",
                                     "--ca FILE names one"};
      file = (folder->path() / "ca.pem").string();
    }
    return write_output_file(file, others + tls.authority());
  }
};

}  // namespace lockstorm::cli
