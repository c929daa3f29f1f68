// What removes a lock without the tool's force-unlock.
#pragma once

#include <string>

namespace lockstorm::scenarios::pipeline {

/// Whether the command breaks a lock: a lease is broken, a row or an object is deleted, a session is ended.
[[nodiscard]] bool breaks_lock(const std::string& written);

}  // namespace lockstorm::scenarios::pipeline
