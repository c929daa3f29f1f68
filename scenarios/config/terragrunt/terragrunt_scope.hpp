// What names and functions mean in a Terragrunt file.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/config/terragrunt/terragrunt_files.hpp"
#include "scenarios/config/values/evaluator.hpp"

namespace lockstorm::scenarios::terragrunt {

/// An `include` block of a file.
struct Include {
  std::string name;            ///< its label; empty: it has none
  std::filesystem::path file;  ///< absolute
  bool is_exposed = false;
  bool is_merged = true;  ///< no_merge: only its values are used
  bool is_deep = false;
  SourceLocation where;
};

/// From where a file is looked at. An included file is evaluated as if it stood in the file that includes it.
struct Place {
  std::filesystem::path configuration;  ///< the file that functions go by: the unit, or what is read
  std::filesystem::path unit;           ///< that is read in the first place
  std::optional<std::filesystem::path> included;  ///< the file itself, where `configuration` includes it
};

/// What the files that are read for one unit have in common.
struct Surroundings {
  FileCache& files;
  const std::map<std::string, std::string>& environment;
  /// What read_terragrunt_config() gave for files so far; nothing while it is still at it.
  std::map<std::filesystem::path, std::optional<values::Value>> read{};
};

/// Names and functions of one file in one place (Terragrunt: pkg/config/config_helpers.go,
/// createTerragruntEvalContext; locals.go). What only a run knows is a symbol: AWS accounts, commands'
/// output, decrypted files, dependencies' outputs, variables of the environment that are not set. What
/// Terragrunt would refuse, such as a file that is not there, is refused.
class Scope : public values::Scope {
 public:
  Scope(ParsedFilePtr file, Place place, Surroundings& surroundings);

  [[nodiscard]] values::Value value_of(const std::vector<std::string>& names) override;
  [[nodiscard]] values::Value call(const std::string& function,
                                   const std::vector<values::Value>& arguments) override;

  /// The value of an argument of this file, a symbol where it has none. Throws Unknown with the tool's
  /// refusal, which has its place.
  [[nodiscard]] values::Value value_of(const hcl::AttributeSyntax& attribute);
  /// The same for one that must be a plain text, a flag; nothing where it is a symbol.
  [[nodiscard]] std::optional<std::string> text_of(const hcl::AttributeSyntax& attribute);
  [[nodiscard]] std::optional<bool> flag_of(const hcl::AttributeSyntax& attribute);

  /// The files that this one includes, in their order; evaluated without names, as Terragrunt does. Throws
  /// Unknown.
  [[nodiscard]] const std::vector<Include>& includes();

  /// All that others see of this file: locals, inputs, remote_state, generate, terraform. Throws Unknown.
  [[nodiscard]] values::Value as_value();

  [[nodiscard]] const ParsedFile& file() const { return *file_; }
  [[nodiscard]] const Place& place() const { return place_; }
  [[nodiscard]] Surroundings& surroundings() { return surroundings_; }

  /// Which variables of the environment have been looked up since the last call.
  [[nodiscard]] std::vector<ValueSource> take_sources() { return std::exchange(sources_, {}); }
  void add_source(ValueSource source);

 private:
  struct Known {
    bool is_done = false;
    values::Value value;
    std::vector<ValueSource> sources;
  };

  values::Value local(const std::string& name);
  values::Value feature(const std::string& name);
  values::Value unit_value(const std::string& name);
  values::Value exposed(const Include& include);
  values::Value included(const std::vector<std::string>& names);

  ParsedFilePtr file_;
  Place place_;
  Surroundings& surroundings_;
  std::map<std::string, Known> locals_;
  std::optional<std::vector<Include>> includes_;
  bool is_at_includes_ = false;
  std::map<std::string, values::Value> exposed_;
  std::vector<ValueSource> sources_;
};

/// What Terragrunt would refuse, as it is thrown; the place is filled in by Scope::value_of.
[[nodiscard]] values::Unknown refusal(std::string problem, std::string expected = "", std::string hint = "");
[[nodiscard]] values::Unknown refusal(InputError error);

/// The result of a function that Terragrunt adds to the language, or nothing where it is none of those.
[[nodiscard]] std::optional<values::Value> call_own_function(Scope& scope, const std::string& function,
                                                             const std::vector<values::Value>& arguments);

/// All that others see of a file of their own: what read_terragrunt_config() gives. Throws Unknown.
[[nodiscard]] values::Value value_of_file(const std::filesystem::path& file, const Place& place,
                                          Surroundings& surroundings);

}  // namespace lockstorm::scenarios::terragrunt
