// What the probes of all kinds of stores share: they ask one server, one by one or many at once, and note
// what they find.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "wire/net/client.hpp"
#include "wire/probe/promise.hpp"

namespace lockstorm::wire::probe {

/// How a server is reached, and how much it is asked.
struct Reach {
  Url server{};                                  ///< what stands before every request's target
  std::function<void(HttpRequest&)> sign{};      ///< adds what says who asks; none: nobody
  std::map<std::string, std::string> headers{};  ///< that every request carries
  std::string own_name{};                        ///< of whatever the probe stores: nobody else has it
  std::string authority{};                       ///< that is trusted beside the machine's own: PEM
  unsigned racers = 64;                          ///< who ask at once
  unsigned races = 5;
  std::chrono::milliseconds longest_answer{10'000};
};

/// Nobody could be asked: a sentence. Thrown by questions and caught by `findings_of`.
struct NoAnswer {
  std::string why;
};

class Inquiry {
 public:
  explicit Inquiry(const Reach& reach) : reach_(reach) {}

  /// Before the first question: trusts `authority`. Throws NoAnswer.
  void begin();

  /// The answer, whatever its status. Throws NoAnswer.
  HttpAnswer ask(HttpRequest request);
  /// All at once, over a connection each; who gets no answer has status 0.
  std::vector<HttpAnswer> ask_at_once(std::vector<HttpRequest> requests);

  struct Races {
    unsigned fewest = 0;
    unsigned most = 0;
    std::map<unsigned, unsigned> by_status{};
    [[nodiscard]] bool has_one_winner() const { return fewest == 1 && most == 1; }
  };
  /// `races` times `racers` requests at once; `end` is called after each race with who was granted it.
  Races race(const std::function<HttpRequest(unsigned race, unsigned racer)>& request,
             const std::function<bool(const HttpAnswer&)>& is_granted,
             const std::function<void(unsigned race, const std::vector<unsigned>& granted)>& end);
  void promise_one_winner(const Races& races, std::string_view what);

  /// Lets time pass.
  void wait(std::chrono::milliseconds time);

  void promise(std::string what, bool is_kept, std::string seen, unsigned tries = 1);
  void set(const std::string& key, std::string value);
  void cannot_tell(std::string what) { findings.not_tried.push_back(std::move(what)); }
  void left_behind(std::string what) { findings.left_behind.push_back(std::move(what)); }

  Findings findings;
  [[nodiscard]] const Reach& reach() const { return reach_; }
  Loop& loop() { return loop_; }

 private:
  HttpRequest prepared(HttpRequest request) const;

  const Reach& reach_;
  Loop loop_;
};

/// How often a read is compared with the write before it.
inline constexpr unsigned kLooks = 20;

bool is_success(const HttpAnswer& answer);
/// "412", or "no answer".
std::string status_words(const HttpAnswer& answer);

/// Runs `questions` and then, however they ended, `clean_up`. Or why nothing was found out.
template <class Questions, class CleanUp>
std::expected<Findings, std::string> findings_of(Inquiry& inquiry, const Questions& questions,
                                                 const CleanUp& clean_up) {
  std::string error;
  try {
    inquiry.begin();
    questions();
  } catch (const NoAnswer& none) {
    error = none.why;
  }
  try {
    clean_up();
  } catch (const NoAnswer& none) {
    inquiry.left_behind("perhaps " + inquiry.reach().own_name + ", as nobody answered any more: " + none.why);
  }
  if (!error.empty()) {
    for (const std::string& what : inquiry.findings.left_behind) error += " Left behind: " + what + ".";
    return std::unexpected(std::move(error));
  }
  return std::move(inquiry.findings);
}

}  // namespace lockstorm::wire::probe
