// Shared Key: how requests to Azure Storage say who sends them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "wire/net/exchange.hpp"

namespace lockstorm::wire {

struct AzureKey {
  std::string account;
  std::string key;  ///< its bytes, no longer in base64
};

/// Adds x-ms-date and Authorization. The target's path is signed as it is sent, after the account's name, so
/// that an account that stands in the path stands there twice, as emulators have it, too. `date` as HTTP has
/// it. (learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key: Blob, 2009-09-19 and later,
/// with an empty Content-Length for 0 since 2015-02-21.)
void sign_for_azure(HttpRequest& request, const AzureKey& key, std::string_view date);

/// A time as HTTP has it: "Mon, 30 Nov 2026 12:00:00 GMT".
std::string http_date(std::chrono::sys_seconds time);

}  // namespace lockstorm::wire
