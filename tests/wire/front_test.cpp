// Misfortunes of served models: what takes effect, and what its client gets.
#include "wire/record/front.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

namespace lockstorm::wire {
namespace {

using testing::HasSubstr;

// What a client gets.
struct Client final : Reply {
  void answer(const HttpAnswer& answer) override { got = std::to_string(answer.status); }
  void drop(Drop how) override { got = how == Drop::close ? "closed" : "reset"; }
  std::string got = "nothing";
};

struct Case {
  const char* misfortune;
  bool takes_effect;
  const char* client_gets;
};

class FrontTest : public testing::TestWithParam<Case> {};

TEST_P(FrontTest, DoesWhatItSays) {
  Loop loop;
  unsigned effects = 0;
  std::vector<std::string> lines;
  Front front;
  front.service = "s3";
  front.misfortunes = std::make_shared<Misfortunes>(1);
  ASSERT_TRUE(front.misfortunes->add(std::string(GetParam().misfortune) + "=100%"));
  front.write = [&](const std::string& line) { lines.push_back(line); };
  front.refuse = [](const HttpRequest&, sim::Refusal kind) {
    return HttpAnswer{kind == sim::Refusal::throttled ? 503U : 500U};
  };
  const Handler handler = behind(loop, front, [&](const HttpRequest&, const std::shared_ptr<Reply>& reply) {
    ++effects;
    reply->answer({200});
  });
  const auto client = std::make_shared<Client>();
  HttpRequest request;
  request.method = "PUT";
  handler(std::move(request), client);
  loop.run_until([&] { return !lines.empty(); }, std::chrono::seconds(10));
  EXPECT_EQ(effects, GetParam().takes_effect ? 1U : 0U);
  EXPECT_EQ(client->got, GetParam().client_gets);
  ASSERT_EQ(lines.size(), 1U);
  const auto line = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(line["takes_effect"], GetParam().takes_effect);
  EXPECT_EQ(line["ends"], std::isdigit(client->got[0]) != 0 ? "answered" : client->got);
}

INSTANTIATE_TEST_SUITE_P(
    Each, FrontTest,
    testing::Values(Case{"lose_request", false, "closed"}, Case{"lose_response", true, "closed"},
                    Case{"lose_response_reset", true, "reset"}, Case{"late_request", true, "closed"},
                    Case{"server_error", false, "500"}, Case{"error_after_effect", true, "500"},
                    Case{"throttle", false, "503"}, Case{"delay", true, "200"}),
    [](const auto& one) { return std::string(one.param.misfortune); });

TEST(Misfortunes, AreTheSameForTheSameSeed) {
  const auto drawn = [](std::uint64_t seed) {
    Misfortunes misfortunes(seed);
    EXPECT_TRUE(misfortunes.add("delay=20%"));
    EXPECT_TRUE(misfortunes.add("throttle=30"));
    std::vector<std::optional<Misfortune>> all;
    for (int i = 0; i < 1000; ++i) all.push_back(misfortunes.next());
    return all;
  };
  EXPECT_EQ(drawn(7), drawn(7));
  EXPECT_NE(drawn(7), drawn(8));
  const auto all = drawn(7);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(all, std::optional<Misfortune>())), 500, 60);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(all, std::optional(Misfortune::delay))), 200, 50);
}

TEST(Misfortunes, SayWhatIsWrong) {
  Misfortunes misfortunes(1);
  EXPECT_THAT(misfortunes.add("flood=5%").error(), HasSubstr("is none of lose_request, lose_response"));
  for (const char* wrong :
       {"delay", "delay=", "delay=101%", "delay=-1", "delay=nan", "delay=5%%", "delay=5x"})
    EXPECT_FALSE(misfortunes.add(wrong).has_value()) << wrong;
  EXPECT_TRUE(misfortunes.add("delay=60%"));
  EXPECT_THAT(misfortunes.add("throttle=41%").error(), HasSubstr("more than 100%"));
}

}  // namespace
}  // namespace lockstorm::wire
