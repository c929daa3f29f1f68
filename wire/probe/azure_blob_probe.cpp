#include "wire/probe/azure_blob_probe.hpp"

#include <fmt/format.h>

#include <set>

#include "wire/probe/aws_signature.hpp"

namespace lockstorm::wire::probe {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Fields = std::map<std::string, std::string>;

constexpr seconds kShortestLease{15};

class AzureBlobSession {
 public:
  explicit AzureBlobSession(const AzureBlobProbe& probe) : probe_(probe), inquiry_(probe.reach) {}

  std::expected<Findings, std::string> run() {
    return findings_of(
        inquiry_,
        [this] {
          begin_expiry();
          ask_leases();
          ask_writes();
          ask_release();
          ask_breaks();
          ask_creation();
          ask_reads();
          ask_races();
          end_expiry();
        },
        [this] { clean_up(); });
  }

 private:
  std::string blob(std::string_view name) const {
    return fmt::format("{}/{}", probe_.container,
                       escaped_for_aws(fmt::format("{}/{}", probe_.reach.own_name, name), true));
  }
  static HttpRequest request(std::string method, std::string target, Fields headers = {},
                             std::string body = "") {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers = std::move(headers);
    request.headers["x-ms-version"] = "2021-12-02";
    request.body = std::move(body);
    return request;
  }
  HttpAnswer put(const std::string& name, std::string text, Fields headers = {}) {
    stored_.insert(name);
    headers["x-ms-blob-type"] = "BlockBlob";
    headers["Content-Type"] = "application/json";
    return inquiry_.ask(request("PUT", blob(name), std::move(headers), std::move(text)));
  }
  HttpAnswer get(const std::string& name) { return inquiry_.ask(request("GET", blob(name))); }
  HttpRequest lease_request(const std::string& name, std::string_view action, Fields headers) const {
    headers["x-ms-lease-action"] = action;
    return request("PUT", blob(name) + "?comp=lease", std::move(headers));
  }
  HttpAnswer lease(const std::string& name, std::string_view action, Fields headers) {
    return inquiry_.ask(lease_request(name, action, std::move(headers)));
  }
  static Fields to_acquire(const std::string& id, int for_seconds = -1) {
    return {{"x-ms-lease-duration", std::to_string(for_seconds)}, {"x-ms-proposed-lease-id", id}};
  }
  static Fields under(const std::string& id) { return {{"x-ms-lease-id", id}}; }
  // Leases are named by GUIDs.
  static std::string guid(unsigned number) { return fmt::format("10c45702-0000-4000-8000-{:012x}", number); }

  // Only what Azure's own codes are: "LeaseAlreadyPresent".
  static std::string answered(const HttpAnswer& answer) {
    for (const auto& [name, value] : answer.headers) {
      if ((name == "x-ms-error-code" || name == "X-Ms-Error-Code") && value.size() < 60)
        return fmt::format("it is answered {} {}", answer.status, value);
    }
    return fmt::format("it is answered {}", answer.status);
  }

  void must_put(const std::string& name) {
    const HttpAnswer made = put(name, "{\"serial\":1}");
    if (!is_success(made)) throw NoAnswer{fmt::format("A plain put of a blob: {}.", answered(made))};
  }

  void ask_leases() {
    must_put("state");
    const HttpAnswer first = lease("state", "acquire", to_acquire(guid(1)));
    if (!is_success(first))
      throw NoAnswer{fmt::format("The first lease of a new blob: {}.", answered(first))};
    const HttpAnswer second = lease("state", "acquire", to_acquire(guid(2)));
    inquiry_.promise("a lease is refused while somebody has one", !is_success(second), answered(second));
  }

  void ask_writes() {
    const HttpAnswer without = put("state", "{\"serial\":2}");
    const HttpAnswer other = put("state", "{\"serial\":3}", under(guid(2)));
    const HttpAnswer own = put("state", "{\"serial\":4}", under(guid(1)));
    inquiry_.promise("a write without the lease is refused", !is_success(without), answered(without));
    inquiry_.promise("a write with another lease is refused", !is_success(other), answered(other));
    inquiry_.promise("whoever has the lease may write", is_success(own), answered(own));
    const HttpAnswer deleted = inquiry_.ask(request("DELETE", blob("state")));
    inquiry_.promise("a delete without the lease is refused", !is_success(deleted), answered(deleted));
    Fields metadata = under(guid(1));
    metadata["x-ms-meta-terraformlockid"] = "e30=";
    const HttpAnswer noted =
        inquiry_.ask(request("PUT", blob("state") + "?comp=metadata", std::move(metadata)));
    inquiry_.promise("whoever has the lease may note in the blob's metadata who it is", is_success(noted),
                     answered(noted));
    const HttpAnswer read = get("state");
    inquiry_.promise("a leased blob can be read without the lease", is_success(read), answered(read));
  }

