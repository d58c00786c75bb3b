#include "core/llm/sse.hpp"

#include <algorithm>
#include <cstring>

namespace pj::llm {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// What a parser may read behind data that is held here.
constexpr std::size_t room_behind = 64;

} // namespace

void sse_reader::feed(std::string_view bytes) {
  forget_delivered();
  buffer_ = bytes;
  at_ = next_lf_ = next_cr_ = 0;
  begin_block();
}

void sse_reader::skip(std::size_t length) {
  forget_delivered();
  at_ += length;
  ++lines_;
  begin_block();
}

/// Between events, unless something of the next one was seen already.
void sse_reader::begin_block() {
  const bool clean = carried_.empty() && type_.empty() && !has_data_ &&
                     !after_cr_ && !first_line_;
  block_ = clean ? at_ : std::string_view::npos;
}

/// Position of the next `c` at or behind `at_`, else the buffer's end. Each
/// byte is looked at once per character, whatever the line ends are.
std::size_t sse_reader::find(char c, std::size_t& known) const {
  if (known > at_ ||
      (known == at_ && at_ < buffer_.size() && buffer_[at_] == c))
    return known;
  const auto* from = buffer_.data() + at_;
  const auto* hit = static_cast<const char*>(
    at_ == buffer_.size() ? nullptr
                          : std::memchr(from, c, buffer_.size() - at_));
  known = hit ? static_cast<std::size_t>(hit - buffer_.data()) : buffer_.size();
  return known;
}

/// The next whole line of the buffer, without its end.
bool sse_reader::take_line(std::string_view& line) {
  if (after_cr_ && at_ < buffer_.size()) {
    after_cr_ = false;
    if (buffer_[at_] == '\n')
      ++at_;
  }
  const auto lf = find('\n', next_lf_);
  const auto cr = find('\r', next_cr_);
  const auto end = lf < cr ? lf : cr;
  if (end == buffer_.size())
    return false;
  line = buffer_.substr(at_, end - at_);
  after_cr_ = end == cr;
  at_ = end + 1;
  ++lines_;
  return true;
}

sse_reader::status sse_reader::next(sse_event& out) {
  forget_delivered();
  std::string_view line;
  while (take_line(line)) {
    const bool in_buffer = carried_.empty();
    if (line.size() > limits_.line - carried_.size())
      return status::too_long;
    if (!in_buffer)
      line = carried_.append(line);
    const auto got = line.empty() ? dispatch(out) : take_field(line, in_buffer);
    carried_.clear();
    if (got != status::need_more)
      return got;
  }
  return keep_rest();
}

/// Copies what the fed bytes leave unfinished.
sse_reader::status sse_reader::keep_rest() {
  const auto rest = buffer_.substr(at_);
  if (rest.size() > limits_.line - carried_.size())
    return status::too_long;
  carried_.append(rest);
  if (borrowed_) {
    held_.reserve(data_.size() + room_behind);
    held_.assign(data_);
    data_ = held_;
    borrowed_ = false;
  }
  feed({});
  return status::need_more;
}

sse_reader::status sse_reader::take_field(std::string_view line,
                                          bool in_buffer) {
  if (first_line_ && line.substr(0, 3) == byte_order_mark)
    line.remove_prefix(3);
  first_line_ = false;
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  auto value = colon == line.npos ? std::string_view{} : line.substr(colon + 1);
  if (!value.empty() && value.front() == ' ')
    value.remove_prefix(1);
  if (name == "data")
    return take_data(value, in_buffer) ? status::need_more : status::too_long;
  if (name == "event")
    type_.assign(value);
  return status::need_more;
}

bool sse_reader::take_data(std::string_view value, bool in_buffer) {
  if (data_.size() + 1 + value.size() > limits_.event)
    return false;
  if (!has_data_ && in_buffer) {
    data_ = value;
    has_data_ = borrowed_ = true;
    return true;
  }
  if (!has_data_)
    held_.clear();
  else if (borrowed_)
    held_.assign(data_);
  held_.reserve(held_.size() + value.size() + room_behind);
  if (has_data_)
    held_.push_back('\n');
  held_.append(value);
  data_ = held_;
  has_data_ = true;
  borrowed_ = false;
  return true;
}

sse_reader::status sse_reader::dispatch(sse_event& out) {
  first_line_ = false;
  delivered_ = true;
  const auto block =
    buffer_.substr(std::min(block_, at_), at_ - std::min(block_, at_));
  block_ = after_cr_ ? std::string_view::npos : at_;
  if (!has_data_) {
    forget_delivered();
    return status::need_more;
  }
  const char* end = data_.data() + data_.size();
  out.type = type_;
  out.data = data_;
  out.block = block;
  out.readable_after =
    static_cast<std::size_t>(borrowed_ ? buffer_.data() + buffer_.size() - end
                                       : held_.data() + held_.capacity() - end);
  return status::event;
}

void sse_reader::forget_delivered() {
  if (!delivered_)
    return;
  delivered_ = has_data_ = borrowed_ = false;
  data_ = {};
  type_.clear();
}

sse_reader::status sse_reader::finish(sse_event& out) {
  forget_delivered();
  auto line = std::string_view(carried_);
  if (!line.empty() && take_field(line, false) == status::too_long)
    return status::too_long;
  return dispatch(out);
}

} // namespace pj::llm
