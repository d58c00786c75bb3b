#include "core/patch/splices.hpp"

#include "core/patch/indent.hpp"

#include <iterator>

namespace pj::patch {

namespace {

line_end last_end(final_newline said, const document& in) {
  if (said != final_newline::silent)
    return said == final_newline::absent ? line_end::none : line_end::lf;
  const bool missing =
    in.size() > 0 && in.at(in.size() - 1).end == line_end::none;
  return missing ? line_end::none : line_end::lf;
}

/// What comes to stand at the end of the file ends as the file did, or as the
/// answer says.
void settle_end(splice& s, final_newline said, const document& in) {
  if (!s.insert.empty() && s.at + s.remove == in.size())
    s.insert.back().end = last_end(said, in);
}

/// Walks a hunk's lines along the lines they matched.
class walker {
public:
  walker(const hunk& h, std::vector<std::uint32_t> match, bool rewritten,
         document& in)
    : hunk_(h), match_(std::move(match)), indent_(h, match_, in),
      as_is_(!rewritten && indent_.kind() == indent_kind::same), in_(in),
      at_(first_match()) {}

  std::vector<splice> run() {
    std::size_t old = 0;
    for (std::size_t i = 0; i < hunk_.lines.size(); ++i)
      if (hunk_.lines[i].what == mark::add)
        add(i);
      else
        pass(match_[old++], hunk_.lines[i].what == mark::remove);
    for (auto& s : out_)
      settle_end(s, hunk_.last, in_);
    settle_kept_end();
    return std::move(out_);
  }

private:
  std::uint32_t first_match() const {
    for (const auto m : match_)
      if (m != nowhere)
        return m;
    return in_.size();
  }

  void add(std::size_t i) {
    const auto text =
      as_is_ ? hunk_.lines[i].text : in_.keep(indent_.placed(i));
    here().insert.push_back({text, line_end::lf});
  }

  void pass(std::uint32_t line, bool removed) {
    if (line == nowhere)
      return;
    if (removed) {
      if (removing_)
        here().remove += line - at_;
      at_ = line;
      ++here().remove;
    }
    removing_ = removed;
    at_ = line + 1;
  }

  splice& here() {
    if (out_.empty() || out_.back().at + out_.back().remove != at_)
      out_.push_back({at_, 0, {}});
    return out_.back();
  }

  /// Only the newline at the end of the file changes.
  void settle_kept_end() {
    if (hunk_.last == final_newline::silent ||
        hunk_.last == final_newline::on_added || match_.empty() ||
        match_.back() + 1 != in_.size() || hunk_.lines.empty() ||
        hunk_.lines.back().what != mark::keep)
      return;
    const auto& last = in_.at(in_.size() - 1);
    const bool has = last.end != line_end::none;
    if (has != (hunk_.last == final_newline::present))
      out_.push_back(
        {in_.size() - 1, 1, {{last.text, last_end(hunk_.last, in_)}}});
  }

  const hunk& hunk_;
  std::vector<std::uint32_t> match_;
  indenter indent_;
  bool as_is_; ///< the lines to add need no copy
  document& in_;
  std::uint32_t at_;
  bool removing_ = false;
  std::vector<splice> out_;
};

} // namespace

std::vector<splice> splices_of(const hunk& h, const finding& f,
                               std::size_t which, document& in) {
  auto match = match_of(f, h, which, in);
  return walker(f.used(h), std::move(match), f.rewritten != nullptr, in).run();
}

splice insertion(const hunk& h, std::uint32_t at, const document& in) {
  splice out{at, 0, {}};
  for (const auto& l : h.lines)
    if (l.what == mark::add)
      out.insert.push_back({l.text, line_end::lf});
  settle_end(out, h.last, in);
  return out;
}

bool clash(const splice& a, const splice& b) noexcept {
  if (a.at == b.at)
    return (a.remove > 0) == (b.remove > 0);
  return a.at < b.at ? b.at < a.at + a.remove : a.at < b.at + b.remove;
}

bool change_list::clashes(const splice& s) const {
  auto i = all_.lower_bound({s.at, false});
  if (i != all_.begin() && clash(std::prev(i)->second, s))
    return true;
  for (; i != all_.end() && i->first.first <= s.at + s.remove; ++i)
    if (clash(i->second, s))
      return true;
  return false;
}

bool in_order(const std::vector<splice>& changes) noexcept {
  for (std::size_t i = 0; i + 1 < changes.size(); ++i)
    if (changes[i].at > changes[i + 1].at || clash(changes[i], changes[i + 1]))
      return false;
  return true;
}

bool change_list::take(const std::vector<splice>& changes) {
  if (!in_order(changes))
    return false;
  for (const auto& s : changes)
    if (clashes(s))
      return false;
  for (const auto& s : changes)
    all_.emplace(key_of(s), s);
  return true;
}

std::vector<splice> change_list::sorted() const {
  std::vector<splice> out;
  for (const auto& [at, s] : all_)
    out.push_back(s);
  return out;
}

} // namespace pj::patch
