#include "wire/probe/s3_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "wire/probe/aws_signature.hpp"
#include "wire/services/base64.hpp"
#include "wire/services/digests.hpp"
#include "wire/services/xml_text.hpp"

namespace lockstorm::wire::probe {
namespace {

constexpr unsigned kMostLists = 20;

bool is_missing(const HttpAnswer& answer) { return answer.status == 404; }

std::string etag_of(const HttpAnswer& answer) {
  for (const auto& [name, value] : answer.headers) {
    if (name == "ETag" || name == "etag" || name == "Etag") return value;
  }
  return "";
}

enum class Versioning : std::uint8_t { never, enabled, suspended, hidden };

class S3Session {
 public:
  explicit S3Session(const S3Probe& probe) : probe_(probe), inquiry_(probe.reach) {}

  std::expected<Findings, std::string> run() {
    return findings_of(
        inquiry_,
        [this] {
          look_around();
          ask_creation();
          ask_creation_after_deletion();
          ask_replacement();
          ask_deletion_if_match();
          ask_what_is_damaged();
          ask_reads();
          ask_lists();
          ask_races();
          ask_conflicts();
        },
        [this] { clean_up(); });
  }

 private:
  using Headers = std::map<std::string, std::string>;

  std::string key(std::string_view name) const { return fmt::format("{}/{}", probe_.reach.own_name, name); }

  HttpRequest of_object(std::string method, const std::string& key, std::string query = "") const {
    HttpRequest request;
    request.method = std::move(method);
    request.target = fmt::format("{}/{}{}", probe_.bucket, escaped_for_aws(key, true), query);
    return request;
  }
  HttpAnswer of_bucket(const std::string& query) {
    HttpRequest request;
    request.method = "GET";
    request.target = fmt::format("{}/?{}", probe_.bucket, query);
    return inquiry_.ask(request);
  }
  HttpRequest put_request(const std::string& key, std::string body, const Headers& headers = {}) {
    stored_.insert(key);
    HttpRequest request = of_object("PUT", key);
    request.body = std::move(body);
    request.headers = headers;
    return request;
  }
  HttpAnswer put(const std::string& key, std::string body, const Headers& headers = {}) {
    return inquiry_.ask(put_request(key, std::move(body), headers));
  }
  HttpAnswer get(const std::string& key) { return inquiry_.ask(of_object("GET", key)); }
  HttpAnswer remove(const std::string& key, const Headers& headers = {}) {
    HttpRequest request = of_object("DELETE", key);
    request.headers = headers;
    return inquiry_.ask(request);
  }
  void must_put(const std::string& key, std::string body) {
    const HttpAnswer answer = put(key, std::move(body));
    if (!is_success(answer))
      throw NoAnswer{fmt::format("A plain put is answered {}{}.", answer.status, error_words(answer))};
  }

  // Never what the store says in its own words, which may hold anything: its error code.
  static std::string error_words(const HttpAnswer& answer) {
    const auto elements = xml_elements(answer.body);
    if (!elements) return "";
    const auto code = std::ranges::find(*elements, "Code", &XmlElement::name);
    return code == elements->end() || code->text.size() > 60 ? "" : " " + code->text;
  }

  void look_around() {
    const HttpAnswer nothing = get(key("absent"));
    if (nothing.status != 403 && !is_missing(nothing))
      throw NoAnswer{
          fmt::format("A key that nobody has is answered {}{}.", nothing.status, error_words(nothing))};
    if (is_missing(nothing) && error_words(nothing) == " NoSuchBucket")
      throw NoAnswer{"There is no such bucket."};
    must_put(key("plain"), "first");
    const bool is_403 = nothing.status == 403;
    inquiry_.promise("a key that is not there is told so", !is_403,
                     fmt::format("it is answered {}", nothing.status));
    inquiry_.set("missing_key_is_403", is_403 ? "true" : "false");
    const HttpAnswer gone = remove(key("plain"));
    inquiry_.promise("whoever may store may delete, which an unlock does", is_success(gone),
                     fmt::format("a delete is answered {}{}", gone.status, error_words(gone)));
    look_at_versioning();
  }

  void look_at_versioning() {
    const HttpAnswer answer = of_bucket("versioning=");
    const auto elements = answer.status == 200 ? xml_elements(answer.body) : std::nullopt;
    if (!elements) {
      versioning_ = Versioning::hidden;
      return inquiry_.cannot_tell(
          fmt::format("whether the bucket is versioned (`versioning`): asked for it, the store answers {}{}",
                      answer.status, error_words(answer)));
    }
    const auto status = std::ranges::find(*elements, "Status", &XmlElement::name);
    const std::string text = status == elements->end() ? "" : status->text;
    versioning_ = text == "Enabled"     ? Versioning::enabled
                  : text == "Suspended" ? Versioning::suspended
                                        : Versioning::never;
    inquiry_.set("versioning", text == "Enabled" ? "enabled" : text == "Suspended" ? "suspended" : "never");
  }

  static Headers if_absent() { return {{"If-None-Match", "*"}}; }

