// The pg backend (backend-protocols.md 3.8): a row in a table, locked by a session's advisory lock.
#include "scenarios/backends/pg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/backends/pg.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 2> kPgServices{{
    {"postgres",
     "PostgreSQL: single statements, session advisory locks; `store`: a pooler, sessions that end"},
    {"pg_catalog",
     "PostgreSQL's catalog: the schema, sequence, table and index that every command sees to first"},
}};

// Every argument the pg backend has in either tool (internal/backend/remote-state/pg/backend.go).
constexpr std::string_view kPgArguments =
    "conn_str schema_name skip_index_creation skip_schema_creation skip_table_creation index_name table_name";

constexpr std::uint8_t kPooledSessions = 2;

// More OpenTofu jobs than that behind a pooler would make tens of millions of states of what is left
// prepared.
constexpr unsigned kMostRemembering = 2;

// What the clients of this scenario can bind to more than an error (models/services/postgres_pooler.cpp). Of
// OpenTofu's lock statements that is bounded: among more jobs, whatever they find of others fails.
std::uint16_t remembered_texts(const Scenario& scenario) {
  using Text = models::Postgres::Text;
  unsigned texts = 0;
  const auto add = [&texts](Text text) { texts |= 1U << static_cast<unsigned>(text); };
  for (const Fleet& fleet : scenario.all_fleets()) {
    const bool is_opentofu = fleet.client.tool == models::Dialect::opentofu;
    if (!is_opentofu) add(Text::try_locks);
    if (is_opentofu && scenario.clients() <= kMostRemembering) {
      for (const Text text : {Text::upsert, Text::unlock, Text::try_creation_lock}) add(text);
    }
    for (const models::Command command : fleet.client.commands) {
      if (command != models::Command::workspace_delete && command != models::Command::workspace_delete_force)
        continue;
      add(Text::remove);
      add(Text::select_data);
    }
  }
  return static_cast<std::uint16_t>(texts);
}

// internal/backend/remote-state/pg/backend.go of both tools.
constexpr std::array<EnvironmentArgument, 2> kPgEnvironment{
    {{"conn_str", "PG_CONN_STR"}, {"schema_name", "PG_SCHEMA_NAME"}}};

// As the schemas of all releases from 1.0 (Terraform) and 1.6 (OpenTofu) have them, by their minor versions.
constexpr std::array<ArgumentVersions, 1> kPgVersions{
    {{.names = "index_name table_name", .terraform = {.exists = false}, .opentofu = {.since = "1.10"}}}};

}  // namespace

const BackendType& pg_backend() {
  static constexpr BackendType kType{
      .name = "pg",
      .summary = "Terraform's and OpenTofu's pg backend: a row in PostgreSQL, locked by an advisory lock",
      .arguments = kPgArguments,
      .identifying = "conn_str",
      .flags = "skip_index_creation skip_schema_creation skip_table_creation",
      .environment = kPgEnvironment,
      .versions = kPgVersions,
      .services = kPgServices,
      .matrix_modes = "- pooler",
      .defaults = default_config<PgConfig>,
  };
  return kType;
}

const BackendType& PgConfig::type() const { return pg_backend(); }

void PgConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "conn_str", "schema_name", "skip_schema_creation", "skip_table_creation",
                        "skip_index_creation", "tables_exist", "workspace", "workspace_exists", "fenced_put",
                        "neighbours"});
  std::string conn_str;
  reader.text(
      section,
      {"conn_str",
       "`binary_parameters=yes` in it: a statement is never two round trips; the rest changes nothing"},
      conn_str);
  if (conn_str.find("binary_parameters=yes") != std::string::npos) binary_parameters = true;
  reader.flag(section, {"skip_schema_creation", "commands do not ask for the schema first"},
              skip_schema_creation);
  reader.flag(section, {"skip_table_creation", "commands do not create the table first"},
              skip_table_creation);
  reader.flag(section, {"skip_index_creation", "commands do not create the index first"},
              skip_index_creation);
  reader.flag(section,
              {"tables_exist", "false: an empty database, where the first commands create schema and table"},
              tables_exist);
  read_workspace(reader, section);
  reader.flag(section, {"fenced_put", "what a fix would do: only the row that was read is replaced"},
              fenced_put);
  reader.number(section,
                {"neighbours",
                 "jobs that lock or create another workspace meanwhile: of the database with Terraform, of "
                 "the table with OpenTofu"},
                0, 2, neighbours);
}

void PgConfig::read_store(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"transaction_pooling", "session_losses"});
  bool pooler = pooled_sessions > 0;
  reader.flag(section, {"transaction_pooling", "statements run on any session of a pooler"}, pooler);
  pooled_sessions = pooler ? kPooledSessions : std::uint8_t{0};
  reader.number(section, {"session_losses", "sessions that the server ends by itself"}, 0, 2, session_losses);
}

std::optional<InputError> PgConfig::read_arguments(const BackendArguments& arguments,
                                                   std::vector<std::string>& assumptions) {
  take_workspace(arguments, "jobs work in the default workspace", assumptions);
  if (!arguments.store_says("transaction_pooling"))
    assumptions.emplace_back("conn_str leads to the server itself, not to a pooler in transaction mode");
  return std::nullopt;
}

