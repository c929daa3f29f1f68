// What reports say to do about the cos backend: after a counterexample, and after an audit.
#include "reports/advice/backend_advice.hpp"
#include "scenarios/backends/cos.hpp"

namespace lockstorm::reports {

using scenarios::CosConfig;

std::vector<std::string> locking_advice(const CosConfig& /*config*/, const AuditEvidence& /*evidence*/) {
  return {
      "Put a queue in front of the jobs. Among three locks nothing has to fail for two to be granted at "
      "once: every unlock deletes the tag that the others lock under. Three jobs are enough (`lockstorm "
      "verify "
      "cos/terraform/three-jobs`), and so are two that plan and then apply (`cos/terraform/plan-apply`)."};
}

std::vector<std::string> damage_advice(const CosConfig& /*config*/, const AuditEvidence& evidence) {
  if (evidence.violation_of(checkers::Property::stale_lock_recovery) == nullptr) return {};
  return {
      "A job that stops between creating the tag `tencentcloud-terraform-lock` and deleting it leaves a tag "
      "that keeps everybody from locking, with no lock ID to force-unlock: delete the tag in the console or "
      "with the tag API's DeleteTag, after making sure that no job runs."};
}

Remedies remedies_of(const CosConfig& /*config*/, models::Dialect /*tool*/) {
  Remedies remedies;
  remedies.fence =
      "A fenced write. PutObject of COS knows no If-Match, only x-cos-forbid-overwrite in buckets without "
      "versions: each version of the state would have to be an object of its own, created with that header, "
      "which whoever is late cannot create.";
  remedies.exclusion =
      "A lock object that is created with x-cos-forbid-overwrite, without any tag: the tag is deleted by "
      "whoever finds it, so that it excludes nobody for certain.";
  remedies.release = "COS has no conditional delete, so the id would have to be part of the object's name.";
  return remedies;
}

}  // namespace lockstorm::reports
