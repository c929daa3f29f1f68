#include "wire/services/s3_listing.hpp"

#include <algorithm>
#include <charconv>

#include "wire/services/s3_codec.hpp"
#include "wire/services/xml_text.hpp"

namespace lockstorm::wire {
namespace {

constexpr std::size_t kMostKeys = 1000;

// Without the keys that are summed up under a prefix.
struct Page {
  std::vector<std::pair<std::string, const ListedObject*>> objects;
  std::vector<std::string> prefixes;
  std::string last;  ///< where the next page begins, after it
  bool is_truncated = false;

  [[nodiscard]] std::size_t size() const { return objects.size() + prefixes.size(); }
};

struct Wanted {
  std::string prefix, delimiter, after;
  std::size_t most = kMostKeys;
};

std::string parameter(const HttpRequest& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

Page page_of(const ListedObjects& objects, const Wanted& wanted) {
  Page page;
  for (auto at = objects.lower_bound(wanted.prefix); at != objects.end(); ++at) {
    const std::string& key = at->first;
    if (!key.starts_with(wanted.prefix)) break;
    const std::size_t end =
        wanted.delimiter.empty() ? std::string::npos : key.find(wanted.delimiter, wanted.prefix.size());
    const bool is_summed_up = end != std::string::npos;
    const std::string name = is_summed_up ? key.substr(0, end + wanted.delimiter.size()) : key;
    if (name <= wanted.after || (is_summed_up && !page.prefixes.empty() && page.prefixes.back() == name))
      continue;
    if (page.size() == wanted.most) {
      page.is_truncated = wanted.most > 0;
      break;
    }
    page.last = name;
    if (is_summed_up) {
      page.prefixes.push_back(name);
    } else {
      page.objects.emplace_back(key, &at->second);
    }
  }
  return page;
}

// `encoding-type=url`: keys that XML cannot hold.
std::string percent_encoded(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          std::string_view("-_.~/").find(c) != std::string_view::npos;
    const auto number = static_cast<unsigned char>(c);
    if (is_plain) {
      encoded += c;
    } else {
      encoded += {'%', kDigits[number >> 4U], kDigits[number & 15U]};
    }
  }
  return encoded;
}

}  // namespace

HttpAnswer list_answer(const S3Call& call, const HttpRequest& request, const ListedObjects& objects,
                       const S3Dialect& dialect) {
  const bool is_v2 = call.api == S3Api::list_objects_v2;
  Wanted wanted{parameter(request, "prefix"), parameter(request, "delimiter"),
                std::max(parameter(request, is_v2 ? "continuation-token" : "marker"),
                         parameter(request, "start-after"))};
  const std::string most = parameter(request, "max-keys");
  if (!most.empty()) {
    const auto read = std::from_chars(most.data(), most.data() + most.size(), wanted.most);
    if (read.ec != std::errc() || read.ptr != most.data() + most.size())
      return error_answer({400, "InvalidArgument", "max-keys is no number"}, request, dialect);
    wanted.most = std::min(wanted.most, kMostKeys);
  }
  const Page page = page_of(objects, wanted);
  const bool is_encoded = parameter(request, "encoding-type") == "url";
  const auto shown = [&](const std::string& key) { return is_encoded ? percent_encoded(key) : key; };

  XmlWriter xml("ListBucketResult", "http://s3.amazonaws.com/doc/2006-03-01/");
  xml.leaf("Name", call.bucket).leaf("Prefix", shown(wanted.prefix));
  if (!wanted.delimiter.empty()) xml.leaf("Delimiter", shown(wanted.delimiter));
  xml.leaf("MaxKeys", std::to_string(wanted.most));
  if (is_encoded) xml.leaf("EncodingType", "url");
  xml.leaf("IsTruncated", page.is_truncated ? "true" : "false");
  if (is_v2) {
    xml.leaf("KeyCount", std::to_string(page.size()));
    if (page.is_truncated) xml.leaf("NextContinuationToken", page.last);
  } else {
    xml.leaf("Marker", shown(wanted.after));
    if (page.is_truncated) xml.leaf("NextMarker", shown(page.last));
  }
  for (const auto& [key, object] : page.objects) {
    xml.open("Contents").leaf("Key", shown(key)).leaf("LastModified", "2026-01-01T00:00:00.000Z");
    xml.leaf("ETag", object->etag).leaf("Size", std::to_string(object->size));
    xml.leaf("StorageClass", "STANDARD").close();
  }
  for (const std::string& prefix : page.prefixes)
    xml.open("CommonPrefixes").leaf("Prefix", shown(prefix)).close();
  return {200, {{"Content-Type", "application/xml"}}, std::move(xml).text()};
}

}  // namespace lockstorm::wire
