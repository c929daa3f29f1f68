#include "wire/probe/gcs_probe.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "wire/probe/aws_signature.hpp"

namespace lockstorm::wire::probe {
namespace {

using Json = nlohmann::json;

class GcsSession {
 public:
  explicit GcsSession(const GcsProbe& probe) : probe_(probe), inquiry_(probe.reach) {}

  std::expected<Findings, std::string> run() {
    return findings_of(
        inquiry_,
        [this] {
          ask_creation();
          ask_deletion();
          ask_reads();
          ask_lists();
          ask_races();
        },
        [this] { clean_up(); });
  }

 private:
  std::string object(std::string_view name) const {
    return fmt::format("{}/{}", probe_.reach.own_name, name);
  }
  std::string objects() const {
    return fmt::format("/storage/v1/b/{}/o", escaped_for_aws(probe_.bucket, false));
  }
  std::string path(const std::string& name) const { return objects() + "/" + escaped_for_aws(name, false); }

  static HttpRequest request(std::string method, std::string target) {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    return request;
  }
  HttpRequest insert_request(const std::string& name, std::string text, std::string_view condition) {
    stored_.insert(name);
    HttpRequest insert = request("POST", fmt::format("/upload{}?uploadType=media&name={}{}", objects(),
                                                     escaped_for_aws(name, false), condition));
    insert.headers["Content-Type"] = "application/json";
    insert.body = std::move(text);
    return insert;
  }
  HttpAnswer insert(const std::string& name, std::string text, std::string_view condition = "") {
    return inquiry_.ask(insert_request(name, std::move(text), condition));
  }
  HttpAnswer get(const std::string& name) { return inquiry_.ask(request("GET", path(name) + "?alt=media")); }
  HttpAnswer remove(const std::string& name, std::string_view condition = "") {
    return inquiry_.ask(request("DELETE", fmt::format("{}{}", path(name), condition)));
  }

  // "?ifGenerationMatch=1700000000000000"; empty: there is none.
  static std::string generation_of(const HttpAnswer& answer) {
    const Json document = Json::parse(answer.body, nullptr, false);
    if (!document.is_object()) return "";
    const auto found = document.find("generation");
    const std::string text = found == document.end()       ? ""
                             : found->is_string()          ? found->get<std::string>()
                             : found->is_number_unsigned() ? std::to_string(found->get<std::uint64_t>())
                                                           : "";
    return text.find_first_not_of("0123456789") == std::string::npos ? text : "";
  }

  static constexpr std::string_view kIfAbsent = "&ifGenerationMatch=0";

  void ask_creation() {
    const std::string lock = object("created.tflock");
    const HttpAnswer first = insert(lock, "{\"ID\":\"first\"}", kIfAbsent);
    if (!is_success(first))
      throw NoAnswer{
          fmt::format("The first lock of an object that nobody has is answered {}.", first.status)};
    const HttpAnswer second = insert(lock, "{\"ID\":\"second\"}", kIfAbsent);
    const bool is_first = get(lock).body.find("first") != std::string::npos;
    inquiry_.promise("an insert with ifGenerationMatch=0 is refused where something is",
                     !is_success(second) && is_first,
                     fmt::format("it is answered {}, and {} is stored", second.status,
                                 is_first ? "the first" : "another text"));
    generation_ = generation_of(first);
    if (generation_.empty())
      inquiry_.cannot_tell("whether deletes are compared: an insert tells no generation");
  }

