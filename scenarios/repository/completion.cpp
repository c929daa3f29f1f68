#include "scenarios/repository/completion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/split.hpp"

namespace lockstorm::scenarios {
namespace {

namespace fs = std::filesystem;

// Of TF_CLI_ARGS_init: files lie where the tool runs.
std::expected<BackendArgumentMap, InputError> passed_to_init(const fs::path& directory,
                                                             const CliArguments& passed) {
  BackendArgumentMap arguments;
  for (const Said<std::string>& said : passed.backend_config) {
    if (const std::size_t equals = said.value.find('='); equals != std::string::npos) {
      arguments.insert_or_assign(said.value.substr(0, equals),
                                 Attribute{said.value.substr(equals + 1), {said.by.what, 0, 0}});
      continue;
    }
    const fs::path name = (directory / said.value).lexically_normal();
    std::error_code error;
    // What is no file may be a value whose name was forgotten: it is not repeated.
    if (!fs::is_regular_file(name, error))
      return std::unexpected(InputError{{said.by.what, 0, 0},
                                        "-backend-config has neither a file nor NAME=VALUE",
                                        "a file, named from where the tool runs",
                                        ""});
    auto file = read_backend_file(name);
    if (!file) return std::unexpected(std::move(file).error());
    for (auto& [name, attribute] : *file) arguments.insert_or_assign(name, std::move(attribute));
  }
  return arguments;
}

// Arguments that the block has from somewhere else, told by where that is.
void tell(const BackendArgumentMap& arguments, const std::string& what,
          TerraformConfiguration& configuration) {
  for (const auto& [name, attribute] : arguments)
    configuration.evaluated.push_back({name, attribute.value, attribute.where, {{what, attribute.where}}});
}

// Those of the last `init` that the block does not have.
BackendArgumentMap missing_from(const BackendBlock& block, const LastInit& last) {
  BackendArgumentMap more;
  for (const auto& [name, attribute] : last.block.arguments) {
    if (!block.arguments.contains(name)) more.emplace(name, attribute);
  }
  return more;
}

bool names_the_same_state(const BackendBlock& a, const BackendBlock& b) {
  const BackendType* type = backend_type_named(a.type);
  if (type == nullptr) return false;
  return std::ranges::all_of(split(type->identifying, ' '), [&](std::string_view name) {
    const auto here = a.arguments.find(std::string(name));
    const auto there = b.arguments.find(std::string(name));
    return here != a.arguments.end() && there != b.arguments.end() &&
           here->second.value == there->second.value;
  });
}

void complete_from_environment(const Environment& environment, models::Dialect tool,
                               TerraformConfiguration& configuration) {
  BackendBlock& block = configuration.backend ? *configuration.backend : *configuration.cloud;
  const BackendType* type = backend_type_named(block.type);
  if (type == nullptr) return;
  for (const EnvironmentArgument& said : type->environment) {
    const std::string name(said.argument);
    if (block.arguments.contains(name) || !type->has_argument(name, tool)) continue;
    for (const std::string_view variable : split(said.variables, ' ')) {
      const auto found = environment.find(std::string(variable));
      if (found == environment.end() || found->second.empty()) continue;
      const Attribute attribute{found->second, {found->first, 0, 0}};
      block.arguments.emplace(name, attribute);
      configuration.evaluated.push_back({name, attribute.value, {}, {{found->first, {}}}});
      break;
    }
  }
}

class Completing {
 public:
  Completing(const RootModule& root, const GivenArguments& given)
      : root_(root), given_(given), configuration_(root.configuration) {}

  std::expected<std::vector<Completion>, InputError> all() {
    if (configuration_.backend) {
      auto passed = passed_to_init(root_.directory, cli_arguments(*given_.environment));
      if (!passed) return std::unexpected(std::move(passed).error());
      last_ = last_init(root_.directory, *given_.environment);
      const BackendBlock written = *configuration_.backend;
      configuration_.backend = completed(completed(written, *passed), given_.arguments);
      tell(*passed, "TF_CLI_ARGS_init", configuration_);
      if (!given_.decides_all) candidates_ = candidates_near(root_.directory, *configuration_.backend);
      if (last_) consider_last(written);
    }
    if (candidates_.empty()) return std::vector{finished("", configuration_)};
    std::vector<Completion> found;
    for (const Candidate& candidate : candidates_) {
      TerraformConfiguration one = configuration_;
      one.backend = completed(*std::move(one.backend), candidate.arguments);
      one.files.push_back(candidate.file.string());
      found.push_back(finished(candidate.file.string(), std::move(one)));
    }
    return found;
  }

 private:
  void consider_last(const BackendBlock& written) {
    const SinceInit since = since_init(written, *last_);
    if (since == SinceInit::moved) {
      configuration_.assumptions.push_back(fmt::format(
          "the block counts, though {} has another backend: `init` would have to run again", last_->file));
      return;
    }
    const BackendArgumentMap more = missing_from(*configuration_.backend, *last_);
    const bool is_partial = !missing_arguments(*configuration_.backend).empty();
    if (is_partial) {
      const BackendBlock whole = completed(*configuration_.backend, more);
      const bool is_known = std::ranges::any_of(candidates_, [&](const Candidate& candidate) {
        return names_the_same_state(whole, completed(*configuration_.backend, candidate.arguments));
      });
      if (!is_known && missing_arguments(whole).empty()) candidates_.push_back({last_->file, more});
    } else if (since == SinceInit::changed) {
      configuration_.assumptions.push_back(fmt::format(
          "the block counts as it stands, though it is not what {} says: `init` would have to run again",
          last_->file));
    } else {
      configuration_.backend = completed(*std::move(configuration_.backend), more);
      tell(more, "the last init", configuration_);
    }
  }

  Completion finished(std::string by, TerraformConfiguration configuration) const {
    // A state store's arguments are its provider's, and so are its variables of the environment.
    if (configuration.backend || configuration.cloud)
      complete_from_environment(*given_.environment, root_.tool.tool, configuration);
    return {std::move(by), std::move(configuration)};
  }

  const RootModule& root_;
  const GivenArguments& given_;
  TerraformConfiguration configuration_;
  std::vector<Candidate> candidates_;
  std::optional<LastInit> last_;
};

}  // namespace

std::expected<std::vector<Completion>, InputError> completions_of(const RootModule& root,
                                                                  const GivenArguments& given) {
  return Completing(root, given).all();
}

}  // namespace lockstorm::scenarios
