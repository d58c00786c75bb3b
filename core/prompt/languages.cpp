#include "core/prompt/languages.hpp"

#include "core/prompt/kinds.hpp"
#include "core/prompt/picture.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace pj::prompt {

namespace {

using pair = std::pair<std::string_view, std::string_view>;

constexpr auto languages = std::to_array<pair>({
  {"astro", "Astro"},
  {"bash", "Shell"},
  {"c", "C"},
  {"cc", "C++"},
  {"clj", "Clojure"},
  {"cmake", "CMake"},
  {"cpp", "C++"},
  {"cs", "C#"},
  {"css", "CSS"},
  {"cts", "TypeScript"},
  {"cxx", "C++"},
  {"dart", "Dart"},
  {"el", "Emacs Lisp"},
  {"erl", "Erlang"},
  {"ex", "Elixir"},
  {"exs", "Elixir"},
  {"f90", "Fortran"},
  {"fs", "F#"},
  {"go", "Go"},
  {"gradle", "Gradle"},
  {"graphql", "GraphQL"},
  {"groovy", "Groovy"},
  {"h", "C/C++ headers"},
  {"hh", "C++"},
  {"hpp", "C++"},
  {"hs", "Haskell"},
  {"html", "HTML"},
  {"ipynb", "Jupyter"},
  {"java", "Java"},
  {"jl", "Julia"},
  {"js", "JavaScript"},
  {"jsx", "JavaScript"},
  {"kt", "Kotlin"},
  {"kts", "Kotlin"},
  {"less", "CSS"},
  {"lua", "Lua"},
  {"m", "Objective-C"},
  {"md", "Markdown"},
  {"mdx", "Markdown"},
  {"mjs", "JavaScript"},
  {"ml", "OCaml"},
  {"mts", "TypeScript"},
  {"nim", "Nim"},
  {"nix", "Nix"},
  {"php", "PHP"},
  {"pl", "Perl"},
  {"pm", "Perl"},
  {"proto", "Protobuf"},
  {"ps1", "PowerShell"},
  {"py", "Python"},
  {"pyi", "Python"},
  {"r", "R"},
  {"rb", "Ruby"},
  {"rs", "Rust"},
  {"rst", "reStructuredText"},
  {"sass", "CSS"},
  {"scala", "Scala"},
  {"scss", "CSS"},
  {"sh", "Shell"},
  {"sol", "Solidity"},
  {"sql", "SQL"},
  {"svelte", "Svelte"},
  {"swift", "Swift"},
  {"tex", "TeX"},
  {"tf", "Terraform"},
  {"ts", "TypeScript"},
  {"tsx", "TypeScript"},
  {"vue", "Vue"},
  {"zig", "Zig"},
});

// File names, lower case, in the order of preference within one folder: what
// comes first is what the project really uses.
constexpr auto managers = std::to_array<pair>({
  {"pnpm-lock.yaml", "pnpm"},
  {"yarn.lock", "Yarn"},
  {"bun.lock", "Bun"},
  {"bun.lockb", "Bun"},
  {"package-lock.json", "npm"},
  {"npm-shrinkwrap.json", "npm"},
  {"package.json", "npm"},
  {"deno.json", "Deno"},
  {"uv.lock", "uv"},
  {"poetry.lock", "Poetry"},
  {"pdm.lock", "PDM"},
  {"pipfile", "Pipenv"},
  {"pyproject.toml", "pip"},
  {"requirements.txt", "pip"},
  {"setup.py", "pip"},
  {"cargo.toml", "Cargo"},
  {"go.mod", "Go modules"},
  {"pom.xml", "Maven"},
  {"build.gradle", "Gradle"},
  {"build.gradle.kts", "Gradle"},
  {"composer.json", "Composer"},
  {"gemfile", "Bundler"},
  {"mix.exs", "Mix"},
  {"pubspec.yaml", "pub"},
  {"package.swift", "SwiftPM"},
  {"cmakelists.txt", "CMake"},
  {"meson.build", "Meson"},
  {"makefile", "make"},
  {"build.bazel", "Bazel"},
  {"flake.nix", "Nix"},
});

// Managers that share a manifest: only the first found in a folder is named.
constexpr std::array<std::string_view, 9> exclusive = {
  "pnpm", "Yarn", "Bun", "npm", "uv", "Poetry", "PDM", "Pipenv", "pip"};

std::string_view look_up(const auto& table, std::string_view key) {
  const auto at = std::find_if(table.begin(), table.end(),
                               [&](const pair& p) { return p.first == key; });
  return at == table.end() ? std::string_view{} : at->second;
}

int family(std::string_view manager) {
  const auto at = std::find(exclusive.begin(), exclusive.end(), manager);
  return at == exclusive.end() ? 0 : at - exclusive.begin() < 4 ? 1 : 2;
}

struct share {
  std::string_view name;
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
};

std::vector<share> shares(const source_tree& tree) {
  std::map<std::string_view, share> found;
  for (const auto& entry : tree.entries()) {
    const auto name = look_up(languages, lowered(extension(entry.path)));
    const auto kind = kind_of(entry);
    if (name.empty() || (kind != file_kind::text && kind != file_kind::huge))
      continue;
    auto& one = found[name];
    one.name = name;
    one.bytes += entry.size;
    ++one.files;
  }
  std::vector<share> out;
  for (const auto& [name, one] : found)
    out.push_back(one);
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.bytes > b.bytes;
  });
  return out;
}

