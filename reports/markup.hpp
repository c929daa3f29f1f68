// Text for XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace lockstorm::reports {

/// As content or as a value in double quotes; control characters, which XML 1.0 does not allow, are left out.
std::string escaped(std::string_view text);

}  // namespace lockstorm::reports
