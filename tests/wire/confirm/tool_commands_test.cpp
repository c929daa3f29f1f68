// The command lines and configurations of real tools.
#include "wire/confirm/tool_commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/confirm/last_words.hpp"

namespace lockstorm::wire::confirm {
namespace {

using models::Command;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(ToolCommands, AreTypedAsAPersonWould) {
  const CommandSettings settings{"client-1", "http://127.0.0.1:1", std::chrono::seconds(30), true};
  EXPECT_THAT(arguments_of(Command::apply, settings),
              ElementsAre("apply", "-auto-approve", "-no-color", "-input=false", "-var", "writer=client-1",
                          "-var", "gate=http://127.0.0.1:1", "-lock-timeout=30s"));
  EXPECT_THAT(arguments_of(Command::state_rm, {"", "", std::chrono::seconds(0), false}),
              ElementsAre("state", "rm", "-lock=false", "terraform_data.r1"));
  EXPECT_THAT(arguments_of(Command::state_pull, settings), ElementsAre("state", "pull"));
}

TEST(ToolCommands, EachHasWordsOrAReasonWhyNot) {
  for (std::size_t i = 0; i < models::command_names().size(); ++i) {
    const auto command = static_cast<Command>(i);
    const bool is_run = objection_to(command).empty();
    EXPECT_EQ(is_run, is_run && !arguments_of(command, {}).empty()) << command_name(command);
  }
}

TEST(ToolCommands, ConfigurationsAskTheGateBeforeEachResource) {
  const std::string text = configuration_of(2, "  backend \"http\" {}");
  EXPECT_THAT(text, HasSubstr("terraform {\n  backend \"http\" {}\n}"));
  EXPECT_THAT(text, HasSubstr("curl -sf -m 900 ${var.gate}/r2"));
  EXPECT_THAT(text, HasSubstr("depends_on       = [terraform_data.r1]"));
}

TEST(LastWords, AreTheErrorWithoutItsFrame) {
  EXPECT_EQ(last_words(
                "Planning\n\n╷\n│ Error: Error acquiring the state lock\n│ \n│ Error message: HTTP 409\n╵\n"),
            "Error: Error acquiring the state lock Error message: HTTP 409");
  EXPECT_EQ(last_words("one\ntwo\n"), "two");
  EXPECT_EQ(last_words(""), "");
  EXPECT_EQ(last_words("\x1b[32mgreen\x1b[0m"), "green");
  EXPECT_THAT(last_words("\x1b["), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace lockstorm::wire::confirm
