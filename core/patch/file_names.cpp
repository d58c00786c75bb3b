#include "core/patch/file_names.hpp"

#include "core/patch/paths.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace pj::patch {

namespace {

constexpr std::array<std::string_view, 100> endings = {
  "adoc",       "astro",   "bash",   "bat",   "bzl",       "c",     "cc",
  "cfg",        "cjs",     "clj",    "cmake", "cnf",       "conf",  "cpp",
  "cs",         "csproj",  "css",    "csv",   "cts",       "cu",    "cxx",
  "dart",       "diff",    "ejs",    "elm",   "env",       "erb",   "erl",
  "ex",         "exs",     "f90",    "fs",    "gitignore", "go",    "gql",
  "gradle",     "graphql", "groovy", "h",     "hbs",       "hcl",   "hpp",
  "hrl",        "hs",      "html",   "hxx",   "ini",       "ipynb", "java",
  "jl",         "js",      "json",   "jsx",   "kt",        "kts",   "less",
  "lock",       "lua",     "md",     "mdx",   "mjs",       "mk",    "ml",
  "mod",        "mts",     "nix",    "patch", "php",       "pl",    "plist",
  "properties", "proto",   "ps1",    "py",    "pyi",       "r",     "rb",
  "rs",         "rst",     "sass",   "scala", "scss",      "sh",    "sol",
  "sql",        "svelte",  "svg",    "swift", "tf",        "toml",  "ts",
  "tsv",        "tsx",     "txt",    "vue",   "xml",       "yaml",  "yml",
  "zig",        "zsh"};
constexpr std::array<std::string_view, 10> whole_names = {
  "makefile", "dockerfile", "license",     "readme",      "procfile",
  "gemfile",  "rakefile",   "jenkinsfile", "vagrantfile", "codeowners"};

template <class Set>
bool holds(const Set& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

constexpr std::string_view around = " \t`'\"()[]{}<>*,;=|";

/// `a.py:44`, `a.py:` and `a.py.` at the end of a sentence.
std::string_view without_tail(std::string_view word) {
  const auto last = word.find_last_not_of("0123456789-");
  if (last != word.npos && last + 1 < word.size() && word[last] == ':')
    word = word.substr(0, last);
  while (word.ends_with('.') || word.ends_with(':'))
    word.remove_suffix(1);
  return word;
}

} // namespace

bool looks_like_file(std::string_view path) {
  if (path.empty() || path.find("://") != path.npos)
    return false;
  const auto low = lowered(base_name(path));
  if (holds(whole_names, low))
    return true;
  const auto dot = low.rfind('.');
  if (dot == low.npos)
    return false;
  const auto ending = std::string_view(low).substr(dot + 1);
  return holds(endings, ending);
}

bool is_document(std::string_view path) {
  for (const auto ending :
       {".md", ".mdx", ".markdown", ".yaml", ".yml", ".rst", ".txt"})
    if (path.ends_with(ending))
      return true;
  return false;
}

std::vector<std::string_view> file_names_in(std::string_view line) {
  std::vector<std::string_view> out;
  while (!line.empty()) {
    const auto first = line.find_first_not_of(around);
    if (first == line.npos)
      break;
    line.remove_prefix(first);
    const auto size = std::min(line.find_first_of(around), line.size());
    const auto word = without_tail(line.substr(0, size));
    if (looks_like_file(word) && !holds(out, word))
      out.push_back(word);
    line.remove_prefix(size);
  }
  return out;
}

} // namespace pj::patch
