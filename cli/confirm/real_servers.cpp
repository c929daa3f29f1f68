#include "cli/confirm/real_servers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/clock.hpp"
#include "scenarios/data/printable.hpp"
#include "wire/confirm/real_postgres.hpp"
#include "wire/confirm/real_store.hpp"
#include "wire/probe/azure_signature.hpp"
#include "wire/services/base64.hpp"
#include "wire/services/postgres_server.hpp"

namespace lockstorm::cli {
namespace {

using nlohmann::ordered_json;
using scenarios::InputError;
using scenarios::printable;
using wire::HttpAnswer;
using wire::HttpRequest;
using wire::Loop;
using wire::Url;
using wire::confirm::RealStore;

constexpr std::chrono::seconds kLongestLook{10};
constexpr const char* kRegion = "us-east-1";  // of the tool's block

std::vector<std::string> segments_of(const Url& url) {
  std::vector<std::string> segments;
  std::string_view rest = url.target;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    if (!one.empty()) segments.push_back(wire::decoded(one, false));
  }
  return segments;
}

std::string segment(const RealServers& servers, const std::string& service, std::size_t number,
                    const std::string& otherwise) {
  const auto found = servers.find(service);
  if (found == servers.end()) return otherwise;
  const auto segments = segments_of(found->second);
  return number < segments.size() ? segments[number] : otherwise;
}

// A question of our own, beside the tool's requests.
HttpAnswer asked(Loop& loop, const Url& server, const HttpRequest& request) {
  const auto answer = wire::ask(loop, server, request, kLongestLook);
  return answer ? *answer : HttpAnswer{0};
}

std::string body_if_there(const HttpAnswer& answer) { return answer.status == 200 ? answer.body : ""; }

ordered_json one_place(const std::string& place, const std::string& state, const std::string& lock) {
  ordered_json all = ordered_json::object();
  if (ordered_json held = wire::held(state, lock); !held.empty()) all[place] = std::move(held);
  return all;
}

RealStore http_store(const Url& server, const StoreNames& names) {
  const auto request = [path = names.http_path](const char* method) {
    HttpRequest request;
    request.method = method;
    request.target = path;
    return request;
  };
  RealStore store{server};
  store.look = [=](Loop& loop) {
    return one_place(names.http_path, body_if_there(asked(loop, server, request("GET"))), "");
  };
  store.clear = [=](Loop& loop) { (void)asked(loop, server, request("DELETE")); };
  store.hides_locks = true;
  return store;
}

RealStore s3_store(const Url& server, const StoreNames& names) {
  const auto ask = [=](Loop& loop, const char* method, const std::string& key) {
    HttpRequest request;
    request.method = method;
    request.target =
        "/" + wire::escaped_for_aws(names.bucket, false) + "/" + wire::escaped_for_aws(key, true);
    wire::sign_for_aws(request, server, names.aws, {kRegion, "s3"}, wire::aws_date(time_now()));
    return asked(loop, server, request);
  };
  const std::string lock = names.key + ".tflock";
  RealStore store{server};
  store.look = [=](Loop& loop) {
    return one_place(names.bucket + "/" + names.key, body_if_there(ask(loop, "GET", names.key)),
                     body_if_there(ask(loop, "GET", lock)));
  };
  store.clear = [=](Loop& loop) {
    for (const std::string& key : {names.key, lock}) (void)ask(loop, "DELETE", key);
  };
  return store;
}

RealStore dynamodb_store(const Url& server, const StoreNames& names) {
  const auto ask = [=](Loop& loop, const std::string& operation, const std::string& key) {
    ordered_json body{{"TableName", names.table}, {"Key", {{"LockID", {{"S", key}}}}}};
    if (operation == "GetItem") body["ConsistentRead"] = true;
    HttpRequest request;
    request.method = "POST";
    request.target = "/";
    request.headers = {{"X-Amz-Target", "DynamoDB_20120810." + operation},
                       {"Content-Type", "application/x-amz-json-1.0"}};
    request.body = body.dump();
    wire::sign_for_aws(request, server, names.aws, {kRegion, "dynamodb"}, wire::aws_date(time_now()));
    return asked(loop, server, request);
  };
  const std::string lock = names.bucket + "/" + names.key;
  RealStore store{server};
  store.look = [=](Loop& loop) {
    const auto answer = ordered_json::parse(ask(loop, "GetItem", lock).body, nullptr, false);
    const ordered_json::json_pointer info("/Item/Info/S");
    const bool is_there = answer.is_object() && answer.contains(info) && answer[info].is_string();
    return one_place(names.table + "/" + lock, "", is_there ? answer[info].get<std::string>() : "");
  };
  store.clear = [=](Loop& loop) {
    for (const std::string& key : {lock, lock + "-md5"}) (void)ask(loop, "DeleteItem", key);
  };
  return store;
}

RealStore azure_store(const Url& server, const StoreNames& names) {
  const wire::AzureKey key{names.account, wire::decode_base64(names.azure_key).value_or("")};
  const auto ask = [=](Loop& loop, const char* method, const std::string& query,
                       std::map<std::string, std::string> fields) {
    HttpRequest request;
    request.method = method;
    request.target = "/" + names.container + "/" + wire::escaped_for_aws(names.key, true) + query;
    request.headers = std::move(fields);
    request.headers["Host"] = names.account + ".blob.core.windows.net";
    request.headers["x-ms-version"] = "2021-12-02";
    wire::sign_for_azure(request, key, wire::http_date(time_now()));
    return asked(loop, server, request);
  };
  RealStore store{server};
  store.look = [=](Loop& loop) {
    const HttpAnswer answer = ask(loop, "GET", "", {});
    std::string lock;
    for (const auto& [name, value] : answer.headers) {
      if (wire::in_lower_case(name) == "x-ms-meta-terraformlockid")
        lock = wire::decode_base64(value).value_or("");
    }
    return one_place(names.container + "/" + names.key, body_if_there(answer), lock);
  };
  store.clear = [=](Loop& loop) {
    (void)ask(loop, "PUT", "?comp=lease", {{"x-ms-lease-action", "break"}, {"x-ms-lease-break-period", "0"}});
    (void)ask(loop, "DELETE", "", {});
  };
  return store;
}

// As libpq has it, where the URL leaves it open.
wire::PgTarget pg_target(const Url& url, const Environment& environment) {
  wire::PgTarget target;
  target.host = url.host;
  target.port = url.port;
  target.user = environment("PGUSER").empty() ? "postgres" : environment("PGUSER");
  target.password = environment("PGPASSWORD");
  const auto segments = segments_of(url);
  target.database = segments.empty() ? target.user : segments.front();
  return target;
}

std::string service_of(const std::string& name) {
  if (name == "pg") return "postgres";
  return name == "azblob" ? "azure-blob" : name;
}

// The URL's path has to name that much.
std::size_t segments_needed(const std::string& service) {
  if (service == "s3" || service == "dynamodb") return 1;
  return service == "azure-blob" ? 2 : 0;
}

}  // namespace

