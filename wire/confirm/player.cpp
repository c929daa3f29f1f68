#include "wire/confirm/player.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "wire/confirm/tool_commands.hpp"

namespace lockstorm::wire::confirm {
namespace {

using models::Command;

constexpr const char* kErroredState = "errored.tfstate";

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
  const ToolBackend backend = role_.backend(places_.ports, role_.name);
  write_file(places_.directory / "main.tf", configuration_of(role_.resources, backend.block));
  for (const auto& [name, text] : backend.files) write_file(places_.directory / name, text);
  environment_ = clean_environment();
  if (!places_.authority.empty()) environment_["SSL_CERT_FILE"] = places_.authority.string();
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
  const Command next = role_.commands[next_];
  const bool pushes = next == Command::state_push || next == Command::state_push_force;
  // `set -e`, but that what a failed apply could not save is pushed (models::CommandOptions::commands).
  if (next_ > 0 && process_->ended() != 0 && !(pushes && has_errored_state())) return false;
  if (next_ > 0 && role_.commands[next_ - 1] == Command::state_pull)
    write_file(places_.directory / pulled_state_file(), edited_by_hand(process_->printed()));
  ++next_;
  if (pushes) prepare_push();
  const CommandSettings line{role_.name, fmt::format("http://127.0.0.1:{}", places_.provider_port),
                             role_.lock_timeout, role_.locks};
  const auto started = start(arguments_of(next, line));
  if (!started) return std::unexpected(started.error());
  return true;
}

bool Player::has_errored_state() const {
  std::error_code ignored;
  return std::filesystem::exists(places_.directory / kErroredState, ignored);
}

void Player::prepare_push() const {
  if (has_errored_state())
    write_file(places_.directory / pulled_state_file(), read_file(places_.directory / kErroredState));
}

const std::vector<ToolRun>& Player::runs() {
  if (!runs_.empty() && process_) {
    runs_.back().status = process_->ended();
    runs_.back().printed = process_->printed();
  }
  return runs_;
}

}  // namespace lockstorm::wire::confirm
