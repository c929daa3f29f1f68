// The lease backend: what a lock of one's own may do, setting by setting, and the world that is made of it.
#include "scenarios/backends/lease.hpp"

#include <fmt/format.h>

#include <array>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

using models::LeaseOptions;
using Acquire = LeaseOptions::Acquire;
using Compare = LeaseOptions::Compare;
using NewLeader = LeaseConfig::NewLeader;
using RenewedToken = LeaseConfig::RenewedToken;

constexpr std::array<BackendService, 1> kLeaseServices{{
    {"lease-store", "a lock that is acquired, renewed and released by requests, and the state beside it"},
}};

constexpr auto kAcquires = sim::text_for_each<Acquire>({"at-once", "two-steps", "queue", "write-sleep-read"});
constexpr auto kCompares = sim::text_for_each<Compare>({"nothing", "holder", "token", "newest"});
constexpr auto kRenewedTokens = sim::text_for_each<RenewedToken>({"same", "new", "unanswered"});
constexpr auto kWaits = sim::text_for_each<LeaseOptions::WaitsFor>({"predecessor", "being-first"});
constexpr auto kWhenLost = sim::text_for_each<LeaseOptions::WhenLost>({"fails-writes", "stops"});
constexpr auto kNewLeaders =
    sim::text_for_each<NewLeader>({"keeps-leases", "forgets-waiters", "forgets-leases"});

template <class Enum, std::size_t N>
void read_lease_choice(YamlReader& reader, const YAML::Node& section, const YamlKey& key,
                       const std::array<std::string_view, N>& names, Enum& out, std::size_t valid = N) {
  auto number = static_cast<std::size_t>(out);
  reader.choice(section, key, std::span(names).first(valid), number);
  out = static_cast<Enum>(number);
}

// `newest` is what a state remembers, not a lock.
constexpr std::size_t kComparesOfLocks = 3;

std::string_view name_of(Compare compare) { return kCompares[static_cast<std::size_t>(compare)]; }

bool is_with_clock(const Scenario& scenario) { return scenario.time.ticks > 0; }

}  // namespace

const BackendType& lease_backend() {
  static constexpr BackendType kType{
      .name = "lease",
      .summary =
          "a lock of one's own, acquired, renewed and released by requests, with what can be wrong in it",
      .services = kLeaseServices,
      .matrix_modes = "",
      .defaults = default_config<LeaseConfig>,
  };
  return kType;
}

const BackendType& LeaseConfig::type() const { return lease_backend(); }

void LeaseConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type",
                        "acquire",
                        "lease",
                        "lease_ticks",
                        "renews",
                        "renewed_token",
                        "renewal_creates",
                        "renew_compares",
                        "release_compares",
                        "write_compares",
                        "reads_register",
                        "stops_at_first_error",
                        "watches_clock",
                        "when_lost",
                        "takes_renewed_token",
                        "waits_for_beat",
                        "looks_after_conflict",
                        "breaks_nameless",
                        "refused_cleans_up",
                        "waits_for",
                        "checks_itself",
                        "leaves_queue"});
  read_lease_choice(
      reader, section,
      {"acquire",
       "one conditional request; the lock first and then whose it is; behind those who came before; or "
       "look, write, wait and read"},
      kAcquires, client.acquire);
  reader.flag(section, {"lease", "false: the lock hangs on no lease, and stays when its holder is gone"},
              client.leases);
  reader.number(section, {"lease_ticks", "how long a lease runs; needs clocks"}, 1, 7, lease_ticks);
  reader.flag(section, {"renews", "false: nobody renews the lease"}, client.renews);
  read_lease_choice(
      reader, section,
      {"renewed_token",
       "the token after a renewal: the same, a new one that the answer says, or one that it does not"},
      kRenewedTokens, renewed_token);
  reader.flag(section, {"renewal_creates", "a renewal makes the lock where there is none (an upsert)"},
              renewal_creates);
  read_lease_choice(reader, section, {"renew_compares", "what a renewal compares with the lock"}, kCompares,
                    client.renew_compares, kComparesOfLocks);
  read_lease_choice(reader, section, {"release_compares", "what a release compares with the lock"}, kCompares,
                    client.release_compares, kComparesOfLocks);
  read_lease_choice(
      reader, section,
      {"write_compares",
       "what a write of the state compares: nothing, who has the lock, its token, or the newest token "
       "that the state has seen"},
      kCompares, client.write_compares);
  reader.flag(section, {"reads_register", "a read shows the state its reader's token, for `newest`"},
              client.reads_register);
  reader.flag(section, {"stops_at_first_error", "the renewer ends with its first error, and tells nobody"},
              client.stops_at_first_error);
  reader.flag(section,
              {"watches_clock", "the holder takes its lock for lost before an unconfirmed lease can be over"},
              client.watches_clock);
  read_lease_choice(
      reader, section,
      {"when_lost", "the job goes on and its state is not written any more, or its process ends"}, kWhenLost,
      client.when_lost);
  reader.flag(section, {"takes_renewed_token", "the client takes the token of a renewal from its answer"},
              client.takes_renewed_token);
  reader.flag(section, {"waits_for_beat", "a release waits for the answer to a renewal on its way"},
              client.waits_for_beat);
  reader.flag(section, {"looks_after_conflict", "the client looks whether what stands in its way is its own"},
              client.looks_after_conflict);
  reader.flag(section, {"breaks_nameless", "a lock without metadata is removed by whoever sees it"},
              client.breaks_nameless);
  reader.flag(section, {"refused_cleans_up", "a client whose acquire was refused sends a release"},
              client.refused_cleans_up);
  read_lease_choice(
      reader, section,
      {"waits_for", "in a queue: until the entry before its own is gone, or until its own is the first"},
      kWaits, client.waits_for);
  reader.flag(section, {"checks_itself", "in a queue: that its own entry is still there"},
              client.checks_itself);
  reader.flag(section, {"leaves_queue", "in a queue: when it gives up"}, client.leaves_queue);
}

