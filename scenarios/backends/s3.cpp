// The s3 backend: its arguments, its worlds, and what to say about its four modes of locking.
#include "scenarios/backends/s3.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/backends/s3.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/read_number.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 2> kS3Services{{
    {"s3",
     "Amazon S3: strongly consistent objects, conditional PutObject; its promises can be broken under "
     "`store`"},
    {"dynamodb", "Amazon DynamoDB: items with conditional writes and consistent reads"},
}};

// Every argument the s3 backend has or had (Terraform: internal/backend/remote-state/s3/backend.go,
// ConfigSchema; OpenTofu: the same file, and its documentation for the tags).
constexpr std::string_view kS3Arguments =
    "access_key acl allowed_account_ids assume_role assume_role_duration_seconds assume_role_policy "
    "assume_role_policy_arns assume_role_tags assume_role_transitive_tag_keys assume_role_with_web_identity "
    "bucket custom_ca_bundle dynamodb_endpoint dynamodb_table ec2_metadata_service_endpoint "
    "ec2_metadata_service_endpoint_mode encrypt endpoint endpoints external_id forbidden_account_ids "
    "force_path_style http_proxy https_proxy iam_endpoint insecure key kms_key_id lock_tags max_retries "
    "no_proxy profile region retry_mode role_arn secret_key session_name shared_config_files "
    "shared_credentials_file shared_credentials_files skip_credentials_validation skip_metadata_api_check "
    "skip_region_validation skip_requesting_account_id skip_s3_checksum sse_customer_key state_tags "
    "sts_endpoint sts_region token use_dualstack_endpoint use_fips_endpoint use_legacy_workflow use_lockfile "
    "use_path_style user_agent workspace_key_prefix";

// A key, like a table's name, is there or not. The environment may also hold one (AWS_SSE_CUSTOMER_KEY).
void read_customer_key(const BackendArguments& arguments, bool& sse_customer_key,
                       std::vector<std::string>& assumptions) {
  const Attribute* attribute = arguments.find("sse_customer_key");
  if (attribute == nullptr) return;
  if (const auto* unresolved = std::get_if<Unresolved>(&attribute->value)) {
    assumptions.push_back(
        fmt::format("sse_customer_key{} is a key (if it may be empty: --set "
                    "sse_customer_key=)",
                    reference_shown(*unresolved)));
  }
  const auto* text = std::get_if<std::string>(&attribute->value);
  sse_customer_key = text == nullptr || !text->empty();
}

void assume_the_rest(const BackendArguments& arguments, std::vector<std::string>& assumptions) {
  if (arguments.lacks_any("bucket key"))
    assumptions.emplace_back("-backend-config sets no more of a lock than stands here");
  if (foreign_store(arguments)) assumptions.emplace_back("the store has strong reads, as Amazon S3 has");
}

// internal/backend/remote-state/s3/backend.go of both tools; the last of the endpoints is the SDK's.
constexpr std::array<EnvironmentArgument, 3> kS3Environment{
    {{"region", "AWS_REGION AWS_DEFAULT_REGION"},
     {"endpoint", "AWS_ENDPOINT_URL_S3 AWS_S3_ENDPOINT AWS_ENDPOINT_URL"},
     {"sse_customer_key", "AWS_SSE_CUSTOMER_KEY"}}};

// As the schemas of all releases from 1.0 (Terraform) and 1.6 (OpenTofu) have them, by their minor versions.
constexpr std::array<ArgumentVersions, 5> kS3Versions{
    {{.names = "use_lockfile", .terraform = {.since = "1.10"}, .opentofu = {.since = "1.10"}},
     {.names = "lock_tags state_tags", .terraform = {.exists = false}, .opentofu = {.since = "1.11"}},
     {.names = "assume_role_duration_seconds assume_role_policy assume_role_policy_arns assume_role_tags "
               "assume_role_transitive_tag_keys external_id role_arn session_name",
      .terraform = {.until = "1.10"},
      .instead = "assume_role = { role_arn = ... }"},
     {.names = "allowed_account_ids assume_role assume_role_with_web_identity custom_ca_bundle "
               "ec2_metadata_service_endpoint ec2_metadata_service_endpoint_mode endpoints "
               "forbidden_account_ids http_proxy https_proxy insecure no_proxy retry_mode "
               "shared_config_files shared_credentials_files skip_requesting_account_id skip_s3_checksum "
               "sts_region use_dualstack_endpoint use_fips_endpoint use_path_style",
      .terraform = {.since = "1.6"}},
     {.names = "use_legacy_workflow",
      .terraform = {.since = "1.6", .until = "1.8"},
      .opentofu = {.until = "1.8"},
      .instead = "no such argument"}}};

}  // namespace

