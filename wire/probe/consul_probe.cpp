#include "wire/probe/consul_probe.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "wire/probe/aws_signature.hpp"

namespace lockstorm::wire::probe {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kTtl{10};  // the shortest that Consul takes
constexpr seconds kLockDelay{2};

class ConsulSession {
 public:
  explicit ConsulSession(const ConsulProbe& probe) : probe_(probe), inquiry_(probe.reach) {}

  std::expected<Findings, std::string> run() {
    return findings_of(
        inquiry_,
        [this] {
          begin_expiry();
          ask_locks();
          ask_lock_delay();
          ask_check_and_set();
          ask_reads();
          ask_races();
          end_expiry();
          inquiry_.cannot_tell(
              "whether a deposed leader ever answers a default read (`stale_reads`), which takes a failover");
        },
        [this] { clean_up(); });
  }

 private:
  static HttpRequest request(std::string method, std::string target, std::string body = "") {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    return request;
  }
  std::string key(std::string_view name) const {
    return "/v1/kv/" + escaped_for_aws(fmt::format("{}/{}", probe_.reach.own_name, name), true);
  }
  HttpRequest put_request(std::string_view name, std::string_view how, std::string value) {
    stored_.insert(std::string(name));
    return request("PUT", fmt::format("{}{}", key(name), how), std::move(value));
  }
  // Whether it took effect; Consul answers "true" or "false".
  bool put(std::string_view name, std::string_view how, std::string value = "x") {
    return is_true(inquiry_.ask(put_request(name, how, std::move(value))));
  }
  static bool is_true(const HttpAnswer& answer) {
    return answer.status == 200 && answer.body.starts_with("true");
  }

  std::string new_session(seconds lock_delay) {
    const Json body{{"Name", "lockstorm probe"},
                    {"TTL", fmt::format("{}s", kTtl.count())},
                    {"LockDelay", fmt::format("{}s", lock_delay.count())}};
    const HttpAnswer answer = inquiry_.ask(request("PUT", "/v1/session/create", body.dump()));
    const Json document = Json::parse(answer.body, nullptr, false);
    if (answer.status != 200 || !document.is_object() || !document.value("ID", Json()).is_string())
      throw NoAnswer{fmt::format("A session cannot be made: it is answered {}.", answer.status)};
    sessions_.insert(document["ID"].get<std::string>());
    return document["ID"].get<std::string>();
  }
  void destroy(const std::string& session) {
    (void)inquiry_.ask(request("PUT", "/v1/session/destroy/" + session));
  }

  struct Pair {
    bool is_there = false;
    std::uint64_t modified = 0;
    std::string session{};
  };
  Pair look(std::string_view name) {
    const HttpAnswer answer = inquiry_.ask(request("GET", key(name)));
    const Json document = Json::parse(answer.body, nullptr, false);
    if (answer.status != 200 || !document.is_array() || document.empty() || !document[0].is_object())
      return {};
    Pair pair;
    pair.is_there = true;
    if (const Json index = document[0].value("ModifyIndex", Json()); index.is_number_unsigned())
      pair.modified = index.get<std::uint64_t>();
    if (const Json session = document[0].value("Session", Json()); session.is_string())
      pair.session = session.get<std::string>();
    return pair;
  }

  static std::string acquire(const std::string& session) { return "?acquire=" + session; }
  static std::string release(const std::string& session) { return "?release=" + session; }

  void ask_locks() {
    const std::string first = new_session(seconds(0));
    const std::string second = new_session(seconds(0));
    const std::string lock = "held/.lock";
    if (!put(lock, acquire(first))) throw NoAnswer{"A key that nobody has is not locked by a new session."};
    const bool is_second = put(lock, acquire(second));
    inquiry_.promise("a key is not locked by a second session", !is_second && look(lock).session == first,
                     fmt::format("it answers {}", is_second ? "true" : "false"));
    const bool is_released = put(lock, release(second));
    inquiry_.promise("a lock is not released by another session", !is_released && look(lock).session == first,
                     fmt::format("it answers {}", is_released ? "true" : "false"));
    inquiry_.promise("a lock is released by its session",
                     put(lock, release(first)) && look(lock).session.empty(),
                     "the key is looked at afterwards");
    inquiry_.promise("what was released is locked by the next at once", put(lock, acquire(second)),
                     "there is no lock-delay after a release");
    destroy(second);
    destroy(first);
    inquiry_.promise("a session that is destroyed lets go of its locks", look(lock).session.empty(),
                     "the key is looked at afterwards");
  }