void LeaseConfig::read_store(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"ignores_renewals", "leader_changes", "new_leader"});
  reader.flag(section, {"ignores_renewals", "renewals are answered with success, and nothing is done"},
              ignores_renewals);
  reader.number(section, {"leader_changes", "requests in whose midst the store changes its leader"}, 0, 2,
                leader_changes);
  read_lease_choice(
      reader, section,
      {"new_leader", "a new leader gives each lease its whole time, knows of no waiter, or of nobody"},
      kNewLeaders, new_leader);
}

std::optional<Objection> LeaseConfig::objection(const Scenario& scenario) const {
  if (scenario.client.runs > 1) return Objection{"client", "lease clients run once", "client: {runs: 1}", ""};
  if (!is_with_clock(scenario) && (!client.renews || client.stops_at_first_error))
    return Objection{"backend", "without a clock whoever runs renews in time",
                     "time: {ticks: 4, urgent: true}", "renewals are requests where time is a clock"};
  if (is_with_clock(scenario) && client.acquire == Acquire::two_steps)
    return Objection{"backend", "a lock that is taken in two steps is judged without clocks", "no `time`",
                     "a lease is over when its holder has ended or stands still"};
  if (client.acquire == Acquire::queue && scenario.clients() > models::LeaseStore::kMaxEntries)
    return Objection{"client", "too many clients for one queue",
                     fmt::format("at most {}", models::LeaseStore::kMaxEntries), ""};
  return std::nullopt;
}

std::string LeaseConfig::summary() const {
  std::string text = fmt::format("lease, acquired {}", kAcquires[static_cast<std::size_t>(client.acquire)]);
  if (!client.leases) text += " and without a lease";
  if (client.write_compares == Compare::nothing) text += ", writes without a fence";
  return text;
}

std::string LeaseConfig::canonical_text() const {
  const auto number = [](auto choice) { return static_cast<int>(choice); };
  std::string text =
      fmt::format("lease|{}|{}|{}|{}|{}|{}|{}|", number(client.acquire), client.leases, lease_ticks,
                  client.renews, number(renewed_token), renewal_creates, ignores_renewals);
  text += fmt::format("{}|{}|{}|{}|", name_of(client.renew_compares), name_of(client.release_compares),
                      name_of(client.write_compares), client.reads_register);
  text += fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|", client.stops_at_first_error, client.watches_clock,
                      number(client.when_lost), client.takes_renewed_token, client.waits_for_beat,
                      client.looks_after_conflict, client.breaks_nameless, client.refused_cleans_up);
  return text + fmt::format("{}|{}|{}|{}|{}|", number(client.waits_for), client.checks_itself,
                            client.leaves_queue, leader_changes, number(new_leader));
}

