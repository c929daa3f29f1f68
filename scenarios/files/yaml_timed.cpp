#include "scenarios/files/yaml_timed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/data/read_number.hpp"
#include "scenarios/data/timestamp.hpp"
#include "scenarios/files/yaml_distribution.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::string_view kModel = "model";
constexpr std::array<std::string_view, 18> kTimedKeys{
    "for",       "pipelines",    "states",        "arrivals",     "group",        "start_up",
    "plan",      "apply",        "provider_call", "latency",      "crash_every",  "pause_every",
    "pause_for", "unlock_after", "lose_response", "lose_request", "server_error", "throttle"};
constexpr InputKind kStartsFile{"a file of job starts, one a line", 64 * kMiB};
constexpr std::uint32_t kMostPipelines = 100'000;
constexpr std::uint64_t kMicrosecondsOfADay = std::uint64_t{24} * 3600 * 1'000'000;

std::chrono::milliseconds milliseconds_of(std::uint64_t us) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(us / 1000));
}

void read_span(YamlReader& reader, const YAML::Node& map, const YamlKey& key, std::string_view standard,
               std::chrono::milliseconds& out) {
  if (reader.declares(key, "a duration such as 90s, 5m or 2d", std::string(standard), "2d")) return;
  const YAML::Node node = map[std::string(key.name)];
  if (!node) return;
  if (const auto us = read_duration_us(reader, node, key.name)) out = milliseconds_of(*us);
}

// A gap of nothing would start jobs for ever at one moment.
void refuse_no_gap(YamlReader& reader, const YAML::Node& node, const sim::Distribution& gap) {
  if (gap.mean_us() == 0)
    reader.fail(node, "every is 0: jobs without number would start at once", "a gap such as 30m");
}

// `every: 30m` is a mean; chance decides, as whoever merges does.
void read_gap(YamlReader& reader, const YAML::Node& node, sim::Distribution& gap) {
  if (node.IsScalar()) {
    if (const auto mean = read_duration_us(reader, node, "every"))
      gap = sim::Distribution::exponential(*mean);
  } else {
    read_distribution_at(reader, node, "every", gap);
  }
  if (!reader.error()) refuse_no_gap(reader, node, gap);
}

// "9" or "17:30" of a day.
std::optional<std::chrono::milliseconds> time_of_day(std::string_view text) {
  const std::size_t colon = text.find(':');
  unsigned hour = 0;
  unsigned minute = 0;
  if (!read_number<unsigned>(text.substr(0, colon), 0, 24, hour)) return std::nullopt;
  if (colon != std::string_view::npos && !read_number<unsigned>(text.substr(colon + 1), 0, 59, minute))
    return std::nullopt;
  if (hour == 24 && minute != 0) return std::nullopt;
  return std::chrono::hours(hour) + std::chrono::minutes(minute);
}

void read_hours(YamlReader& reader, const YAML::Node& node, Arrivals& arrivals) {
  constexpr std::string_view kExpected = "hours: [\"9:00\", \"17:30\"]";
  if (!node.IsSequence() || node.size() != 2)
    return reader.fail(node, "hours is not a pair of times", std::string(kExpected));
  const auto opens = time_of_day(reader.scalar(node[0], "a time of day"));
  const auto closes = time_of_day(reader.scalar(node[1], "a time of day"));
  if (!opens || !closes || *opens >= *closes)
    return reader.fail(node, "hours are not two times of a day, the earlier first", std::string(kExpected));
  arrivals.kind = ArrivalKind::office_hours;
  arrivals.opens = *opens;
  arrivals.closes = *closes;
}

// "90s", "90.5", "2026-11-30T10:11:12Z"; behind a comma the number of the state, from 1.
std::optional<RecordedStart> start_of(std::string_view line, std::optional<std::int64_t>& first,
                                      std::uint32_t states) {
  RecordedStart start;
  const std::size_t comma = line.find(',');
  if (comma != std::string_view::npos) {
    std::uint32_t state = 0;
    if (!read_number<std::uint32_t>(line.substr(comma + 1), 1, states, state)) return std::nullopt;
    start.state = state - 1;
    line = line.substr(0, comma);
  }
  std::int64_t seconds = 0;
  if (const auto moment = parse_timestamp(line)) {
    seconds = moment->time_since_epoch().count();
  } else if (!read_number<std::int64_t>(line, 0, std::int64_t{1} << 40U, seconds)) {
    return std::nullopt;
  }
  if (!first) first = seconds;
  if (seconds < *first || static_cast<std::uint64_t>(seconds - *first) > sim::kLongestDuration_us / 1'000'000)
    return std::nullopt;
  start.at_us = static_cast<std::uint64_t>(seconds - *first) * 1'000'000;
  return start;
}

