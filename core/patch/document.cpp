#include "core/patch/document.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

constexpr std::string_view utf8_bom = "\xef\xbb\xbf";

/// New lines take the ending of their neighbours.
line_end ending_near(const std::vector<line>& lines, const splice& s,
                     line_end usual) {
  for (std::size_t i = s.at; i < std::size_t{s.at} + s.remove; ++i)
    if (lines[i].end != line_end::none)
      return lines[i].end;
  if (s.at > 0 && lines[s.at - 1].end != line_end::none)
    return lines[s.at - 1].end;
  if (s.at + s.remove < lines.size() &&
      lines[s.at + s.remove].end != line_end::none)
    return lines[s.at + s.remove].end;
  return usual;
}

} // namespace

document::document(std::string content) {
  stores_.push_back(std::make_shared<const std::string>(std::move(content)));
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
  const auto crlf = std::count_if(lines_.begin(), lines_.end(), [](auto& l) {
    return l.end == line_end::crlf;
  });
  return 2 * static_cast<std::size_t>(crlf) > lines_.size() ? line_end::crlf
                                                            : line_end::lf;
}

} // namespace pj::patch
