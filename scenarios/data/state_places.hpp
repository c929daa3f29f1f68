// Arguments of backend blocks that say where a state is, and where its lock is.
#pragma once

#include <array>
#include <string_view>

namespace lockstorm::scenarios {

/// Of every backend; `workspace` is a dial of ours for what the tool is told with `workspace select`.
inline constexpr std::array<std::string_view, 16> kStatePlaces{
    "bucket",        "key",       "workspace",    "workspace_key_prefix", "prefix",
    "path",          "address",   "conn_str",     "schema_name",          "secret_suffix",
    "hostname",      "namespace", "organization", "workspaces",           "storage_account_name",
    "container_name"};

/// In scenarios `true` and `false` say only whether there is one.
inline constexpr std::array<std::string_view, 4> kLockPlaces{"dynamodb_table", "tablestore_table",
                                                             "lock_address", "unlock_address"};

/// Those of which a world can have several, as each is a server of its own: the lock and the digest are
/// there.
inline constexpr std::array<std::string_view, 2> kLockTables{"dynamodb_table", "tablestore_table"};

}  // namespace lockstorm::scenarios
