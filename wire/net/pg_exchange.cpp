#include "wire/net/pg_exchange.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

namespace lockstorm::wire {
namespace {

using nlohmann::ordered_json;

constexpr const char* kSession = "session";
constexpr const char* kRoundTrips = "round-trips";
constexpr unsigned kDone = 200;
constexpr unsigned kFailed = 400;
constexpr unsigned kEnded = 503;

ordered_json json_of(const PgValue& value) { return value ? ordered_json(*value) : ordered_json(); }

PgValue value_in(const ordered_json& value) {
  return value.is_string() ? PgValue(value.get<std::string>()) : std::nullopt;
}

bool has_zero(const PgStatement& statement) {
  for (const PgValue& parameter : statement.parameters) {
    if (parameter && parameter->find('\0') != std::string::npos) return true;
  }
  return false;
}

}  // namespace

std::expected<HttpRequest, PgError> request_of(const PgStatement& statement) {
  const PgError no_text{"22021", "invalid byte sequence for encoding \"UTF8\""};
  if (has_zero(statement)) return std::unexpected(no_text);
  HttpRequest request;
  request.method = kSqlMethod;
  request.target = request.path = "/";
  request.headers[kSession] = std::to_string(statement.session);
  if (statement.is_two_round_trips) request.headers[kRoundTrips] = "2";
  ordered_json body{{"sql", statement.sql}, {"parameters", ordered_json::array()}};
  for (const PgValue& parameter : statement.parameters) body["parameters"].push_back(json_of(parameter));
  try {
    request.body = body.dump();
  } catch (const nlohmann::json::exception&) {  // it checks UTF-8
    return std::unexpected(no_text);
  }
  return request;
}

std::optional<PgStatement> statement_of(const HttpRequest& request) {
  if (request.method != kSqlMethod) return std::nullopt;
  const ordered_json body = ordered_json::parse(request.body, nullptr, false);
  if (!body.is_object() || !body.contains("sql") || !body["sql"].is_string()) return std::nullopt;
  PgStatement statement;
  statement.sql = body["sql"].get<std::string>();
  if (const auto all = body.find("parameters"); all != body.end() && all->is_array()) {
    for (const ordered_json& one : *all) statement.parameters.push_back(value_in(one));
  }
  if (const auto session = request.headers.find(kSession); session != request.headers.end()) {
    const std::string& text = session->second;
    std::from_chars(text.data(), text.data() + text.size(), statement.session);
  }
  statement.is_two_round_trips = request.headers.contains(kRoundTrips);
  return statement;
}

HttpAnswer answer_of(const PgResult& result) {
  ordered_json body{{"tag", result.tag}, {"columns", ordered_json::array()}, {"rows", ordered_json::array()}};
  for (const PgColumn& column : result.columns)
    body["columns"].push_back({{"name", column.name}, {"type", static_cast<std::uint32_t>(column.type)}});
  for (const auto& row : result.rows) {
    ordered_json fields = ordered_json::array();
    for (const PgValue& value : row) fields.push_back(json_of(value));
    body["rows"].push_back(std::move(fields));
  }
  if (!result.warning.empty()) body["warning"] = result.warning;
  return {kDone, {}, body.dump(-1, ' ', false, ordered_json::error_handler_t::replace)};
}

HttpAnswer answer_of(const PgError& error) {
  const ordered_json body{{"code", error.code}, {"message", error.message}, {"fatal", error.is_fatal}};
  return {error.is_fatal ? kEnded : kFailed,
          {},
          body.dump(-1, ' ', false, ordered_json::error_handler_t::replace)};
}

std::expected<PgResult, PgError> result_of(const HttpAnswer& answer) {
  const ordered_json body = ordered_json::parse(answer.body, nullptr, false);
  if (!body.is_object()) return std::unexpected(PgError{"XX000", "no answer of PostgreSQL"});
  if (answer.status != kDone)
    return std::unexpected(
        PgError{body.value("code", "XX000"), body.value("message", ""), body.value("fatal", false)});
  PgResult result;
  result.tag = body.value("tag", "");
  result.warning = body.value("warning", "");
  const ordered_json none = ordered_json::array();
  for (const ordered_json& column : body.contains("columns") ? body["columns"] : none)
    result.columns.push_back({column.value("name", ""), static_cast<PgType>(column.value("type", 0U))});
  for (const ordered_json& row : body.contains("rows") ? body["rows"] : none) {
    std::vector<PgValue>& fields = result.rows.emplace_back();
    for (const ordered_json& field : row) fields.push_back(value_in(field));
  }
  return result;
}

}  // namespace lockstorm::wire
