#include "core/prompt/document.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace pj::prompt {

namespace {

bool may_show(file_kind kind, bool named) noexcept {
  switch (kind) {
  case file_kind::text:
    return true;
  case file_kind::generated:
  case file_kind::vendored:
  case file_kind::huge:
    return named;
  default:
    return false;
  }
}

void drop_carriage_returns(std::string& text) {
  std::size_t to = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n')
      text[to++] = text[i];
  text.resize(to);
}

/// Bytes that are not UTF-8 become U+FFFD, each run one.
std::string scrubbed(std::string_view text) {
  std::string out;
  bool bad = false;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t n = 1;
    while (n < 4 && i + n < text.size() &&
           (static_cast<unsigned char>(text[i + n]) & 0xc0) == 0x80)
      ++n;
    while (n > 0 && !is_valid_utf8(text.substr(i, n)))
      --n;
    if (n > 0)
      out += text.substr(i, n);
    else if (!bad)
      out += "\xef\xbf\xbd";
    bad = n == 0;
    i += std::max<std::size_t>(n, 1);
  }
  return out;
}

} // namespace

loaded load(const source_tree& tree, const tree_entry& entry, bool named) {
  loaded out;
  out.file.entry = &entry;
  out.kind = kind_of(entry);
  out.file.usual = out.kind == file_kind::text;
  if (may_show(out.kind, named) && entry.size > max_read_file)
    out.kind = file_kind::huge;
  else if (may_show(out.kind, named)) {
    auto bytes = tree.read(entry.path);
    out.readable = static_cast<bool>(bytes);
    if (!bytes)
      return out;
    out.kind = kind_of_content(*bytes);
    out.file.usual = out.file.usual && out.kind == file_kind::text;
    if (may_show(out.kind, named)) {
      out.kind = file_kind::text;
      out.file.text = std::move(*bytes);
    }
  }
  auto& text = out.file.text;
  if (text.starts_with("\xef\xbb\xbf"))
    text.erase(0, 3);
  if (text.find('\r') != text.npos)
    drop_carriage_returns(text);
  if (!is_valid_utf8(text)) {
    text = scrubbed(text);
    out.file.repaired = true;
  }
  return out;
}

std::uint32_t count_lines(std::string_view text) noexcept {
  const auto ends = std::count(text.begin(), text.end(), '\n');
  const bool open = !text.empty() && text.back() != '\n';
  return static_cast<std::uint32_t>(ends + (open ? 1 : 0));
}

} // namespace pj::prompt
