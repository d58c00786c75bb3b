#include "core/batch/repository_files.hpp"

#include "core/batch/input.hpp"
#include "core/batch/repository_fields.hpp"
#include "core/text.hpp"

namespace pj::batch {

namespace {

std::string_view without_comment(std::string_view line) {
  for (std::size_t at = 0; at < line.size(); ++at)
    if (line[at] == '#' &&
        (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t'))
      return line.substr(0, at);
  return line;
}

} // namespace

std::vector<repository> read_repository_lines(std::string_view text,
                                              std::string_view file,
                                              problem_log& problems) {
  std::vector<repository> out;
  const auto clean = readable(text, file, longest_repository_file, problems);
  if (!clean)
    return out;
  int number = 0;
  for (const auto line : split(*clean, '\n')) {
    ++number;
    const auto value = trimmed(without_comment(line));
    if (value.empty())
      continue;
    const auto column = static_cast<int>(value.data() - line.data()) + 1;
    repository one;
    one.at = {std::string(file), number, column};
    take_field(one, "url", {std::string(value), one.at, "url", {}, 0},
               problems);
    if (!one.url.empty())
      out.push_back(std::move(one));
  }
  if (out.empty() && problems.empty())
    problems.add({std::string(file), 0, 0}, "",
                 "it names no repository: put one URL on each line");
  return out;
}

} // namespace pj::batch
