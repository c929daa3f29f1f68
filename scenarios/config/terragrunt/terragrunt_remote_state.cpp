#include "scenarios/config/terragrunt/terragrunt_remote_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "scenarios/config/syntax/hcl_values.hpp"
#include "scenarios/config/values/references.hpp"

namespace lockstorm::scenarios::terragrunt {
namespace {

using values::Object;
using values::Value;

// Arguments that Terragrunt uses itself, to make buckets and tables, and keeps from the tool (Terragrunt:
// internal/remotestate/backend/*/remote_state_config.go, terragruntOnlyConfigs).
constexpr std::array<std::string_view, 21> kOwnOfS3{"accesslogging_bucket_name",
                                                    "accesslogging_bucket_tags",
                                                    "accesslogging_target_object_partition_date_source",
                                                    "accesslogging_target_prefix",
                                                    "bucket_sse_algorithm",
                                                    "bucket_sse_kms_key_id",
                                                    "disable_aws_client_checksums",
                                                    "disable_bucket_update",
                                                    "dynamodb_table_tags",
                                                    "enable_lock_table_ssencryption",
                                                    "s3_bucket_tags",
                                                    "skip_accesslogging_bucket_acl",
                                                    "skip_accesslogging_bucket_enforced_tls",
                                                    "skip_accesslogging_bucket_public_access_blocking",
                                                    "skip_accesslogging_bucket_ssencryption",
                                                    "skip_bucket_accesslogging",
                                                    "skip_bucket_enforced_tls",
                                                    "skip_bucket_public_access_blocking",
                                                    "skip_bucket_root_access",
                                                    "skip_bucket_ssencryption",
                                                    "skip_bucket_versioning"};
constexpr std::array<std::string_view, 6> kOwnOfGcs{
    "enable_bucket_policy_only", "gcs_bucket_labels",     "location", "project",
    "skip_bucket_creation",      "skip_bucket_versioning"};
constexpr std::array<std::string_view, 14> kOwnOfAzurerm{"access_tier",
                                                         "account_kind",
                                                         "account_replication_type",
                                                         "account_tier",
                                                         "allow_blob_public_access",
                                                         "enable_soft_delete",
                                                         "location",
                                                         "msi_resource_id",
                                                         "skip_container_creation",
                                                         "skip_resource_group_creation",
                                                         "skip_storage_account_creation",
                                                         "skip_versioning",
                                                         "soft_delete_retention_days",
                                                         "tags"};

bool is_terragrunts_own(std::string_view backend, std::string_view argument) {
  std::span<const std::string_view> names;
  if (backend == "s3") names = kOwnOfS3;
  if (backend == "gcs") names = kOwnOfGcs;
  if (backend == "azurerm") names = kOwnOfAzurerm;
  return std::ranges::find(names, argument) != names.end();
}

/// What the tool is given for an argument: s3's lock_table is the old name of dynamodb_table.
std::string name_for_tool(std::string_view backend, const std::string& argument) {
  return backend == "s3" && argument == "lock_table" ? "dynamodb_table" : argument;
}

/// The arguments in `config`, each with its place and with the variables of the environment that it is made
/// of.
struct Config {
  Value value;
  std::map<std::string, SourceLocation> places;
  std::map<std::string, std::vector<ValueSource>> sources;
};

/// Member by member, where it is written out as an object.
Config config_of(Scope& scope, const hcl::AttributeSyntax& attribute) {
  const values::SourceExpression source{std::string(attribute.expression),
                                        scope.file().source.location(attribute.expression)};
  Config config;
  try {
    const values::Expression tree = parse(source, values::JsonStrings::templates);
    if (tree.kind == values::Kind::object) {
      Object members;
      for (std::size_t i = 0; i + 1 < tree.operands.size(); i += 2) {
        const std::string name = to_text(evaluate(tree.operands[i], scope));
        (void)scope.take_sources();
        members.insert_or_assign(name, evaluate_part(tree.operands[i + 1], scope));
        config.places.insert_or_assign(name, place_in(source, tree.operands[i].offset));
        config.sources.insert_or_assign(name, scope.take_sources());
      }
      config.value = values::object_value(std::move(members));
      return config;
    }
  } catch (const values::Unknown&) {
    config = {};  // to be looked at as a whole: what is refused gets its place, what is not known its name
  }
  config.value = scope.value_of(attribute);
  return config;
}

/// ", which needs local.common,", where that is surely no part of a credential.
std::string named(const values::Symbol& symbol) {
  constexpr std::array<std::string_view, 5> kRoots{"local.", "include.", "dependency.", "feature.",
                                                   "values."};
  const bool is_name =
      std::ranges::any_of(kRoots, [&](std::string_view root) { return symbol.needs.starts_with(root); });
  return is_name ? fmt::format(", which needs {},", symbol.needs) : "";
}

const Value* member_of(const Object& members, const std::string& name) {
  const auto found = members.find(name);
  return found == members.end() || found->second.is_null() ? nullptr : &found->second;
}

std::string text_member(const Object& members, const std::string& name, const SourceLocation& where) {
  const Value* value = member_of(members, name);
  if (value == nullptr) return "";
  if (const std::string* text = value->text()) return *text;
  if (value->symbol() != nullptr && name == "path") return value->symbol()->text;
  throw refusal_at(where, fmt::format("{} is not known without running Terragrunt", name), "a text");
}

IfExists if_exists_of(const std::string& text, const SourceLocation& where) {
  if (text == "error") return IfExists::error;
  if (text == "skip") return IfExists::skip;
  if (text == "overwrite") return IfExists::overwrite;
  if (text == "overwrite_terragrunt") return IfExists::overwrite_own;
  throw refusal_at(where, "if_exists is none that Terragrunt has",
                   "error, skip, overwrite or overwrite_terragrunt");
}

RemoteState made_of(const Object& members, const SourceLocation& where, const Config& written) {
  RemoteState state;
  state.block.where = where;
  state.block.type = text_member(members, "backend", where);
  if (state.block.type.empty())
    throw refusal_at(where, "remote_state has no backend", "backend = \"s3\", or another type");
  if (const Value* encryption = member_of(members, "encryption"))
    state.has_encryption = encryption->object() == nullptr || !encryption->object()->empty();
  if (const Value* generate = member_of(members, "generate")) {
    if (generate->object() == nullptr)
      throw refusal_at(where, "generate of remote_state is no object that is known", "{ path = ... }");
    state.target = target_of(*generate->object(), where);
  }
  const Value* config = member_of(members, "config");
  if (config == nullptr)
    throw refusal_at(where, "remote_state has no config", "the arguments of its backend");
  if (const values::Symbol* symbol = config->symbol()) {
    throw refusal_at(
        where,
        fmt::format("config of remote_state{} is not known without running Terragrunt", named(*symbol)),
        "an object");
  }
  if (config->object() == nullptr) throw refusal_at(where, "config of remote_state is no object", "{ ... }");
  for (const auto& [name, value] : *config->object()) {
    const auto argument = values::as_attribute(value);
    if (!argument || is_terragrunts_own(state.block.type, name)) continue;
    const std::string name_there = name_for_tool(state.block.type, name);
    const auto place = written.places.find(name);
    const SourceLocation& here = place == written.places.end() ? where : place->second;
    state.block.arguments.insert_or_assign(name_there, Attribute{*argument, here});
    const auto sources = written.sources.find(name);
    const bool is_known = !std::holds_alternative<Unresolved>(*argument);
    if (is_known && sources != written.sources.end() && !sources->second.empty())
      state.evaluated.push_back({name_there, *argument, here, sources->second});
  }
  return state;
}

}  // namespace

values::Unknown refusal_at(const SourceLocation& where, std::string problem, std::string expected,
                           std::string hint) {
  return refusal(InputError{where, std::move(problem), std::move(expected), std::move(hint)});
}

Target target_of(const Object& members, const SourceLocation& where) {
  Target target{text_member(members, "path", where),
                if_exists_of(text_member(members, "if_exists", where), where)};
  if (target.path.empty()) throw refusal_at(where, "what is generated has no path", "path = \"backend.tf\"");
  return target;
}

RemoteState remote_state_of(Scope& scope, const hcl::Block& block) {
  Object members;
  Config written;
  for (const auto& [name, attribute] : block.body.attributes) {
    if (name == "config") written = config_of(scope, attribute);
    members.insert_or_assign(std::string(name), name == "config" ? written.value : scope.value_of(attribute));
  }
  return made_of(members, scope.file().source.location(block.type), written);
}

RemoteState remote_state_of(Scope& scope, const hcl::AttributeSyntax& attribute) {
  const SourceLocation where = scope.file().source.location(attribute.name);
  const Value value = scope.value_of(attribute);
  if (value.object() == nullptr)
    throw refusal_at(where, "remote_state is no object that is known", "{ ... }");
  return made_of(*value.object(), where, {});
}

}  // namespace lockstorm::scenarios::terragrunt
