#include "wire/services/s3_uploads.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>
#include <vector>

#include "wire/services/digests.hpp"
#include "wire/services/xml_text.hpp"

namespace lockstorm::wire {
namespace {

std::string object_named(const S3Call& call) { return call.bucket + "/" + call.key; }

S3Error no_such_upload() {
  return {404, "NoSuchUpload",
          "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
          "aborted or completed."};
}

struct ListedPart {
  unsigned number = 0;
  std::string etag;
};

// `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"..."</ETag></Part>...`
std::vector<ListedPart> parts_in(std::string_view body) {
  std::vector<ListedPart> parts;
  const auto elements = xml_elements(body);
  if (!elements) return parts;
  ListedPart part;
  for (const XmlElement& element : *elements) {
    if (element.name == "PartNumber")
      (void)std::from_chars(element.text.data(), element.text.data() + element.text.size(), part.number);
    if (element.name == "ETag") part.etag = element.text;
    if (element.name == "Part") parts.push_back(std::exchange(part, {}));
  }
  return parts;
}

std::string without_quotes(std::string_view etag) {
  if (etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"'))
    etag = etag.substr(1, etag.size() - 2);
  return std::string(etag);
}

}  // namespace

const S3Uploads::Upload* S3Uploads::find(const S3Call& call) const {
  const auto found = uploads_.find(call.upload_id);
  return found != uploads_.end() && found->second.object == object_named(call) ? &found->second : nullptr;
}

std::expected<std::string, S3Error> S3Uploads::create(const S3Call& call, StoredObject stored) {
  if (uploads_.size() == kMaxUploads)
    return std::unexpected(S3Error{503, "SlowDown", "Too many uploads are open."});
  std::string id = fmt::format("upload-{}", ++count_);
  uploads_[id] = {object_named(call), std::move(stored), {}};
  return id;
}

std::expected<std::string, S3Error> S3Uploads::put_part(const S3Call& call) {
  if (find(call) == nullptr) return std::unexpected(no_such_upload());
  std::map<unsigned, Part>& parts = uploads_[call.upload_id].parts;
  const auto before = parts.find(call.part);
  const std::size_t bytes =
      bytes_ + call.body.size() - (before == parts.end() ? 0 : before->second.text.size());
  if (bytes > kMaxPartBytes)
    return std::unexpected(
        S3Error{400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"});
  bytes_ = bytes;
  Part& part = parts[call.part];
  part = {call.body, fmt::format("\"{}\"", md5_hex(call.body))};
  return part.etag;
}

std::expected<S3Uploads::Made, S3Error> S3Uploads::made_by(const S3Call& call) const {
  const Upload* upload = find(call);
  if (upload == nullptr) return std::unexpected(no_such_upload());
  const std::vector<ListedPart> listed = parts_in(call.body);
  if (listed.empty())
    return std::unexpected(
        S3Error{400, "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema"});
  Made made{"", upload->stored};
  std::string sums;
  unsigned before = 0;
  for (const ListedPart& one : listed) {
    const auto part = upload->parts.find(one.number);
    if (part == upload->parts.end() || without_quotes(one.etag) != without_quotes(part->second.etag))
      return std::unexpected(
          S3Error{400, "InvalidPart",
                  "One or more of the specified parts could not be found. The part may not "
                  "have been uploaded, or its entity tag may not match."});
    if (one.number <= before)
      return std::unexpected(
          S3Error{400, "InvalidPartOrder", "The list of parts was not in ascending order."});
    if (&one != &listed.back() && part->second.text.size() < kMinPartBytes)
      return std::unexpected(S3Error{
          400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed object size."});
    before = one.number;
    made.text += part->second.text;
    const auto sum = md5_of(part->second.text);
    sums.append(reinterpret_cast<const char*>(sum.data()), sum.size());
  }
  made.stored.etag = fmt::format("\"{}-{}\"", md5_hex(sums), listed.size());
  return made;
}

bool S3Uploads::remove(const S3Call& call) {
  const Upload* upload = find(call);
  if (upload == nullptr) return false;
  for (const auto& [number, part] : upload->parts) bytes_ -= part.text.size();
  uploads_.erase(call.upload_id);
  return true;
}

}  // namespace lockstorm::wire
