// A real Terraform and a real psql on the model of PostgreSQL.
#include "tests/wire/served_script.hpp"
#include "tests/wire/terraform_session.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;

// force-unlock of the pg backend does nothing, and says that it did: the lock ends with its session.
TEST(Serve, ATerraformLocksAndStoresOnPostgres) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
  TerraformSession session{"pg", "\"pg\" {}",
                           "export PG_CONN_STR=$(grep -o 'postgres://[^ ]*' serving | sed 's,//,//ci@,'); "
                           "URL=http://${PG_CONN_STR#*@}; URL=${URL%/postgres*}"};
  session.lock_id = "any";
  session.holder = "advisory lock 1";
  expect_a_whole_session(session, printed_by(session));
}

TEST(Serve, APsqlAsksAndIsAnswered) {
  if (!is_installed("psql")) GTEST_SKIP() << "psql is not installed";
  const scenarios::FileTree tree{};
  const CommandResult result =
      served_script(tree, "pg --record recorded",
                    "psql=\"psql -At $(grep -o 'postgres://[^ ]*' serving | sed 's,//,//me@,')\"; "
                    "$psql -c 'SELECT pg_try_advisory_lock(-1); SELECT pg_try_advisory_lock(-1)'; "
                    "$psql -c 'SELECT version()'; echo status $?; grep -c pg_try_advisory_lock recorded");
  EXPECT_THAT(result.out, HasSubstr("t\nt\n"));
  EXPECT_THAT(result.out,
              HasSubstr("ERROR:  the modelled server does not know this statement: SELECT version()"));
  EXPECT_THAT(result.out, HasSubstr("status 1\n2\n"));
  EXPECT_THAT(result.out, HasSubstr("ended with 0"));
}

// A lost answer is sent again by lib/pq, on another session.
TEST(Serve, ATerraformLosesAnswersOfPostgres) {
  if (!is_installed("terraform")) GTEST_SKIP() << "terraform is not on PATH";
  const scenarios::FileTree tree{
      {"main.tf",
       "terraform {\n  backend \"pg\" {}\n}\nresource \"terraform_data\" \"a\" {\n  input = 1\n}\n"}};
  const CommandResult result = served_script(tree, "pg --faults lose_response=20% --seed 5 --record recorded",
                                             "export PG_CONN_STR=$(grep -o 'postgres://[^ ]*' serving | sed "
                                             "'s,//,//ci@,') TF_CLI_CONFIG_FILE=/dev/null; "
                                             "terraform init > /dev/null 2>&1; terraform apply > /dev/null "
                                             "2>&1; grep -c '\"ends\":\"closed\"' recorded");
  EXPECT_THAT(result.out, testing::ContainsRegex("^[1-9]"));
  EXPECT_THAT(result.out, HasSubstr("ended with 0"));
}

}  // namespace
}  // namespace lockstorm::cli
