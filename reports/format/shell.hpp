// Command lines that people paste into a shell.
#pragma once

#include <string>

namespace lockstorm::reports {

/// A word of a command line, quoted where a shell would see more in it than text.
std::string shell_word(const std::string& text);

}  // namespace lockstorm::reports
