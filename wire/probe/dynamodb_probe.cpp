#include "wire/probe/dynamodb_probe.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

namespace lockstorm::wire::probe {
namespace {

using Json = nlohmann::json;

constexpr const char* kKey = "LockID";

class DynamoDbSession {
 public:
  explicit DynamoDbSession(const DynamoDbProbe& probe) : probe_(probe), inquiry_(probe.reach) {}

  std::expected<Findings, std::string> run() {
    return findings_of(
        inquiry_,
        [this] {
          ask_creation();
          ask_reads();
          ask_deletion();
          ask_races();
          inquiry_.cannot_tell(
              "how long an eventually consistent read lags, which these clients do not send for locks");
        },
        [this] { clean_up(); });
  }

 private:
  std::string id(std::string_view name) const { return fmt::format("{}/{}", probe_.reach.own_name, name); }

  static HttpRequest call(std::string_view operation, const Json& body) {
    HttpRequest request;
    request.method = "POST";
    request.target = "/";
    request.headers = {{"X-Amz-Target", fmt::format("DynamoDB_20120810.{}", operation)},
                       {"Content-Type", "application/x-amz-json-1.0"}};
    request.body = body.dump();
    return request;
  }
  HttpRequest put_request(const std::string& id, const std::string& info, bool is_conditional) {
    stored_.insert(id);
    Json body{{"TableName", probe_.table}, {"Item", {{kKey, {{"S", id}}}, {"Info", {{"S", info}}}}}};
    if (is_conditional) body["ConditionExpression"] = fmt::format("attribute_not_exists({})", kKey);
    return call("PutItem", body);
  }
  HttpAnswer put(const std::string& id, const std::string& info, bool is_conditional) {
    return inquiry_.ask(put_request(id, info, is_conditional));
  }
  // Empty: there is none.
  std::string info_of(const std::string& id) {
    const HttpAnswer answer = inquiry_.ask(call("GetItem", {{"TableName", probe_.table},
                                                            {"Key", {{kKey, {{"S", id}}}}},
                                                            {"ConsistentRead", true},
                                                            {"ProjectionExpression", "LockID, Info"}}));
    const Json document = Json::parse(answer.body, nullptr, false);
    if (!document.is_object()) return "";
    return document.value(Json::json_pointer("/Item/Info/S"), std::string());
  }
  HttpAnswer remove(const std::string& id) {
    return inquiry_.ask(call("DeleteItem", {{"TableName", probe_.table}, {"Key", {{kKey, {{"S", id}}}}}}));
  }

  // " ResourceNotFoundException"; nothing else of what the service says.
  static std::string error_words(const HttpAnswer& answer) {
    const Json document = Json::parse(answer.body, nullptr, false);
    if (!document.is_object() || !document.value("__type", Json()).is_string()) return "";
    const auto type = document["__type"].get<std::string>();
    const std::size_t hash = type.find('#');
    return " " + (hash == std::string::npos ? type : type.substr(hash + 1)).substr(0, 60);
  }

  void ask_creation() {
    const std::string lock = id("created");
    const HttpAnswer first = put(lock, "first", true);
    if (!is_success(first))
      throw NoAnswer{fmt::format("The first lock of a LockID that nobody has is answered {}{}.", first.status,
                                 error_words(first))};
    const HttpAnswer second = put(lock, "second", true);
    const bool is_first = info_of(lock) == "first";
    inquiry_.promise("a conditional put is refused where an item is", !is_success(second) && is_first,
                     fmt::format("it is answered {}{}, and {} is stored", second.status, error_words(second),
                                 is_first ? "the first" : "another item"));
    inquiry_.promise("a refusal is told as ConditionalCheckFailedException",
                     error_words(second) == " ConditionalCheckFailedException",
                     fmt::format("it is answered {}{}", second.status, error_words(second)));
    const HttpAnswer unconditional = put(lock, "third", false);
    inquiry_.promise("a put without a condition replaces an item, as digests are written",
                     is_success(unconditional) && info_of(lock) == "third",
                     fmt::format("it is answered {}{}", unconditional.status, error_words(unconditional)));
    (void)remove(lock);
  }

  void ask_reads() {
    unsigned fresh = 0;
    unsigned gone = 0;
    for (unsigned i = 0; i < kLooks; ++i) {
      const std::string info = fmt::format("write {}", i);
      (void)put(id("read"), info, false);
      fresh += info_of(id("read")) == info ? 1U : 0U;
      (void)remove(id("read"));
      gone += info_of(id("read")).empty() ? 1U : 0U;
    }
    inquiry_.promise("a consistent read shows the last write", fresh == kLooks,
                     fmt::format("{} of {} reads do", fresh, kLooks), kLooks);
    inquiry_.promise("a consistent read shows the last delete", gone == kLooks,
                     fmt::format("{} of {} reads do", gone, kLooks), kLooks);
  }

  void ask_deletion() {
    (void)put(id("deleted"), "first", true);
    const HttpAnswer gone = remove(id("deleted"));
    inquiry_.promise("whoever may lock may unlock", is_success(gone),
                     fmt::format("a delete is answered {}{}", gone.status, error_words(gone)));
    const HttpAnswer again = put(id("deleted"), "second", true);
    inquiry_.promise("what was unlocked can be locked again", is_success(again),
                     fmt::format("it is answered {}{}", again.status, error_words(again)));
    (void)remove(id("deleted"));
  }

  void ask_races() {
    const auto lock = [this](unsigned race) { return id(fmt::format("race-{}", race)); };
    inquiry_.promise_one_winner(
        inquiry_.race(
            [&](unsigned race, unsigned racer) {
              return put_request(lock(race), fmt::format("racer {}", racer), true);
            },
            is_success, [&](unsigned race, const std::vector<unsigned>&) { (void)remove(lock(race)); }),
        "puts its item");
  }

  void clean_up() {
    for (const std::string& id : stored_) {
      (void)remove(id);
      if (!info_of(id).empty()) inquiry_.left_behind("the item " + id);
    }
  }

  const DynamoDbProbe& probe_;
  Inquiry inquiry_;
  std::set<std::string> stored_;
};

}  // namespace

std::expected<Findings, std::string> probe_dynamodb(const DynamoDbProbe& probe) {
  return DynamoDbSession(probe).run();
}

}  // namespace lockstorm::wire::probe
