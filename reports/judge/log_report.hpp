// What `lockstorm judge` says of logs of clouds: as text and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "checkers/logs_judge.hpp"
#include "reports/format/style.hpp"

namespace lockstorm::reports {

/// `files` in the order in which they were read. Of entries file, line, time, client and request are told,
/// nothing else.
[[nodiscard]] std::string text_log_judgement(const checkers::LogJudgement& judged,
                                             std::span<const std::string> files, const Style& style);
[[nodiscard]] nlohmann::ordered_json json_log_judgement(const checkers::LogJudgement& judged,
                                                        std::span<const std::string> files);

}  // namespace lockstorm::reports
