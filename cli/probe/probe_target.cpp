#include "cli/probe/probe_target.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "cli/clock.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/data/printable.hpp"
#include "wire/probe/aws_signature.hpp"
#include "wire/probe/azure_blob_probe.hpp"
#include "wire/probe/azure_signature.hpp"
#include "wire/probe/consul_probe.hpp"
#include "wire/probe/dynamodb_probe.hpp"
#include "wire/probe/gcs_probe.hpp"
#include "wire/probe/http_probe.hpp"
#include "wire/probe/kubernetes_probe.hpp"
#include "wire/probe/postgres_probe.hpp"
#include "wire/probe/s3_probe.hpp"
#include "wire/services/base64.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;
using scenarios::printable;
using wire::HttpRequest;
using wire::Url;
using wire::probe::Reach;

constexpr scenarios::InputKind kAuthorityFile{"a file with certificates (PEM)", scenarios::kMiB};

// A question of the command line that cannot be asked: why, what is expected, and a hint.
struct BadTarget {
  std::string why;
  std::string expected;
  std::string hint{};
};

struct Asked {
  const ProbeArguments& arguments;
  const Environment& environment;
  const std::string& own;
  Url url;
  Reach reach{};

  /// The first of them that is set, or nothing.
  [[nodiscard]] std::string variable(std::initializer_list<const char*> names) const {
    for (const char* name : names) {
      if (std::string value = environment(name); !value.empty()) return value;
    }
    return "";
  }
  /// The target's path without slashes at its ends.
  [[nodiscard]] std::string path() const {
    std::string_view text = url.target;
    while (text.starts_with('/')) text.remove_prefix(1);
    while (text.ends_with('/')) text.remove_suffix(1);
    return std::string(text);
  }
  /// A name of its own below a prefix.
  [[nodiscard]] std::string below(const std::string& prefix) const {
    return prefix.empty() ? own : prefix + "/" + own;
  }
};

using Target = std::expected<ProbeTarget, BadTarget>;

std::expected<Url, BadTarget> server_at(const std::string& text, const std::string& of_cloud) {
  auto url = wire::parse_url(text.empty() ? of_cloud : text);
  if (!url) return std::unexpected(BadTarget{"the end point " + url.error(), "--endpoint http://HOST:PORT"});
  if (url->scheme != "http" && url->scheme != "https")
    return std::unexpected(BadTarget{fmt::format("the end point has the scheme '{}'", printable(url->scheme)),
                                     "--endpoint http://HOST:PORT"});
  return *std::move(url);
}

// The path of an end point stands before whatever is asked of it.
std::string path_of(const Url& url) {
  std::string path = url.target;
  while (path.ends_with('/')) path.pop_back();
  return path;
}

Target http_target(const Asked& asked) {
  Reach reach = asked.reach;
  reach.own_name = asked.own;
  // As Terraform's own http backend: by the variables that it reads.
  if (const std::string user = asked.variable({"TF_HTTP_USERNAME"}); !user.empty())
    reach.headers["Authorization"] =
        "Basic " + wire::encode_base64(user + ":" + asked.variable({"TF_HTTP_PASSWORD"}));
  reach.server = asked.url;
  // A state of its own beside the one that the address names.
  const std::string path = path_of(asked.url);
  std::string target = fmt::format("{}{}{}", path, path.empty() ? "/" : "-", asked.own);
  return
      [probe = wire::probe::HttpProbe{reach, std::move(target)}] { return wire::probe::probe_http(probe); };
}

struct Aws {
  wire::AwsCredentials credentials;
  std::string region;
};

std::expected<Aws, BadTarget> aws_of(const Asked& asked) {
  Aws aws{{asked.variable({"AWS_ACCESS_KEY_ID"}), asked.variable({"AWS_SECRET_ACCESS_KEY"}),
           asked.variable({"AWS_SESSION_TOKEN"})},
          asked.variable({"AWS_REGION", "AWS_DEFAULT_REGION"})};
  if (aws.credentials.access_key.empty() || aws.credentials.secret_key.empty())
    return std::unexpected(
        BadTarget{"there are no credentials", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                  "for a profile: eval \"$(aws configure export-credentials --format env)\""});
  if (aws.region.empty()) aws.region = "us-east-1";
  return aws;
}

