// The variables of this process, for those that it starts.
#pragma once

#include "wire/confirm/process.hpp"

namespace lockstorm::cli {

wire::confirm::Environment whole_environment();

}  // namespace lockstorm::cli
