// The manual page, written from the same declarations that parse the command line, so that it cannot fall
// behind them.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace lockstorm::cli {

/// lockstorm(1) in the man(7) macros that every man reads.
std::string manual_page(const CLI::App& app);

}  // namespace lockstorm::cli
