#include "wire/probe/http_probe.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "wire/services/contents.hpp"

namespace lockstorm::wire::probe {
namespace {

using Failure = std::unexpected<std::string>;

constexpr unsigned kReads = 20;

bool is_done(const HttpAnswer& answer) { return answer.status == 200 || answer.status == 204; }
// Terraform takes 409 and 423 for "somebody has it"; anything else is an error to it.
bool is_refused(const HttpAnswer& answer) { return answer.status == 409 || answer.status == 423; }
bool is_unknown_method(const HttpAnswer& answer) {
  return answer.status == 404 || answer.status == 405 || answer.status == 501 || answer.status == 400;
}

std::string lock_info(const std::string& id) {
  return nlohmann::json{
      {"ID", id},      {"Operation", "OperationTypeApply"}, {"Info", ""}, {"Who", "lockstorm probe"},
      {"Version", ""}, {"Created", "2026-01-01T00:00:00Z"}, {"Path", ""}}
      .dump();
}

std::string state_of(unsigned serial) {
  return fmt::format(
      R"({{"version":4,"terraform_version":"1.11.4","serial":{},"lineage":"lockstorm-probe","outputs":{{}},"resources":[]}})",
      serial);
}

// Two ways to lock: LOCK and UNLOCK of the state's address, and GitLab's POST and DELETE of an address of the
// lock's own.
enum class Way : std::uint8_t { methods, address };

class Session {
 public:
  explicit Session(const HttpProbe& probe) : probe_(probe) {}

  std::expected<Findings, std::string> run() {
    if (auto ready = make_sure_it_is_new(); !ready) return Failure(ready.error());
    if (auto way = find_way(); !way) return Failure(way.error());
    auto found = questions();
    clean_up();
    if (!found) return Failure(found.error());
    return std::move(findings_);
  }

 private:
  using Answer = std::expected<HttpAnswer, std::string>;

  HttpRequest request(std::string method, std::string target, std::string body = "") const {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers = probe_.headers;
    if (!body.empty()) request.headers["Content-Type"] = "application/json";
    request.body = std::move(body);
    return request;
  }
  Answer send(const HttpRequest& request) { return ask(loop_, probe_.state, request, probe_.longest_answer); }

  [[nodiscard]] std::string lock_target() const {
    return way_ == Way::methods ? probe_.state.target : probe_.state.target + "/lock";
  }
  [[nodiscard]] HttpRequest lock_request(const std::string& id) const {
    return request(way_ == Way::methods ? "LOCK" : "POST", lock_target(), lock_info(id));
  }
  Answer lock(const std::string& id) { return send(lock_request(id)); }
  Answer unlock(const std::string& id) {
    return send(
        request(way_ == Way::methods ? "UNLOCK" : "DELETE", lock_target(), id.empty() ? "" : lock_info(id)));
  }
  Answer write(unsigned serial, const std::string& id) {
    const char mark = probe_.state.target.find('?') == std::string::npos ? '?' : '&';
    return send(request("POST", probe_.state.target + (id.empty() ? "" : fmt::format("{}ID={}", mark, id)),
                        state_of(serial)));
  }
  Answer read() { return send(request("GET", probe_.state.target)); }

  std::expected<void, std::string> make_sure_it_is_new() {
    const Answer there = read();
    if (!there) return Failure("The server cannot be reached: " + there.error() + ".");
    if (there->status == 401 || there->status == 403)
      return Failure(fmt::format("The server wants to know who asks (status {}).", there->status));
    const bool is_new =
        there->status == 404 || there->status == 204 || (there->status == 200 && there->body.empty());
    if (!is_new)
      return Failure(fmt::format("Status {} where a state was to be that nobody has.", there->status));
    return {};
  }

  std::expected<void, std::string> find_way() {
    for (const Way way : {Way::methods, Way::address}) {
      way_ = way;
      const Answer locked = lock("first");
      if (!locked) return Failure("No answer to a lock request: " + locked.error() + ".");
      if (is_done(*locked) || locked->status == 201) {
        return {};
      }
      if (!is_unknown_method(*locked))
        return Failure(fmt::format("Status {} for the lock of a state that nobody has.", locked->status));
    }
    return Failure("The server takes no lock requests, neither LOCK nor POST at .../lock.");
  }

  std::expected<void, std::string> questions() {
    for (const auto question :
         {&Session::ask_second_lock, &Session::ask_same_id, &Session::ask_writes, &Session::ask_unlocks,
          &Session::ask_writes_without_lock, &Session::ask_reads, &Session::ask_races}) {
      if (auto asked = (this->*question)(); !asked) return asked;
    }
    findings_.not_tried = {"whether a lock ends by itself after a time (`expiry`)"};
    return {};
  }

  std::expected<void, std::string> ask_second_lock() {
    const Answer second = lock("second");
    if (!second) return Failure(second.error());
    excludes_ = is_refused(*second);
    promise("a lock request is refused while somebody has the lock", excludes_,
            fmt::format("the second one was answered {}", second->status));
    set("lock", excludes_ ? "exclusive" : "overwrites");
    holder_ = excludes_ ? "first" : "second";
    if (!excludes_) return {};
    const auto document = nlohmann::json::parse(second->body, nullptr, false);
    const auto named = parse_lock_text(second->body);
    const bool names_holder = named && named->id == "first";
    promise("a refusal names the lock that stands", names_holder,
            named ? "it has the ID " + named->id : "it names no ID");
    set("refused_body", names_holder ? "info" : document.is_object() ? "without_id" : "none");
    set("locked_status", std::to_string(second->status));
    return {};
  }

