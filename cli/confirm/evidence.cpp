#include "cli/confirm/evidence.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/temporary_folder.hpp"
#include "wire/confirm/process.hpp"
#include "wire/confirm/tool_commands.hpp"
#include "wire/net/loop.hpp"
#include "wire/record/recording.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;
namespace fs = std::filesystem;

// A name of one folder, whatever the scenario is called.
std::string folder_name(const ConfirmResult& result) {
  std::string name = fmt::format("{}-{}", result.scenario, fmt::join(result.properties, "-"));
  for (char& c : name) {
    const bool stays = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.';
    if (!stays) c = '_';
  }
  constexpr std::size_t kMostBytes = 200;
  return name.substr(0, kMostBytes);
}

bool write_text(const fs::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text;
  return stream.good();
}

std::optional<InputError> write_one(const fs::path& folder, const ConfirmResult& result) {
  const auto cannot = [](const fs::path& path, const std::string& why) {
    return InputError{{path.string(), 0, 0}, "cannot be written: " + why, "a directory that can", ""};
  };
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return cannot(folder, error.message());
  std::string lines;
  for (const wire::Recorded& exchange : result.performed->exchanges) lines += wire::recorded_line(exchange);
  if (!write_text(folder / "requests.jsonl", lines))
    return cannot(folder / "requests.jsonl", "no space, or no right");
  for (std::size_t actor = 0; actor < result.performed->runs.size(); ++actor) {
    std::string text;
    for (const wire::confirm::ToolRun& run : result.performed->runs[actor])
      text += fmt::format("$ {}\n{}\n", run.command, run.printed);
    const fs::path file = folder / (result.told->actors[actor] + ".txt");
    if (!write_text(file, text)) return cannot(file, "no space, or no right");
  }
  return std::nullopt;
}

}  // namespace

std::optional<InputError> write_evidence(const std::string& directory,
                                         const std::vector<ConfirmResult>& results) {
  for (const ConfirmResult& result : results) {
    if (!result.performed) continue;
    if (auto error = write_one(fs::path(directory) / folder_name(result), result)) return error;
  }
  return std::nullopt;
}

std::string tool_version(const fs::path& tool) {
  constexpr std::chrono::seconds kLongest{10};
  const TemporaryFolder folder;
  if (tool.empty() || folder.path().empty()) return "";
  auto process = wire::confirm::ToolProcess::start({{tool.string(), "version", "-json"},
                                                    folder.path(),
                                                    wire::confirm::clean_environment(),
                                                    folder.path() / "printed"});
  if (!process) return "";
  wire::Loop().run_until([&] { return process->ended().has_value(); }, kLongest);
  const auto document = nlohmann::json::parse(process->printed(), nullptr, false);
  return document.is_object() ? document.value("terraform_version", "") : "";
}

}  // namespace lockstorm::cli
