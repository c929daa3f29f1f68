// Fuzzes the messages and statements of PostgreSQL, and the server behind them: lines of SQL, each by a
// session of three, are answered; the bytes themselves are messages.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "fuzz/expectation.hpp"
#include "wire/net/pg_exchange.hpp"
#include "wire/services/pg_password.hpp"
#include "wire/services/postgres_server.hpp"

namespace {

using namespace lockstorm;

constexpr unsigned kSessions = 3;

void answer_all(std::string_view text) {
  wire::PostgresServer server;
  for (unsigned i = 0; i < kSessions; ++i) (void)server.begin();
  for (unsigned number = 0; !text.empty(); ++number) {
    const std::string sql(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), sql.size() + 1));
    if (sql == "lost") server.lose(number % kSessions + 1);
    (void)wire::shown_sql(sql);
    const auto request =
        wire::request_of({number % kSessions + 1, sql, {"default", R"({"serial":1,"lineage":"l"})"}, true});
    if (!request) continue;
    const auto name = server.name(*request);
    const wire::HttpAnswer answer = server.handle(*request);
    const auto result = wire::result_of(answer);
    fuzz::expect(name || !result, "what has no name is refused");
    fuzz::expect(result || !result.error().code.empty(), "an error has a code");
    (void)server.model_status(*request, answer);
    (void)server.brings(*request, answer);
  }
  (void)server.holds();
}

void read_messages(std::string bytes) {
  constexpr std::size_t kLongest = 1'000;
  for (auto message = wire::take_message(bytes, kLongest); message && *message;
       message = wire::take_message(bytes, kLongest)) {
    wire::PgReader reader((*message)->body);
    (void)reader.text();
    (void)reader.int16();
    (void)reader.value();
    (void)wire::error_in((*message)->body);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  answer_all(text);
  read_messages(text);
  wire::Scram scram("password", "nonce");
  (void)scram.is_server(text);
  return 0;
}
