#include "wire/probe/postgres_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace lockstorm::wire::probe {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kLongestNotice{5'000};
constexpr milliseconds kLookForEnd{20};

// A name in SQL, whatever is in it.
std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

// Keys are 64 bits, one space for the database; rows of states have small ones, creations negative ones.
std::int64_t key_of(const std::string& name, unsigned number) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325ULL;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x0000'0100'0000'01B3ULL;
  constexpr std::uint64_t kHigh = 1ULL << 61U;
  return static_cast<std::int64_t>((hash % kHigh + kHigh) / 1024 * 1024 + number);
}

class PostgresSession {
 public:
  explicit PostgresSession(const PostgresProbe& probe)
      : probe_(probe), inquiry_(probe.reach), table_(quoted(probe.reach.own_name) + ".states") {}

  std::expected<Findings, std::string> run() {
    return findings_of(
        inquiry_,
        [this] {
          begin();
          ask_sessions();
          ask_locks();
          ask_end();
          ask_rows();
          ask_races();
          ask_idle();
          inquiry_.cannot_tell(
              "what a failover loses: locks always (they are not replicated), and rows that no standby has "
              "yet");
        },
        [this] { clean_up(); });
  }

 private:
  PgClient connected() {
    PgClient client(inquiry_.loop(), probe_.target, probe_.reach.longest_answer);
    if (const auto ready = client.connect(); !ready)
      throw NoAnswer{
          fmt::format("The server cannot be reached: {} ({}).", ready.error().message, ready.error().code)};
    return client;
  }

  static PgClient::Result asked(PgClient& client, const std::string& sql,
                                const std::vector<PgValue>& parameters = {}) {
    return client.run(sql, parameters);
  }
  static PgResult must(PgClient& client, const std::string& sql,
                       const std::vector<PgValue>& parameters = {}) {
    auto result = client.run(sql, parameters);
    if (!result)
      throw NoAnswer{fmt::format("`{}` fails: {} ({}).", sql.substr(0, 60), result.error().message,
                                 result.error().code)};
    return *std::move(result);
  }
  static std::string field(const PgResult& result) {
    return result.rows.empty() || result.rows.front().empty() ? "" : result.rows.front().front().value_or("");
  }
  std::int64_t key(unsigned number) const { return key_of(probe_.reach.own_name, number); }
  bool try_lock(PgClient& client, std::int64_t key) {
    return field(must(client, fmt::format("SELECT pg_try_advisory_lock({})", key))) == "t";
  }
  bool unlock(PgClient& client, std::int64_t key) {
    return field(must(client, fmt::format("SELECT pg_advisory_unlock({})", key))) == "t";
  }
  PgClient& first() { return *first_; }
  PgClient& second() { return *second_; }

  void begin() {
    first_.emplace(connected());
    second_.emplace(connected());
    if (field(must(first(), "SELECT pg_is_in_recovery()")) == "t")
      throw NoAnswer{"This is a standby, where nobody can write."};
    const std::string schema = quoted(probe_.reach.own_name);
    must(first(), "CREATE SCHEMA " + schema);
    has_schema_ = true;
    must(first(),
         fmt::format("CREATE TABLE {} (id bigserial PRIMARY KEY, name text UNIQUE, data text)", table_));
  }

  // Two clients on one server process, or one on several: somebody stands in between (4.7.4).
  void ask_sessions() {
    constexpr unsigned kTimes = 10;
    const auto pid = [](PgClient& client) { return field(must(client, "SELECT pg_backend_pid()")); };
    const std::string mine = pid(first());
    bool is_shared = false, moves = false;
    for (unsigned i = 0; i < kTimes; ++i) {
      is_shared = is_shared || pid(second()) == mine;
      moves = moves || pid(first()) != mine;
    }
    is_pooled_ = is_shared || moves;
    inquiry_.promise("each connection has a server session of its own", !is_pooled_,
                     is_shared ? "two connections are served by one process: a pooler in transaction mode"
                     : moves   ? "a connection is served by several processes: a pooler in transaction mode"
                               : fmt::format("{} looks from two connections", kTimes),
                     kTimes);
    inquiry_.set("transaction_pooling", is_pooled_ ? "true" : "false");
  }

  void ask_locks() {
    const std::int64_t lock = key(1);
    if (!try_lock(first(), lock)) throw NoAnswer{"An advisory lock that nobody has is not granted."};
    const bool is_second = try_lock(second(), lock);
    inquiry_.promise("an advisory lock is refused to another connection while somebody has it", !is_second,
                     fmt::format("it answers {}", is_second ? "t" : "f"));
    const bool is_freed = unlock(second(), lock);
    const bool is_held = !try_lock(second(), lock);
    inquiry_.promise("an advisory lock is not freed by another connection", !is_freed && is_held,
                     fmt::format("the unlock answers {}", is_freed ? "t" : "f"));
    const bool is_unlocked = unlock(first(), lock);
    const bool is_free = is_unlocked && try_lock(second(), lock);
    inquiry_.promise("an advisory lock is freed by its connection", is_free,
                     fmt::format("the unlock answers {}", is_unlocked ? "t" : "f"));
    forget_locks();
  }

  // Behind a pooler whatever is left would stay until it recycles the session.
  void forget_locks() {
    for (PgClient* const client : {&first(), &second()}) {
      for (unsigned number = 1; number <= kKeys; ++number) {
        for (unsigned tries = 0; tries < kKeys && unlock(*client, key(number)); ++tries) {
        }
      }
    }
  }

