#include "scenarios/config/values/functions.hpp"

#include <algorithm>
#include <filesystem>

#include "scenarios/config/values/function_table.hpp"

namespace lockstorm::scenarios::values {
namespace {

constexpr std::string_view kCoreNamespace = "core::";

const Function* find_function(std::string_view name) {
  for (const FunctionTable* table : {&text_functions(), &collection_functions()}) {
    if (const auto found = table->find(name); found != table->end()) return &found->second;
  }
  return nullptr;
}

Value absolute(const std::vector<Value>& arguments, const std::string& directory) {
  if (arguments.size() != 1)
    throw Unknown{.needs = "abspath()", .because = "has another number of arguments than it takes"};
  std::string path = (std::filesystem::path(directory) / to_text(arguments[0])).lexically_normal().string();
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return text_value(std::move(path));
}

}  // namespace

Value call_function(const std::string& name, const std::vector<Value>& arguments,
                    const std::string& directory) {
  const std::string_view core =
      std::string_view(name).substr(name.starts_with(kCoreNamespace) ? kCoreNamespace.size() : 0);
  if (core == "abspath") return absolute(arguments, directory);
  const Function* function = find_function(core);
  if (function == nullptr)
    throw Unknown{.needs = name + "()", .because = "is a function that is not computed here"};
  if (arguments.size() < function->least || arguments.size() > function->most)
    throw Unknown{.needs = name + "()", .because = "has another number of arguments than it takes"};
  try {
    return function->compute(arguments);
  } catch (Unknown& failure) {
    if (failure.needs.empty()) {
      failure.needs = name + "()";
      failure.because = "cannot be computed: " + failure.because;
    }
    throw;
  }
}

const std::string& ascii(const std::string& text) {
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
    throw Unknown{.needs = "", .because = "its text is not ASCII"};
  return text;
}

}  // namespace lockstorm::scenarios::values
