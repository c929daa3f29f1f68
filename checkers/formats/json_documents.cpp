#include "checkers/formats/json_documents.hpp"

#include "checkers/formats/json_event.hpp"

namespace lockstorm::checkers::formats {
namespace {

// As many bytes as the processor's nearer caches hold, with what is made of them.
constexpr std::size_t kBatchBytes = std::size_t{1} << 17U;

}  // namespace

JsonDocuments::JsonDocuments() : lines_({}) {
#ifdef SIMDJSON_THREADS_ENABLED
  parser_.threaded = false;
#endif
}

void JsonDocuments::begin(std::string_view lines) {
  lines_before_ += lines_.number();
  text_ = lines;
  lines_ = Lines(lines);
  batch_ = {};
}

JsonDocuments::Next JsonDocuments::next() {
  do {
    if (!lines_.next()) return ends_batch() ? Next::end : Next::unusual;
  } while (is_blank(lines_.line()));
  const std::string_view line = lines_.line();
  if (!is_object_without_escapes(line)) return Next::unusual;
  if (!batch_.empty() && line.data() < batch_.data() + batch_.size()) {
    ++document_;
  } else if (ends_batch()) {
    begin_batch(line.data());
  } else {
    return Next::unusual;
  }
  // A document that begins elsewhere follows another one on its line, or the one before it has several lines.
  const auto offset = static_cast<std::size_t>(line.data() - batch_.data());
  const bool is_here = document_ != stream_.end() && document_.current_index() == offset &&
                       (*document_).get(object_) == simdjson::SUCCESS;
  return is_here ? Next::object : Next::unusual;
}

// Nothing stands behind the last object of a batch.
bool JsonDocuments::ends_batch() {
  if (batch_.empty()) return true;
  ++document_;
  return !(document_ != stream_.end()) && stream_.truncated_bytes() == 0;
}

void JsonDocuments::begin_batch(const char* begin) {
  const std::string_view rest = text_.substr(static_cast<std::size_t>(begin - text_.data()));
  batch_ = rest.substr(0, rest.size() <= kBatchBytes ? rest.size() : rest.find('\n', kBatchBytes));
  const char* parsed = batch_.data();
  if (rest.size() - batch_.size() < simdjson::SIMDJSON_PADDING) {
    batch_ = rest;
    last_lines_.assign(rest);
    last_lines_.resize(rest.size() + simdjson::SIMDJSON_PADDING, ' ');
    parsed = last_lines_.data();
  }
  // What cannot be parsed at all has no document.
  if (parser_.parse_many(parsed, batch_.size(), batch_.size()).get(stream_) != simdjson::SUCCESS)
    stream_ = {};
  document_ = stream_.begin();
}

}  // namespace lockstorm::checkers::formats
