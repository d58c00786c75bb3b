#include "core/patch/file_names.hpp"

#include "core/patch/paths.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace pj::patch {

namespace {

constexpr std::array<std::string_view, 184> endings = {
  "adoc",    "am",        "asm",      "astro",      "awk",     "bash",
  "bat",     "bib",       "blade",    "bzl",        "c",       "cc",
  "cfg",     "cjs",       "clj",      "cljs",       "cmake",   "cmd",
  "cnf",     "coffee",    "conf",     "cpp",        "cr",      "cs",
  "csproj",  "css",       "csv",      "cts",        "cu",      "cue",
  "cxx",     "d",         "dart",     "desktop",    "diff",    "ejs",
  "el",      "elm",       "env",      "erb",        "erl",     "ex",
  "exs",     "f90",       "fish",     "frag",       "fs",      "fsproj",
  "gemspec", "gitignore", "glsl",     "gn",         "gni",     "go",
  "gql",     "gradle",    "graphql",  "groovy",     "h",       "haml",
  "hbs",     "hcl",       "hlsl",     "hpp",        "hrl",     "hs",
  "htm",     "html",      "hxx",      "in",         "ini",     "ipynb",
  "j2",      "java",      "jinja",    "jinja2",     "jl",      "js",
  "json",    "json5",     "jsonc",    "jsonl",      "jsonnet", "jsx",
  "kt",      "kts",       "less",     "liquid",     "lock",    "lua",
  "m4",      "map",       "markdown", "md",         "mdx",     "mjs",
  "mk",      "ml",        "mm",       "mod",        "mts",     "mustache",
  "nim",     "ninja",     "nix",      "njk",        "org",     "pas",
  "patch",   "pcss",      "php",      "pl",         "plist",   "po",
  "postcss", "pp",        "prisma",   "properties", "proto",   "ps1",
  "psd1",    "psm1",      "pug",      "py",         "pyi",     "pyx",
  "r",       "rake",      "rb",       "resx",       "rkt",     "ron",
  "rs",      "rst",       "rules",    "sass",       "sbt",     "scala",
  "scm",     "scss",      "service",  "sh",         "snap",    "socket",
  "sol",     "spec",      "sql",      "styl",       "svelte",  "svg",
  "swift",   "tcl",       "template", "tex",        "tf",      "tfvars",
  "thrift",  "timer",     "tmpl",     "toml",       "tpl",     "ts",
  "tsv",     "tsx",       "twig",     "txt",        "v",       "vb",
  "vert",    "vhd",       "vim",      "vue",        "wat",     "webmanifest",
  "wgsl",    "xaml",      "xhtml",    "xml",        "xsd",     "xsl",
  "yaml",    "yml",       "zig",      "zsh"};
constexpr std::array<std::string_view, 19> whole_names = {
  "makefile",  "dockerfile",  "license",     "readme",      "procfile",
  "gemfile",   "rakefile",    "jenkinsfile", "vagrantfile", "codeowners",
  "pipfile",   "brewfile",    "podfile",     "justfile",    "containerfile",
  "caddyfile", "gnumakefile", "kconfig",     "gradlew"};

template <class Set>
bool holds(const Set& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// `.npmrc`, but neither `..` nor `...`.
bool is_dot_file(std::string_view name) {
  return name.size() > 2 && name[0] == '.' && is_alnum(name[1]) &&
         std::all_of(name.begin() + 1, name.end(), [](char c) {
           return is_alnum(c) || c == '.' || c == '-' || c == '_';
         });
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
  if (holds(whole_names, low) || is_dot_file(low))
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