struct manifest {
  std::string_view manager;
  std::string_view path;
  std::size_t rank = 0;
};

/// Manifests of one folder: the best of each family.
std::vector<manifest> manifests(const source_tree& tree) {
  std::map<std::pair<std::string_view, std::string_view>, manifest> best;
  for (const auto& entry : tree.entries()) {
    const auto name = lowered(base_name(entry.path));
    const auto manager = look_up(managers, name);
    if (manager.empty() || is_vendored(entry.path))
      continue;
    const std::string_view path = entry.path;
    const auto folder = path.substr(0, path.size() - name.size());
    constexpr std::array<std::string_view, 3> families = {"", "node", "python"};
    const auto kind = family(manager);
    const auto key =
      kind == 0 ? manager : families[static_cast<std::size_t>(kind)];
    const auto rank = static_cast<std::size_t>(
      std::find_if(managers.begin(), managers.end(),
                   [&](const pair& p) { return p.first == name; }) -
      managers.begin());
    const auto at =
      best.try_emplace({folder, key}, manifest{manager, path, rank}).first;
    if (rank < at->second.rank)
      at->second = {manager, path, rank};
  }
  std::vector<manifest> out;
  for (const auto& [key, one] : best)
    out.push_back(one);
  return out;
}

auto depth(std::string_view path) {
  return std::count(path.begin(), path.end(), '/');
}

} // namespace

std::string languages_line(const source_tree& tree) {
  constexpr std::size_t most = 8;
  const auto all = shares(tree);
  std::uint64_t bytes = 0;
  for (const auto& one : all)
    bytes += one.bytes;
  std::string out;
  for (std::size_t i = 0; i < all.size() && i < most && bytes > 0; ++i) {
    const auto percent = (all[i].bytes * 100 + bytes / 2) / bytes;
    out += (i == 0 ? "" : ", ") + std::string(all[i].name) + ' ' +
           (percent == 0 ? "<1" : std::to_string(percent)) + "% (" +
           std::to_string(all[i].files) +
           (all[i].files == 1 ? " file)" : " files)");
  }
  return out;
}

std::string managers_line(const source_tree& tree) {
  constexpr std::size_t most = 10;
  auto all = manifests(tree);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return depth(a.path) < depth(b.path);
  });
  std::string out;
  for (std::size_t i = 0; i < all.size() && i < most; ++i)
    out += (i == 0 ? "" : ", ") + std::string(all[i].manager) + " (" +
           safe_name(all[i].path) + ')';
  if (all.size() > most)
    out += ", and " + std::to_string(all.size() - most) + " more";
  return out;
}

} // namespace pj::prompt
