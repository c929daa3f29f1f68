#include "wire/record/recording.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "wire/net/pg_exchange.hpp"
#include "wire/services/postgres_sql.hpp"

namespace lockstorm::wire {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kHidden = "[hidden]";
constexpr std::size_t kMostTextBytes = 4096;

// Of names in any case: whatever sounds like a secret is one.
bool is_secret(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kSigns{"auth", "cookie", "credential", "password",
                                                          "sas",  "secret", "sig",        "token"};
  const std::string lower = in_lower_case(name);
  return lower.ends_with("key") ||
         std::ranges::any_of(kSigns, [&](std::string_view sign) { return lower.contains(sign); });
}

Json without_secrets(const std::map<std::string, std::string>& fields) {
  Json shown = Json::object();
  for (const auto& [name, value] : fields) shown[name] = is_secret(name) ? kHidden : value;
  return shown;
}

// Keeps what there is, and hides what it is.
void hide_values(Json& value) {
  if (value.is_object() || value.is_array()) {
    for (Json& member : value) hide_values(member);
  } else if (!value.is_null()) {
    value = kHidden;
  }
}

bool is_state(const Json& document) {
  return document.is_object() && document.contains("serial") && document.contains("lineage");
}

void hide_secrets(Json& document) {
  if (is_state(document)) {
    if (document.contains("outputs")) hide_values(document["outputs"]);
    if (!document.contains("resources") || !document["resources"].is_array()) return;
    for (Json& resource : document["resources"]) {
      if (!resource.is_object() || !resource.contains("instances")) continue;
      hide_values(resource["instances"]);
    }
    return;
  }
  if (!document.is_object() && !document.is_array()) return;
  for (auto& [name, member] : document.items()) {
    if (document.is_object() && member.is_string() && is_secret(name)) {
      member = kHidden;
    } else {
      hide_secrets(member);
    }
  }
}

// Texts that are no JSON are measured: there is no telling what is in them.
Json body_of(const std::string& body) {
  if (body.empty()) return nullptr;
  Json document = Json::parse(body, nullptr, false);
  if (document.is_discarded() || !(document.is_object() || document.is_array())) {
    const bool is_error_text = body.size() <= kMostTextBytes && body.starts_with("<?xml");
    return is_error_text ? Json(body) : Json(Json::object_t{{"bytes", body.size()}});
  }
  hide_secrets(document);
  return document;
}

// What a statement carries: of states as above, of names as they are, of anything else its length.
Json value_of_sql(const PgValue& value, bool is_content) {
  if (!value) return nullptr;
  Json document = Json::parse(*value, nullptr, false);
  if (is_state(document)) {
    hide_secrets(document);
    return document;
  }
  constexpr std::size_t kMostNameBytes = 128;
  if (is_content || value->size() > kMostNameBytes) return {{"bytes", value->size()}};
  return *value;
}

Json sql_of(const HttpRequest& request) {
  const auto statement = statement_of(request);
  if (!statement) return nullptr;
  const auto call = parse_sql(statement->sql);
  Json body{{"sql", shown_sql(statement->sql)}, {"parameters", Json::array()}};
  for (std::size_t i = 0; i < statement->parameters.size(); ++i)
    body["parameters"].push_back(
        value_of_sql(statement->parameters[i], !call || call->data.parameter == i + 1));
  return body;
}

Json sql_answer_of(const HttpRequest& request, const HttpAnswer& answer) {
  const auto result = result_of(answer);
  // An error repeats what it is about.
  if (!result) return {{"code", result.error().code}, {"fatal", result.error().is_fatal}};
  const auto statement = statement_of(request);
  const auto call = statement ? parse_sql(statement->sql) : std::unexpected(PgError{});
  const bool is_content = !call || call->kind == SqlCall::Kind::select_data;
  Json body{{"tag", result->tag}, {"rows", Json::array()}};
  for (const auto& row : result->rows) {
    Json fields = Json::array();
    for (const PgValue& value : row) fields.push_back(value_of_sql(value, is_content));
    body["rows"].push_back(std::move(fields));
  }
  return body;
}

std::string target_of(const HttpRequest& request) {
  std::string target = request.path;
  char mark = '?';
  for (const auto& [name, value] : request.query) {
    target += mark + name + "=" + (is_secret(name) ? kHidden : value);
    mark = '&';
  }
  return target;
}

std::string_view name_of(Fate fate) {
  switch (fate) {
    case Fate::answered:
      return "answered";
    case Fate::closed:
      return "closed";
    case Fate::reset:
      return "reset";
    case Fate::open:
      return "open";
  }
  return "";
}

}  // namespace

std::string recorded_line(const Recorded& recorded) {
  Json line;
  line["n"] = recorded.number;
  if (!recorded.actor.empty()) line["actor"] = recorded.actor;
  line["service"] = recorded.service;
  line["operation"] = recorded.operation;
  line["object"] = recorded.object;
  line["changes"] = recorded.changes;
  line["method"] = recorded.request.method;
  line["target"] = target_of(recorded.request);
  line["headers"] = without_secrets(recorded.request.headers);
  const bool is_sql = recorded.request.method == kSqlMethod;
  line["body"] = is_sql ? sql_of(recorded.request) : body_of(recorded.request.body);
  line["takes_effect"] = recorded.has_effect;
  line["ends"] = name_of(recorded.fate);
  if (recorded.answer) {
    Json answer;
    answer["status"] = recorded.answer->status;
    if (recorded.model_status && *recorded.model_status != recorded.answer->status)
      answer["model_status"] = *recorded.model_status;
    answer["headers"] = without_secrets(recorded.answer->headers);
    answer["body"] =
        is_sql ? sql_answer_of(recorded.request, *recorded.answer) : body_of(recorded.answer->body);
    line["answer"] = std::move(answer);
  }
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lockstorm::wire
