#include "scenarios/pipeline/read_pipeline.hpp"

#include <algorithm>
#include <array>

#include "scenarios/config/repository_folders.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/pipeline/atlantis.hpp"
#include "scenarios/pipeline/azure.hpp"
#include "scenarios/pipeline/digger.hpp"
#include "scenarios/pipeline/github.hpp"
#include "scenarios/pipeline/gitlab.hpp"
#include "scenarios/pipeline/jenkins.hpp"
#include "scenarios/pipeline/spacelift.hpp"
#include "scenarios/pipeline/terragrunt_arguments.hpp"
#include "scenarios/pipeline/terrateam.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr InputKind kCiFile{"a file of a CI system", kMiB};
constexpr std::size_t kMostFiles = 2000;
constexpr std::array<const char*, 11> kWellKnown{
    "Jenkinsfile",           ".gitlab-ci.yml",        ".gitlab-ci.yaml",
    "atlantis.yaml",         "atlantis.yml",          "digger.yml",
    "digger.yaml",           ".terrateam/config.yml", ".terrateam/config.yaml",
    ".spacelift/config.yml", ".spacelift/config.yaml"};

bool is_yaml(const std::filesystem::path& file) {
  return file.extension() == ".yml" || file.extension() == ".yaml";
}

// Sorted, so that nothing depends on the order of a directory.
std::vector<std::filesystem::path> yaml_files_in(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (files.size() < kMostFiles && is_yaml(it->path()) && it->is_regular_file(error))
      files.push_back(it->path());
  }
  std::ranges::sort(files);
  return files;
}

// Where the systems look by themselves.
bool has_ci_files(const std::filesystem::path& directory) {
  std::error_code error;
  const bool is_well_known = std::ranges::any_of(kWellKnown, [&](const char* name) {
    return std::filesystem::is_regular_file(directory / name, error);
  });
  return is_well_known || !yaml_files_in(directory / ".github" / "workflows").empty() ||
         std::ranges::any_of(yaml_files_in(directory), [](const std::filesystem::path& file) {
           return file.filename().string().starts_with("azure-pipelines");
         });
}

struct OtherFile {
  std::string shown;
  Documents documents;
};

struct CiFiles {
  TextOverlay overlay;  ///< in place of files
  std::vector<GithubFile> github;
  std::vector<OtherFile> others;
  std::vector<std::pair<std::string, std::string>> jenkins;  ///< as people are shown it, and its text
};

bool is_jenkins(const std::string& path, const std::string& text) {
  const std::string name = std::filesystem::path(path).filename().string();
  return name.find("Jenkinsfile") != std::string::npos || name.ends_with(".jenkinsfile") ||
         name.ends_with(".groovy") || text.starts_with("pipeline {");
}

// Puts a text where its reader looks for it.
void sort_in(std::string text, const std::string& path, const std::string& shown, CiFiles& files,
             Pipeline& pipeline) {
  pipeline.files.push_back(shown);
  if (is_jenkins(path, text)) {
    files.jenkins.emplace_back(shown, std::move(text));
    return;
  }
  auto read = read_documents(std::move(text), shown);
  if (!read) {
    pipeline.complaints.push_back(read.error());
    return;
  }
  if (std::ranges::any_of(read->roots, looks_like_github)) {
    files.github.push_back({path, shown, *std::move(read)});
  } else {
    files.others.push_back({shown, *std::move(read)});
  }
}

// `template: NAME` of another file: what calls it says what it is.
bool is_called_by(const OtherFile& file, const OtherFile& other) {
  const std::string name = std::filesystem::path(file.shown).filename().string();
  constexpr std::string_view kTemplate = "template:";
  const std::string& text = other.documents.text;
  for (std::size_t at = text.find(kTemplate); at != std::string::npos; at = text.find(kTemplate, at + 1)) {
    const std::size_t begin = at + kTemplate.size();
    std::string_view path = trimmed(std::string_view(text).substr(begin, text.find('\n', begin) - begin));
    path = path.substr(0, path.find_first_of("@# "));
    while (path.starts_with('"') || path.starts_with('\'')) path.remove_prefix(1);
    while (path.ends_with('"') || path.ends_with('\'')) path.remove_suffix(1);
    if (std::filesystem::path(path).filename() == name) return true;
  }
  return false;
}

bool is_template(const OtherFile& file, const CiFiles& files) {
  const Node& root = file.documents.roots.front();
  if (root.has("trigger") || root.has("pr") || root.has("schedules")) return false;
  return std::ranges::any_of(files.others, [&](const OtherFile& other) {
    return other.shown != file.shown && is_called_by(file, other);
  });
}

