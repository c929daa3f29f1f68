#include <charconv>
#include <string_view>

#include "scenarios/pipeline/script_words.hpp"
#include "scenarios/pipeline/terragrunt_arguments.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

// Options that stand before a value of their own: `--log-level debug`. Older releases have the same with
// `--terragrunt-` before the name.
bool takes_value_of_its_own(std::string_view name) {
  return is_one_of(name, {"parallelism",
                          "config",
                          "working-dir",
                          "queue-include-dir",
                          "queue-exclude-dir",
                          "include-dir",
                          "exclude-dir",
                          "modules-that-include",
                          "units-that-include",
                          "queue-excludes-file",
                          "excludes-file",
                          "log-level",
                          "log-format",
                          "log-custom-format",
                          "source",
                          "source-map",
                          "iam-role",
                          "iam-assume-role",
                          "iam-assume-role-duration",
                          "download-dir",
                          "out-dir",
                          "json-out-dir",
                          "tfpath",
                          "tf-path",
                          "filter",
                          "feature",
                          "inputs-from",
                          "report-file",
                          "report-format",
                          "provider-cache-dir",
                          "auth-provider-cmd",
                          "experiment",
                          "queue-include-units-reading",
                          "queue-strict-include-dir",
                          "override-attr"});
}

unsigned number_in(std::string_view text) {
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class Sorter {
 public:
  TerragruntWords sort(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string_view word = words[i];
      if (word == "--") {
        is_tools_ = true;
      } else if (word.starts_with("--") && !is_tools_) {
        i += option(word.substr(2), i + 1 < words.size() ? words[i + 1] : std::string());
      } else if (found_.tool.empty() && is_own_command(word)) {
        continue;
      } else {
        found_.tool.push_back(words[i]);
      }
    }
    if (!found_.tool.empty() && found_.tool.front().ends_with("-all")) {
      found_.is_many = true;
      found_.tool.front().erase(found_.tool.front().size() - 4);
    }
    return std::move(found_);
  }

 private:
  bool is_own_command(std::string_view word) {
    if (word == "run-all") return found_.is_many = true;
    if (word == "stack") return is_stack_ = true;
    if (word == "run") {
      found_.is_many = found_.is_many || is_stack_;
      return true;
    }
    return false;
  }

  // How many words behind it belong to it.
  std::size_t option(std::string_view text, const std::string& next) {
    const std::size_t equals = text.find('=');
    std::string_view name = text.substr(0, equals);
    const std::string_view prefix = "terragrunt-";
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
    const bool has_value = takes_value_of_its_own(name);
    const bool is_next = has_value && equals == std::string_view::npos;
    const std::string value = is_next                            ? next
                              : equals == std::string_view::npos ? ""
                                                                 : std::string(text.substr(equals + 1));
    if (name == "all") found_.is_many = true;
    if (name == "working-dir") found_.working_directory = value;
    if (is_one_of(name, {"queue-include-dir", "include-dir", "filter"})) add_included(name, value);
    if (name == "parallelism") found_.at_once = number_in(value);
    if (name == "out-dir") found_.saves_plans = true;
    if (is_one_of(name, {"tfpath", "tf-path"})) found_.binary = value;
    // `--lock=false` and the like are the tool's, which takes one dash or two.
    if (!has_value && is_one_of(name, {"lock", "lock-timeout", "auto-approve", "destroy", "target", "var",
                                       "var-file", "out", "input", "refresh", "parallelism"}))
      found_.tool.push_back("--" + std::string(text));
    return is_next ? 1 : 0;
  }

  // Only one directory, written out, tells which units there are.
  void add_included(std::string_view name, std::string value) {
    if (name == "filter" && value.starts_with("./")) value.erase(0, 2);
    const bool is_plain = value.find_first_of("*?[!|") == std::string::npos && !value.empty();
    found_.included = !found_.included && is_plain && !has_included_ ? std::optional(value) : std::nullopt;
    has_included_ = true;
  }

  TerragruntWords found_;
  bool is_tools_ = false;
  bool is_stack_ = false;
  bool has_included_ = false;
};

}  // namespace

TerragruntWords terragrunt_words(const std::vector<std::string>& words) { return Sorter().sort(words); }

}  // namespace lockstorm::scenarios::pipeline
