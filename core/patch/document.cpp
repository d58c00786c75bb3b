#include "core/patch/document.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

constexpr std::string_view utf8_bom = "\xef\xbb\xbf";

using end_counts = std::array<std::size_t, 4>;

end_counts count_ends(const std::vector<line>& lines) {
  end_counts out{};
  for (const auto& l : lines)
    ++out[static_cast<std::size_t>(l.end)];
  return out;
}

/// The ending most lines have; of two with as many lines the preferred one.
line_end most_usual(const end_counts& count, line_end preferred) {
  auto of = [&count](line_end e) { return count[static_cast<std::size_t>(e)]; };
  auto best = preferred == line_end::none ? line_end::lf : preferred;
  for (const auto end : {line_end::lf, line_end::crlf, line_end::cr})
    if (of(end) > of(best))
      best = end;
  return best;
}

/// New lines end as the lines around them do; where those differ, as most
/// lines of the file do, or as the line they replace when it is one of two
/// usual ones.
line_end ending_near(const std::vector<line>& lines, const splice& s,
                     const end_counts& count) {
  auto out = line_end::none;
  const auto usual = [&] {
    return most_usual(count, s.remove > 0 ? lines[s.at].end : line_end::lf);
  };
  const auto first = s.at > 0 ? std::size_t{s.at} - 1 : 0;
  const auto last = std::min(lines.size(), std::size_t{s.at} + s.remove + 1);
  for (auto i = first; i < last; ++i) {
    if (out != line_end::none && lines[i].end != line_end::none &&
        lines[i].end != out)
      return usual();
    if (lines[i].end != line_end::none)
      out = lines[i].end;
  }
  return out == line_end::none ? usual() : out;
}

/// A copy of `all` with every splice's lines replaced by what `insert` adds.
template <class T, class Insert>
std::vector<T> spliced(const std::vector<T>& all,
                       const std::vector<splice>& edits, Insert insert) {
  std::vector<T> out;
  out.reserve(all.size() + 16);
  auto next = all.begin();
  for (const auto& s : edits) {
    const auto at = all.begin() + static_cast<std::ptrdiff_t>(s.at);
    out.insert(out.end(), next, at);
    insert(s, out);
    next = at + static_cast<std::ptrdiff_t>(s.remove);
  }
  out.insert(out.end(), next, all.end());
  return out;
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

bool document::has_line_like(std::string_view text) const {
  if (squeezed_.empty())
    squeezed_ = hash_set(hashes(form::squeezed));
  return squeezed_.contains(line_hash(text, form::squeezed));
}

void document::apply(const std::vector<splice>& edits) {
  if (edits.empty())
    return;
  edited_ = true;
  const auto count = count_ends(lines_);
  for (std::size_t f = 0; f < form_count; ++f)
    if (hashes_[f].size() == lines_.size())
      hashes_[f] = spliced(hashes_[f], edits, [f](const splice& s, auto& out) {
        for (const auto& l : s.insert)
          out.push_back(line_hash(l.text, static_cast<form>(f)));
      });
  lines_ = spliced(lines_, edits, [&](const splice& s, auto& out) {
    const auto end = ending_near(lines_, s, count);
    for (const auto& l : s.insert)
      out.push_back({l.text, l.end == line_end::none ? line_end::none : end});
  });
  for (std::size_t i = 0; i + 1 < lines_.size(); ++i)
    if (lines_[i].end == line_end::none)
      lines_[i] = {lines_[i].text, most_usual(count, line_end::lf)};
  squeezed_ = {};
}

std::string_view document::keep(std::string text) {
  stores_.push_back(std::make_shared<const std::string>(std::move(text)));
  return *stores_.back();
}

/// Lines that lie side by side in one store are copied at once.
std::string document::text() const {
  std::string out(bom_ ? utf8_bom : std::string_view{});
  std::size_t bytes = out.size();
  for (const auto& l : lines_)
    bytes += l.text.size() + 2;
  out.reserve(bytes);
  std::string_view run;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const auto& l = lines_[i];
    if (run.data() + run.size() != l.text.data()) {
      out += run;
      run = {l.text.data(), 0};
    }
    run = {run.data(), run.size() + l.text.size()};
    const auto end = bytes_of(l.end);
    if (l.joined) {
      run = {run.data(), run.size() + end.size()};
    } else {
      out += run;
      out += end;
      run = {};
    }
  }
  return out += run;
}

line_end document::usual_end() const noexcept {
  return most_usual(count_ends(lines_), line_end::lf);
}

} // namespace pj::patch