  // The lock's id, as people type it for force-unlock, is its generation.
  void ask_deletion() {
    const std::string lock = object("created.tflock");
    if (!generation_.empty()) {
      const std::string other = std::to_string(std::stoull(generation_.substr(0, 18)) + 1);
      const HttpAnswer wrong = remove(lock, "?ifGenerationMatch=" + other);
      const bool is_there = is_success(get(lock));
      inquiry_.promise(
          "a delete with another generation deletes nothing", is_there,
          fmt::format("it is answered {}, and the lock is {}", wrong.status, is_there ? "there" : "gone"));
    }
    const HttpAnswer gone =
        remove(lock, generation_.empty() ? std::string() : "?ifGenerationMatch=" + generation_);
    inquiry_.promise("whoever may lock may unlock", is_success(gone),
                     fmt::format("a delete is answered {}", gone.status));
    const HttpAnswer again = insert(lock, "{\"ID\":\"third\"}", kIfAbsent);
    inquiry_.promise("what was unlocked can be locked again", is_success(again),
                     fmt::format("it is answered {}", again.status));
    const std::string newer = generation_of(again);
    if (!newer.empty() && !generation_.empty())
      inquiry_.promise("a new lock has a new generation", newer != generation_,
                       newer != generation_ ? "it has" : "it has that of the one before");
    (void)remove(lock);
  }

  void ask_reads() {
    unsigned fresh = 0;
    unsigned gone = 0;
    for (unsigned i = 0; i < kLooks; ++i) {
      const std::string state = object(fmt::format("read-{}.tfstate", i % 2));
      const std::string text = fmt::format("{{\"serial\":{}}}", i);
      (void)insert(state, text);
      fresh += get(state).body == text ? 1U : 0U;
      (void)remove(state);
      gone += is_success(get(state)) ? 0U : 1U;
    }
    inquiry_.promise("a read shows the last write", fresh == kLooks,
                     fmt::format("{} of {} reads do", fresh, kLooks), kLooks);
    inquiry_.promise("a read shows the last delete", gone == kLooks,
                     fmt::format("{} of {} reads do", gone, kLooks), kLooks);
  }

  void ask_lists() {
    unsigned shown = 0;
    for (unsigned i = 0; i < kLooks; ++i) {
      const std::string state = object(fmt::format("list-{}.tfstate", i));
      (void)insert(state, "{\"serial\":1}");
      const HttpAnswer listed = inquiry_.ask(
          request("GET", fmt::format("{}?prefix={}", objects(), escaped_for_aws(object("list-"), false))));
      shown += listed.body.find(fmt::format("list-{}.tfstate", i)) != std::string::npos ? 1U : 0U;
    }
    inquiry_.promise("a list shows the last write", shown == kLooks,
                     fmt::format("{} of {} lists do", shown, kLooks), kLooks);
  }

  void ask_races() {
    const auto lock = [this](unsigned race) { return object(fmt::format("race-{}.tflock", race)); };
    inquiry_.promise_one_winner(
        inquiry_.race(
            [&](unsigned race, unsigned racer) {
              return insert_request(lock(race), fmt::format("{{\"ID\":\"racer {}\"}}", racer), kIfAbsent);
            },
            is_success, [&](unsigned race, const std::vector<unsigned>&) { (void)remove(lock(race)); }),
        "inserts its lock");
  }

  void clean_up() {
    for (const std::string& name : stored_) (void)remove(name);
    remove_generations();
    for (const std::string& name : stored_) {
      if (is_success(get(name))) inquiry_.left_behind("the object " + name);
    }
  }

  // A delete in a versioned bucket only makes a generation no longer the live one.
  void remove_generations() {
    const HttpAnswer listed =
        inquiry_.ask(request("GET", fmt::format("{}?versions=true&prefix={}", objects(),
                                                escaped_for_aws(probe_.reach.own_name, false))));
    const Json document = Json::parse(listed.body, nullptr, false);
    if (!document.is_object() || !document.value("items", Json()).is_array()) return;
    for (const Json& item : document["items"]) {
      const std::string generation = generation_of({200, {}, item.dump()});
      if (!item.is_object() || !item.value("name", Json()).is_string() || generation.empty()) continue;
      const auto name = item["name"].get<std::string>();
      if (!name.starts_with(probe_.reach.own_name + "/")) continue;
      if (!is_success(remove(name, "?generation=" + generation)))
        inquiry_.left_behind("a generation of the object " + name);
    }
  }

  const GcsProbe& probe_;
  Inquiry inquiry_;
  std::string generation_;
  std::set<std::string> stored_;
};

}  // namespace

std::expected<Findings, std::string> probe_gcs(const GcsProbe& probe) { return GcsSession(probe).run(); }

}  // namespace lockstorm::wire::probe
