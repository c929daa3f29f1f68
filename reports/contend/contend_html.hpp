// Many runs in virtual time as one page that needs nothing else: distributions, curves and tables.
#pragma once

#include <span>
#include <string>

#include "scenarios/contend/advise.hpp"
#include "scenarios/contend/contend.hpp"

namespace lockstorm::reports {

std::string contend_html(std::span<const scenarios::ContendResult> results,
                         std::span<const scenarios::ContendAdvice> advice);

}  // namespace lockstorm::reports