void read_starts(YamlReader& reader, const YAML::Node& node, std::uint32_t states, Arrivals& arrivals) {
  const std::string name = reader.scalar(node, "a file of job starts, one a line");
  if (name.empty()) return reader.fail(node, "file has no name", "arrivals: {file: starts.csv}");
  const auto text = read_input_file(reader.beside(name), kStartsFile);
  if (!text)
    return reader.fail(node, fmt::format("{} {}", name, text.error().problem), text.error().expected,
                       text.error().hint);
  std::optional<std::int64_t> first;
  std::string_view rest = *text;
  for (unsigned line = 1; !rest.empty(); ++line) {
    std::string_view value = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(value.size() + 1, rest.size()));
    while (value.ends_with('\r') || value.ends_with(' ')) value.remove_suffix(1);
    if (value.empty() || value.starts_with('#')) continue;
    const auto start = start_of(value, first, states);
    if (!start)
      return reader.fail(node, fmt::format("line {} of {} is no job start", line, name),
                         fmt::format("seconds or a time such as 2026-11-30T10:11:12Z, not before the first "
                                     "line's; then perhaps a comma and a state from 1 to {}",
                                     states));
    arrivals.starts.push_back(*start);
  }
  if (arrivals.starts.empty())
    return reader.fail(node, fmt::format("{} has no job starts: the trace is empty", name), "one a line");
  std::ranges::stable_sort(arrivals.starts, {}, &RecordedStart::at_us);
  arrivals.kind = ArrivalKind::recorded;
}

void read_arrivals(YamlReader& reader, const YAML::Node& map, TimedSettings& timed) {
  constexpr std::string_view kExpected =
      "{every: 2h}, {every: 2h, hours: [\"9:00\", \"17:30\"]}, {burst: 10, within: 30s, every: 1h} or {file: "
      "starts.csv}";
  if (reader.declares({"arrivals",
                       "when jobs start: each pipeline again and again (`every`, on average or as a "
                       "distribution), only in these `hours` of a day, a `burst` of jobs at a time, or as a "
                       "`file` says, a line for each"},
                      "a mapping", "{every: 1h}", "{burst: 10, within: 1m, every: 1h}"))
    return;
  const YAML::Node node = map["arrivals"];
  if (!node) return;
  if (!node.IsMap() || node.size() == 0)
    return reader.fail(node, "arrivals is not a mapping", std::string(kExpected));
  reader.keys(node, {"every", "hours", "burst", "within", "file"});
  Arrivals& arrivals = timed.arrivals;
  if (node["file"]) {
    if (node.size() > 1) return reader.fail(node, "file stands alone in arrivals", std::string(kExpected));
    return read_starts(reader, node["file"], timed.states, arrivals);
  }
  if (!node["every"]) return reader.fail(node, "arrivals has no every", std::string(kExpected));
  read_gap(reader, node["every"], arrivals.gap);
  if (node["hours"]) read_hours(reader, node["hours"], arrivals);
  if (node["burst"]) {
    if (node["hours"])
      return reader.fail(node["burst"], "bursts come at any hour", "burst without hours", "leave one out");
    arrivals.kind = ArrivalKind::bursts;
    reader.number(node, "burst", 1, kMostPipelines, arrivals.burst);
    if (node["within"]) {
      if (const auto us = read_duration_us(reader, node["within"], "within"))
        arrivals.within = milliseconds_of(*us);
    }
  } else if (node["within"]) {
    reader.fail(node["within"], "within says how close the jobs of a burst are, and there is none",
                std::string(kExpected));
  }
}

std::vector<std::string_view> service_names() {
  std::vector<std::string_view> names;
  for (const BackendType* type : backend_types()) {
    for (const BackendService& service : type->services) {
      if (std::ranges::find(names, service.name) == names.end()) names.push_back(service.name);
    }
  }
  return names;
}

void read_latencies(YamlReader& reader, const YAML::Node& map, TimedSettings& timed) {
  if (reader.declares({"latency", "round trips by service, or by service and operation (`s3.PutObject`)"},
                      "a mapping of distributions", "docs/contend.md", "{s3: 30ms, dynamodb: 5ms}"))
    return;
  const YAML::Node node = map["latency"];
  if (!node) return;
  if (!node.IsMap()) return reader.fail(node, "latency is not a mapping", "latency: {s3: 30ms}");
  const std::vector<std::string_view> known = service_names();
  for (const auto& entry : node) {
    const std::string key = reader.scalar(entry.first, "a service, or service.Operation");
    const std::string service = key.substr(0, key.find('.'));
    if (std::ranges::find(known, service) == known.end())
      return reader.unknown_name(entry.first, "service", service, known);
    read_distribution_at(reader, entry.second, key, timed.latency[key]);
  }
}

