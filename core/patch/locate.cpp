#include "core/patch/locate.hpp"

#include "core/patch/indent.hpp"
#include "core/patch/typography.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>

namespace pj::patch {

namespace {

using texts = std::vector<std::string_view>;

/// From T2 on a match must rest on at least this many non-blank bytes.
constexpr std::size_t least_solid = 10;

std::vector<std::uint64_t> hashes_of(const texts& lines, form how) {
  std::vector<std::uint64_t> out;
  out.reserve(lines.size());
  for (const auto text : lines)
    out.push_back(line_hash(text, how));
  return out;
}

std::size_t solid_bytes_of(const texts& lines) {
  std::size_t n = 0;
  for (const auto text : lines)
    n += solid_bytes(text);
  return n;
}

/// Knuth, Morris and Pratt; `hay(i)` gives the i-th of `size`.
template <class T, class Hay>
std::vector<std::uint32_t> occurrences_of(std::span<const T> needle,
                                          std::size_t size, Hay hay,
                                          std::size_t max_found) {
  std::vector<std::uint32_t> out;
  const auto n = needle.size();
  if (n == 0 || n > size)
    return out;
  std::vector<std::uint32_t> fall(n, 0);
  for (std::uint32_t i = 1, k = 0; i < n; ++i) {
    while (k > 0 && needle[i] != needle[k])
      k = fall[k - 1];
    k += needle[i] == needle[k];
    fall[i] = k;
  }
  for (std::uint32_t i = 0, k = 0; i < size; ++i) {
    const auto seen = hay(i);
    while (k > 0 && seen != needle[k])
      k = fall[k - 1];
    k += seen == needle[k];
    if (k == n) {
      out.push_back(i + 1 - static_cast<std::uint32_t>(n));
      if (out.size() >= max_found)
        break;
      k = fall[k - 1];
    }
  }
  return out;
}

/// The document's non-blank lines: their hashes and where they are.
struct dense {
  std::vector<std::uint64_t> hashes;
  std::vector<std::uint32_t> at;
};

dense without_blanks(std::span<const std::uint64_t> hashes) {
  dense out;
  for (std::size_t i = 0; i < hashes.size(); ++i)
    if (hashes[i] != blank_hash) {
      out.hashes.push_back(hashes[i]);
      out.at.push_back(static_cast<std::uint32_t>(i));
    }
  return out;
}

/// One way to look: a form, with or without blank lines.
struct look {
  int tier;
  form how;
  bool skips_blanks;
};

/// Looks for the old lines of one hunk. What is found in any form is found in
/// the most forgiving one too: those places are looked up once and each tier
/// keeps the ones that hold for its own form.
class search {
public:
  search(const hunk& h, const document& in, effort& budget)
    : hunk_(h), in_(in), budget_(budget), old_(old_side(h)),
      solid_(solid_bytes_of(old_)) {}

  /// All old lines are somewhere in the document, white space and Unicode
  /// aside: else no tier can match.
  bool may_match() const {
    budget_.spend(in_.is_indexed() ? old_.size() : in_.size());
    return std::all_of(old_.begin(), old_.end(),
                       [this](auto text) { return in_.has_line_like(text); });
  }

  /// The bytes themselves, without the document's hashes.
  bool run_exact(finding& out) {
    if (!budget_.spend(in_.size() + old_.size()))
      return false;
    out.how = form::exact;
    out.starts = at_end_only(occurrences_of(
      std::span<const std::string_view>(old_), in_.size(),
      [this](std::size_t i) { return in_.at(i).text; }, max_places));
    out.tier = out.starts.empty() ? -1 : 0;
    return out.tier == 0;
  }

  /// True when something was found; `out` holds it then.
  bool run(const look& l, finding& out) {
    if (l.tier >= 2 && solid_ < least_solid)
      return false;
    if (!budget_.spend(old_.size()))
      return false;
    out.how = l.how;
    out.skips_blanks = l.skips_blanks;
    out.starts = l.skips_blanks ? without_blank_lines() : with_all_lines(l.how);
    drop_false(out);
    out.tier = out.starts.empty() ? -1 : l.tier;
    return out.tier >= 0;
  }

private:
  using places = std::vector<std::uint32_t>;

  /// So many places that there may be more: only those of the form itself are
  /// of use then.
  places with_all_lines(form how) {
    if (!plain_)
      plain_ = in_form(form::squeezed);
    return plain_->size() < max_places ? *plain_ : in_form(how);
  }

  places in_form(form how) {
    if (!budget_.spend(in_.size() + old_.size()))
      return {};
    return at_end_only(occurrences(hashes_of(old_, how), in_.hashes(how)));
  }

  places at_end_only(places found) const {
    if (hunk_.at_end)
      std::erase_if(found,
                    [this](auto at) { return at + old_.size() != in_.size(); });
    return found;
  }

  const places& without_blank_lines() {
    if (sparse_ || !budget_.spend(in_.size() + old_.size()))
      return sparse_ ? *sparse_ : sparse_.emplace();
    auto needle = hashes_of(old_, form::squeezed);
    std::erase(needle, blank_hash);
    const auto hay = without_blanks(in_.hashes(form::squeezed));
    sparse_ = occurrences(needle, hay.hashes);
    if (hunk_.at_end)
      std::erase_if(
        *sparse_, [&](auto at) { return at + needle.size() != hay.at.size(); });
    for (auto& at : *sparse_)
      at = hay.at[at];
    return *sparse_;
  }