void sign_by(Reach& reach, const Aws& aws, const std::string& service) {
  reach.sign = [server = reach.server, aws, service](HttpRequest& request) {
    wire::sign_for_aws(request, server, aws.credentials, {aws.region, service}, wire::aws_date(time_now()));
  };
}

Target s3_target(const Asked& asked) {
  const auto aws = aws_of(asked);
  if (!aws) return std::unexpected(aws.error());
  const std::string endpoint =
      asked.arguments.endpoint.empty()
          ? asked.variable({"AWS_ENDPOINT_URL_S3", "AWS_S3_ENDPOINT", "AWS_ENDPOINT_URL"})
          : asked.arguments.endpoint;
  // Who is not AWS is asked with the bucket in the path, which all of them know; names with dots fit no
  // certificate of AWS.
  const bool in_host = endpoint.empty() && asked.url.host.find('.') == std::string::npos;
  auto server = server_at(endpoint, fmt::format("https://{}s3.{}.amazonaws.com",
                                                in_host ? asked.url.host + "." : "", aws->region));
  if (!server) return std::unexpected(server.error());
  wire::probe::S3Probe probe;
  probe.bucket = path_of(*server) + (in_host ? "" : "/" + wire::escaped_for_aws(asked.url.host, false));
  probe.reach = asked.reach;
  probe.reach.server = *std::move(server);
  probe.reach.own_name = asked.below(wire::decoded(asked.path(), false));
  sign_by(probe.reach, *aws, "s3");
  return [probe] { return wire::probe::probe_s3(probe); };
}

Target dynamodb_target(const Asked& asked) {
  const auto aws = aws_of(asked);
  if (!aws) return std::unexpected(aws.error());
  const std::string endpoint =
      asked.arguments.endpoint.empty()
          ? asked.variable({"AWS_ENDPOINT_URL_DYNAMODB", "AWS_DYNAMODB_ENDPOINT", "AWS_ENDPOINT_URL"})
          : asked.arguments.endpoint;
  auto server = server_at(endpoint, fmt::format("https://dynamodb.{}.amazonaws.com", aws->region));
  if (!server) return std::unexpected(server.error());
  wire::probe::DynamoDbProbe probe;
  probe.table = asked.url.host;
  probe.reach = asked.reach;
  probe.reach.server = *std::move(server);
  probe.reach.own_name = asked.own;
  sign_by(probe.reach, *aws, "dynamodb");
  return [probe] { return wire::probe::probe_dynamodb(probe); };
}

Target gcs_target(const Asked& asked) {
  const std::string token = asked.variable({"GOOGLE_OAUTH_ACCESS_TOKEN"});
  std::string endpoint =
      asked.arguments.endpoint.empty() ? asked.variable({"STORAGE_EMULATOR_HOST"}) : asked.arguments.endpoint;
  if (!endpoint.empty() && endpoint.find("://") == std::string::npos) endpoint = "http://" + endpoint;
  if (token.empty() && endpoint.empty())
    return std::unexpected(BadTarget{"there are no credentials", "GOOGLE_OAUTH_ACCESS_TOKEN",
                                     "GOOGLE_OAUTH_ACCESS_TOKEN=$(gcloud auth print-access-token)"});
  auto server = server_at(endpoint, "https://storage.googleapis.com");
  if (!server) return std::unexpected(server.error());
  wire::probe::GcsProbe probe;
  probe.bucket = asked.url.host;
  probe.reach = asked.reach;
  probe.reach.server = *std::move(server);
  probe.reach.own_name = asked.below(wire::decoded(asked.path(), false));
  if (!token.empty()) probe.reach.headers["Authorization"] = "Bearer " + token;
  return [probe] { return wire::probe::probe_gcs(probe); };
}

