// What `lockstorm judge` says of recorded histories: as text and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "checkers/formats/format.hpp"
#include "checkers/judge.hpp"
#include "reports/format/style.hpp"
#include "scenarios/data/verdict.hpp"

namespace lockstorm::reports {

struct JudgedFile {
  std::string file;
  checkers::Format format{};
  checkers::Model model{};
  checkers::History history;
  std::vector<checkers::KeyVerdict> verdicts;
};

/// Of one file, or of all: violated before unknown before held.
[[nodiscard]] scenarios::Verdict verdict_of(const JudgedFile& judged);
[[nodiscard]] scenarios::Verdict worst(std::span<const JudgedFile> judged);

/// "lock of key "x"", "key "x"", "lock"; nothing where there is only one part.
[[nodiscard]] std::string name_of_part(const checkers::KeyVerdict& verdict);
[[nodiscard]] scenarios::Verdict verdict_of(checkers::Judgement judgement);
/// Grants, waits and recoveries in a few sentences.
[[nodiscard]] std::string lock_sentences(const checkers::LockReport& lock);

/// {"key", "model", "verdict", ..., "findings": [...]}.
[[nodiscard]] nlohmann::ordered_json json_verdict(const checkers::KeyVerdict& verdict);

[[nodiscard]] std::string text_judgement(const JudgedFile& judged, const Style& style);
/// {"results": [...]}, or the one result by itself.
[[nodiscard]] nlohmann::ordered_json json_judgements(std::span<const JudgedFile> judged);

}  // namespace lockstorm::reports
