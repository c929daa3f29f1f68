#include "scenarios/pipeline/compared_hazards.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <utility>

namespace lockstorm::scenarios::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNone = ~std::size_t{0};

// What a hazard is known by.
struct Known {
  unsigned number = 0;
  std::string file;  // below the root
  std::string job;
  bool job_stays = false;   // the other side has a job of that name in that file
  bool file_stays = false;  // ... or that file at least
};

// Which files and jobs a side has, as hazards know them.
using Jobs = std::set<std::pair<std::string, std::string>>;

fs::path real_root_of(const Pipeline& pipeline) {
  std::error_code error;
  return fs::weakly_canonical(pipeline.root.empty() ? fs::path(".") : pipeline.root, error);
}

std::string file_below_root(const Pipeline& pipeline, const Job& job) {
  std::error_code error;
  return fs::weakly_canonical(job.file, error).lexically_relative(real_root_of(pipeline)).string();
}

Jobs jobs_of(const HazardsOfSide& side) {
  Jobs jobs;
  if (side.pipeline == nullptr) return jobs;
  for (const Job& job : side.pipeline->jobs) jobs.emplace(file_below_root(*side.pipeline, job), job.name);
  return jobs;
}

std::vector<Known> known_by(const HazardsOfSide& side, const Jobs& others) {
  std::vector<Known> all;
  if (side.pipeline == nullptr) return all;
  for (const HazardFinding& finding : *side.findings) {
    const Job& job = side.pipeline->jobs[finding.hazard.job];
    Known known{finding.hazard.number, file_below_root(*side.pipeline, job), job.name, false, false};
    known.job_stays = others.contains({known.file, known.job});
    known.file_stays = std::ranges::any_of(others, [&](const auto& one) { return one.first == known.file; });
    all.push_back(std::move(known));
  }
  return all;
}

class Pairing {
 public:
  Pairing(std::vector<Known> a, std::vector<Known> b)
      : a_(std::move(a)), b_(std::move(b)), of_a_(a_.size(), kNone), of_b_(b_.size(), kNone) {}

  template <class IsSame>
  void pair(IsSame is_same) {
    for (std::size_t i = 0; i < a_.size(); ++i) {
      for (std::size_t k = 0; k < b_.size() && of_a_[i] == kNone; ++k) {
        if (of_b_[k] != kNone || a_[i].number != b_[k].number || !is_same(a_[i], b_[k])) continue;
        of_a_[i] = k;
        of_b_[k] = i;
      }
    }
  }

  [[nodiscard]] const std::vector<std::size_t>& of_a() const { return of_a_; }
  [[nodiscard]] const std::vector<std::size_t>& of_b() const { return of_b_; }

 private:
  std::vector<Known> a_;
  std::vector<Known> b_;
  std::vector<std::size_t> of_a_;
  std::vector<std::size_t> of_b_;
};

}  // namespace

std::vector<ComparedHazard> compare_hazards(const HazardsOfSide& a, const HazardsOfSide& b) {
  Pairing pairs(known_by(a, jobs_of(b)), known_by(b, jobs_of(a)));
  pairs.pair(
      [](const Known& one, const Known& other) { return one.file == other.file && one.job == other.job; });
  // A job under another name; a file under another name, with the same job or another one.
  pairs.pair([](const Known& one, const Known& other) {
    return one.file == other.file && !one.job_stays && !other.job_stays;
  });
  pairs.pair([](const Known& one, const Known& other) {
    return one.job == other.job && !one.file_stays && !other.file_stays;
  });
  pairs.pair([](const Known& one, const Known& other) { return !one.file_stays && !other.file_stays; });
  // Two directories of one repository: nothing in the pipeline is another one.
  if (a.pipeline != nullptr && b.pipeline != nullptr &&
      real_root_of(*a.pipeline) == real_root_of(*b.pipeline))
    pairs.pair([](const Known&, const Known&) { return true; });
  std::vector<ComparedHazard> all;
  for (std::size_t k = 0; k < pairs.of_b().size(); ++k) {
    ComparedHazard one{Change::comes, Side::b, k, std::nullopt};
    if (const std::size_t other = pairs.of_b()[k]; other != kNone) {
      one.elsewhere = (*a.findings)[other].grade;
      if ((*b.findings)[k].grade <= *one.elsewhere) one.change = Change::stays;
    }
    all.push_back(one);
  }
  for (std::size_t i = 0; i < pairs.of_a().size(); ++i)
    if (pairs.of_a()[i] == kNone) all.push_back({Change::goes, Side::a, i, std::nullopt});
  const auto rank = [](const ComparedHazard& one) {
    return one.change == Change::comes ? 0 : one.change == Change::goes ? 1 : 2;
  };
  std::ranges::stable_sort(all, std::ranges::less{}, rank);
  return all;
}

}  // namespace lockstorm::scenarios::pipeline
