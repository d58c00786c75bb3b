#include "core/patch/typography.hpp"

#include "core/patch/unicode.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

/// Both kinds of quotes go wrong together.
char kind_of(std::int32_t c) {
  const char plain = plain_mark(c);
  return plain == '\'' ? '"' : plain;
}

template <class See>
void each_mark(std::string_view text, See see) {
  if (is_ascii(text))
    return;
  each_code_point(text, [&](std::int32_t c, std::string_view) {
    if (plain_mark(c) != 0)
      see(c);
  });
}

} // namespace

typography::typography(const hunk& h, const document& in) {
  std::set<std::int32_t> said;
  for (const auto& l : h.lines)
    if (l.what != mark::add)
      each_mark(l.text, [&](std::int32_t c) { said.insert(c); });
  if (said.empty())
    return;
  for (const auto& l : in.lines())
    each_mark(l.text, [&](std::int32_t c) { familiar_.insert(c); });
  for (const auto c : said)
    if (!familiar_.contains(c))
      kinds_.insert(kind_of(c));
}

std::string typography::plain(std::string_view text) const {
  std::string out;
  each_code_point(text, [&](std::int32_t c, std::string_view bytes) {
    if (kinds_.contains(kind_of(c)) && !familiar_.contains(c))
      out += plain_mark(c);
    else
      out += bytes;
  });
  return out;
}

} // namespace pj::patch
