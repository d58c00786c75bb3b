#include "apps/mock/default_change.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace pj::doubles {
namespace {

/// One `<name …>` … `</name>` block.
struct block {
  std::string_view attributes;
  std::string_view content;
  std::size_t begin = 0;
  std::size_t end = 0; ///< behind the closing tag
};

/// The next block of `<word>`, `<word-2 …>` and the like.
std::optional<block> next_block(std::string_view text, std::string_view word,
                                std::size_t from) {
  const auto open = '<' + std::string{word};
  for (auto at = text.find(open, from); at != std::string_view::npos;
       at = text.find(open, at + 1)) {
    const auto close = text.find('>', at);
    const auto line_end = text.find('\n', at);
    if (close == std::string_view::npos || close > line_end)
      continue;
    const auto name_end = text.find_first_of(" >", at);
    const auto name = text.substr(at + 1, name_end - at - 1);
    const auto rest = name.substr(word.size());
    if (rest.find_first_not_of("-0123456789") != std::string_view::npos)
      continue;
    const auto shut = "</" + std::string{name} + '>';
    const auto finish = text.find(shut, close);
    if (finish == std::string_view::npos)
      continue;
    auto start = close + 1;
    if (text.substr(start, 1) == "\n")
      ++start;
    return block{text.substr(name_end, close - name_end),
                 text.substr(start, finish - std::min(start, finish)), at,
                 finish + shut.size()};
  }
  return std::nullopt;
}

std::string attribute(std::string_view attributes, std::string_view name) {
  const auto open = std::string{name} + "=\"";
  const auto at = attributes.find(open);
  if (at == std::string_view::npos)
    return {};
  const auto start = at + open.size();
  return std::string{
    attributes.substr(start, attributes.find('"', start) - start)};
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string extension(std::string_view path) {
  const auto name = base_name(path);
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? "" : lowered(name.substr(dot + 1));
}

bool names(const std::string& low_task, const std::string& path) {
  return low_task.find(lowered(path)) != std::string::npos ||
         low_task.find(lowered(base_name(path))) != std::string::npos;
}

/// A word of the task that looks like the path of a file.
std::string wanted_path(std::string_view task) {
  std::string word;
  for (const char c : std::string{task} + ' ') {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '.' ||
        c == '_' || c == '-') {
      word += c;
      continue;
    }
    while (word.ends_with('.'))
      word.pop_back();
    const auto kind = extension(word);
    const bool looks_right =
      !kind.empty() && kind.size() <= 4 && !word.starts_with('/') &&
      !word.starts_with('.') && word.find("..") == std::string::npos &&
      word.find("//") == std::string::npos &&
      std::isalpha(static_cast<unsigned char>(kind[0])) &&
      base_name(word).size() > kind.size() + 1;
    if (looks_right)
      return word;
    word.clear();
  }
  return {};
}

/// One line of the task, fit for a comment.
std::string summary(std::string_view task) {
  auto line = printable(trimmed(task).substr(0, trimmed(task).find('\n')), 90);
  std::erase_if(line, [](char c) { return c == '*' || c == '<' || c == '>'; });
  return line.empty() ? "As asked." : line;
}

/// The line to add, as a comment of the file's language.
std::string added_line(std::string_view path, const std::string& what) {
  static const std::map<std::string, std::string, std::less<>> marks{
    {"py", "# "},   {"sh", "# "},   {"rb", "# "},    {"yml", "# "},
    {"yaml", "# "}, {"toml", "# "}, {"js", "// "},   {"ts", "// "},
    {"tsx", "// "}, {"jsx", "// "}, {"mjs", "// "},  {"c", "// "},
    {"h", "// "},   {"cpp", "// "}, {"hpp", "// "},  {"cc", "// "},
    {"go", "// "},  {"rs", "// "},  {"java", "// "}, {"swift", "// "},
    {"kt", "// "},  {"sql", "-- "}, {"lua", "-- "},  {"md", "- "}};
  const auto mark = marks.find(extension(path));
  return (mark == marks.end() ? "" : mark->second) + what;
}

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1))
    ++count;
  return count;
}

bool holds_markers(std::string_view text) {
  for (const auto line : split(text, '\n'))
    for (const auto* mark : {"<<<<<", "=====", ">>>>>", "-----", "+++++"})
      if (line.starts_with(mark))
        return true;
  return false;
}

