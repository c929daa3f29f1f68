// The JSON document inside an HTML page: every text and every step is stored once, so that a whole matrix
// stays small.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// Collects what a page shows. The script in page/page.js reads the same form.
class PageData {
 public:
  using Json = nlohmann::ordered_json;

  /// Number of a text; the same text has the same number.
  std::size_t text(std::string_view text);
  /// Number of a counterexample of this result, as a diagram needs it.
  std::size_t add_run(const scenarios::VerifyResult& result, const scenarios::Counterexample& counterexample);
  /// Number of a run that violates nothing.
  std::size_t add_walk(const scenarios::Scenario& scenario, const scenarios::Counterexample& told);
  /// Name, verdicts, bounds and counterexamples of a result. `details`: more lines, as they are; may be
  /// empty.
  Json result(const scenarios::VerifyResult& result, std::string_view details);

  /// {"tool", "command", ...body, "strings", "steps", "casts", "paths", "runs"}.
  [[nodiscard]] Json document(std::string_view command, const Json& body) const;

 private:
  struct Story {
    std::string_view property;
    std::string headline;
    std::string why;
    std::string turn;
    std::string prevention;
    std::string tried;
  };
  /// Values by number, each once.
  struct Shared {
    std::size_t add(Json value);

    boost::unordered_flat_map<std::string, std::size_t> numbers;
    Json values = Json::array();
  };

  std::size_t add(const Story& story, const scenarios::Scenario& scenario,
                  const scenarios::Counterexample& told);
  std::size_t add_step(const scenarios::Counterexample& counterexample,
                       const scenarios::CounterexampleStep& step);

  boost::unordered_flat_map<std::string, std::size_t> text_numbers_;
  Json texts_ = Json::array();
  Shared steps_;
  Shared casts_;  ///< actors, what they run, services and what those hold at the beginning
  Shared paths_;  ///< steps of runs
  Json runs_ = Json::array();
};

}  // namespace lockstorm::reports