const BackendType& s3_backend() {
  static constexpr BackendType kType{
      .name = "s3",
      .summary = "Terraform's and OpenTofu's s3 backend, in four modes of locking",
      .arguments = kS3Arguments,
      .identifying = "bucket key",
      .flags =
          "encrypt force_path_style insecure skip_credentials_validation skip_metadata_api_check "
          "skip_region_validation skip_requesting_account_id skip_s3_checksum use_dualstack_endpoint "
          "use_fips_endpoint use_legacy_workflow use_lockfile use_path_style",
      .numbers = "assume_role_duration_seconds max_retries",
      .environment = kS3Environment,
      .versions = kS3Versions,
      .services = kS3Services,
      .matrix_modes = "- dynamodb lockfile lockfile+dynamodb",
      .defaults = default_config<S3Config>,
  };
  return kType;
}

const BackendType& S3Config::type() const { return s3_backend(); }

void S3Config::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section,
              {"type", "bucket", "key", "region", "dynamodb_table", "use_lockfile", "max_retries",
               "workspace", "workspace_exists", "encrypt", "sse_customer_key", "fenced_put", "large_states"});
  reader.flag_or_text(section, {"dynamodb_table", "lock and digest in DynamoDB"}, dynamodb_table);
  reader.flag(section,
              {"use_lockfile",
               "a lock file beside the state (If-None-Match); with dynamodb_table the lock file comes first"},
              use_lockfile);
  reader.number(section, {"max_retries", "attempts of the SDK"}, 1, 10, max_retries);
  read_workspace(reader, section);
  reader.flag(section, {"fenced_put", "what a fix would do: PutObject of the state with If-Match"},
              fenced_put);
  reader.flag(section, {"large_states", "states above 5 MiB, which Terraform reads in ranges side by side"},
              large_states);
  reader.flag(section, {"encrypt", "with sse_customer_key: objects are encrypted with that key"}, encrypt);
  reader.flag_or_text(
      section,
      {"sse_customer_key", "a key of the customer's (SSE-C), without which Terraform reads lock files"},
      sse_customer_key);
}

void S3Config::read_store(YamlReader& reader, const YAML::Node& section) {
  static constexpr auto kVersioning =
      sim::text_for_each<models::Versioning>({"never", "enabled", "suspended"});
  reader.keys(section, {"honours_if_none_match", "honours_if_match", "strong_reads", "versioning",
                        "versioned_conditional_puts", "suspended_conditional_puts", "missing_key_is_403",
                        "conditional_puts", "conflicts"});
  reader.flag(section, {"honours_if_none_match", "false: a conditional put of what is there succeeds"},
              store.honours_if_none_match);
  reader.flag(section, {"honours_if_match", "false: a conditional put of another version succeeds"},
              store.honours_if_match);
  reader.flag(
      section,
      {"strong_reads", "false: a read may show what was there before the last write (before December 2020)"},
      store.strong_reads);
  reader.flag(section,
              {"versioned_conditional_puts", "false: in a versioned bucket If-None-Match is ignored"},
              store.versioned_conditional_puts);
  reader.flag(section,
              {"suspended_conditional_puts",
               "false: with versioning suspended a deleted key is taken for one that is there"},
              store.suspended_conditional_puts);
  reader.flag(section,
              {"missing_key_is_403",
               "whose policy does not allow to list the bucket is told 403 of a key that is not there"},
              store.missing_key_is_403);
  reader.flag(section,
              {"conditional_puts",
               "false: the store answers 501 to every put with a condition, as it does not know any"},
              store.conditional_puts);
  reader.number(section, {"conflicts", "puts that are answered 409 because a delete came in between"}, 0, 2,
                store.conflicts);
  std::size_t versioning = 0;
  reader.choice(section, {"versioning", "of the bucket"}, kVersioning, versioning);
  store.versioning = kVersioning[versioning];
}