std::optional<Objection> PgConfig::objection(const Scenario& scenario) const {
  if (scenario.faults[sim::Fault::duplicate] > 0) {
    return Objection{"faults", "a statement to PostgreSQL cannot arrive twice: one connection carries it",
                     "duplicate: 0", ""};
  }
  if (pooled_sessions > 0 && neighbours > 0) {
    return Objection{"backend", "jobs on other workspaces share no session of a pooler here",
                     "transaction_pooling or neighbours", ""};
  }
  if (pooled_sessions > 0 && session_losses > 0) {
    return Objection{"store", "sessions behind a pooler are not ended one by one here",
                     "transaction_pooling or session_losses", ""};
  }
  if (!tables_exist) {
    const bool has_rows =
        scenario.initial != InitialState::empty || (!is_default_workspace() && workspace_exists);
    if (has_rows)
      return Objection{"backend", "there is no state where there is no table",
                       "initial_state: empty, and workspace_exists: false of a workspace", ""};
    if (skip_schema_creation || skip_table_creation || skip_index_creation)
      return Objection{"backend", "nobody would create the table", "tables_exist: true or no skip_...", ""};
    if (pooled_sessions > 0)
      return Objection{"backend", "the first commands of all go to the server itself here",
                       "transaction_pooling or tables_exist: false", ""};
  }
  // Two are left for whoever clears up in the end.
  constexpr std::size_t kMost = models::Postgres::kMaxLosers - 2;
  const unsigned operators = scenario.force_unlock.people();
  if (std::min(scenario.clients() + operators, scenario.faults.total() + operators + session_losses) >
      kMost) {
    return Objection{"faults", "too many clients may lose their connections",
                     fmt::format("at most {} faults and operators", kMost), ""};
  }
  return std::nullopt;
}

std::string PgConfig::summary() const {
  std::string text = "pg";
  if (pooled_sessions > 0) text += " behind a pooler in transaction mode";
  if (session_losses > 0) text += ", whose server ends sessions";
  if (neighbours > 0) text += ", beside work on other workspaces";
  if (!tables_exist) text += ", on an empty database";
  if (binary_parameters) text += ", binary_parameters=yes";
  if (!sets_up()) text += ", which creates nothing";
  if (fenced_put) text += ", fenced";
  return text;
}

std::string PgConfig::canonical_text() const {
  std::string text = fmt::format("pg|{}|{}|{}|{}|{}", is_default_workspace(), workspace_exists, fenced_put,
                                 pooled_sessions, session_losses);
  if (neighbours > 0) text += fmt::format("|neighbours {}", neighbours);
  if (!tables_exist) text += "|no tables";
  if (binary_parameters) text += "|binary parameters";
  for (const auto& [skips, what] : {std::pair{skip_schema_creation, "schema"},
                                    {skip_table_creation, "table"},
                                    {skip_index_creation, "index"}}) {
    if (skips) text += fmt::format("|no {}", what);
  }
  return text;
}

// A session of a pooler is nobody's: who looks for the holder of a lock finds none to end.
Adversities PgConfig::possible_adversities() const {
  return pooled_sessions > 0 ? kAllAdversities & ~adversity_bit(Adversity::human) : kAllAdversities;
}

std::vector<BackendChange> PgConfig::changes() const {
  std::vector<BackendChange> changes;
  add_existing_workspace(*this, changes);
  if (pooled_sessions > 0)
    changes.push_back(changed(*this, "no pooler in transaction mode between the jobs and the server",
                              {.store = {{"transaction_pooling", "false"}}},
                              [](PgConfig& config) { config.pooled_sessions = 0; }));
  if (two_round_trips())
    changes.push_back(changed(*this, "every statement is one round trip",
                              {.backend = {{"conn_str", "\"binary_parameters=yes\""}}},
                              [](PgConfig& config) { config.binary_parameters = true; }));
  if (!tables_exist)
    changes.push_back(changed(*this, "one command runs alone on the empty database before the others",
                              {.backend = {{"tables_exist", "true"}}},
                              [](PgConfig& config) { config.tables_exist = true; }));
  if (!fenced_put)
    changes.push_back(changed(
        *this,
        "the row is replaced only if it still is the one that was read, which no released client asks for",
        {.backend = {{"fenced_put", "true"}}}, [](PgConfig& config) { config.fenced_put = true; }));
  return changes;
}

void PgConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  models::Postgres server;
  if (has_state_at_first()) server.initial_state = initial_snapshot(scenario);
  server.pooled_sessions = pooled_sessions;
  server.remembered = remembered_texts(scenario);
  server.session_losses = session_losses;
  const auto server_ref = add_service(world, server);
  models::PgCatalog catalog;
  catalog.is_complete_at_first = tables_exist;
  catalog.is_pooled = two_round_trips() && !skip_schema_creation;
  // An unused service would only multiply states.
  const auto catalog_ref = sets_up() ? add_service(world, catalog) : sim::ServiceRef<models::PgCatalog>{};
  const models::PgBackendOptions options{.dialect = scenario.client.tool,
                                         .default_workspace = is_default_workspace(),
                                         .fenced_put = fenced_put,
                                         .two_round_trips = two_round_trips(),
                                         .sets_up = sets_up()};
  const auto backend =
      std::make_shared<const models::PgBackend>(options, server_ref, catalog_ref, parts.memory);
  add_applies(scenario, server.initial_state, backend, {}, world, parts);
  add_bystanders(
      world, parts.is_destination ? "neighbour (new)" : "neighbour",
      [backend](sim::Process& self) { backend->work_elsewhere(self); }, neighbours);
  parts.stored_state = [index = server_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::Postgres::Value>(end.services[index]).state;
  };
}

std::vector<std::string> PgConfig::audit_modes() const {
  std::vector<std::string> modes;
  if (pooled_sessions > 0) modes.emplace_back("pooler");
  add_workspace_mode(modes);
  return modes;
}

bool PgConfig::read_audit_mode(std::string_view mode) {
  if (mode != "pooler") return read_workspace_mode(mode);
  pooled_sessions = kPooledSessions;
  return true;
}

}  // namespace lockstorm::scenarios
