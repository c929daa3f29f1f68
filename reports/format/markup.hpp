// Text for XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace lockstorm::reports {

/// As content or as a value in quotes. What XML 1.0 does not allow, and what people would not see, is written
/// as scenarios/data/printable.hpp says; newlines and tabs stay.
std::string escaped(std::string_view text);

}  // namespace lockstorm::reports