  void ask_end() {
    const std::int64_t lock = key(2);
    const auto begun = [&] {
      PgClient holder = connected();
      (void)try_lock(holder, lock);
      return Clock::now();
    }();  // its connection ends here without a word
    bool is_free = false;
    while (!is_free && Clock::now() - begun < kLongestNotice) {
      is_free = try_lock(second(), lock);
      if (!is_free) inquiry_.wait(kLookForEnd);
    }
    const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
    inquiry_.promise("an advisory lock ends with its connection", is_free && !is_pooled_,
                     is_pooled_ ? "behind a pooler it stays with the pooler's session"
                     : is_free  ? fmt::format("{} ms later", took.count())
                                : fmt::format("not within {} s", kLongestNotice.count() / 1000));
    forget_locks();
  }

  PgClient::Result upsert(PgClient& client, const std::string& data) {
    return asked(client,
                 fmt::format("INSERT INTO {} (name, data) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET "
                             "data = $2 WHERE states.name = $1",
                             table_),
                 {"default", data});
  }

  void ask_rows() {
    unsigned fresh = 0;
    for (unsigned i = 0; i < kLooks; ++i) {
      const std::string data = fmt::format(R"({{"serial":{}}})", i);
      if (const auto written = upsert(first(), data); !written)
        throw NoAnswer{fmt::format("A row cannot be written: {}.", written.error().message)};
      const auto read =
          must(second(), fmt::format("SELECT data FROM {} WHERE name = $1", table_), {"default"});
      fresh += field(read) == data ? 1U : 0U;
    }
    inquiry_.promise("a read shows the last write, from another connection", fresh == kLooks,
                     fmt::format("{} of {} reads do", fresh, kLooks), kLooks);
    const auto count = must(first(), fmt::format("SELECT count(*) FROM {}", table_));
    inquiry_.promise("a state is one row, however often it is written", field(count) == "1",
                     fmt::format("there are {} after {} writes", field(count), kLooks));
  }

  void ask_races() {
    std::vector<PgClient> racers;
    while (racers.size() < probe_.reach.racers) {
      PgClient racer(inquiry_.loop(), probe_.target, probe_.reach.longest_answer);
      if (!racer.connect()) break;  // there are only so many connections to be had
      racers.push_back(std::move(racer));
    }
    Inquiry::Races races{static_cast<unsigned>(racers.size()), 0};
    for (unsigned race = 0; race < probe_.reach.races; ++race) {
      const std::string sql = fmt::format("SELECT pg_try_advisory_lock({})", key(kKeys + 1 + race));
      std::vector<std::size_t> granted;
      std::size_t answered = 0;
      for (std::size_t i = 0; i < racers.size(); ++i)
        racers[i].run(sql, {}, [&, i](const PgClient::Result& result) {
          ++answered;
          if (result && field(*result) == "t") granted.push_back(i);
        });
      inquiry_.loop().run_until([&] { return answered == racers.size(); },
                                probe_.reach.longest_answer + std::chrono::minutes(1));
      races.fewest = std::min(races.fewest, static_cast<unsigned>(granted.size()));
      races.most = std::max(races.most, static_cast<unsigned>(granted.size()));
      for (const std::size_t i : granted) (void)unlock(racers[i], key(kKeys + 1 + race));
    }
    inquiry_.promise(
        fmt::format("of {} who ask at once, one gets the lock", racers.size()), races.has_one_winner(),
        races.has_one_winner()
            ? fmt::format("in each of {} races", probe_.reach.races)
            : fmt::format("{} to {} do, in {} races", races.fewest, races.most, probe_.reach.races),
        probe_.reach.races);
    if (racers.size() < probe_.reach.racers)
      inquiry_.cannot_tell(fmt::format("what {} who ask at once get: there are no more than {} connections",
                                       probe_.reach.racers, racers.size()));
    for (PgClient& racer : racers) racer.close();
  }

  // A session that the server ends takes its lock along, and the job goes on without (3.8).
  void ask_idle() {
    const auto shown = asked(first(), "SHOW idle_session_timeout");
    if (!shown) return inquiry_.cannot_tell("whether the server ends idle sessions, and when");
    const std::string after = field(*shown);
    const bool stays = after.empty() || after == "0";
    inquiry_.promise("an idle session is not ended by the server", stays,
                     stays ? "idle_session_timeout is 0" : "idle_session_timeout is " + after);
    inquiry_.set("session_losses", stays ? "0" : "1");
  }

  void clean_up() {
    if (!has_schema_) return;
    if (!first_ || !first().is_open()) first_.emplace(connected());
    const auto dropped = asked(first(), "DROP SCHEMA " + quoted(probe_.reach.own_name) + " CASCADE");
    if (!dropped)
      inquiry_.left_behind(fmt::format("the schema {}: {}", probe_.reach.own_name, dropped.error().message));
    first().close();
    if (second_) second().close();
  }

  static constexpr unsigned kKeys = 4;

  const PostgresProbe& probe_;
  Inquiry inquiry_;
  std::string table_;
  std::optional<PgClient> first_, second_;
  bool has_schema_ = false;
  bool is_pooled_ = false;
};

}  // namespace

std::expected<Findings, std::string> probe_postgres(const PostgresProbe& probe) {
  return PostgresSession(probe).run();
}

}  // namespace lockstorm::wire::probe