// "0.5" requests a second, in thousandths.
std::optional<std::uint64_t> thousandths(std::string_view text) {
  const std::size_t point = text.find('.');
  std::uint64_t whole = 0;
  if (!read_number<std::uint64_t>(text.substr(0, point), 0, 1'000'000, whole)) return std::nullopt;
  std::uint64_t part = 0;
  if (point != std::string_view::npos) {
    const std::string_view places = text.substr(point + 1);
    if (places.size() > 3 || !read_number<std::uint64_t>(places, 0, 999, part)) return std::nullopt;
    for (std::size_t i = places.size(); i < 3; ++i) part *= 10;
  }
  return whole * 1000 + part;
}

void read_throttle(YamlReader& reader, const YAML::Node& map, TimedSettings& timed) {
  if (reader.declares(
          {"throttle", "services that refuse what comes faster: a token bucket in front of all states"},
          "a mapping of {rate, burst}", "none does", "{dynamodb: {rate: 5, burst: 10}}"))
    return;
  const YAML::Node node = map["throttle"];
  if (!node) return;
  constexpr std::string_view kExpected = "throttle: {dynamodb: {rate: 5, burst: 10}}";
  if (!node.IsMap()) return reader.fail(node, "throttle is not a mapping", std::string(kExpected));
  const std::vector<std::string_view> known = service_names();
  for (const auto& entry : node) {
    const std::string service = reader.scalar(entry.first, "a service");
    if (std::ranges::find(known, service) == known.end())
      return reader.unknown_name(entry.first, "service", service, known);
    if (!entry.second.IsMap() || !entry.second["rate"])
      return reader.fail(entry.second, "a throttle has no rate", std::string(kExpected));
    reader.keys(entry.second, {"rate", "burst"});
    const YAML::Node rate_node = entry.second["rate"];
    const auto rate = thousandths(reader.scalar(rate_node, "requests a second"));
    if (!rate || *rate == 0)
      return reader.fail(rate_node, "rate is no number of requests a second", "from 0.001 to 1000000");
    Throttle throttle{.per_second_milli = *rate};
    reader.number(entry.second, "burst", 1, 1'000'000, throttle.burst);
    timed.throttle[service] = throttle;
  }
}

void read_group(YamlReader& reader, const YAML::Node& map, TimedSettings& timed) {
  static constexpr auto kGroups = sim::text_for_each<Group>({"none", "queue", "newest"});
  auto group = static_cast<std::size_t>(timed.group);
  reader.choice(map,
                {"group",
                 "what keeps the jobs of one state apart before they start: nothing, a queue, or a place "
                 "for one that waits, which the newest takes"},
                kGroups, group);
  timed.group = static_cast<Group>(group);
}

