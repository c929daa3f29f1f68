// `confirm --server NAME=URL`: real stores on which a counterexample is forced, in place of the models.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <vector>

#include "cli/confirm/store_names.hpp"
#include "cli/probe/probe_target.hpp"
#include "cli/served_models.hpp"
#include "scenarios/data/input_error.hpp"
#include "wire/net/client.hpp"

namespace lockstorm::cli {

/// By the service's name among the models.
using RealServers = std::map<std::string, wire::Url>;

/// What can be written for NAME=URL, for the help.
inline constexpr const char* kRealServers =
    "http=URL, s3=URL/BUCKET, dynamodb=URL/TABLE, azure-blob=URL/ACCOUNT/CONTAINER, "
    "pg=pg://HOST:PORT/DATABASE";

/// `texts`: NAME=URL each, several with commas between them.
std::expected<RealServers, scenarios::InputError> read_real_servers(const std::vector<std::string>& texts);

/// The names of one confirmation, of which `own` is part, so that nothing which is there is touched.
StoreNames names_on(const RealServers& servers, const Environment& environment, const std::string& own);

/// The models, and real stores in place of those that are named. Or why there is none, a sentence.
std::expected<ModelServers, std::string> with_real_servers(ModelServers models, const RealServers& servers,
                                                           const StoreNames& names,
                                                           const Environment& environment);

}  // namespace lockstorm::cli
