#include "reports/advice/recovery_commands.hpp"

#include <fmt/format.h>

#include "reports/format/shell.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/name_parts.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Situation;

constexpr std::string_view kErrored = "errored.tfstate";
constexpr std::string_view kCurrent = "current.tfstate";

class Runbook {
 public:
  explicit Runbook(const StateToRecover& state) : state_(state) {}

  std::vector<RunbookStep> of_errored_state() {
    stop_others();
    keep_file();
    look_at_lock();
    see_last_save();
    compare();
    steps_.push_back(
        {"Push it, without -force.",
         {tool("state push " + std::string(kErrored))},
         "If it is refused, somebody has saved since: go on with `lockstorm advise recover lineage-refused`. "
         "If it is refused because of a lock, that has to go first (above)."});
    if_cut_off();
    look_at_plan();
    return std::move(steps_);
  }

  std::vector<RunbookStep> of_lineage_refused() {
    stop_others();
    keep_file();
    compare();
    steps_.push_back(
        {"If nothing is only in the file: leave the stored state as it is, and the file alone."});
    steps_.push_back(
        {"If something is only in the file, at an address that the stored state has not got: import it, with "
         "the "
         "configuration that has it.",
         {tool("import <ADDRESS> <ID>")},
         "The ID stands behind the address in the list above. One at a time, and the file stays until "
         "the last one is there; then the stored state has all."});
    steps_.push_back(
        {"If nothing is only in the stored state: what the file records takes its place, on top of a copy.",
         {tool("state push -force " + std::string(kErrored))},
         "What the other job has changed in those objects is no longer in the state: the plan below finds "
         "it."});
    steps_.push_back(
        {"If the same address has another ID in each, there are two real objects. Keep one, and delete the "
         "other by hand, "
         "with the provider's own tool."});
    if_cut_off();
    look_at_plan();
    return std::move(steps_);
  }

  std::vector<RunbookStep> of_digest_mismatch() {
    stop_others();
    look_at_lock();
    if (state_.names.type() == "oss") {
      set_row();
    } else {
      set_item();
    }
    steps_.push_back(
        {"See that it can be read, and keep a copy.",
         {tool("state pull > " + path(kCurrent))},
         "It is the state that was stored last. The job that stored it may have died before it saved "
         "all: the plan shows what is missing."});
    if_cut_off();
    look_at_plan();
    return std::move(steps_);
  }

 private:
  [[nodiscard]] std::string tool(const std::string& arguments) const {
    return tool_command(state_.tool, state_.names, state_.directory, arguments);
  }
  // As seen from where the commands run; -chdir is for the tool only.
  [[nodiscard]] std::string path(std::string_view name) const {
    const bool is_elsewhere = !state_.directory.empty() && state_.directory != ".";
    return shell_word(is_elsewhere ? fmt::format("{}/{}", state_.directory, name) : std::string(name));
  }

  void stop_others() {
    steps_.push_back(
        {"Stop all other jobs of this state, and see that none runs any more: cancel them, hold the queue."});
  }

  void keep_file() {
    steps_.push_back({"Keep the file: a runner that is thrown away takes it along.",
                      {fmt::format("cp {} {}", path(kErrored), path("errored.tfstate.saved"))}});
  }

  void look_at_lock() {
    if (!state_.backend->traits().has_lock) return;
    steps_.push_back({"If a lock is left, find out whether it may be removed, and how.",
                      {"lockstorm advise unlock --job dead --backend " +
                       shell_word(state_.directory.empty() ? scenarios::backend_part(*state_.backend)
                                                           : state_.directory)}});
  }

  // What the push itself compares, the serial, does not show it (2.4.7).
  void see_last_save() {
    RunbookStep step{"See when the state was saved last."};
    const std::string object = state_.names.state();
    const std::string& type = state_.names.type();
    const auto name = [&](std::string_view argument) { return shell_word(state_.names.name(argument)); };
    if (type == "s3")
      step.commands.push_back(fmt::format("aws s3api head-object --bucket {} --key {} --query LastModified",
                                          name("bucket"), shell_word(object)));
    if (type == "gcs")
      step.commands.push_back(
          fmt::format("gcloud storage objects describe {} --format='value(update_time)'",
                      shell_word(fmt::format("gs://{}/{}", state_.names.name("bucket"), object))));
    if (type == "azurerm")
      step.commands.push_back(
          fmt::format("az storage blob show --account-name {} --container-name {} --name {} --query "
                      "properties.lastModified",
                      name("storage_account_name"), name("container_name"), shell_word(object)));
    if (type == "kubernetes")
      step.commands.push_back(
          fmt::format("kubectl get secret {} -n {} -o jsonpath='{{.metadata.managedFields[*].time}}'",
                      shell_word(object), shell_word(state_.names.name("namespace", "default"))));
    if (type == "oss")
      step.commands.push_back(fmt::format(
          "ossutil stat {}", shell_word(fmt::format("oss://{}/{}", state_.names.name("bucket"), object))));
    if (type == "oci")
      step.commands.push_back(fmt::format("oci os object head --namespace {} --bucket-name {} --name {}",
                                          name("namespace"), name("bucket"), shell_word(object)));
    if (step.commands.empty()) step.what = "See in the CI system which job of this state has saved last.";
    step.then =
        "It has to be before the job began that left the file, or that job itself. If another one has saved "
        "since, do not push, even if it would be accepted: go on with `lockstorm advise recover "
        "lineage-refused`.";
    steps_.push_back(std::move(step));
  }