  void ask_release() {
    const HttpAnswer other = lease("state", "release", under(guid(2)));
    inquiry_.promise("a lease is not released by another id", !is_success(other), answered(other));
    const HttpAnswer own = lease("state", "release", under(guid(1)));
    inquiry_.promise("a lease is released by its id", is_success(own), answered(own));
    const HttpAnswer next = lease("state", "acquire", to_acquire(guid(3)));
    inquiry_.promise("what was released can be leased at once", is_success(next), answered(next));
  }

  void ask_breaks() {
    const HttpAnswer broken = lease("state", "break", {});
    inquiry_.promise("a lease without end can be broken at once", broken.status == 202, answered(broken));
    const HttpAnswer former = put("state", "{\"serial\":5}", under(guid(3)));
    inquiry_.promise("who had a lease that was broken may write no more", !is_success(former),
                     answered(former));
    const HttpAnswer next = lease("state", "acquire", to_acquire(guid(4)));
    inquiry_.promise("what was broken can be leased again", is_success(next), answered(next));
    (void)lease("state", "release", under(guid(4)));
  }

  void ask_creation() {
    const HttpAnswer again = put("state", "{\"serial\":6}", {{"If-None-Match", "*"}});
    inquiry_.promise("a put with If-None-Match: * is refused where a blob is", !is_success(again),
                     answered(again));
  }

  void ask_reads() {
    unsigned fresh = 0;
    for (unsigned i = 0; i < kLooks; ++i) {
      const std::string text = fmt::format("{{\"serial\":{}}}", 10 + i);
      (void)put("state", text);
      fresh += get("state").body == text ? 1U : 0U;
    }
    inquiry_.promise("a read shows the last write", fresh == kLooks,
                     fmt::format("{} of {} reads do", fresh, kLooks), kLooks);
  }

  void ask_races() {
    inquiry_.promise_one_winner(
        inquiry_.race(
            [&](unsigned race, unsigned racer) {
              return lease_request("state", "acquire", to_acquire(guid(1000 * (race + 1) + racer)));
            },
            is_success,
            [&](unsigned race, const std::vector<unsigned>& granted) {
              for (const unsigned racer : granted)
                (void)lease("state", "release", under(guid(1000 * (race + 1) + racer)));
            }),
        "is granted the lease");
  }

  void begin_expiry() {
    if (!probe_.waits_for_expiry) return;
    must_put("expiring");
    const HttpAnswer made =
        lease("expiring", "acquire", to_acquire(guid(7), static_cast<int>(kShortestLease.count())));
    begun_ = std::chrono::steady_clock::now();
    if (!is_success(made)) throw NoAnswer{fmt::format("A lease of 15 s: {}.", answered(made))};
  }

  void end_expiry() {
    if (!probe_.waits_for_expiry) return inquiry_.cannot_tell("whether a lease of 15 s ends by itself");
    bool is_free = false;
    milliseconds took{0};
    while (!is_free && took < kShortestLease + seconds(5)) {
      inquiry_.wait(milliseconds(200));
      is_free = is_success(lease("expiring", "acquire", to_acquire(guid(8))));
      took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun_);
    }
    // Another's clock may differ from ours by what a request takes.
    const bool is_early = took < kShortestLease - milliseconds(500);
    inquiry_.promise("a lease of 15 s ends then, and not before", is_free && !is_early,
                     is_free
                         ? fmt::format("it ended after {:.1f} s", static_cast<double>(took.count()) / 1000.0)
                         : fmt::format("it has not ended after {} s", (kShortestLease + seconds(5)).count()));
    const HttpAnswer late = put("expiring", "{\"serial\":2}", under(guid(7)));
    inquiry_.promise("who had a lease that ended may write no more", !is_success(late), answered(late));
  }

  void clean_up() {
    for (const std::string& name : stored_) {
      (void)lease(name, "break", {{"x-ms-lease-break-period", "0"}});
      (void)inquiry_.ask(request("DELETE", blob(name), {{"x-ms-delete-snapshots", "include"}}));
      if (is_success(get(name)))
        inquiry_.left_behind(fmt::format("the blob {}/{}", probe_.reach.own_name, name));
    }
  }

  const AzureBlobProbe& probe_;
  Inquiry inquiry_;
  std::set<std::string> stored_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace

std::expected<Findings, std::string> probe_azure_blob(const AzureBlobProbe& probe) {
  return AzureBlobSession(probe).run();
}

}  // namespace lockstorm::wire::probe
