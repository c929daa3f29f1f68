#include "wire/probe/inquiry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lockstorm::wire::probe {

void Inquiry::begin() {
  if (reach_.authority.empty()) return;
  if (const auto trusted = loop_.trust(reach_.authority); !trusted)
    throw NoAnswer{fmt::format("What is to be trusted {}.", trusted.error())};
}

HttpRequest Inquiry::prepared(HttpRequest request) const {
  for (const auto& [name, value] : reach_.headers) request.headers.emplace(name, value);
  if (reach_.sign) reach_.sign(request);
  return request;
}

HttpAnswer Inquiry::ask(HttpRequest request) {
  auto answer = wire::ask(loop_, reach_.server, prepared(std::move(request)), reach_.longest_answer);
  if (!answer) throw NoAnswer{fmt::format("The store cannot be reached: {}.", answer.error())};
  return *std::move(answer);
}

std::vector<HttpAnswer> Inquiry::ask_at_once(std::vector<HttpRequest> requests) {
  std::vector<HttpAnswer> answers(requests.size(), HttpAnswer{0});
  std::size_t answered = 0;
  for (std::size_t i = 0; i < requests.size(); ++i)
    send_request(loop_, reach_.server, prepared(std::move(requests[i])), reach_.longest_answer,
                 [&, i](std::expected<HttpAnswer, std::string> answer) {
                   ++answered;
                   if (answer) answers[i] = *std::move(answer);
                 });
  // Each stream's own time limit ends it, so that nobody calls back later.
  loop_.run_until([&] { return answered == requests.size(); },
                  reach_.longest_answer + std::chrono::minutes(1));
  return answers;
}

Inquiry::Races Inquiry::race(const std::function<HttpRequest(unsigned, unsigned)>& request,
                             const std::function<bool(const HttpAnswer&)>& is_granted,
                             const std::function<void(unsigned, const std::vector<unsigned>&)>& end) {
  Races races{reach_.racers, 0};
  for (unsigned race = 0; race < reach_.races; ++race) {
    std::vector<HttpRequest> requests;
    for (unsigned racer = 0; racer < reach_.racers; ++racer) requests.push_back(request(race, racer));
    const auto answers = ask_at_once(std::move(requests));
    std::vector<unsigned> granted;
    for (unsigned racer = 0; racer < answers.size(); ++racer) {
      ++races.by_status[answers[racer].status];
      if (is_granted(answers[racer])) granted.push_back(racer);
    }
    races.fewest = std::min(races.fewest, static_cast<unsigned>(granted.size()));
    races.most = std::max(races.most, static_cast<unsigned>(granted.size()));
    end(race, granted);
  }
  return races;
}

void Inquiry::promise_one_winner(const Races& races, std::string_view what) {
  std::string seen = races.has_one_winner() ? fmt::format("in each of {} races", reach_.races)
                     : races.fewest == races.most
                         ? fmt::format("{} were, in each of {} races", races.most, reach_.races)
                         : fmt::format("{} to {} were, in {} races", races.fewest, races.most, reach_.races);
  if (const auto none = races.by_status.find(0); none != races.by_status.end())
    seen += fmt::format("; {} got no answer", none->second);
  promise(fmt::format("of {} who ask at once, one {}", reach_.racers, what), races.has_one_winner(),
          std::move(seen), reach_.races);
}

void Inquiry::wait(std::chrono::milliseconds time) {
  loop_.run_until([] { return false; }, time);
}

void Inquiry::promise(std::string what, bool is_kept, std::string seen, unsigned tries) {
  findings.promises.push_back({std::move(what), is_kept, std::move(seen), tries});
}

void Inquiry::set(const std::string& key, std::string value) {
  const auto found = std::ranges::find(findings.store, key, &StoreSetting::key);
  if (found != findings.store.end()) {
    found->value = std::move(value);
  } else {
    findings.store.push_back({key, std::move(value)});
  }
}

bool is_success(const HttpAnswer& answer) { return answer.status >= 200 && answer.status < 300; }

std::string status_words(const HttpAnswer& answer) {
  return answer.status == 0 ? "no answer" : std::to_string(answer.status);
}

}  // namespace lockstorm::wire::probe
