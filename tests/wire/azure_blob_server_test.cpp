// The model of Azure Blob Storage behind its API (backend-protocols.md 3.4, 4.3).
#include "wire/services/azure_blob_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/transcript.hpp"
#include "tests/wire/requests.hpp"
#include "wire/services/base64.hpp"

namespace lockstorm::wire {
namespace {

using testing::HasSubstr;
using Headers = std::map<std::string, std::string>;

constexpr const char* kOne = "11111111-1111-4111-8111-111111111111";
constexpr const char* kTwo = "22222222-2222-4222-8222-222222222222";
constexpr const char* kBlobState = R"({"version":4,"serial":7,"lineage":"l-1","resources":[]})";
constexpr const char* kBlobPath = "/tfstate/app.tfstate";

HttpRequest azure(std::string method, const std::string& target, Headers headers = {},
                  std::string body = "") {
  headers["host"] = "acct.blob.core.windows.net";
  return http_request(std::move(method), target, std::move(body), std::move(headers));
}
HttpRequest put(const std::string& text, Headers headers = {}) {
  headers["x-ms-blob-type"] = "BlockBlob";
  return azure("PUT", kBlobPath, std::move(headers), text);
}
HttpRequest acquire(const char* id) {
  return azure(
      "PUT", std::string(kBlobPath) + "?comp=lease",
      {{"x-ms-lease-action", "acquire"}, {"x-ms-lease-duration", "-1"}, {"x-ms-proposed-lease-id", id}});
}
std::string code_of(const HttpAnswer& answer) {
  const auto found = answer.headers.find("x-ms-error-code");
  return found == answer.headers.end() ? "" : found->second;
}

TEST(AzureBlobServer, KeepsWhatWasWrittenByteByByte) {
  AzureBlobServer server;
  EXPECT_EQ(code_of(server.handle(azure("GET", kBlobPath))), "BlobNotFound");
  EXPECT_EQ(server.handle(put(kBlobState, {{"content-type", "application/json"}})).status, 201U);
  const HttpAnswer read = server.handle(azure("GET", kBlobPath));
  EXPECT_EQ(read.body, kBlobState);
  EXPECT_EQ(read.headers.at("Content-Type"), "application/json");
  const HttpAnswer head = server.handle(azure("HEAD", kBlobPath));
  EXPECT_EQ(head.headers.at("Content-Length"), std::to_string(std::string(kBlobState).size()));
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(server.handle(put("")).status, 201U);
  EXPECT_EQ(server.handle(azure("GET", kBlobPath)).status, 200U);
}

TEST(AzureBlobServer, FencesWritesByTheLease) {
  AzureBlobServer server;
  server.handle(put(kBlobState));
  EXPECT_EQ(server.handle(acquire(kOne)).headers.at("x-ms-lease-id"), kOne);
  EXPECT_EQ(code_of(server.handle(acquire(kTwo))), "LeaseAlreadyPresent");
  EXPECT_EQ(code_of(server.handle(put("2"))), "LeaseIdMissing");
  EXPECT_EQ(code_of(server.handle(put("2", {{"x-ms-lease-id", kTwo}}))), "LeaseIdMismatchWithBlobOperation");
  const std::string info = encode_base64(R"({"ID":"1","Operation":"OperationTypeApply","Who":"w"})");
  EXPECT_EQ(server
                .handle(azure("PUT", std::string(kBlobPath) + "?comp=metadata",
                              {{"x-ms-meta-terraformlockid", info}, {"x-ms-lease-id", kOne}}))
                .status,
            200U);
  EXPECT_EQ(server.handle(azure("HEAD", kBlobPath)).headers.at("x-ms-meta-terraformlockid"), info);
  EXPECT_EQ(server.holds()["acct/tfstate/app.tfstate"]["lock"]["ID"], kOne);
  EXPECT_EQ(server.holds()["acct/tfstate/app.tfstate"]["lock"]["Who"], "w");
}

TEST(AzureBlobServer, TakesPathsWithAndWithoutTheAccount) {
  AzureBlobServer server;
  server.handle(put(kBlobState));
  const HttpRequest read =
      http_request("GET", "/acct/tfstate/app.tfstate", "", {{"host", "127.0.0.1:10000"}});
  EXPECT_EQ(server.handle(read).body, kBlobState);
}

TEST(AzureBlobServer, ListsBlobs) {
  AzureBlobServer server;
  server.handle(azure("PUT", "/tfstate/a%26b", {{"x-ms-blob-type", "BlockBlob"}}, "x"));
  server.handle(azure("PUT", "/other/c", {{"x-ms-blob-type", "BlockBlob"}}, "x"));
  const std::string all = server.handle(azure("GET", "/tfstate?restype=container&comp=list")).body;
  EXPECT_THAT(all, HasSubstr("<Name>a&amp;b</Name>"));
  EXPECT_THAT(all, testing::Not(HasSubstr("<Name>c</Name>")));
  const std::string none = server.handle(azure("GET", "/tfstate?restype=container&comp=list&prefix=z")).body;
  EXPECT_THAT(none, testing::Not(HasSubstr("<Blob>")));
}

TEST(AzureBlobServer, NamesRequestsAsTheModelsDo) {
  const AzureBlobServer server;
  const auto lease = server.name(acquire(kOne));
  ASSERT_TRUE(lease.has_value());
  EXPECT_EQ(lease->operation, "Acquire Lease");
  EXPECT_EQ(lease->object, "lease");
  EXPECT_EQ(lease->place, "acct/tfstate/app.tfstate");
  EXPECT_EQ(lease->lock_id, kOne);
  const auto stored = server.name(put(kBlobState, {{"x-ms-lease-id", kTwo}}));
  EXPECT_EQ(stored->operation, "Put Blob");
  EXPECT_EQ(stored->object, "blob");
  EXPECT_EQ(stored->lock_id, kTwo);
  EXPECT_EQ(stored->state->serial, 7U);
  EXPECT_FALSE(server.name(azure("PATCH", kBlobPath)).has_value());
}

TEST(AzureBlobServer, TellsWhatItDoesNotKnow) {
  AzureBlobServer server;
  for (const HttpRequest& unknown : {azure("PUT", "/tfstate/app?comp=blocklist"), azure("PATCH", kBlobPath),
                                     azure("GET", "/"), azure("GET", "/tfstate?restype=container"),
                                     azure("GET", kBlobPath, {{"if-modified-since", "now"}})}) {
    const HttpAnswer answer = server.handle(unknown);
    EXPECT_EQ(answer.status, 501U) << unknown.target;
    EXPECT_EQ(code_of(answer), "NotImplemented");
  }
  EXPECT_EQ(code_of(server.handle(azure("PUT", kBlobPath))), "MissingRequiredHeader");
  EXPECT_EQ(code_of(server.handle(acquire("no-guid"))), "InvalidHeaderValue");
  EXPECT_EQ(code_of(server.refuse(put(""), sim::Refusal::throttled)), "ServerBusy");
  EXPECT_EQ(server.refuse(put(""), sim::Refusal::server_error).status, 500U);
}

// Azurite's own answers, through the codec (server-semantics.md 3.1); its clock is the recording's.
TEST(AzureBlobServer, AnswersAsARecordedAzuriteDid) {
  const std::set<std::string> deviations{"acquire-no-duration-header", "after-no-duration-acquire",
                                         "get-after-no-duration-acquire", "acquire-bad-guid",
                                         "after-bad-guid-acquire"};
  AzureBlobServer::Time now{std::chrono::hours(1)};
  AzureBlobServer server({.names_lost_leases = false}, [&] { return now; });
  std::map<std::string, std::string> etags;  // theirs to ours
  int compared = 0;
  for (const auto& line : transcript_lines("azurite.jsonl")) {
    if (line["kind"] == "timing") {  // others polled until they had the lease
      const bool is_break = line["step"] == "timing-break-period-2-until-acquirable";
      now = AzureBlobServer::Time{std::chrono::hours(1)} + std::chrono::milliseconds(line["t_ms"].get<int>());
      HttpRequest poll = acquire(is_break ? "33333333-3333-4333-8333-333333333333" : kTwo);
      poll.headers["host"] = "devstoreaccount1.blob.core.windows.net";
      poll.path = "/tfstate/a.tfstate";
      EXPECT_EQ(server.handle(poll).status, 201U) << line["step"];
    }
    if (line["kind"] != "http" || deviations.contains(line["step"])) continue;
    const auto& asked = line["request"];
    now = std::max(now, AzureBlobServer::Time{std::chrono::hours(1)} +
                            std::chrono::milliseconds(line["t_ms"].get<int>()));
    HttpRequest request = http_request(asked["method"], asked["target"].get<std::string>(), asked["body"]);
    for (const auto& [name, value] : asked["headers"].items()) {
      std::string lower = name;
      std::ranges::transform(lower, lower.begin(),
                             [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      const auto ours = etags.find(value.get<std::string>());
      request.headers[lower] = ours == etags.end() ? value.get<std::string>() : ours->second;
    }
    const HttpAnswer answer = server.handle(request);
    const auto& recorded = line["response"];
    EXPECT_EQ(answer.status, recorded["status"].get<unsigned>()) << line["step"];
    EXPECT_EQ(code_of(answer), recorded["headers"].value("x-ms-error-code", "")) << line["step"];
    for (const char* header : {"x-ms-lease-state", "x-ms-lease-status", "x-ms-lease-duration",
                               "x-ms-lease-time", "x-ms-lease-id", "x-ms-meta-terraformlockid"}) {
      const bool is_drawn = line["step"] == "acquire-none-while-leased-A";
      const auto shown = answer.headers.find(header);
      if (!is_drawn) {
        EXPECT_EQ(shown == answer.headers.end() ? "" : shown->second, recorded["headers"].value(header, ""))
            << line["step"] << " " << header;
      }
    }
    if (asked["method"] == "GET" && answer.status == 200) {
      EXPECT_EQ(answer.body, recorded["body"].get<std::string>()) << line["step"];
    }
    if (answer.headers.contains("ETag") && recorded["headers"].contains("etag"))
      etags[recorded["headers"]["etag"]] = answer.headers.at("ETag");
    ++compared;
  }
  EXPECT_EQ(compared, 70);
}

RC_GTEST_PROP(AzureBlobServer, GivesBackTheLastWrite, (const std::vector<std::string>& texts)) {
  AzureBlobServer server;
  for (const std::string& text : texts) {
    server.handle(put(text));
    RC_ASSERT(server.handle(azure("GET", kBlobPath)).body == text);
  }
}

RC_GTEST_PROP(AzureBlobServer, EtagsComeBack, (std::uint16_t number)) {
  RC_ASSERT(azure_etag_number(azure_etag(number)) == number);
}

}  // namespace
}  // namespace lockstorm::wire
