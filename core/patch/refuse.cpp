#include "core/patch/refuse.hpp"

#include "core/patch/locate.hpp"
#include "core/patch/paths.hpp"
#include "core/patch/similar.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace pj::patch {

namespace {

constexpr std::size_t max_files_looked_into = 64;
constexpr std::uint64_t max_bytes_looked_into = 4u << 20;

constexpr std::array<std::string_view, 9> tier_names = {
  "as it stands",
  "but for trailing blanks",
  "with its indentation shifted",
  "but for Unicode punctuation",
  "but for blank lines",
  "after taking off a level of escaping",
  "but for white space",
  "by the pieces between ...",
  "after taking the hunk apart"};

std::string listed(const std::vector<std::uint32_t>& lines) {
  std::string out;
  for (const auto n : lines)
    out += (out.empty() ? "" : ", ") + std::to_string(n);
  return out;
}

std::string counted(std::size_t n, const std::string& what) {
  return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s");
}

bool holds(const document& in, const hunk& h) {
  std::vector<std::uint64_t> needle;
  for (const auto text : old_side(h))
    needle.push_back(line_hash(text, form::no_trailing));
  return !occurrences(needle, in.hashes(form::no_trailing)).empty();
}

std::string_view extension(std::string_view path) {
  const auto name = base_name(path);
  const auto dot = name.find_last_of('.');
  return dot == name.npos ? std::string_view{} : name.substr(dot);
}

std::size_t solid_old_bytes(const hunk& h) {
  std::size_t n = 0;
  for (const auto text : old_side(h))
    n += solid_bytes(text);
  return n;
}

/// One refused edit as the model gets to read it.
std::string told(const edit_report& r) {
  std::string out = "- " + r.path + ": " + r.note + '\n';
  if (!r.closest.empty())
    out += "  The most similar lines of the file are:\n" + r.closest;
  return out;
}

std::string feedback(const std::vector<edit_report>& edits, std::size_t bad) {
  const auto good = edits.size() - bad;
  std::string tail;
  if (good > 0)
    tail = "The other " + counted(good, "edit") +
           (good == 1 ? " is fine and staged: do not send it again.\n"
                      : " are fine and staged: do not send them again.\n");
  tail += "Send only what is listed here, with the old text copied exactly"
          " from the file.\n";
  std::string out = "The patch was not applied: " + counted(bad, "edit") +
                    " could not be placed.\n";
  std::size_t left = bad;
  for (const auto& r : edits) {
    if (is_fine(r))
      continue;
    const auto one = told(r);
    if (out.size() + one.size() + tail.size() + 80 > max_feedback)
      break;
    out += one;
    --left;
  }
  if (left > 0)
    out += "- and " + counted(left, "more edit") + " of the same kind\n";
  return out + tail;
}

} // namespace

bool is_fine(const edit_report& r) noexcept {
  return r.state == edit_state::placed ||
         r.state == edit_state::already_there || r.state == edit_state::skipped;
}

void explain(edit_report& report, const hunk& h, const document& in) {
  if (report.state == edit_state::ambiguous) {
    report.note = "the old text is in several places (lines " +
                  listed(report.places) +
                  "); add lines around it so that only one fits";
    return;
  }
  if (!report.note.empty())
    return;
  report.note = "the old text is not in the file";
  if (const auto like = most_similar(h, in)) {
    report.note +=
      "; line " + std::to_string(like->first + 1) + " has the most similar";
    report.closest = numbered(*like, in);
  }
}

std::string found_elsewhere(const hunk& h, const std::string& path,
                            view& files) {
  if (solid_old_bytes(h) < 10)
    return {};
  std::size_t looked = 0;
  std::uint64_t bytes = 0;
  for (const auto& entry : files.tree().entries()) {
    if (entry.path == path || extension(entry.path) != extension(path) ||
        entry.size > max_bytes_looked_into / 8)
      continue;
    bytes += entry.size;
    if (++looked > max_files_looked_into || bytes > max_bytes_looked_into)
      break;
    std::string why;
    if (const auto* text = files.open(entry.path, why); text && holds(*text, h))
      return entry.path;
  }
  return {};
}

std::vector<std::string> notes_on(const std::vector<edit_report>& edits) {
  std::vector<std::string> out;
  for (const auto& r : edits) {
    if (r.state == edit_state::placed && r.tier < 2 && r.note.empty())
      continue;
    auto text =
      r.path + (r.line > 0 ? ':' + std::to_string(r.line) : "") + ": ";
    if (r.state == edit_state::already_there)
      text += "the change is there already";
    else if (r.state == edit_state::placed && r.tier >= 2)
      text +=
        "found " + std::string(tier_names[static_cast<std::size_t>(r.tier)]);
    if (!r.note.empty())
      text += (text.ends_with(": ") ? "" : "; ") + r.note;
    out.push_back(std::move(text));
  }
  return out;
}

refusal refused(std::vector<edit_report> edits, change_set staged) {
  const auto first = std::find_if(edits.begin(), edits.end(),
                                  [](auto& r) { return !is_fine(r); });
  const auto bad = static_cast<std::size_t>(std::count_if(
    edits.begin(), edits.end(), [](auto& r) { return !is_fine(r); }));
  refusal no;
  no.reason = "the patch cannot be applied: " + std::to_string(bad) + " of " +
              counted(edits.size(), "edit") + " cannot be placed";
  if (first != edits.end())
    no.reason += "; " + printable(first->path) + ": " + first->note;
  no.for_model = feedback(edits, bad);
  no.edits = std::move(edits);
  no.staged = std::move(staged);
  return no;
}

} // namespace pj::patch