  std::expected<void, std::string> ask_same_id() {
    const Answer again = lock(holder_);
    if (!again) return Failure(again.error());
    const bool locks_again = is_done(*again);
    if (!excludes_) return {};
    promise("a lock request with the ID of the lock is refused like any other", !locks_again,
            fmt::format("it was answered {}", again->status));
    set("same_id_locks_again", locks_again ? "true" : "false");
    return {};
  }

  std::expected<void, std::string> ask_writes() {
    const Answer other = write(1, "somebody-else");
    const Answer own = write(2, holder_);
    if (!other) return Failure(other.error());
    if (!own) return Failure(own.error());
    if (!is_done(*own))
      return Failure(fmt::format("Whoever has the lock may not write: status {}.", own->status));
    writes_are_compared_ = !is_done(*other);
    promise("a state is only taken from whoever has the lock", writes_are_compared_,
            fmt::format("with another ID it was answered {}", other->status));
    return {};
  }

  std::expected<void, std::string> ask_unlocks() {
    const Answer other = unlock("somebody-else");
    if (!other) return Failure(other.error());
    const bool is_compared = !is_done(*other);
    promise("a lock is only released by its ID", is_compared,
            fmt::format("with another ID it was answered {}", other->status));
    if (!is_compared) {
      set("unlock", "anybody");
      return unlocked_by(*other);
    }
    const Answer without = unlock("");
    if (!without) return Failure(without.error());
    const bool wants_id = !is_done(*without);
    promise("force-unlock of Terraform, which sends no ID, is refused", wants_id,
            fmt::format("without an ID it was answered {}", without->status));
    set("unlock", wants_id ? "id" : "id_or_none");
    if (!wants_id) return unlocked_by(*without);
    const Answer own = unlock(holder_);
    if (!own) return Failure(own.error());
    if (!is_done(*own)) return Failure(fmt::format("Nobody may unlock: status {}.", own->status));
    return unlocked_by(*own);
  }

  std::expected<void, std::string> unlocked_by(const HttpAnswer& answer) {
    set("unlock_status", std::to_string(answer.status));
    return {};
  }

  std::expected<void, std::string> ask_writes_without_lock() {
    const Answer without = write(3, "nobody");
    if (!without) return Failure(without.error());
    const bool is_taken = is_done(*without);
    promise("a state is refused that comes with an ID while nothing is locked", !is_taken,
            fmt::format("it was answered {}", without->status));
    set("write", !writes_are_compared_ ? "anybody" : is_taken ? "if_unlocked" : "holder");
    return {};
  }

  std::expected<void, std::string> ask_reads() {
    unsigned fresh = 0;
    for (unsigned i = 0; i < kReads; ++i) {
      const Answer written = write(10 + i, "");
      const Answer shown = read();
      if (!written) return Failure(written.error());
      if (!shown) return Failure(shown.error());
      const auto state = parse_state_text(shown->body);
      fresh += is_done(*written) && state && state->serial == 10 + i ? 1U : 0U;
    }
    promise("a read shows the last write", fresh == kReads, fmt::format("{} of {} reads did", fresh, kReads));
    return {};
  }

  std::expected<void, std::string> ask_races() {
    unsigned most = 0;
    unsigned least = probe_.racers;
    for (unsigned race = 0; race < probe_.races; ++race) {
      unsigned answered = 0;
      std::vector<std::string> winners;
      for (unsigned i = 0; i < probe_.racers; ++i) {
        const std::string id = fmt::format("racer-{}-{}", race, i);
        send_request(loop_, probe_.state, lock_request(id), probe_.longest_answer, [&, id](Answer answer) {
          ++answered;
          if (answer && (is_done(*answer) || answer->status == 201)) winners.push_back(id);
        });
      }
      loop_.run_until([&] { return answered == probe_.racers; }, probe_.longest_answer * 2);
      const auto granted = static_cast<unsigned>(winners.size());
      most = std::max(most, granted);
      least = std::min(least, granted);
      for (const std::string& winner : winners) (void)unlock(winner);
    }
    const bool is_kept = most == 1 && least == 1;
    promise(fmt::format("of {} who ask at once, one is granted the lock", probe_.racers), is_kept,
            is_kept ? fmt::format("in each of {} races", probe_.races)
                    : fmt::format("in {} races it were {} to {}", probe_.races, least, most));
    if (most > 1) store_setting("lock") = "overwrites";
    return {};
  }

  void clean_up() {
    for (const std::string& id : {holder_, std::string()}) (void)unlock(id);
    const Answer deleted = send(request("DELETE", probe_.state.target));
    const Answer after = read();
    const bool is_gone = after && (after->status == 404 || after->status == 204 || after->body.empty());
    if (!is_gone)
      findings_.left_behind.push_back(
          fmt::format("the state {} (DELETE was answered {})", probe_.state.target,
                      deleted ? std::to_string(deleted->status) : deleted.error()));
  }

  void promise(std::string what, bool is_kept, std::string seen) {
    findings_.promises.push_back({std::move(what), is_kept, std::move(seen)});
  }
  void set(std::string key, std::string value) {
    findings_.store.push_back({std::move(key), std::move(value)});
  }
  std::string& store_setting(std::string_view key) {
    for (StoreSetting& setting : findings_.store) {
      if (setting.key == key) return setting.value;
    }
    return findings_.store.emplace_back(StoreSetting{std::string(key), ""}).value;
  }

  const HttpProbe& probe_;
  Loop loop_;
  Way way_ = Way::methods;
  Findings findings_;
  std::string holder_ = "first";
  bool excludes_ = false;
  bool writes_are_compared_ = false;
};

}  // namespace

std::expected<Findings, std::string> probe_http(const HttpProbe& probe) { return Session(probe).run(); }

}  // namespace lockstorm::wire::probe
