#include "apps/mock/repositories.hpp"

#include "apps/mock/child.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace pj::doubles {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

bool is_name(std::string_view part) {
  return !part.empty() && part.size() <= 100 && part[0] != '.' &&
         part[0] != '-' && std::ranges::all_of(part, [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) || c == '-' ||
                  c == '_' || c == '.';
         });
}

void must(const child& what) {
  if (run(what, [](std::string_view) {}) != 0)
    throw std::runtime_error("cannot make a sample repository: '" +
                             what.argv.at(0) + ' ' + what.argv.at(1) +
                             "' failed; is git installed?");
}

std::string blob(const std::string& content) {
  return "data " + std::to_string(content.size()) + '\n' + content + '\n';
}

} // namespace

bool is_repository_name(std::string_view name) {
  const auto parts = split(name, '/');
  return parts.size() == 2 && is_name(parts[0]) && is_name(parts[1]);
}

std::optional<fs::path> repositories::find(std::string_view name) const {
  if (name.ends_with(".git"))
    name.remove_suffix(4);
  if (!is_repository_name(name))
    return std::nullopt;
  for (const auto* ending : {".git", ""}) {
    auto folder = root_ / (std::string{name} + ending);
    if (fs::exists(folder / "HEAD"))
      return folder;
  }
  return std::nullopt;
}

std::vector<std::string> repositories::all() const {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& owner : fs::directory_iterator{root_, ignored}) {
    if (!owner.is_directory())
      continue;
    for (const auto& entry : fs::directory_iterator{owner.path(), ignored}) {
      auto name = owner.path().filename().string() + '/' +
                  entry.path().filename().string();
      if (name.ends_with(".git"))
        name.resize(name.size() - 4);
      if (fs::exists(entry.path() / "HEAD") && is_repository_name(name))
        names.push_back(std::move(name));
    }
  }
  std::ranges::sort(names);
  return names;
}

std::optional<std::string> repositories::branch(const fs::path& repository,
                                                const std::string& name) {
  if (name.empty() || name.find("..") != std::string::npos ||
      name.find('\0') != std::string::npos || name.size() > 500)
    return std::nullopt;
  const auto full = "refs/heads/" + name;
  auto id = read_file(repository / full).substr(0, 40);
  if (id.size() == 40)
    return id;
  const auto packed = read_file(repository / "packed-refs");
  for (const auto line : split(packed, '\n'))
    if (line.size() > 41 && line.substr(41) == full)
      return std::string{line.substr(0, 40)};
  return std::nullopt;
}

std::size_t repositories::ahead(const fs::path& repository,
                                const std::string& base,
                                const std::string& head) {
  bool ok = false;
  const auto count =
    output_of({"git", "-c", "safe.directory=*", "-C", repository.string(),
               "rev-list", "--count", "--max-count=250", head, "^" + base},
              ok);
  std::size_t n = 0;
  std::from_chars(count.data(), count.data() + count.size(), n);
  return ok ? n : 1;
}

std::string repositories::default_branch(const fs::path& repository) {
  const auto head = read_file(repository / "HEAD");
  constexpr std::string_view lead = "ref: refs/heads/";
  return head.starts_with(lead) ? std::string{trimmed(head.substr(lead.size()))}
                                : "main";
}

void make_repository(const fs::path& root, const std::string& name,
                     const sample_files& files) {
  const auto folder = root / (name + ".git");
  fs::create_directories(folder);
  must(
    {{"git", "init", "-q", "--bare", "--initial-branch=main", folder.string()},
     {},
     {}});
  if (files.empty())
    return;
  std::string stream =
    "commit refs/heads/main\n"
    "committer Ada Example <ada@example.com> 1767225600 +0000\n" +
    blob("Start " + name + "\n");
  for (const auto& [path, content] : files)
    stream += "M 100644 inline " + path + '\n' + blob(content);
  must({{"git", "-C", folder.string(), "fast-import", "--quiet"}, {}, stream});
}

} // namespace pj::doubles
