#include "scenarios/config/terragrunt/terragrunt_data.hpp"

#include <yaml-cpp/yaml.h>

#include <utility>

#include "scenarios/config/syntax/json_document.hpp"
#include "scenarios/config/values/evaluator.hpp"
#include "scenarios/data/input_file.hpp"

namespace lockstorm::scenarios::terragrunt {
namespace {

using values::Unknown;
using values::Value;

constexpr InputKind kDataFile{"a file with data", kMiB};

/// As YAML's core schema reads what stands without quotes.
Value scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return values::text_value(text);
  if (text == "true" || text == "True" || text == "TRUE") return {true};
  if (text == "false" || text == "False" || text == "FALSE") return {false};
  double number = 0;
  const bool looks_like_one = text.find_first_not_of("+-.0123456789eE") == std::string::npos;
  if (looks_like_one && YAML::convert<double>::decode(node, number)) return {number};
  return values::text_value(text);
}

Value converted(const YAML::Node& node, std::size_t depth) {
  if (depth > values::kDeepestValue) throw Unknown{.needs = "", .because = "it is nested too deeply"};
  switch (node.Type()) {
    case YAML::NodeType::Undefined:
    case YAML::NodeType::Null:
      return {};
    case YAML::NodeType::Scalar:
      return scalar(node);
    case YAML::NodeType::Sequence: {
      values::List items;
      for (const YAML::Node& item : node) items.push_back(converted(item, depth + 1));
      return values::list_value(std::move(items));
    }
    case YAML::NodeType::Map:
      break;
  }
  values::Object members;
  for (const auto& member : node)
    members.insert_or_assign(member.first.Scalar(), converted(member.second, depth + 1));
  return values::object_value(std::move(members));
}

}  // namespace

Value text_of_file(const std::filesystem::path& file) {
  auto text = read_input_file(file, kDataFile);
  if (!text) throw Unknown{.needs = "file()", .because = "asks for a file that cannot be read here"};
  return values::text_value(*std::move(text));
}

Value value_of_json(const std::string& text) {
  const SourceText source("", text);
  const auto document = json::parse(source);
  if (!document) throw Unknown{.needs = "jsondecode()", .because = "gets something else than JSON"};
  values::EmptyScope nothing("stands in a JSON document");
  return evaluate(parse({*document, {}}, values::JsonStrings::literals), nothing);
}

Value value_of_yaml(const std::string& text) {
  try {
    return converted(YAML::Load(text), 0);
  } catch (const YAML::Exception&) {
    throw Unknown{.needs = "yamldecode()", .because = "gets something else than YAML"};
  }
}

}  // namespace lockstorm::scenarios::terragrunt
