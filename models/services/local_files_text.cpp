// How system calls on a local state read in reports.
#include <fmt/format.h>

#include <array>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/local_files.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {

std::string LocalFiles::Stat::describe(const sim::ProcessNames&) const { return "stats terraform.tfstate"; }
std::string LocalFiles::Open::describe(const sim::ProcessNames&) const {
  return "opens terraform.tfstate, creates it if there is none";
}
std::string LocalFiles::RemoveState::describe(const sim::ProcessNames&) const {
  return "removes terraform.tfstate";
}
std::string LocalFiles::LockFile::describe(const sim::ProcessNames&) const {
  return "locks the state file (F_SETLK)";
}
std::string LocalFiles::UnlockFile::describe(const sim::ProcessNames&) const {
  return "unlocks and closes the state file";
}
std::string LocalFiles::QueryLock::describe(const sim::ProcessNames&) const {
  return "asks whether the state file is locked (F_GETLK)";
}
std::string LocalFiles::ReadState::describe(const sim::ProcessNames&) const {
  return for_backup != 0 ? "reads terraform.tfstate for the backup copy" : "reads terraform.tfstate";
}
std::string LocalFiles::Truncate::describe(const sim::ProcessNames&) const {
  return for_good != 0 ? "empties terraform.tfstate" : "truncates terraform.tfstate to 0 bytes";
}
std::string LocalFiles::WritePrefix::describe(const sim::ProcessNames&) const {
  return "writes the first bytes of the new state";
}
std::string LocalFiles::WriteContents::describe(const sim::ProcessNames& names) const {
  return fmt::format("writes the rest of the new state, fsync ({})", text.describe(names));
}
std::string LocalFiles::WriteInfo::describe(const sim::ProcessNames& names) const {
  return fmt::format("writes .lock.info ({})", info.describe(names));
}
std::string LocalFiles::ReadInfo::describe(const sim::ProcessNames&) const { return "reads .lock.info"; }
std::string LocalFiles::RemoveInfo::describe(const sim::ProcessNames& names) const {
  return fmt::format("removes .lock.info (of {})", intended.describe(names));
}

std::string LocalFiles::Response::describe(const sim::ProcessNames& names) const {
  switch (status) {
    case Status::ok:
      if (is_read != 0) return state.describe(names);
      return info.empty() ? std::string("ok") : info.describe(names);
    case Status::empty_file:
      return "ok, 0 bytes";
    case Status::would_block:
      return "EAGAIN, another process holds it";
    case Status::no_entry:
      return "ENOENT, no such file";
    case Status::no_process:
      return "never made: the process was dead by then";
  }
  return "";
}

std::string LocalFiles::Value::describe(const sim::ProcessNames& names) const {
  return contents_text(
      {{"state file", exists == 0 && !contents.exists() ? "no file" : contents.describe(names)},
       {"record lock", holder.is_nobody() ? "free" : names.name(holder)},
       {".lock.info", info.empty() ? "no file" : info.describe(names)},
       {"lost", destroyed.exists() ? destroyed.describe(names) : ""}});
}

sim::RequestFacts LocalFiles::about(const Request& request) {
  constexpr std::string_view kState = "terraform.tfstate";
  constexpr std::string_view kInfo = ".lock.info";
  constexpr auto kFacts = sim::one_for_each<Request, sim::RequestFacts>({
      {kState, sim::LockUse::asks},
      {kState, sim::LockUse::releases},
      {kState, sim::LockUse::looks},
      {kState},
      {kState},
      {kState},
      {kState},
      {kInfo, sim::LockUse::notes},
      {kInfo, sim::LockUse::looks},
      {kInfo, sim::LockUse::notes},
      {kState},
      {kState},
      {kState},
  });
  return kFacts[request.index()];
}

sim::AnswerFacts LocalFiles::told(const Request&, const Response& response) {
  const bool is_refusal = response.status != Status::ok && response.status != Status::empty_file;
  return {status_text(Response{response.status, {}, {}, 0}), is_refusal, response.info.id.owner,
          version_facts(response.state)};
}

}  // namespace lockstorm::models
