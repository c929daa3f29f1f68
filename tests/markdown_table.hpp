// Tables of pages, as Markdown has them.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace lockstorm {

/// The cells of a row ("| a | b |"), without the blanks around them.
inline std::vector<std::string> table_cells(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t begin = 1; begin < line.size();) {
    const std::size_t end = std::min(line.find('|', begin), line.size());
    std::string cell = line.substr(begin, end - begin);
    cell.erase(0, cell.find_first_not_of(' '));
    cell.erase(cell.find_last_not_of(' ') + 1);
    cells.push_back(std::move(cell));
    begin = end + 1;
  }
  return cells;
}

}  // namespace lockstorm
