// Worlds around the s3 backend.
#include "models/backends/s3.hpp"
#include "scenarios/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

models::S3Promises promises_of(const StorePromises& store) {
  models::S3Promises promises;
  promises.honours_if_none_match = store.honours_if_none_match;
  promises.honours_if_match = store.honours_if_match;
  promises.strong_reads = store.strong_reads;
  promises.versioned_conditional_puts = store.versioned_conditional_puts;
  promises.suspended_conditional_puts = store.suspended_conditional_puts;
  if (store.versioning == "enabled") promises.versioning = models::Versioning::enabled;
  if (store.versioning == "suspended") promises.versioning = models::Versioning::suspended;
  return promises;
}

}  // namespace

void add_s3(const Scenario& scenario, World& world, WorldParts& parts) {
  const BackendSettings& settings = scenario.backend;
  const models::StateSnapshot initial = settings.workspace == "default" || settings.workspace_exists
                                            ? initial_snapshot(scenario)
                                            : models::StateSnapshot{};

  models::S3 s3;
  s3.promises = promises_of(scenario.store);
  s3.lock_here = settings.use_lockfile;
  s3.initial_state = initial;
  const sim::ServiceRef<models::S3> s3_ref{static_cast<std::uint8_t>(world.spec.services.size())};
  world.spec.services.push_back(sim::make_service(s3));

  sim::ServiceRef<models::DynamoDb> dynamodb_ref{};
  if (settings.dynamodb_table) {
    models::DynamoDb dynamodb;
    dynamodb.initial_digest = initial;
    dynamodb_ref.index = static_cast<std::uint8_t>(world.spec.services.size());
    world.spec.services.push_back(sim::make_service(dynamodb));
  }
  models::S3BackendOptions options;
  options.dialect = scenario.client.tool;
  options.dynamodb_table = settings.dynamodb_table;
  options.use_lockfile = settings.use_lockfile;
  options.max_attempts = settings.max_retries;
  options.default_workspace = settings.workspace == "default";
  options.fenced_put = settings.fenced_put;
  const auto backend = std::make_shared<const models::S3Backend>(options, s3_ref, dynamodb_ref);
  parts.has_lock = settings.use_lockfile || settings.dynamodb_table;

  add_applies(scenario, initial, backend, {}, world, parts);
  parts.stored_state = [index = s3_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::S3::Value>(end.services[index]).state;
  };
}

}  // namespace lockstorm::scenarios