  /// Hashes may collide, the form may forgive less than the places were looked
  /// for with, and indentation may differ by more than one shift.
  void drop_false(finding& f) {
    places good;
    for (std::size_t i = 0; i < f.starts.size(); ++i)
      if (holds(f, i))
        good.push_back(f.starts[i]);
    f.starts = std::move(good);
  }

  bool holds(const finding& f, std::size_t which) {
    budget_.spend(old_.size());
    const auto match = match_of(f, hunk_, which, in_);
    for (std::size_t i = 0; i < old_.size(); ++i)
      if (match[i] != nowhere &&
          !same_line(old_[i], in_.at(match[i]).text, f.how))
        return false;
    return f.how < form::no_indent || f.how == form::squeezed ||
           indenter(hunk_, match, in_).kind() < indent_kind::scaled;
  }

  const hunk& hunk_;
  const document& in_;
  effort& budget_;
  texts old_;
  std::size_t solid_;
  std::optional<places> plain_;  ///< in the most forgiving form
  std::optional<places> sparse_; ///< the same, blank lines aside
};

} // namespace

std::vector<std::uint32_t> occurrences(std::span<const std::uint64_t> needle,
                                       std::span<const std::uint64_t> hay,
                                       std::size_t max_found) {
  return occurrences_of(
    needle, hay.size(), [hay](std::size_t i) { return hay[i]; }, max_found);
}

std::vector<std::uint32_t> match_of(const finding& f, const hunk& h,
                                    std::size_t which, const document& in) {
  const auto old = old_side(f.used(h));
  std::vector<std::uint32_t> out(old.size(), nowhere);
  auto at = f.starts[which];
  if (!f.skips_blanks) {
    for (auto& o : out)
      o = at++;
    return out;
  }
  const auto seen = in.hashes(form::squeezed);
  std::size_t i = 0;
  while (i < old.size() && is_blank(old[i]))
    ++i;
  for (; i < old.size(); ++i) {
    const bool blank = is_blank(old[i]);
    while (!blank && at < in.size() && seen[at] == blank_hash)
      ++at;
    if (at < in.size() && blank == (seen[at] == blank_hash))
      out[i] = at++;
  }
  return out;
}

std::uint32_t last_line_of(const finding& f, const hunk& h, std::size_t which,
                           const document& in) {
  auto out = f.starts[which];
  for (const auto m : match_of(f, h, which, in))
    if (m != nowhere)
      out = m;
  return out;
}

namespace {

/// Looks for the hunk as `rewrite` makes it.
bool run_rewritten(const hunk& h, const rewriting::rewriter& rewrite,
                   std::initializer_list<look> looks, const document& in,
                   effort& budget, finding& out) {
  auto other = std::make_shared<rewriting>();
  if (!other->make(h, rewrite))
    return false;
  search again(other->lines(), in, budget);
  if (!again.may_match())
    return false;
  for (const auto& l : looks)
    if (again.run(l, out)) {
      out.rewritten = std::move(other);
      return true;
    }
  return false;
}

/// Old lines with marks that are strange to the file.
bool run_plain(const hunk& h, const document& in, effort& budget,
               finding& out) {
  const typography strange(h, in);
  return !strange.empty() &&
         run_rewritten(
           h, [&](std::string_view text) { return strange.plain(text); },
           {{3, form::folded, false}, {4, form::folded, true}}, in, budget,
           out);
}

bool run_unescaped(const hunk& h, const document& in, effort& budget,
                   finding& out) {
  auto holds = [&h](char sign) {
    return std::any_of(h.lines.begin(), h.lines.end(), [sign](auto& l) {
      return l.text.find(sign) != l.text.npos;
    });
  };
  const std::initializer_list<look> looks = {{5, form::folded, true}};
  if (holds('&') && run_rewritten(h, without_entities, looks, in, budget, out))
    return true;
  if (!holds('\\'))
    return false;
  for (const auto rewrite : {without_escaped_quotes, without_escapes})
    if (run_rewritten(h, rewrite, looks, in, budget, out))
      return true;
  return false;
}

} // namespace

finding locate(const hunk& h, const document& in, effort& budget) {
  finding out;
  search plain(h, in, budget);
  if (!in.is_indexed() && plain.run_exact(out))
    return out;
  if (!plain.may_match()) {
    run_unescaped(h, in, budget, out);
    return out;
  }
  const bool found = plain.run({0, form::exact, false}, out) ||
                     plain.run({1, form::no_trailing, false}, out) ||
                     plain.run({2, form::no_indent, false}, out) ||
                     run_plain(h, in, budget, out) ||
                     plain.run({3, form::folded, false}, out) ||
                     plain.run({4, form::folded, true}, out) ||
                     run_unescaped(h, in, budget, out);
  if (!found)
    plain.run({6, form::squeezed, true}, out);
  return out;
}

} // namespace pj::patch