std::optional<InputError> S3Config::read_arguments(const BackendArguments& arguments,
                                                   std::vector<std::string>& assumptions) {
  if (Complaint complaint =
          arguments.presence("dynamodb_table", "a table's name", dynamodb_table, assumptions))
    return complaint;
  if (const Complaint complaint = arguments.flag("use_lockfile", use_lockfile)) return complaint;
  if (Complaint complaint = arguments.completed_elsewhere(
          "bucket key", "use_lockfile dynamodb_table",
          "say what it sets: --set use_lockfile=true, --set dynamodb_table=NAME, or --set use_lockfile=false "
          "for no lock"))
    return complaint;
  constexpr std::uint32_t kMostAttempts = 10;
  read_customer_key(arguments, sse_customer_key, assumptions);
  if (sse_customer_key) {
    if (const Complaint complaint = arguments.flag("encrypt", encrypt)) return complaint;
  }
  std::uint32_t attempts = max_retries;
  if (const Complaint complaint =
          arguments.whole_number("max_retries", "a number of attempts", attempts, assumptions))
    return complaint;
  // More attempts than faults change nothing; 0 means "no limit" to the SDK.
  max_retries = static_cast<std::uint8_t>(attempts == 0 ? kMostAttempts : std::min(attempts, kMostAttempts));
  if (max_retries != attempts) {
    assumptions.push_back(fmt::format(
        "max_retries = {} is taken as {}: more attempts than faults change nothing", attempts, max_retries));
  }
  assume_the_rest(arguments, assumptions);
  take_workspace(arguments, "jobs work in the default workspace", assumptions);
  return std::nullopt;
}

std::string S3Config::summary() const {
  std::string text = "s3";
  if (dynamodb_table && use_lockfile) {
    text += " with dynamodb_table and use_lockfile";
  } else if (dynamodb_table) {
    text += " with dynamodb_table";
  } else if (use_lockfile) {
    text += " with use_lockfile";
  } else {
    text += " without locking";
  }
  if (large_states) text += ", large states";
  if (has_customer_key()) text += ", a customer's key";
  if (fenced_put) text += ", fenced";
  return text;
}

// The constant part stands where settings of other backends once stood: replay strings outlive versions.
std::string S3Config::canonical_text() const {
  std::string text =
      fmt::format("0|{}{}{}|{}|{}{}|0falsefalsetruetruetruetrue|{}{}{}{}{}{}|", dynamodb_table, use_lockfile,
                  fenced_put, max_retries, is_default_workspace(), workspace_exists,
                  store.honours_if_none_match, store.honours_if_match, store.strong_reads, store.versioning,
                  store.versioned_conditional_puts, store.suspended_conditional_puts);
  if (store.missing_key_is_403) text += "403|";
  if (!store.conditional_puts) text += "501|";
  if (large_states) text += "large|";
  if (has_customer_key()) text += "sse-c|";
  if (store.conflicts > 0) text += fmt::format("conflicts {}|", store.conflicts);
  return text;
}

