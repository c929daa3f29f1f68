#include "wire/probe/http_probe.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "wire/services/contents.hpp"

namespace lockstorm::wire::probe {
namespace {

bool is_done(const HttpAnswer& answer) { return answer.status == 200 || answer.status == 204; }
// Terraform takes 409 and 423 for "somebody has it"; anything else is an error to it.
bool is_refused(const HttpAnswer& answer) { return answer.status == 409 || answer.status == 423; }
// Some servers say of a new lock that it was created.
bool is_granted(const HttpAnswer& answer) { return is_done(answer) || answer.status == 201; }
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
  explicit Session(const HttpProbe& probe) : probe_(probe), inquiry_(probe.reach) {}

  std::expected<Findings, std::string> run() {
    return findings_of(
        inquiry_,
        [this] {
          make_sure_it_is_new();
          find_way();
          ask_second_lock();
          ask_same_id();
          ask_writes();
          ask_unlocks();
          ask_writes_without_lock();
          ask_reads();
          ask_races();
          inquiry_.cannot_tell("whether a lock ends by itself after a time (`expiry`)");
        },
        [this] { clean_up(); });
  }

 private:
  static HttpRequest request(std::string method, std::string target, std::string body = "") {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    if (!body.empty()) request.headers["Content-Type"] = "application/json";
    request.body = std::move(body);
    return request;
  }
  HttpAnswer send(const HttpRequest& request) { return inquiry_.ask(request); }

  [[nodiscard]] std::string lock_target() const {
    return way_ == Way::methods ? probe_.target : probe_.target + "/lock";
  }
  [[nodiscard]] HttpRequest lock_request(const std::string& id) const {
    return request(way_ == Way::methods ? "LOCK" : "POST", lock_target(), lock_info(id));
  }
  HttpAnswer lock(const std::string& id) { return send(lock_request(id)); }
  HttpAnswer unlock(const std::string& id) {
    return send(
        request(way_ == Way::methods ? "UNLOCK" : "DELETE", lock_target(), id.empty() ? "" : lock_info(id)));
  }
  HttpAnswer write(unsigned serial, const std::string& id) {
    return send(request("POST", probe_.target + (id.empty() ? "" : "?ID=" + id), state_of(serial)));
  }
  HttpAnswer read() { return send(request("GET", probe_.target)); }

  void make_sure_it_is_new() {
    const HttpAnswer there = read();
    if (there.status == 401 || there.status == 403)
      throw NoAnswer{fmt::format("The server wants to know who asks (status {}).", there.status)};
    const bool is_new =
        there.status == 404 || there.status == 204 || (there.status == 200 && there.body.empty());
    if (!is_new)
      throw NoAnswer{fmt::format("Status {} where a state was to be that nobody has.", there.status)};
    is_ours_ = true;
  }

  void find_way() {
    for (const Way way : {Way::methods, Way::address}) {
      way_ = way;
      const HttpAnswer locked = lock("first");
      if (is_granted(locked)) return;
      if (!is_unknown_method(locked))
        throw NoAnswer{fmt::format("Status {} for the lock of a state that nobody has.", locked.status)};
    }
    throw NoAnswer{"The server takes no lock requests, neither LOCK nor POST at .../lock."};
  }

  void ask_second_lock() {
    const HttpAnswer second = lock("second");
    excludes_ = is_refused(second);
    promise("a lock request is refused while somebody has the lock", excludes_,
            fmt::format("the second one was answered {}", second.status));
    set("lock", excludes_ ? "exclusive" : "overwrites");
    holder_ = excludes_ ? "first" : "second";
    if (!excludes_) return;
    const auto document = nlohmann::json::parse(second.body, nullptr, false);
    const auto named = parse_lock_text(second.body);
    const bool names_holder = named && named->id == "first";
    promise("a refusal names the lock that stands", names_holder,
            named ? "it has the ID " + named->id : "it names no ID");
    set("refused_body", names_holder ? "info" : document.is_object() ? "without_id" : "none");
    set("locked_status", std::to_string(second.status));
  }