  void ask_lock_delay() {
    const std::string lock = "delayed/.lock";
    const std::string first = new_session(kLockDelay);
    const std::string second = new_session(seconds(0));
    (void)put(lock, acquire(first));
    destroy(first);
    const bool is_early = put(lock, acquire(second));
    inquiry_.wait(kLockDelay + milliseconds(500));
    const bool is_late = is_early || put(lock, acquire(second));
    inquiry_.promise("who lost a lock leaves it for the lock-delay", !is_early && is_late,
                     is_early  ? "the next has it at once"
                     : is_late ? fmt::format("the next has it after {} s, and not before", kLockDelay.count())
                               : "nobody has it, even afterwards");
    destroy(second);
  }

  void ask_check_and_set() {
    const std::string state = "state";
    const bool is_created = put(state, "?cas=0", "first");
    const bool is_created_twice = put(state, "?cas=0", "second");
    inquiry_.promise("a put with cas=0 is refused where a key is", is_created && !is_created_twice,
                     fmt::format("they answer {} and {}", is_created, is_created_twice));
    const std::uint64_t index = look(state).modified;
    const bool is_replaced = put(state, fmt::format("?cas={}", index), "third");
    const bool is_stale_taken = put(state, fmt::format("?cas={}", index), "fourth");
    inquiry_.promise("a put with the index of an older version is refused", is_replaced && !is_stale_taken,
                     fmt::format("they answer {} and {}", is_replaced, is_stale_taken));
  }

  void ask_reads() {
    unsigned fresh = 0;
    std::uint64_t last = 0;
    for (unsigned i = 0; i < kLooks; ++i) {
      (void)put("state", "", fmt::format("write {}", i));
      const std::uint64_t seen = look("state").modified;
      fresh += seen > last ? 1U : 0U;
      last = seen;
    }
    inquiry_.promise("a read shows the last write", fresh == kLooks,
                     fmt::format("{} of {} reads do", fresh, kLooks), kLooks);
  }

  void ask_races() {
    std::vector<std::string> racers;
    for (unsigned i = 0; i < inquiry_.reach().racers; ++i) racers.push_back(new_session(seconds(0)));
    const auto lock = [](unsigned race) { return fmt::format("race-{}/.lock", race); };
    inquiry_.promise_one_winner(
        inquiry_.race([&](unsigned race,
                          unsigned racer) { return put_request(lock(race), acquire(racers[racer]), "x"); },
                      is_true,
                      [&](unsigned race, const std::vector<unsigned>& granted) {
                        for (const unsigned racer : granted) (void)put(lock(race), release(racers[racer]));
                      }),
        "gets the lock");
    for (const std::string& session : racers) destroy(session);
  }

  void begin_expiry() {
    if (!probe_.waits_for_expiry) return;
    silent_ = new_session(seconds(0));
    begun_ = std::chrono::steady_clock::now();
    (void)put("silent/.lock", acquire(silent_));
  }

  // Consul ends a session some time between its TTL and twice that.
  void end_expiry() {
    if (!probe_.waits_for_expiry)
      return inquiry_.cannot_tell("whether a session that nobody renews ends after its TTL");
    const auto end = begun_ + 2 * kTtl + seconds(3);
    bool is_free = false;
    while (!is_free && std::chrono::steady_clock::now() < end) {
      inquiry_.wait(milliseconds(250));
      is_free = look("silent/.lock").session.empty();
    }
    const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun_);
    const bool is_early = is_free && took < kTtl;
    inquiry_.promise(
        "a session that nobody renews ends, between its TTL and twice that", is_free && !is_early,
        is_free ? fmt::format("it ended {:.1f} s after it was made, with a TTL of {} s",
                              static_cast<double>(took.count()) / 1000.0, kTtl.count())
                : fmt::format("it has not ended {} s after it was made", (2 * kTtl + seconds(3)).count()));
  }

  void clean_up() {
    for (const std::string& session : sessions_) destroy(session);
    for (const std::string& name : stored_) {
      (void)inquiry_.ask(request("DELETE", key(name)));
      if (look(name).is_there)
        inquiry_.left_behind(fmt::format("the key {}/{}", probe_.reach.own_name, name));
    }
  }

  const ConsulProbe& probe_;
  Inquiry inquiry_;
  std::set<std::string> sessions_;
  std::set<std::string> stored_;
  std::string silent_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace

std::expected<Findings, std::string> probe_consul(const ConsulProbe& probe) {
  return ConsulSession(probe).run();
}

}  // namespace lockstorm::wire::probe
