#include "core/patch/diff_header.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace pj::patch {

namespace {

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

/// Undoes git's C-style quoting of odd paths.
std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"')
    return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    if (is_octal(c) && i + 2 < text.size() && is_octal(text[i + 1]) &&
        is_octal(text[i + 2])) {
      out += static_cast<char>((c - '0') * 64 + (text[i + 1] - '0') * 8 +
                               (text[i + 2] - '0'));
      i += 2;
    } else {
      out += c == 'n' ? '\n' : c == 't' ? '\t' : c;
    }
  }
  return out;
}

bool is_date_at(std::string_view text, std::size_t at) {
  constexpr std::string_view shape = "dddd-dd-dd";
  if (text.size() < at + shape.size())
    return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = text[at + i];
    if (shape[i] == '-' ? c != '-' : c < '0' || c > '9')
      return false;
  }
  return true;
}

/// The path of a `---` or `+++` line: no time stamp, no quotes.
std::string header_path(std::string_view text) {
  text = trimmed(text.substr(0, text.find('\t')));
  for (auto at = text.find(' '); at != text.npos; at = text.find(' ', at + 1))
    if (is_date_at(text, at + 1)) {
      text = trimmed(text.substr(0, at));
      break;
    }
  if (const auto remark = text.rfind(" ("); text.ends_with(')'))
    text = text.substr(0, remark);
  return unquoted(text);
}

bool is_minus(std::string_view text) {
  return text.starts_with("--- ");
}
bool is_plus(std::string_view text) {
  return text.starts_with("+++ ");
}

/// A pair of header lines, not a removed `-- x` before an added `++ y`.
bool is_pair(const source& from, std::size_t i) {
  if (!is_minus(from.at(i)) || !is_plus(from.at(i + 1)))
    return false;
  auto pathlike = [](std::string_view text) {
    const auto path = header_path(text.substr(4));
    return path == no_file || (path.find(' ') == path.npos &&
                               path.find_first_of("./") != path.npos);
  };
  return from.at(i + 2).starts_with("@@") ||
         (pathlike(from.at(i)) && pathlike(from.at(i + 1)));
}

/// `---` and `+++`, or `---` alone above a hunk.
bool names_files(const source& from, std::size_t i) {
  return is_pair(from, i) ||
         (is_minus(from.at(i)) && from.at(i + 1).starts_with("@@ -"));
}

file_mode mode_named(std::string_view digits) {
  if (digits == "100755")
    return file_mode::executable;
  if (digits == "120000")
    return file_mode::symlink;
  if (digits == "160000")
    return file_mode::submodule;
  return file_mode::regular;
}

/// `a/x b/x` of a `diff --git` line; only used when nothing else names paths.
void read_git_line(std::string_view text, diff_header& h) {
  text = trimmed(text.substr(std::string_view("diff --git").size()));
  const auto middle = text.find(" b/");
  const auto cut = middle != text.npos ? middle : text.find(' ');
  if (cut == text.npos)
    return;
  h.old_path = unquoted(trimmed(text.substr(0, cut)));
  h.new_path = unquoted(trimmed(text.substr(cut)));
}

/// One of git's extended header lines; false when it is none.
bool read_extended(std::string_view text, diff_header& h) {
  auto after = [text](std::string_view prefix, std::string_view& rest) {
    rest = trimmed(text.substr(std::min(prefix.size(), text.size())));
    return text.starts_with(prefix);
  };
  std::string_view rest;
  if (after("new file mode", rest)) {
    h.creates = true;
    h.mode = mode_named(rest);
  } else if (after("deleted file mode", rest)) {
    h.removes = true;
  } else if (after("new mode", rest)) {
    h.mode = mode_named(rest);
  } else if (after("rename to ", rest)) {
    h.rename_to = unquoted(rest);
  } else if (after("rename from ", rest)) {
    h.old_path = unquoted(rest);
  } else if (after("Binary files ", rest) || after("GIT binary patch", rest)) {
    h.binary = true;
  } else {
    return after("old mode", rest) || after("index ", rest) ||
           after("similarity index", rest) ||
           after("dissimilarity index", rest);
  }
  return true;
}

void read_names(const source& from, std::size_t& i, diff_header& h) {
  if (!is_minus(from.at(i)))
    return;
  h.old_path = header_path(from.at(i).substr(4));
  ++i;
  if (is_plus(from.at(i)))
    h.new_path = header_path(from.at(i++).substr(4));
  else
    h.new_path = h.old_path;
  h.creates = h.creates || h.old_path == no_file;
  h.removes = h.removes || h.new_path == no_file;
}

std::string stripped(const std::string& path, char side) {
  return path.size() > 2 && path[0] == side && path[1] == '/' ? path.substr(2)
                                                              : path;
}

} // namespace

bool is_diff_header(const source& from, std::size_t i) {
  return from.at(i).starts_with("diff --git ") || names_files(from, i);
}

diff_header read_diff_header(const source& from, std::size_t& i) {
  diff_header h;
  if (from.at(i).starts_with("diff --git ")) {
    read_git_line(from.at(i), h);
    for (++i; i < from.size() && read_extended(from.at(i), h); ++i)
      ;
    while (is_blank(from.at(i)) && names_files(from, i + 1))
      ++i;
    if (!names_files(from, i))
      return h;
  }
  read_names(from, i, h);
  return h;
}

std::vector<std::string> paths_of(const diff_header& h, bool prefixed) {
  std::vector<std::string> out;
  auto add = [&out](std::string path) {
    if (!path.empty() && path != no_file &&
        std::find(out.begin(), out.end(), path) == out.end())
      out.push_back(std::move(path));
  };
  const auto old_plain = stripped(h.old_path, 'a');
  const auto new_plain = stripped(h.new_path, 'b');
  if (prefixed) {
    add(old_plain);
    add(new_plain);
  }
  add(h.old_path);
  add(h.new_path);
  add(old_plain);
  add(new_plain);
  return out;
}

} // namespace pj::patch