std::vector<BackendChange> S3Config::changes() const {
  std::vector<BackendChange> changes;
  add_existing_workspace(*this, changes);
  if (max_retries > 1) {
    changes.push_back(changed(*this, "no request is sent again when its answer is lost",
                              {.backend = {{"max_retries", "1"}}},
                              [](S3Config& config) { config.max_retries = 1; }));
    changes.back().stops_retries = true;
  }
  if (!traits().has_lock)
    changes.push_back(changed(*this, "a lock file beside the state", {.backend = {{"use_lockfile", "true"}}},
                              [](S3Config& config) { config.use_lockfile = true; }));
  if (dynamodb_table) {
    changes.push_back(changed(*this, "a lock file instead of the table, and so no digest",
                              {.backend = {{"use_lockfile", "true"}, {"dynamodb_table", "false"}}},
                              [](S3Config& config) {
                                config.use_lockfile = true;
                                config.dynamodb_table = false;
                              }));
  }
  if (has_customer_key() && use_lockfile)
    changes.push_back(changed(*this, "a key that the service keeps (SSE-KMS) instead of a customer's key",
                              {.backend = {{"sse_customer_key", "false"}}},
                              [](S3Config& config) { config.sse_customer_key = false; }));
  if (!fenced_put)
    changes.push_back(changed(
        *this,
        "the state is written with If-Match of the version that was read, which no released client sends",
        {.backend = {{"fenced_put", "true"}}}, [](S3Config& config) { config.fenced_put = true; }));
  return changes;
}

void S3Config::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  const models::StateSnapshot initial =
      has_state_at_first() ? initial_snapshot(scenario) : models::StateSnapshot{};

  models::S3 s3;
  s3.promises = promises_of(store);
  s3.lock_here = use_lockfile;
  s3.initial_state = initial;
  const auto s3_ref = add_service(world, s3);

  sim::ServiceRef<models::DynamoDb> dynamodb_ref{};
  if (dynamodb_table) {
    models::DynamoDb dynamodb;
    dynamodb.initial_digest = initial;
    dynamodb_ref = add_lock_table(world, dynamodb, scenario.client);
  }
  models::S3BackendOptions options;
  options.dialect = scenario.client.tool;
  options.dynamodb_table = dynamodb_table;
  options.use_lockfile = use_lockfile;
  options.max_attempts = max_retries;
  options.default_workspace = is_default_workspace();
  options.fenced_put = fenced_put;
  options.large_states = large_states;
  options.customer_key = has_customer_key();
  const auto backend = std::make_shared<const models::S3Backend>(options, s3_ref, dynamodb_ref);

  add_applies(scenario, initial, backend, {}, world, parts);
  parts.stored_state = [index = s3_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::S3::Value>(end.services[index]).state;
  };
}

std::vector<std::string> S3Config::audit_modes() const {
  std::vector<std::string> modes;
  if (use_lockfile) modes.emplace_back("lockfile");
  if (dynamodb_table) modes.emplace_back("dynamodb");
  if (has_customer_key()) modes.emplace_back("sse-c");
  if (max_retries != S3Config{}.max_retries) modes.push_back(fmt::format("retries={}", max_retries));
  add_workspace_mode(modes);
  for (std::string& mode : store_modes(store)) modes.push_back(std::move(mode));
  return modes;
}

bool S3Config::read_audit_mode(std::string_view mode) {
  if (mode == "lockfile") return use_lockfile = true;
  if (mode == "dynamodb") return dynamodb_table = true;
  if (mode == "sse-c") return encrypt = sse_customer_key = true;
  if (read_workspace_mode(mode) || read_store_mode(mode, store)) return true;
  return mode.starts_with("retries=") && read_number<std::uint8_t>(mode.substr(8), 1, 10, max_retries);
}

// A lock file is as good as the store's If-None-Match, which not all stores honour
// (backend-protocols.md 4.2).
std::vector<StoreDoubt> S3Config::doubts(const BackendArguments& arguments) const {
  const std::optional<std::string> sign = foreign_store(arguments);
  if (!sign || !use_lockfile) return {};
  auto ignores = std::make_shared<S3Config>(*this);
  ignores->store.honours_if_none_match = false;
  return {{.setting = "honours_if_none_match",
           .why = "the store may not be Amazon S3: " + *sign,
           .kept = "the store honours If-None-Match",
           .broken = "the store ignores If-None-Match",
           .otherwise = std::move(ignores)}};
}

}  // namespace lockstorm::scenarios