// By the key of the account, or by a signature that somebody made with it (a SAS).
std::expected<void, BadTarget> sign_for_azure_by(Reach& reach, const Asked& asked) {
  std::string token = asked.variable({"ARM_SAS_TOKEN", "AZURE_STORAGE_SAS_TOKEN"});
  if (token.starts_with('?')) token.erase(0, 1);
  if (!token.empty()) {
    reach.sign = [token](HttpRequest& request) {
      request.target += (request.target.find('?') == std::string::npos ? "?" : "&") + token;
    };
    return {};
  }
  const std::string text = asked.variable({"ARM_ACCESS_KEY", "AZURE_STORAGE_KEY"});
  const auto key = wire::decode_base64(text);
  if (text.empty())
    return std::unexpected(BadTarget{"there are no credentials", "ARM_ACCESS_KEY or ARM_SAS_TOKEN",
                                     "az storage account keys list shows keys"});
  if (!key)
    return std::unexpected(BadTarget{"the account's key is no base64", "ARM_ACCESS_KEY, as az shows it"});
  reach.sign = [key = wire::AzureKey{asked.url.host, *key}](HttpRequest& request) {
    wire::sign_for_azure(request, key, wire::http_date(time_now()));
  };
  return {};
}

Target azure_target(const Asked& asked) {
  const std::string path = wire::decoded(asked.path(), false);
  const std::string container = path.substr(0, path.find('/'));
  if (container.empty())
    return std::unexpected(
        BadTarget{"names no container", "azblob://ACCOUNT/CONTAINER or azblob://ACCOUNT/CONTAINER/PREFIX"});
  auto server =
      server_at(asked.arguments.endpoint, fmt::format("https://{}.blob.core.windows.net", asked.url.host));
  if (!server) return std::unexpected(server.error());
  wire::probe::AzureBlobProbe probe;
  // Emulators have the account in the path.
  probe.container =
      fmt::format("{}{}/{}", path_of(*server),
                  asked.arguments.endpoint.empty() || server->host.starts_with(asked.url.host + ".")
                      ? ""
                      : "/" + asked.url.host,
                  wire::escaped_for_aws(container, false));
  probe.reach = asked.reach;
  probe.reach.server = *std::move(server);
  probe.reach.own_name =
      asked.below(path.size() > container.size() ? path.substr(container.size() + 1) : std::string());
  if (auto is_signed = sign_for_azure_by(probe.reach, asked); !is_signed)
    return std::unexpected(is_signed.error());
  return [probe] { return wire::probe::probe_azure_blob(probe); };
}

Target consul_target(const Asked& asked) {
  wire::probe::ConsulProbe probe;
  probe.reach = asked.reach;
  Url& server = probe.reach.server;
  server = asked.url;
  const bool is_encrypted = asked.variable({"CONSUL_HTTP_SSL"}) == "true";
  const std::string& text = asked.arguments.url;
  const std::string authority =
      text.substr(text.find("://") + 3, text.find('/', text.find("://") + 3) - text.find("://") - 3);
  constexpr std::uint16_t kUsualPort = 8500;
  if (authority.find(':', authority.starts_with('[') ? authority.find(']') : 0) == std::string::npos)
    server.port = kUsualPort;
  server.scheme = is_encrypted ? "https" : "http";
  probe.reach.own_name = asked.below(wire::decoded(asked.path(), false));
  if (const std::string token = asked.variable({"CONSUL_HTTP_TOKEN"}); !token.empty())
    probe.reach.headers["X-Consul-Token"] = token;
  return [probe] { return wire::probe::probe_consul(probe); };
}

Target kubernetes_target(const Asked& asked) {
  const std::string endpoint =
      asked.arguments.endpoint.empty() ? asked.variable({"KUBE_HOST"}) : asked.arguments.endpoint;
  if (endpoint.empty())
    return std::unexpected(BadTarget{"nothing says where the API is", "--endpoint URL or KUBE_HOST",
                                     "kubectl proxy --port=8001, then --endpoint http://127.0.0.1:8001"});
  auto server = server_at(endpoint, "");
  if (!server) return std::unexpected(server.error());
  if (path_of(*server) != "")
    return std::unexpected(BadTarget{"the end point has a path", "--endpoint http://HOST:PORT"});
  wire::probe::KubernetesProbe probe;
  probe.space = asked.url.host;
  probe.reach = asked.reach;
  probe.reach.server = *std::move(server);
  probe.reach.own_name = asked.own;
  if (const std::string token = asked.variable({"KUBE_TOKEN"}); !token.empty())
    probe.reach.headers["Authorization"] = "Bearer " + token;
  return [probe] { return wire::probe::probe_kubernetes(probe); };
}

