#include "cli/word_order.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>

namespace lockstorm::cli {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

bool is_command(const CLI::App& app, const std::string& word) {
  return std::ranges::any_of(commands_of(app), [&](const CLI::App* one) { return one->get_name() == word; });
}

bool takes_value(const CLI::App& app, const std::string& word) {
  const CLI::Option* option = app.get_option_no_throw(word);
  return option != nullptr && option->get_items_expected_min() > 0;
}

// Whether the word behind this one is its value: of whatever command it is an option.
bool is_followed_by_value(const CLI::App& app, const std::string& word) {
  if (!word.starts_with('-') || word.find('=') != std::string::npos) return false;
  if (takes_value(app, word)) return true;
  return std::ranges::any_of(commands_of(app), [&](const CLI::App* one) { return takes_value(*one, word); });
}

}  // namespace

std::vector<std::string> in_parsing_order(const CLI::App& app, std::vector<std::string> words) {
  if (words.empty()) return words;
  if (words.front() == "version" || words.front() == "-v") words.front() = "--version";
  if (words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  for (auto word = words.begin(); word != words.end() && *word != "--"; ++word) {
    if (is_command(app, *word)) {
      std::rotate(words.begin(), word, std::next(word));
      break;
    }
    if (!word->starts_with('-')) break;
    if (is_followed_by_value(app, *word) && std::next(word) != words.end()) ++word;
  }
  return words;
}

}  // namespace lockstorm::cli