/// The last lines of the content, as few as occur only once and are at least
/// so long; empty when there are none.
std::string_view unique_tail(std::string_view content, std::size_t least) {
  while (content.ends_with('\n') || content.ends_with('\r'))
    content.remove_suffix(1);
  for (auto end = content.size(); end > 0;) {
    const auto before = content.rfind('\n', end - 1);
    const auto from = before == std::string_view::npos ? 0 : before + 1;
    const auto tail = content.substr(from);
    if (holds_markers(tail))
      return {};
    if (!trimmed(tail).empty() && tail.size() >= least &&
        occurrences(content, tail) == 1)
      return tail;
    end = before == std::string_view::npos ? 0 : before;
  }
  return {};
}

std::string edit(std::string_view path, std::string_view old_text,
                 std::string_view new_text) {
  std::string block = "<<<<<<< SEARCH\n";
  if (!old_text.empty())
    block.append(old_text).append("\n");
  block.append("=======\n").append(new_text).append("\n>>>>>>> REPLACE\n");
  std::string fence = "```";
  while (block.find(fence) != std::string::npos)
    fence += '`';
  return std::string{path} + '\n' + fence + '\n' + block + fence + '\n';
}

/// JSON knows no comments: one more member in front.
std::string json_edit(const shown_file& file, const std::string& what) {
  const auto content = std::string_view{file.content};
  const auto first_end = content.find('\n');
  const auto second_end = content.find('\n', first_end + 1);
  if (trimmed(content.substr(0, first_end)) != "{" ||
      second_end == std::string_view::npos)
    return {};
  const auto head = content.substr(0, second_end);
  const auto second = content.substr(first_end + 1, second_end - first_end - 1);
  if (trimmed(second).find(':') == std::string_view::npos ||
      occurrences(content, head) != 1)
    return {};
  std::string quoted;
  for (const char c : what)
    quoted += c == '"' || c == '\\' ? '\'' : c;
  const auto indent = second.substr(0, second.find_first_not_of(" \t"));
  return edit(file.path, head,
              std::string{content.substr(0, first_end)} + '\n' +
                std::string{indent} + "\"x-note\": \"" + quoted + "\",\n" +
                std::string{second});
}

std::string change_in(const shown_file& file, const std::string& what) {
  if (extension(file.path) == "json")
    return json_edit(file, what);
  // Of an excerpt nobody knows what the rest holds: a longer piece is safer.
  const auto tail = unique_tail(file.content, file.whole ? 1 : 60);
  if (tail.empty())
    return {};
  const auto* gap =
    extension(file.path) == "md" && !tail.starts_with("- ") ? "\n\n" : "\n";
  return edit(file.path, tail,
              std::string{tail} + gap + added_line(file.path, what));
}

} // namespace

std::vector<shown_file> files_of(std::string_view prompt) {
  std::vector<shown_file> files;
  std::size_t from = 0;
  while (const auto found = next_block(prompt, "file", from)) {
    from = found->end;
    shown_file file{attribute(found->attributes, "path"),
                    std::string{found->content},
                    found->attributes.find("lines=") == std::string_view::npos};
    if (file.path.empty())
      continue;
    std::erase_if(files,
                  [&](const shown_file& f) { return f.path == file.path; });
    files.push_back(std::move(file));
  }
  return files;
}

std::string task_of(std::string_view prompt) {
  std::string task;
  std::string outside;
  std::size_t from = 0;
  while (const auto found = next_block(prompt, "task", from)) {
    task = found->content;
    from = found->end;
  }
  if (!task.empty())
    return task;
  from = 0;
  while (const auto found = next_block(prompt, "file", from)) {
    outside += prompt.substr(from, found->begin - from);
    from = found->end;
  }
  return outside + std::string{prompt.substr(from)};
}

std::string default_change(std::string_view prompt) {
  const auto task = task_of(prompt);
  const auto what = summary(task);
  const auto low = lowered(task);
  const auto files = files_of(prompt);
  const auto say = [](const std::string& path, const std::string& block) {
    return "I change `" + path + "` as asked.\n\n" + block;
  };
  for (const auto& file : files)
    if (names(low, file.path))
      if (const auto block = change_in(file, what); !block.empty())
        return say(file.path, block);
  if (const auto path = wanted_path(task); !path.empty())
    return say(path, edit(path, "", added_line(path, what)));
  for (const auto& file : files)
    if (lowered(base_name(file.path)).starts_with("readme"))
      if (const auto block = change_in(file, what); !block.empty())
        return say(file.path, block);
  for (const auto& file : files)
    if (const auto block = change_in(file, what); !block.empty())
      return say(file.path, block);
  return say("NOTES.md", edit("NOTES.md", "", "# Notes\n\n- " + what));
}

} // namespace pj::doubles
