#include "reports/advice/unlock_commands.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "reports/format/shell.hpp"
#include "scenarios/backends/s3.hpp"
#include "scenarios/data/backend_type.hpp"

namespace lockstorm::reports {
namespace {

std::string id_of(const LockToRemove& lock) {
  return lock.record.id.empty() ? fmt::format("<{}>", lock.backend->traits().lock_id_word) : lock.record.id;
}

std::string word(const std::string& text) { return shell_word(text); }

// `force-unlock`, which compares the id with the lock's before it removes it.
ShellCommand by_tool(const LockToRemove& lock, const std::string& id) {
  return {"Remove it", tool_command(lock.tool, lock.names, lock.directory, "force-unlock " + word(id))};
}

std::string bucket_path(const LockToRemove& lock, std::string_view scheme, const std::string& key) {
  return fmt::format("{}://{}/{}", scheme, lock.names.name("bucket"), key);
}

UnlockCommands of_s3(const LockToRemove& lock) {
  UnlockCommands commands;
  const auto* config = lock.backend.as<scenarios::S3Config>();
  const bool has_table = config != nullptr && config->dynamodb_table;
  const bool has_file = config != nullptr && config->use_lockfile;
  if (has_file) {
    const std::string object = bucket_path(lock, "s3", lock.names.lock());
    commands.look.push_back({"See whose lock file it is", fmt::format("aws s3 cp {} -", word(object))});
    commands.last_resort.push_back({"Delete the lock file", fmt::format("aws s3 rm {}", word(object))});
  }
  if (has_table) {
    const std::string table = word(lock.names.name("dynamodb_table"));
    const std::string key =
        word(fmt::format(R"({{"LockID": {{"S": "{}/{}"}}}})", lock.names.name("bucket"), lock.names.state()));
    commands.look.push_back(
        {"See whose item it is",
         fmt::format("aws dynamodb get-item --consistent-read --table-name {} --key {}", table, key)});
    // Not another job's lock, which may have come in between.
    commands.last_resort.push_back(
        {"Delete the item, if it is still this one",
         fmt::format("aws dynamodb delete-item --table-name {} --key {} --condition-expression "
                     "'contains(Info, :id)' --expression-attribute-values {}",
                     table, key, word(fmt::format(R"({{":id": {{"S": "{}"}}}})", id_of(lock))))});
  }
  commands.remove.push_back(by_tool(lock, id_of(lock)));
  return commands;
}

UnlockCommands of_gcs(const LockToRemove& lock) {
  const std::string object = word(bucket_path(lock, "gs", lock.names.lock()));
  // The object has an ID inside that unlocks nothing; its generation does.
  const bool is_generation =
      !lock.record.id.empty() && lock.record.id.find_first_not_of("0123456789") == std::string::npos;
  const std::string id = is_generation ? lock.record.id : "<generation>";
  return {{{"See whose lock object it is", fmt::format("gcloud storage cat {}", object)},
           {"The lock's ID is its generation",
            fmt::format("gcloud storage objects describe {} --format='value(generation)'", object)}},
          {by_tool(lock, id)},
          {{"Delete the lock object, if it is still this one",
            fmt::format("gcloud storage rm {} --if-generation-match={}", object, word(id))}}};
}

UnlockCommands of_azurerm(const LockToRemove& lock) {
  const std::string blob =
      fmt::format("--account-name {} --container-name {}", word(lock.names.name("storage_account_name")),
                  word(lock.names.name("container_name")));
  const std::string name = word(lock.names.state());
  return {{{"See the lease, and whose it is (base64)",
            fmt::format("az storage blob show {} --name {} --query "
                        "'{{lease: properties.lease, metadata: metadata}}'",
                        blob, name)}},
          {by_tool(lock, id_of(lock))},
          {{"Break the lease, where its blob's metadata has no `terraformlockid` to unlock by",
            fmt::format("az storage blob lease break {} --blob-name {}", blob, name)}}};
}

UnlockCommands of_kubernetes(const LockToRemove& lock) {
  const std::string lease = word(lock.record.lease.empty() ? lock.names.lock() : lock.record.lease);
  const std::string place =
      word(lock.record.name_space.empty() ? lock.names.name("namespace", "default") : lock.record.name_space);
  return {{{"See whose Lease it is", fmt::format("kubectl get lease {} -n {} -o json", lease, place)}},
          {by_tool(lock, id_of(lock))},
          {{"Delete the Lease", fmt::format("kubectl delete lease {} -n {}", lease, place)}}};
}

UnlockCommands of_consul(const LockToRemove& lock) {
  const std::string key = word(lock.names.lock());
  return {{{"See which session has it", fmt::format("consul kv get -detailed {}", key)},
           {"See whose session that is",
            fmt::format("consul kv get {}", word(lock.names.state() + "/.lockinfo"))}},
          {by_tool(lock, id_of(lock))},
          {{"End the session", fmt::format("curl --request PUT \"$CONSUL_HTTP_ADDR\"/v1/session/destroy/{}",
                                           word(id_of(lock)))}}};
}

// A name in double quotes, a text in single ones; quotes inside are doubled.
std::string sql_text(const std::string& text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) quoted += c == quote ? std::string(2, quote) : std::string(1, c);
  return quoted + quote;
}

// The lock is a session of the server; nothing of it is in the tool's reach (3.8).
UnlockCommands of_pg(const LockToRemove& lock) {
  const bool has_key =
      !lock.record.path.empty() && lock.record.path.find_first_not_of("0123456789") == std::string::npos;
  const std::string key =
      has_key ? lock.record.path
              : fmt::format("(SELECT id FROM {}.states WHERE name = {})",
                            sql_text(lock.names.name("schema_name", "terraform_remote_state"), '"'),
                            sql_text(lock.names.workspace, '\''));
  const auto psql = [](const std::string& statement) {
    return fmt::format("psql \"$PG_CONN_STR\" -c {}", shell_word(statement));
  };
  return {
      {{"See which session has it, and where its client runs",
        psql("SELECT a.pid, a.client_addr, a.application_name, a.state, a.state_change FROM pg_locks l JOIN "
             "pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted AND l.objid = " +
             key)}},
      {{"End that session; `force-unlock` reports success and does nothing",
        psql("SELECT pg_terminate_backend(<pid>)")}},
      {}};
}

UnlockCommands of_workspace_server(const LockToRemove& lock) {
  const std::string id = lock.record.id.find('/') != std::string::npos
                             ? lock.record.id
                             : fmt::format("{}/<workspace>", lock.names.name("organization"));
  return {{}, {by_tool(lock, id)}, {}};
}

UnlockCommands of_local(const LockToRemove& lock) {
  return {{{"See which process has it", fmt::format("fuser -v {}", word(lock.names.state()))}},
          {{"End that process: the kernel frees the lock with it, and `force-unlock` refuses a local state",
            "kill <pid>"}},
          {}};
}

UnlockCommands of_cos(const LockToRemove& lock) {
  const std::string object = word(bucket_path(lock, "cos", lock.names.lock()));
  return {{{"See whose lock object it is", fmt::format("coscli cat {}", object)}},
          {by_tool(lock, id_of(lock))},
          {{"Delete the lock object", fmt::format("coscli rm {}", object)},
           {"Delete the tag that a killed job has left, or nobody locks again",
            "tccli tag DeleteTag --TagKey tencentcloud-terraform-lock --TagValue <md5 of bucket:lockfile>"}}};
}

UnlockCommands of_oci(const LockToRemove& lock) {
  const std::string place =
      fmt::format("--namespace {} --bucket-name {} --name {}", word(lock.names.name("namespace")),
                  word(lock.names.name("bucket")), word(lock.names.lock()));
  return {{{"See whose lock object it is", fmt::format("oci os object get {} --file -", place)}},
          {by_tool(lock, id_of(lock))},
          {{"Delete the lock object", fmt::format("oci os object delete {}", place)}}};
}

// Whoever keeps the lock is known to the tool only.
UnlockCommands of_others(const LockToRemove& lock) { return {{}, {by_tool(lock, id_of(lock))}, {}}; }

struct CommandsOfType {
  std::string_view type;
  UnlockCommands (*commands)(const LockToRemove&);
};
constexpr std::array kCommandsOfType{
    CommandsOfType{"s3", of_s3},
    CommandsOfType{"gcs", of_gcs},
    CommandsOfType{"azurerm", of_azurerm},
    CommandsOfType{"kubernetes", of_kubernetes},
    CommandsOfType{"consul", of_consul},
    CommandsOfType{"pg", of_pg},
    CommandsOfType{"remote", of_workspace_server},
    CommandsOfType{"cloud", of_workspace_server},
    CommandsOfType{"local", of_local},
    CommandsOfType{"cos", of_cos},
    CommandsOfType{"oci", of_oci},
};

}  // namespace

std::string tool_command(models::Dialect tool, const scenarios::StateNames& names,
                         const std::string& directory, const std::string& arguments) {
  const bool is_named = !names.is_default_workspace();
  const bool is_elsewhere = !directory.empty() && directory != ".";
  return fmt::format("{}{}{} {}", is_named ? fmt::format("TF_WORKSPACE={} ", word(names.workspace)) : "",
                     tool == models::Dialect::terraform ? "terraform" : "tofu",
                     is_elsewhere ? " -chdir=" + word(directory) : "", arguments);
}

UnlockCommands unlock_commands(const LockToRemove& lock) {
  for (const CommandsOfType& one : kCommandsOfType) {
    if (one.type == lock.backend->type().name) return one.commands(lock);
  }
  return of_others(lock);
}

}  // namespace lockstorm::reports