// A chance such as 0.01, in millionths.
void read_chance(YamlReader& reader, const YAML::Node& map, const YamlKey& key, std::uint32_t& out_ppm) {
  if (reader.declares(key, "a probability from 0 to 0.5", "0", "0.001")) return;
  const YAML::Node node = map[std::string(key.name)];
  if (!node) return;
  const std::string text = reader.scalar(node, "a probability");
  std::string_view digits = text;
  const bool begins_well = digits == "0" || digits.starts_with("0.");
  if (begins_well) digits.remove_prefix(std::min<std::size_t>(digits.size(), 2));
  std::uint32_t ppm = 0;
  const bool is_number = begins_well && digits.size() <= 6 &&
                         (digits.empty() || read_number<std::uint32_t>(digits, 0, 999'999, ppm));
  for (std::size_t i = digits.size(); is_number && i < 6; ++i) ppm *= 10;
  if (!is_number || ppm > 500'000)
    return reader.fail(node, fmt::format("{} is '{}'", key.name, text),
                       "a probability from 0 to 0.5, such as 0.001");
  out_ppm = ppm;
}

void read_adversity(YamlReader& reader, const YAML::Node& node, TimedSettings& timed) {
  read_span(reader, node, {"crash_every", "how long one job runs on average until it is killed"}, "none is",
            timed.crash_every);
  read_span(reader, node, {"pause_every", "how long one job runs on average until it is frozen"}, "none is",
            timed.pause_every);
  read_distribution(reader, node, {"pause_for", "how long it is frozen"}, "60s", timed.pause_for);
  sim::Distribution reaction;
  read_distribution(reader, node,
                    {"unlock_after", "from the death of a job that has the lock to somebody's force-unlock"},
                    "nobody does", reaction);
  if (node["unlock_after"]) timed.unlock_after = reaction;
  read_chance(reader, node, {"lose_response", "how likely an answer never comes"}, timed.lost_responses_ppm);
  read_chance(reader, node, {"lose_request", "how likely a request never arrives"}, timed.lost_requests_ppm);
  read_chance(reader, node, {"server_error", "how likely a server answers 5xx"}, timed.server_errors_ppm);
}

// A call ends in one of these ways, or well.
void refuse_chances_above_one(YamlReader& reader, const YAML::Node& node, const TimedSettings& timed) {
  constexpr std::uint32_t kMillion = 1'000'000;
  const std::uint32_t all_ppm = timed.lost_responses_ppm + timed.lost_requests_ppm + timed.server_errors_ppm;
  if (all_ppm <= kMillion) return;
  const std::uint32_t tenths = (all_ppm + 50'000) / 100'000;
  reader.fail(node["lose_response"],
              fmt::format("lose_response, lose_request and server_error do not add up: {}.{} of all calls",
                          tenths / 10, tenths % 10),
              "at most 1 together");
}

void refuse_absurd(YamlReader& reader, const YAML::Node& node, const TimedSettings& timed) {
  refuse_chances_above_one(reader, node, timed);
  if (timed.duration.count() == 0) reader.fail(node["for"], "for is 0: no job would start", "for: 8h");
  for (const char* key : {"crash_every", "pause_every"}) {
    const auto& every = std::string_view(key) == "crash_every" ? timed.crash_every : timed.pause_every;
    if (node[key] && every < std::chrono::seconds(1))
      reader.fail(node[key], fmt::format("{} is below a second: no job would get anywhere", key),
                  fmt::format("{}: 200h", key));
  }
  const bool never_open = timed.arrivals.kind == ArrivalKind::office_hours &&
                          static_cast<std::uint64_t>(timed.duration.count()) * 1000 < kMicrosecondsOfADay &&
                          timed.duration <= timed.arrivals.opens;
  if (never_open)
    reader.fail(node["arrivals"], "the day begins at midnight, and `for` ends before the hours begin",
                "for: 1d");
}

}  // namespace

std::vector<std::string_view> timed_keys() {
  std::vector<std::string_view> keys(kTimedKeys.begin(), kTimedKeys.end());
  keys.insert(keys.begin(), kModel);
  return keys;
}

void read_timed(YamlReader& reader, const YAML::Node& node, std::shared_ptr<const TimedSettings>& out) {
  const bool declares =
      reader.declares({kModel, "timed: how long things take, for `simulate --timed` and `contend`"}, "timed",
                      "time is free, or has `ticks`", "timed");
  if (!declares && node[std::string(kModel)]) {
    const YAML::Node model = node[std::string(kModel)];
    static constexpr std::array<std::string_view, 1> kModels{"timed"};
    std::size_t which = 0;
    reader.choice(node, kModel, kModels, which);
  } else if (!declares) {
    for (const std::string_view key : kTimedKeys) {
      if (node[std::string(key)])
        return reader.fail(node[std::string(key)], fmt::format("{} goes with model: timed", key),
                           "time: {model: timed, ...}");
    }
    return;
  }
  TimedSettings timed;
  read_span(reader, node, {"for", "how long jobs start; a run goes on until all have ended"}, "8h",
            timed.duration);
  reader.number(node, {"pipelines", "that start jobs, each by itself; 0: as many as there are clients"}, 0,
                kMostPipelines, timed.pipelines);
  reader.number(node, {"states", "equal and separate ones, among which the pipelines take turns"}, 1, 100'000,
                timed.states);
  read_arrivals(reader, node, timed);
  read_group(reader, node, timed);
  read_distribution(reader, node, {"start_up", "from the start of the job to the command"}, "0s",
                    timed.start_up);
  read_distribution(reader, node, {"plan", "from reading the state to the first change"},
                    "{log_normal: {median: 20s, p90: 60s}}", timed.plan);
  read_distribution(reader, node, {"apply", "all changes of a command together"},
                    "{log_normal: {median: 30s, p90: 3m}}", timed.apply);
  read_distribution(reader, node, {"provider_call", "each change, besides"}, "0s", timed.provider_call);
  read_latencies(reader, node, timed);
  read_adversity(reader, node, timed);
  read_throttle(reader, node, timed);
  if (declares) return;
  refuse_absurd(reader, node, timed);
  out = std::make_shared<const TimedSettings>(std::move(timed));
}

}  // namespace lockstorm::scenarios
