// Messages of PostgreSQL's protocol, there and back, and what a client's password becomes.
#include "wire/net/pg_messages.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "wire/net/pg_exchange.hpp"
#include "wire/services/pg_password.hpp"

namespace lockstorm::wire {
namespace {

RC_GTEST_PROP(PgMessages, ReadWhatTheyWrite,
              (const std::string& bytes, std::uint32_t number, std::uint16_t small)) {
  std::string text = bytes;
  std::erase(text, '\0');
  std::string sent =
      PgWriter('B').text(text).int32(number).int16(small).value(bytes).value(std::nullopt).done() + "rest";
  const auto message = take_message(sent, 1 << 20);
  RC_ASSERT(message && *message && (*message)->type == 'B');
  RC_ASSERT(sent == "rest");
  PgReader reader((*message)->body);
  RC_ASSERT(reader.text() == text);
  RC_ASSERT(reader.int32() == number);
  RC_ASSERT(reader.int16() == small);
  RC_ASSERT(reader.value() == PgValue(bytes));
  RC_ASSERT(reader.value() == std::nullopt);
  RC_ASSERT(reader.good() && reader.at_end());
}

RC_GTEST_PROP(PgMessages, AreTakenOnlyWhole, (const std::string& bytes)) {
  const std::string whole = PgWriter('D').bytes(bytes).done();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4}, whole.size() - 1}) {
    std::string part = whole.substr(0, size);
    const auto message = take_message(part, 1 << 20);
    RC_ASSERT(message && !*message);
    RC_ASSERT(part.size() == size);
  }
}

TEST(PgMessages, HaveALengthThatIsOne) {
  std::string shorter_than_itself("Q\0\0\0\3abc", 8);
  EXPECT_FALSE(take_message(shorter_than_itself, 100));
  std::string beyond_the_limit("Q\0\1\0\0", 5);
  EXPECT_FALSE(take_message(beyond_the_limit, 100));
  std::string startup("\x7f\xff\xff\xff", 4);
  EXPECT_FALSE(take_startup(startup));
}

TEST(PgMessages, EndWhereTheyEnd) {
  PgReader reader(std::string_view("\0\0\0\7ab", 6));
  EXPECT_EQ(reader.value(), std::nullopt);
  EXPECT_FALSE(reader.good());
  EXPECT_EQ(reader.int32(), 0U);
}

TEST(PgMessages, CarryNumbersInBothFormats) {
  const std::vector<PgColumn> columns{{"id", PgType::int8}, {"got", PgType::boolean}};
  const std::string row = data_row({"-2", "t"}, columns, {1, 0});
  EXPECT_EQ(row, std::string("D\0\0\0\x17\0\2\0\0\0\x8\xff\xff\xff\xff\xff\xff\xff\xfe\0\0\0\1t", 24));
  EXPECT_EQ(text_of_binary(std::string("\xff\xff\xff\xff\xff\xff\xff\xfe"), PgType::int8), "-2");
  EXPECT_EQ(text_of_binary("short", PgType::int8), std::nullopt);
}

TEST(PgMessages, TellErrorsAsTheyAre) {
  const PgError error{"42P01", "relation \"a.states\" does not exist"};
  std::string sent = error_message(error);
  EXPECT_EQ(error_in((*take_message(sent, 1000))->body), error);
}

RC_GTEST_PROP(PgExchange, CarriesAStatementAndItsResult,
              (std::uint32_t session, const std::vector<std::string>& texts)) {
  PgStatement statement{session, "SELECT name", {std::nullopt}, session % 2 == 0};
  PgResult result{.columns = {{"name", PgType::text}}, .tag = "SELECT 1"};
  for (std::string text : texts) {
    std::erase_if(text, [](char c) { return c == '\0' || static_cast<unsigned char>(c) > 127; });
    statement.parameters.emplace_back(text);
    result.rows.push_back({text});
  }
  const auto request = request_of(statement);
  RC_ASSERT(request.has_value());
  const auto back = statement_of(*request);
  RC_ASSERT(back && back->session == session && back->sql == statement.sql);
  RC_ASSERT(back->parameters == statement.parameters);
  RC_ASSERT(back->is_two_round_trips == statement.is_two_round_trips);
  const auto answer = result_of(answer_of(result));
  RC_ASSERT(answer && answer->rows == result.rows && answer->tag == result.tag);
}

TEST(PgExchange, TakesNoTextThatPostgresDoesNotTake) {
  EXPECT_FALSE(request_of({1, "SELECT name", {std::string("a\0b", 3)}}));
  EXPECT_FALSE(request_of({1, "SELECT '\xff'", {}}));
}

// RFC 7677, 3: the user is "user", and so is named there; its password is "pencil".
TEST(PgPassword, ProvesItselfByMd5) {
  EXPECT_EQ(md5_password("postgres", "secret", std::string("\1\2\3\4", 4)).size(), 35U);
  EXPECT_EQ(md5_password("u", "p", "abcd"), md5_password("u", "p", "abcd"));
  EXPECT_NE(md5_password("u", "p", "abcd"), md5_password("u", "p", "abce"));
}

TEST(PgPassword, RefusesAServerThatMakesUpItsNonce) {
  Scram scram("pencil", "fyko");
  EXPECT_EQ(scram.first_message(), "n,,n=,r=fyko");
  EXPECT_FALSE(scram.final_message("r=other,s=QSXCR+Q6sek8bf92,i=4096"));
  EXPECT_FALSE(scram.final_message("r=fykoX,s=QSXCR+Q6sek8bf92,i=400000000"));
  EXPECT_FALSE(scram.is_server("v="));
  const auto last = scram.final_message("r=fykoX,s=QSXCR+Q6sek8bf92,i=4096");
  ASSERT_TRUE(last);
  EXPECT_TRUE(last->starts_with("c=biws,r=fykoX,p="));
  EXPECT_FALSE(scram.is_server("v=AAAA"));
}

}  // namespace
}  // namespace lockstorm::wire
