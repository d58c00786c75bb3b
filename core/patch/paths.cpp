#include "core/patch/paths.hpp"

#include "core/patch/unicode.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace pj::patch {

namespace {

/// Code points some file systems ignore in names; `.g\u200cit` is `.git` there.
std::string without_ignored(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto three = name.substr(i, 3);
    const bool ignored = (three >= "\xe2\x80\x8c" && three <= "\xe2\x80\x8f") ||
                         (three >= "\xe2\x80\xaa" && three <= "\xe2\x80\xae") ||
                         (three >= "\xe2\x81\xaa" && three <= "\xe2\x81\xaf") ||
                         three == "\xef\xbb\xbf" || three == "\xe2\x80\x8b";
    if (ignored && three.size() == 3)
      i += 2;
    else
      out += name[i];
  }
  return out;
}

/// The name as Windows and macOS would open it.
std::string opened_name(std::string_view name) {
  auto out = folded_path(without_ignored(name));
  out.resize(std::min(out.find(':'), out.size()));
  while (!out.empty() && (out.back() == '.' || out.back() == ' '))
    out.pop_back();
  return out;
}

bool is_git_folder(std::string_view opened) {
  return opened == ".git" || opened == "git~1";
}

bool is_device(std::string stem) {
  stem.resize(std::min(stem.find('.'), stem.size()));
  while (!stem.empty() && stem.back() == ' ')
    stem.pop_back();
  static constexpr std::array<std::string_view, 6> plain = {
    "con", "prn", "aux", "nul", "conin$", "conout$"};
  if (std::find(plain.begin(), plain.end(), stem) != plain.end())
    return true;
  return stem.size() == 4 &&
         (stem.starts_with("com") || stem.starts_with("lpt")) &&
         stem[3] >= '1' && stem[3] <= '9';
}

std::string unsafe_name(std::string_view name) {
  if (name.empty())
    return "has an empty part";
  if (name == "..")
    return "leads out of the tree with ..";
  if (name == ".")
    return "has a . part";
  auto opened = opened_name(name);
  if (is_git_folder(opened))
    return "lies in a .git folder";
  if (is_device(std::move(opened)))
    return "names a device";
  return {};
}

bool has_control(std::string_view path) {
  return std::any_of(path.begin(), path.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

bool has_drive(std::string_view path) {
  return path.size() > 1 && path[1] == ':' &&
         ((path[0] >= 'a' && path[0] <= 'z') ||
          (path[0] >= 'A' && path[0] <= 'Z'));
}

} // namespace

std::string tidy_path(std::string_view path) {
  while (path.starts_with("./"))
    path.remove_prefix(2);
  std::string out;
  for (const char c : path)
    if (c != '/' || out.empty() || out.back() != '/')
      out += c;
  return out;
}

std::string unsafe_path(std::string_view path) {
  if (path.empty())
    return "is empty";
  if (path.size() > 4'096)
    return "is longer than 4096 bytes";
  if (has_control(path))
    return "holds a control character";
  if (!is_valid_utf8(path))
    return "is not valid UTF-8";
  if (path.front() == '/' || path.front() == '~' || has_drive(path))
    return "is absolute; give it relative to the root";
  if (path.find('\\') != path.npos)
    return "holds a backslash; use /";
  for (const auto name : split(path, '/'))
    if (auto why = unsafe_name(name); !why.empty())
      return why;
  return {};
}

bool is_folder(const source_tree& tree, std::string_view path) {
  const auto& all = tree.entries();
  const auto prefix = std::string(path) + '/';
  const auto at = std::lower_bound(
    all.begin(), all.end(), prefix,
    [](const tree_entry& e, const std::string& p) { return e.path < p; });
  return at != all.end() && at->path.starts_with(prefix);
}

std::string blocked_path(std::string_view path, const source_tree& tree) {
  for (auto at = path.find('/'); at != path.npos; at = path.find('/', at + 1)) {
    const auto folder = path.substr(0, at);
    const auto* entry = tree.find(folder);
    if (!entry)
      continue;
    if (entry->mode == file_mode::symlink)
      return "goes through the symbolic link " + std::string(folder);
    if (entry->mode == file_mode::submodule)
      return "lies in the submodule " + std::string(folder);
    return "lies below " + std::string(folder) + ", which is a file";
  }
  if (const auto* entry = tree.find(path)) {
    if (entry->mode == file_mode::symlink)
      return "is a symbolic link";
    if (entry->mode == file_mode::submodule)
      return "is a submodule";
  } else if (is_folder(tree, path)) {
    return "is a folder";
  }
  return {};
}

bool is_risky_path(std::string_view path) {
  const auto low = lowered(path);
  const auto name = base_name(low);
  for (const std::string_view folder :
       {".github/", ".gitlab/", ".circleci/", ".husky/", ".buildkite/",
        ".githooks/", "hooks/"})
    if (low.starts_with(folder) ||
        low.find('/' + std::string(folder)) != low.npos)
      return true;
  static constexpr std::array<std::string_view, 29> names = {
    ".gitlab-ci.yml",
    ".travis.yml",
    "azure-pipelines.yml",
    "jenkinsfile",
    "appveyor.yml",
    ".pre-commit-config.yaml",
    "package.json",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "cargo.toml",
    "cargo.lock",
    "go.mod",
    "go.sum",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "pipfile",
    "gemfile",
    "pom.xml",
    "build.gradle",
    "makefile",
    "cmakelists.txt",
    "composer.json",
    ".gitattributes",
    ".gitmodules",
    ".npmrc",
    ".pj.yaml",
    "conftest.py"};
  return std::find(names.begin(), names.end(), name) != names.end() ||
         name.ends_with(".sh") || name.ends_with(".bash") ||
         name.ends_with(".ps1") || name.ends_with(".bat") ||
         name.find("dockerfile") != name.npos ||
         name.starts_with("docker-compose") ||
         (name.starts_with("requirements") && name.ends_with(".txt"));
}

std::string_view base_name(std::string_view path) noexcept {
  const auto at = path.find_last_of('/');
  return at == path.npos ? path : path.substr(at + 1);
}

} // namespace pj::patch