std::vector<BackendChange> LeaseConfig::changes() const {
  std::vector<BackendChange> changes;
  const auto offer = [&](bool wrong, std::string rule, ChangedSetting setting, auto edit) {
    if (wrong) changes.push_back(changed(*this, std::move(rule), {.backend = {std::move(setting)}}, edit));
  };
  offer(!client.renews, "the holder renews its lease", {"renews", "true"},
        [](LeaseConfig& config) { config.client.renews = true; });
  offer(client.stops_at_first_error, "the renewer goes on after an error", {"stops_at_first_error", "false"},
        [](LeaseConfig& config) { config.client.stops_at_first_error = false; });
  offer(!client.watches_clock, "the holder takes its lock for lost before an unconfirmed lease can be over",
        {"watches_clock", "true"}, [](LeaseConfig& config) { config.client.watches_clock = true; });
  offer(client.release_compares != Compare::token, "the release compares the token",
        {"release_compares", "token"},
        [](LeaseConfig& config) { config.client.release_compares = Compare::token; });
  offer(client.renew_compares != Compare::token, "a renewal compares the token", {"renew_compares", "token"},
        [](LeaseConfig& config) { config.client.renew_compares = Compare::token; });
  offer(client.write_compares != Compare::token, "a write of the state compares the lock's token",
        {"write_compares", "token"},
        [](LeaseConfig& config) { config.client.write_compares = Compare::token; });
  offer(renewal_creates, "a renewal makes no lock", {"renewal_creates", "false"},
        [](LeaseConfig& config) { config.renewal_creates = false; });
  offer(!client.waits_for_beat, "the release waits for the renewal that is on its way",
        {"waits_for_beat", "true"}, [](LeaseConfig& config) { config.client.waits_for_beat = true; });
  offer(!client.looks_after_conflict, "the client looks whether what stands in its way is its own",
        {"looks_after_conflict", "true"},
        [](LeaseConfig& config) { config.client.looks_after_conflict = true; });
  offer(client.breaks_nameless, "a lock without metadata is left to its lease", {"breaks_nameless", "false"},
        [](LeaseConfig& config) { config.client.breaks_nameless = false; });
  offer(client.refused_cleans_up, "whoever is refused releases nothing", {"refused_cleans_up", "false"},
        [](LeaseConfig& config) { config.client.refused_cleans_up = false; });
  offer(!client.checks_itself, "who waits sees to it that its own entry is still there",
        {"checks_itself", "true"}, [](LeaseConfig& config) { config.client.checks_itself = true; });
  offer(!client.leaves_queue, "who gives up leaves the queue", {"leaves_queue", "true"},
        [](LeaseConfig& config) { config.client.leaves_queue = true; });
  offer(client.acquire == Acquire::write_sleep_read, "the lock is taken by one conditional request",
        {"acquire", "at-once"}, [](LeaseConfig& config) { config.client.acquire = Acquire::at_once; });
  offer(client.acquire == Acquire::two_steps, "the lock is written together with whose it is",
        {"acquire", "at-once"}, [](LeaseConfig& config) { config.client.acquire = Acquire::at_once; });
  offer(!client.leases, "the lock hangs on a lease", {"lease", "true"},
        [](LeaseConfig& config) { config.client.leases = true; });
  return changes;
}

void LeaseConfig::prepare_audit(Scenario& scenario) const { scenario.time = {.ticks = 4, .urgent = true}; }

void LeaseConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  // Days in virtual time have a clock of their own.
  const bool has_clock =
      is_with_clock(scenario) || (parts.virtual_time && client.acquire != Acquire::two_steps);
  if (has_clock && client.leases) world.spec.time.servers_age = true;
  models::LeaseStore store;
  store.initial_state = initial_snapshot(scenario);
  store.leases = client.leases;
  store.lease_ticks = client.leases && has_clock ? lease_ticks : std::uint8_t{0};
  store.token_each_renewal = renewed_token != RenewedToken::same;
  store.renewal_answers_token = renewed_token != RenewedToken::unanswered;
  store.renewal_creates = renewal_creates;
  store.ignores_renewals = ignores_renewals;
  store.leader_changes = leader_changes;
  store.new_leader = new_leader;
  const auto store_ref = add_service(world, store);

  LeaseOptions options = client;
  options.lease_ticks = has_clock ? lease_ticks : std::uint8_t{0};
  options.waits = scenario.client.lock_timeout.count() > 0;
  const auto backend = std::make_shared<const models::LeaseClient>(options, store_ref, parts.memory);
  add_applies(scenario, store.initial_state, backend, {}, world, parts);
  if (!parts.is_destination)
    parts.client_body = models::LeaseClient::with_renewer(backend, std::move(parts.client_body));
  parts.stored_state = [index = store_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::LeaseStore::Value>(end.services[index]).state;
  };
}

}  // namespace lockstorm::scenarios
