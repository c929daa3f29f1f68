// A command as reports quote it: what may be a credential is hidden, and it is short.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::scenarios::pipeline {

/// "terraform apply -var db_password=[hidden]". In doubt more is hidden.
[[nodiscard]] std::string shown_command(const std::vector<std::string>& words);

/// A line of a CI file, whatever it is: as long as it is, with its blanks. In doubt more is hidden: the
/// values of variables, those of keys whose names sound like a credential's, and what the flags of commands
/// hold.
[[nodiscard]] std::string shown_line(std::string_view line);

/// What may be kept of what -backend-config is given, a file's name or NAME=VALUE: an address without what
/// it says, as it may hold a credential; nothing of what decides neither how jobs lock nor which state it is.
[[nodiscard]] std::optional<std::string> kept_argument(const std::string& argument);

}  // namespace lockstorm::scenarios::pipeline
