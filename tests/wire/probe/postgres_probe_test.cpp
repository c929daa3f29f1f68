// Where `probe pg://` looks, and what it says of a server that cannot be asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/backends/pg.hpp"
#include "scenarios/data/arguments.hpp"
#include "test_paths.hpp"
#include "tests/wire/served_script.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;

TEST(ProbePg, IsAskedByWhomThePgVariablesName) {
  const CommandResult nobody =
      shell("env -u PGUSER '" LOCKSTORM_BINARY "' probe pg://127.0.0.1:1/postgres 2>&1");
  EXPECT_EQ(nobody.status, 65);
  EXPECT_THAT(nobody.out, HasSubstr("PGUSER"));
  const CommandResult secret =
      shell("PGUSER=u PGPASSWORD=hunter2 '" LOCKSTORM_BINARY "' probe pg://127.0.0.1:1/postgres 2>&1");
  EXPECT_EQ(secret.status, 65);
  EXPECT_THAT(secret.out, HasSubstr("cannot be reached"));
  EXPECT_THAT(secret.out, testing::Not(HasSubstr("hunter2")));
  EXPECT_THAT(
      shell("PGUSER=u PGSSLMODE=never '" LOCKSTORM_BINARY "' probe pg://127.0.0.1:1/postgres 2>&1").out,
      HasSubstr("PGSSLMODE is 'never'"));
}

TEST(ProbePg, WhatItFindsIsNotTakenForGranted) {
  const auto assumed = [](std::map<std::string, std::string> store) {
    const scenarios::BackendBlock block{};
    std::vector<std::string> assumptions;
    scenarios::PgConfig().read_arguments(
        scenarios::BackendArguments(block, {}, models::Dialect::terraform, {"default", {}, std::move(store)}),
        assumptions);
    return assumptions;
  };
  const auto is_of_pooler = HasSubstr("conn_str leads to the server itself");
  EXPECT_THAT(assumed({}), testing::Contains(is_of_pooler));
  EXPECT_THAT(assumed({{"transaction_pooling", "true"}}), testing::Not(testing::Contains(is_of_pooler)));
}

// The model knows no schema but the backend's: nothing is found out, and nothing is left.
TEST(ProbePg, SaysWhatAServerDoesNotLetItDo) {
  const scenarios::FileTree tree{};
  const CommandResult result =
      served_script(tree, "pg",
                    "PGUSER=u '" LOCKSTORM_BINARY
                    "' probe pg://$(grep -o '127.0.0.1:[0-9]*' serving | head -1)/postgres; echo status $?");
  EXPECT_THAT(result.out, HasSubstr("`SELECT pg_is_in_recovery()` fails"));
  EXPECT_THAT(result.out, HasSubstr("status 65"));
}

}  // namespace
}  // namespace lockstorm::cli