void read_all(const CiFiles& files, const LocalFiles& local, Pipeline& pipeline) {
  read_github(files.github, local, pipeline);
  for (const auto& [shown, text] : files.jenkins) read_jenkins(text, shown, local, pipeline);
  for (const OtherFile& file : files.others) {
    const bool is_gitlab = !file.documents.roots.empty() && looks_like_gitlab(file.documents.roots.back()) &&
                           !looks_like_azure(file.documents.roots.back());
    if (is_gitlab) {
      read_gitlab(file.documents, file.shown, local, pipeline);
      continue;
    }
    for (const Node& root : file.documents.roots) {
      if (looks_like_terrateam(root, file.shown)) {
        read_terrateam(root, file.shown, file.documents.lines, pipeline);
      } else if (looks_like_spacelift(root, file.shown)) {
        read_spacelift(root, file.shown, file.documents.lines, pipeline);
      } else if (looks_like_digger(root, file.shown)) {
        read_digger(root, file.shown, file.documents.lines, pipeline);
      } else if (looks_like_atlantis(root)) {
        read_atlantis(root, file.shown, file.documents.lines, pipeline);
      } else if (looks_like_azure(root) && !is_template(file, files)) {
        read_azure(root, file.shown, file.documents.lines, local, pipeline);
      }
    }
  }
}

// A server's file of Atlantis, which other systems may have a file of that name for.
bool is_atlantis_server(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return false;
  const auto text = read_input_file(file, kCiFile);
  if (!text) return false;
  const auto documents = read_documents(*text, file.string());
  return documents && std::ranges::any_of(documents->roots, looks_like_atlantis);
}

void read_one(const std::filesystem::path& at, const std::string& path, CiFiles& files, Pipeline& pipeline) {
  const std::filesystem::path file = at.lexically_normal();
  if (const auto written = files.overlay.find(file.string()); written != files.overlay.end())
    return sort_in(written->second, path, file.string(), files, pipeline);
  auto text = read_input_file(file, kCiFile);
  if (!text) {
    pipeline.complaints.push_back(text.error());
    return;
  }
  sort_in(*std::move(text), path, file.string(), files, pipeline);
}

}  // namespace

Pipeline read_pipeline_text(std::string text, const std::string& file) {
  Pipeline pipeline;
  CiFiles files;
  sort_in(std::move(text), file, file, files, pipeline);
  read_all(files, LocalFiles({}), pipeline);
  return pipeline;
}

std::expected<Pipeline, InputError> read_pipeline(const std::filesystem::path& path,
                                                  const TextOverlay& overlay) {
  Pipeline pipeline;
  CiFiles files;
  files.overlay = overlay;
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return std::unexpected(InputError{
        {path.string(), 0, 0}, "no such file or directory", "a repository, or a file of its CI system", ""});
  std::filesystem::path root = path;
  if (std::filesystem::is_directory(path, error)) {
    const auto workflows = path / ".github" / "workflows";
    for (const auto& file : yaml_files_in(workflows))
      read_one(file, ".github/workflows/" + file.filename().string(), files, pipeline);
    for (const char* name : kWellKnown) {
      if (std::filesystem::is_regular_file(path / name, error)) read_one(path / name, name, files, pipeline);
    }
    for (const char* name : {"repos.yaml", "repos.yml"}) {
      if (is_atlantis_server(path / name)) read_one(path / name, name, files, pipeline);
    }
    for (const auto& directory :
         {path, path / ".azure", path / "pipelines", path / ".azure-pipelines", path / ".azuredevops"}) {
      for (const auto& file : yaml_files_in(directory)) {
        const std::string shown = file.lexically_normal().string();
        const bool is_here = std::ranges::find(pipeline.files, shown) != pipeline.files.end();
        const bool sounds =
            file.filename().string().find("pipeline") != std::string::npos || directory != path;
        if (!is_here && sounds) read_one(file, file.lexically_relative(path).string(), files, pipeline);
      }
    }
    if (pipeline.files.empty()) {
      for (const auto& file : yaml_files_in(path)) read_one(file, file.filename().string(), files, pipeline);
    }
  } else {
    root = path.parent_path();
    read_one(path, path.filename().string(), files, pipeline);
    if (root.filename() == "workflows" && root.parent_path().filename() == ".github")
      root = root.parent_path().parent_path();
    if (root.empty()) root = ".";
  }
  read_all(files, LocalFiles(root, overlay), pipeline);
  pipeline.root = std::move(root);
  take_unit_arguments(pipeline);
  if (pipeline.jobs.empty() && pipeline.complaints.empty())
    return std::unexpected(InputError{{path.string(), 0, 0},
                                      "no file of a CI system is here",
                                      ".github/workflows/*.yml, or such a file by itself",
                                      ""});
  return pipeline;
}

std::optional<Pipeline> pipeline_around(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::path folder = std::filesystem::is_directory(path, error) ? path : path.parent_path();
  if (folder.empty()) folder = ".";
  const std::size_t levels = folders_up(folder).size();
  for (std::size_t level = 0; level < levels; ++level, folder /= "..") {
    if (!has_ci_files(folder)) continue;
    auto pipeline = read_pipeline(folder.lexically_normal());
    return pipeline ? std::optional(*std::move(pipeline)) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace lockstorm::scenarios::pipeline
