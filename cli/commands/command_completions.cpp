// `lockstorm completions SHELL`: what a shell sources to complete the command line.
#include "cli/command.hpp"
#include "cli/completion/completion.hpp"

namespace lockstorm::cli {
Action add_completions(CommandLine command) {
  auto shell = std::make_shared<std::string>();
  command.add_option("SHELL", *shell, "bash, zsh or fish").required().one_of({"bash", "zsh", "fish"});
  return [shell, command](const Global&) {
    const CLI::App& app = command.application();
    print_whole(*shell == "bash"  ? bash_completion(app)
                : *shell == "zsh" ? zsh_completion(app)
                                  : fish_completion(app));
    return 0;
  };
}

}  // namespace lockstorm::cli