  void ask_creation() {
    const std::string lock = key("created.tflock");
    const HttpAnswer first = put(lock, "first", if_absent());
    if (!is_success(first)) {
      knows_conditions_ = false;
      inquiry_.promise(
          "an object is put with If-None-Match where there is none", false,
          fmt::format("it is answered {}{}: a lock can never be taken", first.status, error_words(first)));
      return;
    }
    const HttpAnswer second = put(lock, "second", if_absent());
    const bool is_refused = second.status == 412 || second.status == 409;
    is_created_once_ = is_refused;
    const bool is_first = get(lock).body == "first";
    inquiry_.promise("a put with If-None-Match: * is refused where something is", is_refused && is_first,
                     fmt::format("it is answered {}{}, and {} is stored", second.status, error_words(second),
                                 is_first ? "the first" : "another text"));
    (void)remove(lock);
    const bool is_for_versions = !is_refused && versioning_ == Versioning::enabled;
    inquiry_.set("honours_if_none_match", is_refused || is_for_versions ? "true" : "false");
    if (versioning_ == Versioning::enabled)
      inquiry_.set("versioned_conditional_puts", is_refused ? "true" : "false");
  }

  void ask_creation_after_deletion() {
    if (!knows_conditions_) return;
    const std::string lock = key("deleted.tflock");
    must_put(lock, "first");
    (void)remove(lock);
    const HttpAnswer again = put(lock, "second", if_absent());
    inquiry_.promise("what was deleted can be put with If-None-Match again", is_success(again),
                     fmt::format("it is answered {}{}", again.status, error_words(again)));
    (void)remove(lock);
    if (versioning_ == Versioning::suspended && is_created_once_)
      inquiry_.set("suspended_conditional_puts", is_success(again) ? "true" : "false");
  }

  void ask_replacement() {
    const std::string state = key("replaced");
    const HttpAnswer first = put(state, "first");
    const HttpAnswer second = put(state, "second");
    if (!is_success(first) || !is_success(second) || etag_of(first).empty())
      return inquiry_.cannot_tell("whether If-Match is honoured: a put is answered without an ETag");
    const HttpAnswer stale = put(state, "third", {{"If-Match", etag_of(first)}});
    const bool is_refused = !is_success(stale);
    inquiry_.promise("a put with If-Match of an older version is refused", is_refused,
                     fmt::format("it is answered {}{}", stale.status, error_words(stale)));
    inquiry_.set("honours_if_match", is_refused ? "true" : "false");
    if (!is_refused) return;
    const HttpAnswer current = put(state, "fourth", {{"If-Match", etag_of(second)}});
    inquiry_.promise("a put with If-Match of the version that is there is taken", is_success(current),
                     fmt::format("it is answered {}{}", current.status, error_words(current)));
    const HttpAnswer missing = put(key("nothing"), "first", {{"If-Match", etag_of(first)}});
    inquiry_.promise("a put with If-Match of what is not there is refused", !is_success(missing),
                     fmt::format("it is answered {}{}", missing.status, error_words(missing)));
  }

  void ask_deletion_if_match() {
    const std::string state = key("kept");
    const HttpAnswer first = put(state, "first");
    const HttpAnswer second = put(state, "second");
    if (!is_success(first) || !is_success(second) || etag_of(first).empty()) return;
    const HttpAnswer deleted = remove(state, {{"If-Match", etag_of(first)}});
    const bool is_there = is_success(get(state));
    inquiry_.promise("a delete with If-Match of an older version deletes nothing", is_there,
                     fmt::format("it is answered {}{}, and the object is {}", deleted.status,
                                 error_words(deleted), is_there ? "there" : "gone"));
  }

  void ask_what_is_damaged() {
    const std::string sum = encode_base64(
        std::string_view(reinterpret_cast<const char*>(md5_of("what was meant").data()), 16));  // NOLINT
    const HttpAnswer damaged = put(key("damaged"), "what has arrived", {{"Content-MD5", sum}});
    inquiry_.promise(
        "what was damaged on the way is not stored", !is_success(damaged),
        fmt::format("with another Content-MD5 it is answered {}{}", damaged.status, error_words(damaged)));
  }

  void ask_reads() {
    const std::string state = key("read");
    unsigned fresh = 0;
    for (unsigned i = 0; i < kLooks; ++i) {
      must_put(state, fmt::format("write {}", i));
      fresh += get(state).body == fmt::format("write {}", i) ? 1U : 0U;
    }
    unsigned gone = 0;
    for (unsigned i = 0; i < kLooks; ++i) {
      const std::string lock = key(fmt::format("read-{}.tflock", i));
      must_put(lock, "lock");
      (void)remove(lock);
      gone += is_success(get(lock)) ? 0U : 1U;
    }
    inquiry_.promise("a read shows the last write", fresh == kLooks,
                     fmt::format("{} of {} reads do", fresh, kLooks), kLooks);
    inquiry_.promise("a read shows the last delete", gone == kLooks,
                     fmt::format("{} of {} reads do", gone, kLooks), kLooks);
    inquiry_.set("strong_reads", fresh == kLooks && gone == kLooks ? "true" : "false");
  }

