#include "scenarios/pipeline/azure_lists.hpp"

#include <algorithm>

#include "scenarios/pipeline/symbolic.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

std::vector<std::string> split_texts(std::string_view call) {
  const auto open = call.find('\'');
  const auto close = call.find('\'', open + 1);
  const auto separator = call.find('\'', close + 1);
  constexpr auto kNone = std::string_view::npos;
  if (open == kNone || close == kNone || separator == kNone || separator + 1 >= call.size()) return {};
  const char between = call[separator + 1];
  std::vector<std::string> values;
  std::string_view rest = call.substr(open + 1, close - open - 1);
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(between));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    values.emplace_back(trimmed(one));
  }
  return values;
}

void replace_all(std::string& text, const std::string& name, const std::string& value) {
  for (const std::string& form : {"${{ " + name + " }}", "${{" + name + "}}"})
    for (std::size_t at = text.find(form); at != std::string::npos; at = text.find(form, at + value.size()))
      text.replace(at, form.size(), value);
}

}  // namespace

std::vector<std::string> texts_in(const Node& list) {
  std::vector<std::string> texts;
  if (!list.is_list()) return texts;
  for (const Node* one : list.scalars()) texts.push_back(one->text);
  return texts;
}

std::vector<std::string> listed_texts(std::string_view expression, const AzureLists& lists) {
  std::string_view text = trimmed(expression);
  if (text.starts_with("${{") && text.ends_with("}}")) text = trimmed(text.substr(3, text.size() - 5));
  constexpr std::string_view kParameters = "parameters.";
  if (text.starts_with(kParameters)) {
    const auto found = lists.find(std::string(text.substr(kParameters.size())));
    return found == lists.end() ? std::vector<std::string>{} : found->second;
  }
  return text.starts_with("split(") ? split_texts(text) : std::vector<std::string>{};
}

Node with_each_value(Node node, const std::string& name, const std::string& value) {
  replace_all(node.text, name, value);
  for (Node& item : node.items) item = with_each_value(std::move(item), name, value);
  for (auto& [key, field] : node.fields) {
    replace_all(key, name, value);
    field = with_each_value(std::move(field), name, value);
  }
  return node;
}

}  // namespace lockstorm::scenarios::pipeline
