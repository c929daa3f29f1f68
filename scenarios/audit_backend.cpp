#include "scenarios/audit_backend.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace lockstorm::scenarios {
namespace {

using Complaint = std::optional<InputError>;

// Every argument the s3 backend has or had (Terraform: internal/backend/remote-state/s3/backend.go,
// ConfigSchema; OpenTofu: the same file, and its documentation for the tags).
constexpr std::array<std::string_view, 57> kS3Arguments{"access_key",
                                                        "acl",
                                                        "allowed_account_ids",
                                                        "assume_role",
                                                        "assume_role_duration_seconds",
                                                        "assume_role_policy",
                                                        "assume_role_policy_arns",
                                                        "assume_role_tags",
                                                        "assume_role_transitive_tag_keys",
                                                        "assume_role_with_web_identity",
                                                        "bucket",
                                                        "custom_ca_bundle",
                                                        "dynamodb_endpoint",
                                                        "dynamodb_table",
                                                        "ec2_metadata_service_endpoint",
                                                        "ec2_metadata_service_endpoint_mode",
                                                        "encrypt",
                                                        "endpoint",
                                                        "endpoints",
                                                        "external_id",
                                                        "forbidden_account_ids",
                                                        "force_path_style",
                                                        "http_proxy",
                                                        "https_proxy",
                                                        "iam_endpoint",
                                                        "insecure",
                                                        "key",
                                                        "kms_key_id",
                                                        "lock_tags",
                                                        "max_retries",
                                                        "no_proxy",
                                                        "profile",
                                                        "region",
                                                        "retry_mode",
                                                        "role_arn",
                                                        "secret_key",
                                                        "session_name",
                                                        "shared_config_files",
                                                        "shared_credentials_file",
                                                        "shared_credentials_files",
                                                        "skip_credentials_validation",
                                                        "skip_metadata_api_check",
                                                        "skip_region_validation",
                                                        "skip_requesting_account_id",
                                                        "skip_s3_checksum",
                                                        "sse_customer_key",
                                                        "state_tags",
                                                        "sts_endpoint",
                                                        "sts_region",
                                                        "token",
                                                        "use_dualstack_endpoint",
                                                        "use_fips_endpoint",
                                                        "use_legacy_workflow",
                                                        "use_lockfile",
                                                        "use_path_style",
                                                        "user_agent",
                                                        "workspace_key_prefix"};
constexpr std::array<std::string_view, 2> kLocalArguments{"path", "workspace_dir"};

constexpr std::array<std::string_view, 2> kModelled{"local", "s3"};
constexpr std::array<std::string_view, 17> kNotModelled{
    "artifactory", "azurerm",    "cloud", "consul", "cos", "etcd", "etcdv3", "gcs",  "http",
    "inmem",       "kubernetes", "manta", "oci",    "oss", "pg",   "remote", "swift"};

InputError not_modelled(const SourceLocation& where, std::string_view what) {
  return {where, fmt::format("{} is not modelled yet", what),
          fmt::format("a backend of type {}", fmt::join(kModelled, " or ")),
          "for other backends this version of lockstorm has no answer"};
}

std::string did_you_mean(std::string_view given, std::span<const std::string_view> valid) {
  const std::string_view nearest = nearest_name(given, valid);
  return nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest);
}

InputError unknown_type(const BackendBlock& block) {
  std::vector<std::string_view> all(kModelled.begin(), kModelled.end());
  all.insert(all.end(), kNotModelled.begin(), kNotModelled.end());
  return {block.where, fmt::format("unknown backend type '{}'", block.type),
          fmt::format("one of {}", fmt::join(all, ", ")), did_you_mean(block.type, all)};
}

// Arguments of the block and of the command line, which wins, as for -backend-config.
class Arguments {
 public:
  Arguments(BackendBlock block, const std::map<std::string, std::string>& given) : block_(std::move(block)) {
    for (const auto& [name, value] : given) block_.arguments[name] = {value, {"--set " + name, 0, 0}};
  }

  [[nodiscard]] const Attribute* find(const std::string& name) const {
    const auto found = block_.arguments.find(name);
    return found == block_.arguments.end() ? nullptr : &found->second;
  }

  [[nodiscard]] Complaint unknown(std::span<const std::string_view> valid) const {
    for (const auto& [name, attribute] : block_.arguments) {
      if (std::ranges::find(valid, name) != valid.end()) continue;
      return InputError{attribute.where,
                        fmt::format("the {} backend has no argument '{}'", block_.type, name),
                        "an argument of that backend", did_you_mean(name, valid)};
    }
    return std::nullopt;
  }

 private:
  BackendBlock block_;
};