  void ask_lists() {
    unsigned shown = 0;
    for (unsigned i = 0; i < kLooks; ++i) {
      const std::string object = key(fmt::format("list/{}", i));
      must_put(object, "state");
      shown += keys_listed().contains(object) ? 1U : 0U;
    }
    inquiry_.promise("a list shows the last write", shown == kLooks,
                     fmt::format("{} of {} lists do", shown, kLooks), kLooks);
  }

  std::set<std::string> keys_listed() {
    const HttpAnswer answer =
        of_bucket("list-type=2&prefix=" + escaped_for_aws(probe_.reach.own_name + "/list/", false));
    std::set<std::string> keys;
    for (const XmlElement& element : xml_elements(answer.body).value_or(std::vector<XmlElement>{})) {
      if (element.name == "Key") keys.insert(element.text);
    }
    return keys;
  }

  void ask_races() {
    if (!knows_conditions_) return;
    const auto lock = [this](unsigned race) { return key(fmt::format("race-{}.tflock", race)); };
    const auto races = inquiry_.race(
        [&](unsigned race, unsigned racer) {
          return put_request(lock(race), fmt::format("racer {}", racer), if_absent());
        },
        is_success, [&](unsigned race, const std::vector<unsigned>&) { (void)remove(lock(race)); });
    inquiry_.promise_one_winner(races, "puts its lock file");
    if (races.most > 1 && is_created_once_)
      inquiry_.set(
          versioning_ == Versioning::enabled ? "versioned_conditional_puts" : "honours_if_none_match",
          "false");
  }

  // AWS answers 409 where a delete comes in between (backend-protocols.md 4.2.3).
  void ask_conflicts() {
    if (!knows_conditions_) return;
    unsigned conflicts = 0;
    for (unsigned race = 0; race < inquiry_.reach().races; ++race) {
      const std::string lock = key(fmt::format("conflict-{}.tflock", race));
      must_put(lock, "first");
      std::vector<HttpRequest> requests;
      for (unsigned racer = 0; racer < inquiry_.reach().racers; ++racer)
        requests.push_back(racer % 2 == 0 ? put_request(lock, "again", if_absent())
                                          : of_object("DELETE", lock));
      const auto answers = inquiry_.ask_at_once(std::move(requests));
      conflicts += static_cast<unsigned>(std::ranges::count(answers, 409U, &HttpAnswer::status));
      (void)remove(lock);
    }
    // What may happen is told by seeing it; that it was not seen does not say that it cannot.
    if (conflicts > 0) {
      inquiry_.set("conflicts", "1");
      inquiry_.promise("a put with If-None-Match is not answered 409 because of a delete beside it", false,
                       fmt::format("{} were", conflicts), inquiry_.reach().races);
    } else {
      inquiry_.cannot_tell(
          "whether a put with If-None-Match is ever answered 409 because of a delete beside it "
          "(`conflicts`): it was not here");
    }
  }

  void clean_up() {
    if (stored_.empty()) return;
    for (const std::string& key : stored_) (void)remove(key);
    // A list has at most a thousand of them.
    for (unsigned round = 0; versioning_ != Versioning::never && round < kMostLists; ++round) {
      if (!remove_versions()) break;
    }
    for (const std::string& key : stored_) {
      if (is_success(get(key))) inquiry_.left_behind("the object " + key);
    }
  }

  // A delete of a versioned object only hides it. False: none of them is there any more, or can be seen.
  bool remove_versions() {
    const HttpAnswer answer =
        of_bucket("prefix=" + escaped_for_aws(probe_.reach.own_name, false) + "&versions=");
    const auto elements = answer.status == 200 ? xml_elements(answer.body) : std::nullopt;
    if (!elements) {
      inquiry_.left_behind(
          fmt::format("older versions of what is below {} and marks that it was deleted, if the bucket keeps "
                      "them: asked for them, the store answers {}{}",
                      probe_.reach.own_name, answer.status, error_words(answer)));
      return false;
    }
    std::string key;
    bool are_there = false;
    for (const XmlElement& element : *elements) {
      if (element.name == "Key") key = element.text;
      if (element.name != "VersionId" || !key.starts_with(probe_.reach.own_name + "/")) continue;
      const HttpAnswer removed =
          inquiry_.ask(of_object("DELETE", key, "?versionId=" + escaped_for_aws(element.text, false)));
      are_there |= is_success(removed);
      if (!is_success(removed)) inquiry_.left_behind("a version of the object " + key);
    }
    return are_there;
  }

  const S3Probe& probe_;
  Inquiry inquiry_;
  Versioning versioning_ = Versioning::hidden;
  bool knows_conditions_ = true;
  bool is_created_once_ = false;
  std::set<std::string> stored_;
};

}  // namespace

std::expected<Findings, std::string> probe_s3(const S3Probe& probe) { return S3Session(probe).run(); }

}  // namespace lockstorm::wire::probe
