#include "wire/probe/azure_signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "wire/services/base64.hpp"
#include "wire/services/digests.hpp"

namespace lockstorm::wire {
void sign_for_azure(HttpRequest& request, const AzureKey& key, std::string_view date) {
  request.headers["x-ms-date"] = date;
  std::map<std::string, std::string> fields;
  for (const auto& [name, value] : request.headers) fields[in_lower_case(name)] = value;
  std::string text = request.method + "\n";
  const auto line = [&](const char* name) {
    const auto found = fields.find(name);
    text += (found == fields.end() ? std::string() : found->second) + "\n";
  };
  line("content-encoding");
  line("content-language");
  text += (request.body.empty() ? std::string() : std::to_string(request.body.size())) + "\n";
  for (const char* name : {"content-md5", "content-type", "date", "if-modified-since", "if-match",
                           "if-none-match", "if-unmodified-since", "range"})
    line(name);
  for (const auto& [name, value] : fields) {
    if (name.starts_with("x-ms-")) text += name + ":" + value + "\n";
  }
  const std::size_t mark = std::min(request.target.find('?'), request.target.size());
  text += "/" + key.account + request.target.substr(0, mark);
  HttpRequest split;
  split_target(request.target, split);
  for (const auto& [name, value] : split.query) text += "\n" + in_lower_case(name) + ":" + value;
  request.headers["Authorization"] =
      fmt::format("SharedKey {}:{}", key.account, encode_base64(hmac_sha256(key.key, text)));
}

std::string http_date(std::chrono::sys_seconds time) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays.at(std::chrono::weekday(day).c_encoding()), static_cast<unsigned>(date.day()),
                     kMonths.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace lockstorm::wire