  void compare() {
    const std::string list =
        R"(jq -r '.resources[] | ([.module, .type, .name] | map(select(.)) | join(".")) + " " + (.instances[].attributes.id // "" | tostring)' )";
    steps_.push_back({"Compare it with what is stored.",
                      {tool("state pull > " + path(kCurrent)),
                       fmt::format("jq '{{lineage, serial}}' {} {}", path(kCurrent), path(kErrored)),
                       list + path(kCurrent) + " | sort > current.txt",
                       list + path(kErrored) + " | sort > errored.txt", "diff current.txt errored.txt"},
                      "Lines with < are only in the stored state, lines with > only in the file."});
  }

  void look_at_plan() {
    steps_.push_back({"Look at the plan before anybody applies.",
                      {tool("plan")},
                      "It must not create what is there, nor destroy what should stay."});
  }

  // The worlds that begin where it was cut off go on like this (scenarios/advice/cut_off_recovery.hpp).
  void if_cut_off() {
    std::string what =
        "If one of these commands is cut off half way: wait until nothing of it can be on its way any more";
    if (state_.backend->traits().has_lock)
      what += ", see to a lock that it has left (`lockstorm advise unlock --job dead`)";
    steps_.push_back({what + ", and give it again.", {}, {}});
    if (state_.backend->traits().keeps_digest)
      steps_.back().then =
          "If the state cannot be read then, the digest comes first: `lockstorm advise recover "
          "digest-mismatch`.";
  }

  // With the digest as it was looked at as a condition: whoever saves meanwhile writes his own.
  void set_item() {
    const std::string table = shell_word(state_.names.name("dynamodb_table"));
    const std::string object = fmt::format("{}/{}", state_.names.name("bucket"), state_.names.state());
    const std::string key = shell_word(fmt::format(R"({{"LockID": {{"S": "{}-md5"}}}})", object));
    steps_.push_back(
        {"See the digest that is stored, and that of the state.",
         {fmt::format("OLD=$(aws dynamodb get-item --consistent-read --table-name {} --key {} --query "
                      "Item.Digest.S --output text)",
                      table, key),
          fmt::format("NEW=$(aws s3 cp {} - | md5sum | cut -d' ' -f1); echo \"$OLD $NEW\"",
                      shell_word("s3://" + object))},
         "If they are equal now, a job was only just saving: nothing is to be done."});
    steps_.push_back(
        {"Set the digest, if it is still the one that was looked at.",
         {fmt::format("aws dynamodb update-item --table-name {} --key {} --update-expression 'SET Digest = "
                      ":new' --condition-expression 'Digest = :old' --expression-attribute-values "
                      R"("{{\":new\": {{\"S\": \"$NEW\"}}, \":old\": {{\"S\": \"$OLD\"}}}}")",
                      table, key)},
         "If the condition fails, somebody has saved in between: begin again."});
  }

  void set_row() {
    const std::string object = fmt::format("{}/{}", state_.names.name("bucket"), state_.names.state());
    steps_.push_back({"See the digest of the state.",
                      {fmt::format("ossutil cat {} | md5sum", shell_word("oss://" + object))},
                      {}});
    steps_.push_back({fmt::format(
        "In table {}, row {}-md5, set the column Digest to it, with the condition that Digest is still what "
        "was looked at.",
        state_.names.name("tablestore_table"), object)});
  }

  const StateToRecover& state_;
  std::vector<RunbookStep> steps_;
};

}  // namespace

std::vector<RunbookStep> runbook(Situation situation, const StateToRecover& state) {
  Runbook book(state);
  switch (situation) {
    case Situation::errored_state:
      return book.of_errored_state();
    case Situation::digest_mismatch:
      return book.of_digest_mismatch();
    case Situation::lineage_refused:
      return book.of_lineage_refused();
  }
  return {};
}

}  // namespace lockstorm::reports
