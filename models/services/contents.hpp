// What a service holds, as one line for reports: "state: serial 2 by client-1; .tflock: client-1's lock".
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace lockstorm::models {

/// The parts in their order, those without text left out. No part contains "; ".
inline std::string contents_text(std::initializer_list<std::pair<std::string_view, std::string>> parts) {
  std::string line;
  for (const auto& [name, text] : parts) {
    if (text.empty()) continue;
    if (!line.empty()) line += "; ";
    line.append(name).append(": ").append(text);
  }
  return line;
}

}  // namespace lockstorm::models
