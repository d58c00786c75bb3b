#include "core/change.hpp"

#include "core/patch/diff.hpp"
#include "core/patch/line.hpp"

#include <algorithm>

namespace pj {

namespace {

using patch::line_change;

constexpr std::uint32_t context = 3;

/// Lines with their endings: a missing newline is a difference too.
std::vector<std::string_view> whole_lines(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto at = std::min(text.find('\n'), text.size() - 1);
    out.push_back(text.substr(0, at + 1));
    text.remove_prefix(at + 1);
  }
  return out;
}

bool is_binary(std::string_view text) {
  return text.substr(0, 8'000).find('\0') != text.npos;
}

class printer {
public:
  printer(const std::string& before, const std::string& after, std::string& out)
    : old_(whole_lines(before)), new_(whole_lines(after)), out_(out) {}

  void print() {
    const auto changes = patch::line_diff(old_, new_);
    for (std::size_t i = 0; i < changes.size();) {
      auto end = i + 1;
      while (end < changes.size() &&
             changes[end].old_at - old_end(changes[end - 1]) <= 2 * context)
        ++end;
      print_hunk({changes.data() + i, end - i});
      i = end;
    }
  }

private:
  static std::uint32_t old_end(const line_change& c) {
    return c.old_at + c.old_count;
  }

  void print_hunk(std::span<const line_change> part) {
    const auto& first = part.front();
    const auto& last = part.back();
    const auto lead = std::min(context, first.old_at);
    const auto old_from = first.old_at - lead;
    const auto new_from = first.new_at - lead;
    const auto old_to = std::min<std::uint32_t>(
      old_end(last) + context, static_cast<std::uint32_t>(old_.size()));
    const auto new_to = last.new_at + last.new_count + (old_to - old_end(last));
    out_ += "@@ -" + range(old_from, old_to - old_from) + " +" +
            range(new_from, new_to - new_from) + " @@\n";
    auto at = old_from;
    for (const auto& c : part) {
      for (; at < c.old_at; ++at)
        print_line(' ', old_[at]);
      for (; at < old_end(c); ++at)
        print_line('-', old_[at]);
      for (auto j = c.new_at; j < c.new_at + c.new_count; ++j)
        print_line('+', new_[j]);
    }
    for (; at < old_to; ++at)
      print_line(' ', old_[at]);
  }

  static std::string range(std::uint32_t from, std::uint32_t count) {
    const auto first = std::to_string(count == 0 ? from : from + 1);
    return count == 1 ? first : first + ',' + std::to_string(count);
  }

  void print_line(char sign, std::string_view text) {
    out_ += sign;
    out_ += text;
    if (!text.ends_with('\n'))
      out_ += "\n\\ No newline at end of file\n";
  }

  std::vector<std::string_view> old_;
  std::vector<std::string_view> new_;
  std::string& out_;
};

std::string octal(file_mode mode) {
  std::string out;
  for (auto n = static_cast<std::uint32_t>(mode); n > 0; n /= 8)
    out.insert(out.begin(), static_cast<char>('0' + n % 8));
  return out;
}

void print_names(const file_change& c, std::string& out) {
  const auto& from = c.kind == change_kind::rename ? c.old_path : c.path;
  out += "diff --git a/" + from + " b/" + c.path + '\n';
  if (c.kind == change_kind::add)
    out += "new file mode " + octal(c.mode) + '\n';
  if (c.kind == change_kind::remove)
    out += "deleted file mode " + octal(c.mode) + '\n';
  if (c.kind == change_kind::rename)
    out += "rename from " + from + "\nrename to " + c.path + '\n';
}

void print_file(const file_change& c, std::string& out) {
  print_names(c, out);
  if (c.before == c.content)
    return;
  const auto& from = c.kind == change_kind::rename ? c.old_path : c.path;
  const auto old_name = c.kind == change_kind::add ? "/dev/null" : "a/" + from;
  const auto new_name =
    c.kind == change_kind::remove ? "/dev/null" : "b/" + c.path;
  if (is_binary(c.before) || is_binary(c.content)) {
    out += "Binary files " + old_name + " and " + new_name + " differ\n";
    return;
  }
  out += "--- " + old_name + "\n+++ " + new_name + '\n';
  printer(c.before, c.content, out).print();
}

} // namespace

std::string to_unified_diff(const change_set& change) {
  std::string out;
  for (const auto& c : change.files)
    print_file(c, out);
  return out;
}

} // namespace pj