  void ask_same_id() {
    const HttpAnswer again = lock(holder_);
    const bool locks_again = is_done(again);
    if (!excludes_) return;
    promise("a lock request with the ID of the lock is refused like any other", !locks_again,
            fmt::format("it was answered {}", again.status));
    set("same_id_locks_again", locks_again ? "true" : "false");
  }

  void ask_writes() {
    const HttpAnswer other = write(1, "somebody-else");
    const HttpAnswer own = write(2, holder_);
    if (!is_done(own))
      throw NoAnswer{fmt::format("Whoever has the lock may not write: status {}.", own.status)};
    writes_are_compared_ = !is_done(other);
    promise("a state is only taken from whoever has the lock", writes_are_compared_,
            fmt::format("with another ID it was answered {}", other.status));
  }

  void ask_unlocks() {
    const HttpAnswer other = unlock("somebody-else");
    const bool is_compared = !is_done(other);
    promise("a lock is only released by its ID", is_compared,
            fmt::format("with another ID it was answered {}", other.status));
    if (!is_compared) {
      set("unlock", "anybody");
      return unlocked_by(other);
    }
    const HttpAnswer without = unlock("");
    const bool wants_id = !is_done(without);
    promise("force-unlock of Terraform, which sends no ID, is refused", wants_id,
            fmt::format("without an ID it was answered {}", without.status));
    set("unlock", wants_id ? "id" : "id_or_none");
    if (!wants_id) return unlocked_by(without);
    const HttpAnswer own = unlock(holder_);
    if (!is_done(own)) throw NoAnswer{fmt::format("Nobody may unlock: status {}.", own.status)};
    return unlocked_by(own);
  }

  void unlocked_by(const HttpAnswer& answer) { set("unlock_status", std::to_string(answer.status)); }

  void ask_writes_without_lock() {
    const HttpAnswer without = write(3, "nobody");
    const bool is_taken = is_done(without);
    promise("a state is refused that comes with an ID while nothing is locked", !is_taken,
            fmt::format("it was answered {}", without.status));
    set("write", !writes_are_compared_ ? "anybody" : is_taken ? "if_unlocked" : "holder");
  }

  void ask_reads() {
    unsigned fresh = 0;
    for (unsigned i = 0; i < kLooks; ++i) {
      const HttpAnswer written = write(10 + i, "");
      const HttpAnswer shown = read();
      const auto state = parse_state_text(shown.body);
      fresh += is_done(written) && state && state->serial == 10 + i ? 1U : 0U;
    }
    promise("a read shows the last write", fresh == kLooks, fmt::format("{} of {} reads did", fresh, kLooks),
            kLooks);
  }

  void ask_races() {
    const auto id = [](unsigned race, unsigned racer) { return fmt::format("racer-{}-{}", race, racer); };
    const auto races = inquiry_.race(
        [&](unsigned race, unsigned racer) { return lock_request(id(race, racer)); }, is_granted,
        [&](unsigned race, const std::vector<unsigned>& granted) {
          for (const unsigned racer : granted) (void)unlock(id(race, racer));
        });
    inquiry_.promise_one_winner(races, "is granted the lock");
    if (races.most > 1) set("lock", "overwrites");
  }

  void clean_up() {
    if (!is_ours_) return;
    for (const std::string& id : {holder_, std::string()}) (void)unlock(id);
    const HttpAnswer deleted = send(request("DELETE", probe_.target));
    const HttpAnswer after = read();
    const bool is_gone = after.status == 404 || after.status == 204 || after.body.empty();
    if (!is_gone)
      inquiry_.left_behind(
          fmt::format("the state {} (DELETE was answered {})", probe_.target, deleted.status));
  }

  void promise(std::string what, bool is_kept, std::string seen, unsigned tries = 1) {
    inquiry_.promise(std::move(what), is_kept, std::move(seen), tries);
  }
  void set(const std::string& key, std::string value) { inquiry_.set(key, std::move(value)); }

  const HttpProbe& probe_;
  Inquiry inquiry_;
  Way way_ = Way::methods;
  std::string holder_ = "first";
  bool is_ours_ = false;
  bool excludes_ = false;
  bool writes_are_compared_ = false;
};

}  // namespace

std::expected<Findings, std::string> probe_http(const HttpProbe& probe) { return Session(probe).run(); }

}  // namespace lockstorm::wire::probe