Complaint read_table(const Arguments& arguments, AuditBackend& backend) {
  const Attribute* attribute = arguments.find("dynamodb_table");
  if (attribute == nullptr) return std::nullopt;
  if (const auto* unresolved = std::get_if<Unresolved>(&attribute->value)) {
    backend.settings.dynamodb_table = true;
    backend.assumptions.push_back(
        fmt::format("dynamodb_table = {} names a table: it is set, so locking in DynamoDB is on "
                    "(if it may be empty: --set dynamodb_table=)",
                    unresolved->expression));
    return std::nullopt;
  }
  const auto* text = std::get_if<std::string>(&attribute->value);
  backend.settings.dynamodb_table = text == nullptr || !text->empty();
  return std::nullopt;
}

Complaint read_lockfile(const Arguments& arguments, AuditBackend& backend) {
  const Attribute* attribute = arguments.find("use_lockfile");
  if (attribute == nullptr) return std::nullopt;
  if (const auto* unresolved = std::get_if<Unresolved>(&attribute->value)) {
    return InputError{
        attribute->where,
        fmt::format("use_lockfile = {} is not known without running the tool", unresolved->expression),
        "true or false", "say what it will be: --set use_lockfile=true"};
  }
  if (const bool* flag = std::get_if<bool>(&attribute->value)) {
    backend.settings.use_lockfile = *flag;
    return std::nullopt;
  }
  const auto* text = std::get_if<std::string>(&attribute->value);
  if (text == nullptr || (*text != "true" && *text != "false")) {
    return InputError{attribute->where, "use_lockfile is neither true nor false", "true or false", ""};
  }
  backend.settings.use_lockfile = *text == "true";
  return std::nullopt;
}

Complaint read_retries(const Arguments& arguments, AuditBackend& backend) {
  const Attribute* attribute = arguments.find("max_retries");
  if (attribute == nullptr) return std::nullopt;
  if (const auto* unresolved = std::get_if<Unresolved>(&attribute->value)) {
    backend.assumptions.push_back(
        fmt::format("max_retries = {} is taken as its default, 5", unresolved->expression));
    return std::nullopt;
  }
  double value = -1;
  if (const double* number = std::get_if<double>(&attribute->value)) value = *number;
  if (const auto* text = std::get_if<std::string>(&attribute->value)) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size()) value = -1;
  }
  if (value < 0 || value != std::floor(value)) {
    return InputError{attribute->where, "max_retries is not a number of attempts", "a whole number from 0",
                      ""};
  }
  // More attempts than faults change nothing; 0 means "no limit" to the SDK.
  backend.settings.max_retries = static_cast<std::uint8_t>(value == 0 ? 10 : std::min(value, 10.0));
  return std::nullopt;
}

void assume_the_rest(const Arguments& arguments, AuditBackend& backend) {
  const bool partial = arguments.find("bucket") == nullptr || arguments.find("key") == nullptr;
  const bool says_locking =
      arguments.find("dynamodb_table") != nullptr || arguments.find("use_lockfile") != nullptr;
  if (partial && !says_locking) {
    backend.assumptions.emplace_back(
        "bucket or key come from -backend-config; it is taken to set no lock either (otherwise: "
        "--set use_lockfile=true or --set dynamodb_table=NAME)");
  }
  if (arguments.find("endpoint") != nullptr || arguments.find("endpoints") != nullptr) {
    backend.assumptions.emplace_back(
        "the custom endpoint behaves like Amazon S3: strong reads, and PutObject honours If-None-Match");
  }
  backend.assumptions.emplace_back("jobs work in the default workspace, on a state that exists");
}

std::expected<AuditBackend, InputError> read_s3(const Arguments& arguments) {
  AuditBackend backend;
  Complaint complaint = arguments.unknown(kS3Arguments);
  if (!complaint) complaint = read_table(arguments, backend);
  if (!complaint) complaint = read_lockfile(arguments, backend);
  if (!complaint) complaint = read_retries(arguments, backend);
  if (complaint) return std::unexpected(*complaint);
  assume_the_rest(arguments, backend);
  return backend;
}

std::expected<AuditBackend, InputError> read_local(const Arguments& arguments) {
  if (const Complaint complaint = arguments.unknown(kLocalArguments)) return std::unexpected(*complaint);
  AuditBackend backend;
  backend.settings.kind = BackendKind::local;
  backend.assumptions.emplace_back(
      "all jobs run on one machine and in one directory: the state is a file there, and jobs elsewhere "
      "have a state of their own");
  return backend;
}

}  // namespace

std::expected<AuditBackend, InputError> read_audit_backend(const TerraformConfiguration& configuration,
                                                           const std::map<std::string, std::string>& given) {
  if (configuration.cloud)
    return std::unexpected(not_modelled(*configuration.cloud, "the `cloud` block (HCP Terraform)"));
  BackendBlock block;
  block.type = "local";
  if (configuration.backend) block = *configuration.backend;
  if (block.type == "local") return read_local(Arguments(block, given));
  if (block.type == "s3") return read_s3(Arguments(block, given));
  if (std::ranges::find(kNotModelled, block.type) == kNotModelled.end())
    return std::unexpected(unknown_type(block));
  return std::unexpected(not_modelled(block.where, fmt::format("the backend type '{}'", block.type)));
}

}  // namespace lockstorm::scenarios
