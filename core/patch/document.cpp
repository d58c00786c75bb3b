#include "core/patch/document.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

constexpr std::string_view utf8_bom = "\xef\xbb\xbf";

/// New lines end as the lines around them do; where those differ, as most
/// lines of the file do.
line_end ending_near(const std::vector<line>& lines, const splice& s,
                     line_end usual) {
  auto out = line_end::none;
  const auto first = s.at > 0 ? std::size_t{s.at} - 1 : 0;
  const auto last = std::min(lines.size(), std::size_t{s.at} + s.remove + 1);
  for (auto i = first; i < last; ++i) {
    if (out != line_end::none && lines[i].end != line_end::none &&
        lines[i].end != out)
      return usual;
    if (lines[i].end != line_end::none)
      out = lines[i].end;
  }
  return out == line_end::none ? usual : out;
}

} // namespace

document::document(std::shared_ptr<const std::string> content) {
  stores_.push_back(std::move(content));
  std::string_view text = *stores_.front();
  bom_ = text.starts_with(utf8_bom);
  if (bom_)
    text.remove_prefix(utf8_bom.size());
  lines_ = split_lines(text);
}

std::span<const std::uint64_t> document::hashes(form how) const {
  auto& known = hashes_[static_cast<std::size_t>(how)];
  if (known.size() != lines_.size()) {
    known.clear();
    known.reserve(lines_.size());
    for (const auto& l : lines_)
      known.push_back(line_hash(l.text, how));
  }
  return known;
}

void document::apply(const std::vector<splice>& edits) {
  const auto usual = usual_end();
  std::vector<line> out;
  out.reserve(lines_.size() + 16);
  std::size_t next = 0;
  auto copy_to = [&](std::size_t end) {
    out.insert(out.end(), lines_.begin() + static_cast<std::ptrdiff_t>(next),
               lines_.begin() + static_cast<std::ptrdiff_t>(end));
  };
  for (const auto& s : edits) {
    copy_to(s.at);
    const auto end = ending_near(lines_, s, usual);
    for (const auto& l : s.insert)
      out.push_back({l.text, l.end == line_end::none ? line_end::none : end});
    next = std::size_t{s.at} + s.remove;
  }
  copy_to(lines_.size());
  for (std::size_t i = 0; i + 1 < out.size(); ++i)
    if (out[i].end == line_end::none)
      out[i].end = usual;
  lines_ = std::move(out);
  for (auto& h : hashes_)
    h.clear();
}

std::string_view document::keep(std::string text) {
  stores_.push_back(std::make_shared<const std::string>(std::move(text)));
  return *stores_.back();
}

std::string document::text() const {
  std::size_t bytes = bom_ ? utf8_bom.size() : 0;
  for (const auto& l : lines_)
    bytes += l.text.size() + bytes_of(l.end).size();
  std::string out;
  out.reserve(bytes);
  if (bom_)
    out += utf8_bom;
  for (const auto& l : lines_) {
    out += l.text;
    out += bytes_of(l.end);
  }
  return out;
}

line_end document::usual_end() const noexcept {
  std::array<std::size_t, 4> count{};
  for (const auto& l : lines_)
    ++count[static_cast<std::size_t>(l.end)];
  auto best = line_end::lf;
  for (const auto end : {line_end::crlf, line_end::cr})
    if (count[static_cast<std::size_t>(end)] >
        count[static_cast<std::size_t>(best)])
      best = end;
  return best;
}

} // namespace pj::patch
