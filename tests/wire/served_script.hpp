// Runs a script beside `lockstorm serve` of some services.
#pragma once

#include <string>

#include "test_paths.hpp"
#include "tests/repository/file_tree.hpp"
#include "tests/wire/installed.hpp"

namespace lockstorm::cli {

/// Each service's URL is $URL_SERVICE in the script, and nobody asks for one of AWS's elsewhere; what is
/// printed ends with how the server ended. AWS's clients know where these services are, too.
inline CommandResult served_script(const scenarios::FileTree& tree, const std::string& services,
                                   const std::string& script) {
  return shell(
      "cd " + tree.root().string() + " && { '" LOCKSTORM_BINARY "' serve " + services +
      " > serving & server=$!; for i in $(seq 100); do grep -q 'tells what' serving && break; sleep 0.05; "
      "done; "
      "eval $(sed -nE 's/^([a-z0-9]+): (http[0-9a-z:.\\/]+)$/URL_\\1=\\2;/p' serving); "
      "export AWS_ENDPOINT_URL=http://127.0.0.1:1 AWS_ENDPOINT_URL_S3=$URL_s3 "
      "AWS_ENDPOINT_URL_DYNAMODB=$URL_dynamodb AWS_ACCESS_KEY_ID=any "
      "AWS_SECRET_ACCESS_KEY=any AWS_EC2_METADATA_DISABLED=true AWS_REGION=us-east-1 "
      "AWS_DEFAULT_REGION=us-east-1 CHECKPOINT_DISABLE=1 "
      "TF_IN_AUTOMATION=1 TF_CLI_ARGS_apply='-auto-approve -no-color' TF_CLI_ARGS_init=-no-color; { " +
      script + "; } 2>&1; kill $server; wait $server; echo ended with $?; }");
}

}  // namespace lockstorm::cli
