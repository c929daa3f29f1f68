// HCP Terraform: the lock belongs to a user, and an upload must be by that user and fit (backend-protocols.md
// 3.13).
#include "models/services/tfe_workspace.hpp"

#include <gtest/gtest.h>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

StateSnapshot workspace_version(std::uint8_t serial, sim::Who lineage = sim::Who::predecessor()) {
  StateSnapshot state;
  state.serial = serial;
  state.lineage = lineage;
  return state;
}

class TfeWorkspaceTest : public testing::Test {
 protected:
  using Server = TfeWorkspace;
  using Status = Server::Status;

  Status ask(sim::Slot caller, const Server::Request& request, unsigned alternative = 0) {
    EXPECT_LT(alternative, server.alternatives(value, request));
    const auto effect = server.apply(value, caller, request, alternative);
    last_tags = effect.tags;
    return effect.response.status;
  }

  Server server;
  Server::Value value;
  sim::Tags last_tags = 0;
};

TEST_F(TfeWorkspaceTest, OneLockAtATimeForTheSameUserToo) {
  EXPECT_EQ(ask(0, Server::Lock{kIdA}), Status::ok);
  EXPECT_EQ(ask(1, Server::Lock{kIdB}), Status::conflict);
  EXPECT_EQ(ask(0, Server::Lock{kIdA}), Status::conflict);
  EXPECT_EQ(server.holders(value), 1U);
  EXPECT_EQ(ask(1, Server::Unlock{kIdB}), Status::conflict);  // another user
  EXPECT_EQ(ask(0, Server::Unlock{kIdA}), Status::ok);
  EXPECT_EQ(ask(0, Server::Unlock{kIdA}), Status::conflict);
}

TEST_F(TfeWorkspaceTest, UploadsNeedTheLockTheLineageAndAGreaterSerial) {
  EXPECT_EQ(ask(0, Server::CreateStateVersion{workspace_version(1)}), Status::conflict);
  ask(0, Server::Lock{kIdA});
  EXPECT_EQ(ask(1, Server::CreateStateVersion{workspace_version(1)}), Status::conflict);
  EXPECT_EQ(ask(0, Server::CreateStateVersion{workspace_version(1)}), Status::ok);
  EXPECT_EQ(ask(0, Server::CreateStateVersion{workspace_version(1)}), Status::conflict);
  EXPECT_EQ(ask(0, Server::CreateStateVersion{workspace_version(2, sim::Who::process(0))}), Status::conflict);
  EXPECT_EQ(ask(0, Server::CreateStateVersion{workspace_version(2)}), Status::ok);
}

TEST_F(TfeWorkspaceTest, OldVersionsCanBeReadButAreNotCurrent) {
  value.state = workspace_version(2);
  EXPECT_EQ(ask(0, Server::Download{workspace_version(1)}), Status::ok);
  EXPECT_EQ(last_tags, 0U);
  ask(0, Server::Download{workspace_version(2)});
  EXPECT_EQ(last_tags, checkers::kReadsState);
}

TEST_F(TfeWorkspaceTest, ForceUnlockNamesOnlyTheWorkspace) {
  ask(1, Server::Lock{kIdB});
  EXPECT_EQ(ask(2, Server::ForceUnlock{kIdA}), Status::ok);
  EXPECT_EQ(last_tags, checkers::kTouchesForeignLock);
  EXPECT_EQ(ask(2, Server::ForceUnlock{kIdA}), Status::conflict);
}

TEST_F(TfeWorkspaceTest, AnUnlockMayComeBeforeTheVersionIsProcessed) {
  ask(0, Server::Lock{kIdA});
  EXPECT_EQ(server.alternatives(value, Server::Unlock{kIdA}), 1U);
  ask(0, Server::CreateStateVersion{workspace_version(1)});
  EXPECT_EQ(ask(0, Server::Unlock{kIdA}, 1), Status::pending);
  EXPECT_EQ(server.alternatives(value, Server::Unlock{kIdA}), 1U);
  EXPECT_EQ(ask(0, Server::Unlock{kIdA}), Status::ok);
}

TEST_F(TfeWorkspaceTest, OneUserForAllUnlocksForAll) {
  server.shared_user = true;
  ask(1, Server::Lock{kIdB});
  EXPECT_EQ(ask(0, Server::CreateStateVersion{workspace_version(1)}), Status::ok);
  EXPECT_EQ(ask(0, Server::Unlock{kIdA}), Status::ok);
  EXPECT_EQ(last_tags, checkers::kTouchesForeignLock);
}

}  // namespace
}  // namespace lockstorm::models