std::expected<RealServers, InputError> read_real_servers(const std::vector<std::string>& texts) {
  RealServers servers;
  const auto bad = [](const std::string& text, std::string why) {
    return std::unexpected(
        InputError{{"--server " + printable(text), 0, 0}, std::move(why), kRealServers, ""});
  };
  for (const std::string& all : texts) {
    std::string_view rest = all;
    while (!rest.empty()) {
      const std::string text(rest.substr(0, rest.find(',')));
      rest.remove_prefix(std::min(rest.size(), text.size() + 1));
      const std::size_t equals = text.find('=');
      const std::string service = service_of(text.substr(0, equals));
      const bool is_known = service == "http" || service == "s3" || service == "dynamodb" ||
                            service == "azure-blob" || service == "postgres";
      if (!is_known || equals == std::string::npos) return bad(text, "names no store that can stand in here");
      auto url = wire::parse_url(text.substr(equals + 1));
      if (!url) return bad(text.substr(0, equals), "the URL " + url.error());
      const bool is_sql = service == "postgres";
      if (is_sql != (url->scheme == "pg" || url->scheme == "postgres"))
        return bad(text, fmt::format("the URL has the scheme '{}'", printable(url->scheme)));
      constexpr std::uint16_t kUnsaid = 80;
      constexpr std::uint16_t kUsualSqlPort = 5432;
      if (is_sql && url->port == kUnsaid) url->port = kUsualSqlPort;
      if (segments_of(*url).size() < segments_needed(service))
        return bad(text, "the URL's path does not say where the states are");
      servers.insert_or_assign(service, *std::move(url));
    }
  }
  return servers;
}

StoreNames names_on(const RealServers& servers, const Environment& environment, const std::string& own) {
  StoreNames names;
  if (servers.empty()) return names;
  names.bucket = segment(servers, "s3", 0, names.bucket);
  names.table = segment(servers, "dynamodb", 0, names.table);
  names.account = segment(servers, "azure-blob", 0, names.account);
  names.container = segment(servers, "azure-blob", 1, names.container);
  names.key = own + "/app.tfstate";
  if (const auto http = servers.find("http"); http != servers.end()) {
    names.http_path = http->second.target;
    while (names.http_path.ends_with('/')) names.http_path.pop_back();
    names.http_path += "/" + own;
  }
  if (servers.contains("postgres")) names.schema = own;
  if (const std::string key = environment("AWS_ACCESS_KEY_ID"); !key.empty())
    names.aws = {key, environment("AWS_SECRET_ACCESS_KEY"), environment("AWS_SESSION_TOKEN")};
  if (const std::string key = environment("ARM_ACCESS_KEY"); !key.empty()) names.azure_key = key;
  return names;
}

std::expected<ModelServers, std::string> with_real_servers(ModelServers models, const RealServers& servers,
                                                           const StoreNames& names,
                                                           const Environment& environment) {
  ModelServers all;
  for (auto& model : models) {
    const auto real = servers.find(std::string(model->service()));
    if (real == servers.end()) {
      all.push_back(std::move(model));
      continue;
    }
    const std::string& service = real->first;
    if (service == "postgres") {
      const auto* const postgres = dynamic_cast<const wire::PostgresServer*>(model.get());
      auto server = wire::confirm::real_postgres(
          {pg_target(real->second, environment), names.schema,
           postgres != nullptr ? postgres->pooled_sessions() : std::uint16_t{0}});
      if (!server) return std::unexpected("PostgreSQL cannot be reached: " + server.error());
      all.push_back(*std::move(server));
      continue;
    }
    RealStore store = service == "http"       ? http_store(real->second, names)
                      : service == "s3"       ? s3_store(real->second, names)
                      : service == "dynamodb" ? dynamodb_store(real->second, names)
                                              : azure_store(real->second, names);
    all.push_back(wire::confirm::real_store(std::move(store), std::move(model)));
  }
  return all;
}

}  // namespace lockstorm::cli