// Unset is `prefer` here as it is in libpq; `allow` is no worse than that.
std::expected<wire::PgTls, BadTarget> tls_of(const std::string& mode) {
  if (mode.empty() || mode == "prefer" || mode == "allow") return wire::PgTls::prefer;
  if (mode == "disable") return wire::PgTls::disable;
  if (mode == "require") return wire::PgTls::require;
  if (mode == "verify-ca" || mode == "verify-full") return wire::PgTls::verify;
  return std::unexpected(BadTarget{fmt::format("PGSSLMODE is '{}'", printable(mode)),
                                   "disable, allow, prefer, require, verify-ca or verify-full"});
}

// As libpq has it: what the URL leaves open is in PG* (libpq-envars.html).
Target postgres_target(const Asked& asked) {
  constexpr std::uint16_t kUsualPort = 5432;
  wire::probe::PostgresProbe probe;
  probe.target.host = asked.url.host;
  const std::string port = asked.variable({"PGPORT"});
  const auto named = fmt::format(":{}", asked.url.port);
  const std::string& text = asked.arguments.url;
  const std::string authority = text.substr(0, text.find('/', text.find("://") + 3));
  probe.target.port = authority.ends_with(named) ? asked.url.port : kUsualPort;
  if (!authority.ends_with(named) && !port.empty()) {
    const auto read = std::from_chars(port.data(), port.data() + port.size(), probe.target.port);
    if (read.ec != std::errc() || read.ptr != port.data() + port.size())
      return std::unexpected(BadTarget{"PGPORT is no port number", "1 to 65535"});
  }
  probe.target.user = asked.variable({"PGUSER"});
  if (probe.target.user.empty())
    return std::unexpected(BadTarget{"nobody is named who asks", "PGUSER, and PGPASSWORD if it has one"});
  probe.target.password = asked.variable({"PGPASSWORD"});
  probe.target.database = wire::decoded(asked.path(), false);
  if (probe.target.database.empty()) probe.target.database = asked.variable({"PGDATABASE"});
  const auto tls = tls_of(asked.variable({"PGSSLMODE"}));
  if (!tls) return std::unexpected(tls.error());
  probe.target.tls = *tls;
  probe.reach = asked.reach;
  probe.reach.server = asked.url;
  probe.reach.own_name = asked.own;
  return [probe] { return wire::probe::probe_postgres(probe); };
}

struct Scheme {
  std::string_view name;
  Target (*target)(const Asked&);
};
constexpr std::array kSchemes{Scheme{"http", http_target},     Scheme{"https", http_target},
                              Scheme{"s3", s3_target},         Scheme{"dynamodb", dynamodb_target},
                              Scheme{"gs", gcs_target},        Scheme{"azblob", azure_target},
                              Scheme{"consul", consul_target}, Scheme{"k8s", kubernetes_target},
                              Scheme{"pg", postgres_target},   Scheme{"postgres", postgres_target}};

}  // namespace

std::expected<ProbeTarget, InputError> probe_target(const ProbeArguments& arguments,
                                                    const Environment& environment, const std::string& own) {
  const auto bad = [&](const BadTarget& target) {
    return std::unexpected(
        InputError{{printable(arguments.url), 0, 0}, target.why, target.expected, target.hint});
  };
  auto url = wire::parse_url(arguments.url);
  if (!url) return bad({url.error(), kProbeUrls});
  if (url->target.find('?') != std::string::npos) return bad({"has a query", kProbeUrls});
  Asked asked{arguments, environment, own, *std::move(url)};
  asked.reach.racers = arguments.racers;
  if (!arguments.authority.empty()) {
    auto text = scenarios::read_input_file(arguments.authority, kAuthorityFile);
    if (!text) return std::unexpected(text.error());
    asked.reach.authority = *std::move(text);
  }
  for (const Scheme& scheme : kSchemes) {
    if (scheme.name != asked.url.scheme) continue;
    auto target = scheme.target(asked);
    if (!target) return bad(target.error());
    return *std::move(target);
  }
  return bad({fmt::format("stores behind {}:// are not probed", printable(asked.url.scheme)), kProbeUrls});
}

}  // namespace lockstorm::cli
