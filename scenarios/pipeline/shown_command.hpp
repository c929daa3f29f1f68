// A command as reports quote it: what may be a credential is hidden, and it is short.
#pragma once

#include <string>
#include <vector>

namespace lockstorm::scenarios::pipeline {

/// "terraform apply -var db_password=[hidden]". In doubt more is hidden.
[[nodiscard]] std::string shown_command(const std::vector<std::string>& words);

}  // namespace lockstorm::scenarios::pipeline
