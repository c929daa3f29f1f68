#include "wire/confirm/player.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "wire/confirm/tool_commands.hpp"

namespace lockstorm::wire::confirm {
namespace {

using models::Command;

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// As somebody would who removes what is wrong in it and counts its serial up.
std::string edited_by_hand(const std::string& state) {
  nlohmann::ordered_json document = nlohmann::ordered_json::parse(state, nullptr, false);
  if (!document.is_object()) return state;
  document["serial"] = document.value("serial", std::uint64_t{0}) + 1;
  return document.dump(2);
}

}  // namespace

Player::Player(Role role, Places places) : role_(std::move(role)), places_(std::move(places)) {
  const ToolBackend backend = role_.backend(places_.ports);
  write_file(places_.directory / "main.tf", configuration_of(role_.resources, backend.block));
  environment_ = clean_environment();
  for (const auto& [name, value] : backend.environment) environment_[name] = value;
}

std::expected<void, std::string> Player::start(const std::vector<std::string>& arguments) {
  (void)runs();  // what the one before has printed stays known
  std::vector<std::string> words{places_.tool.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto process = ToolProcess::start({words, places_.directory, environment_,
                                     places_.directory / fmt::format("printed-{}.txt", ++started_)});
  if (!process) return std::unexpected(process.error());
  process_.emplace(*std::move(process));
  runs_.push_back({fmt::format("{}", fmt::join(arguments, " ")), std::nullopt, ""});
  return {};
}

std::expected<bool, std::string> Player::start_next() {
  if (next_ == role_.commands.size()) return false;
  if (next_ > 0 && process_->ended() != 0) return false;
  if (next_ > 0 && role_.commands[next_ - 1] == Command::state_pull)
    write_file(places_.directory / pulled_state_file(), edited_by_hand(process_->printed()));
  const Command command = role_.commands[next_++];
  if (command == Command::state_push || command == Command::state_push_force) prepare_push();
  const CommandSettings line{role_.name, fmt::format("http://127.0.0.1:{}", places_.provider_port),
                             role_.lock_timeout, role_.locks};
  const auto started = start(arguments_of(command, line));
  if (!started) return std::unexpected(started.error());
  return true;
}

void Player::prepare_push() const {
  const std::filesystem::path errored = places_.directory / "errored.tfstate";
  std::error_code ignored;
  if (std::filesystem::exists(errored, ignored))
    write_file(places_.directory / pulled_state_file(), read_file(errored));
}

const std::vector<ToolRun>& Player::runs() {
  if (!runs_.empty() && process_) {
    runs_.back().status = process_->ended();
    runs_.back().printed = process_->printed();
  }
  return runs_;
}

}  // namespace lockstorm::wire::confirm
