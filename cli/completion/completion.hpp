// Completion of the command line in bash, zsh and fish, written from the declarations that parse it.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace lockstorm::cli {

std::string bash_completion(const CLI::App& app);
std::string zsh_completion(const CLI::App& app);
std::string fish_completion(const CLI::App& app);

}  // namespace lockstorm::cli
