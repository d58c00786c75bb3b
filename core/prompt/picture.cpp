#include "core/prompt/picture.hpp"

#include "core/llm/models.hpp"
#include "core/prompt/kinds.hpp"
#include "core/prompt/languages.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <memory>
#include <vector>

namespace pj::prompt {

namespace {

/// A folder with all that is below it; children in the order of the paths.
struct folder {
  std::string_view name; ///< may span several levels: "src/main/java"
  std::vector<std::unique_ptr<folder>> folders;
  std::vector<const tree_entry*> files;
  std::uint64_t total = 0; ///< files at any depth
  bool vendored = false;
  std::size_t open = 0; ///< how many of `files` are listed
  bool expanded = false;
};

folder& child(folder& parent, std::string_view name) {
  if (parent.folders.empty() || parent.folders.back()->name != name) {
    parent.folders.push_back(std::make_unique<folder>());
    parent.folders.back()->name = name;
    parent.folders.back()->vendored =
      parent.vendored || is_vendored(std::string(name) + "/x");
  }
  return *parent.folders.back();
}

void insert(folder& root, const tree_entry& entry) {
  auto* at = &root;
  ++at->total;
  std::string_view rest = entry.path;
  for (auto slash = rest.find('/'); slash != rest.npos;
       slash = rest.find('/')) {
    at = &child(*at, rest.substr(0, slash));
    ++at->total;
    rest.remove_prefix(slash + 1);
  }
  at->files.push_back(&entry);
}

/// Folders that only hold one folder become one line with it.
void join_chains(folder& at) {
  for (auto& sub : at.folders) {
    while (sub->folders.size() == 1 && sub->files.empty() && !sub->vendored) {
      auto only = std::move(sub->folders.front());
      const auto* end = only->name.data() + only->name.size();
      only->name = {sub->name.data(),
                    static_cast<std::size_t>(end - sub->name.data())};
      sub = std::move(only);
    }
    join_chains(*sub);
  }
}

std::string plural(std::uint64_t n) {
  return std::to_string(n) + (n == 1 ? " file" : " files");
}

std::string file_line(const tree_entry& entry, std::size_t depth) {
  std::string out(depth * 2, ' ');
  out += safe_name(base_name(entry.path));
  if (entry.mode == file_mode::symlink)
    out += " (link)";
  if (entry.mode == file_mode::submodule)
    out += " (submodule)";
  return out += '\n';
}

std::string folder_line(const folder& at, std::size_t depth) {
  std::string out(depth * 2, ' ');
  out += safe_name(at.name) + '/';
  if (at.vendored)
    out += " (vendored, " + plural(at.total) + ')';
  else if (!at.expanded)
    out += " (" + plural(at.total) + ')';
  return out += '\n';
}

std::uint64_t cost_of_all(const folder& at, std::size_t depth) {
  std::uint64_t out = 0;
  for (const auto& sub : at.folders) {
    out += llm::estimate_tokens(folder_line(*sub, depth));
    if (!sub->vendored)
      out += cost_of_all(*sub, depth + 1);
  }
  for (const auto* file : at.files)
    out += llm::estimate_tokens(file_line(*file, depth));
  return out;
}

/// A budget in tokens that lines are paid from.
struct purse {
  bool pay(std::string_view text, std::uint64_t keep) {
    const auto cost = llm::estimate_tokens(text);
    if (cost + keep > left)
      return false;
    left -= cost;
    return true;
  }

  std::uint64_t left = 0;
};

using level_list = std::vector<std::pair<folder*, std::size_t>>;

/// Opens folders breadth first, as long as `keep` tokens are left; gives those
/// that are open with their depth.
level_list open_folders(folder& root, purse& budget, std::uint64_t keep) {
  level_list out{{&root, 0}};
  for (std::size_t next = 0; next < out.size();) {
    const auto [at, depth] = out[next];
    std::string lines;
    for (const auto& sub : at->folders)
      lines += folder_line(*sub, depth);
    at->expanded = budget.pay(lines, keep);
    if (!at->expanded) {
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(next));
      continue;
    }
    ++next;
    for (const auto& sub : at->folders)
      if (!sub->vendored)
        out.emplace_back(sub.get(), depth + 1);
  }
  return out;
}

/// Lists what the tokens allow: everything, or else folders for up to half of
/// them and then files, of no folder more than for a third of what is left.
void open(folder& root, std::uint64_t tokens) {
  constexpr std::uint64_t rest_line = 12; // "… 120 more files"
  const bool all = cost_of_all(root, 0) <= tokens;
  purse budget{tokens};
  for (const auto& [at, depth] :
       open_folders(root, budget, all ? 0 : tokens / 2)) {
    const auto keep =
      all ? 0 : std::max(budget.left - budget.left / 3, rest_line);
    while (at->open < at->files.size() &&
           budget.pay(file_line(*at->files[at->open], depth), keep))
      ++at->open;
    if (at->open < at->files.size())
      budget.left -= std::min(budget.left, rest_line);
  }
}

void write(const folder& at, std::size_t depth, std::string& out) {
  for (const auto& sub : at.folders) {
    out += folder_line(*sub, depth);
    if (sub->expanded)
      write(*sub, depth + 1, out);
  }
  for (std::size_t i = 0; i < at.open; ++i)
    out += file_line(*at.files[i], depth);
  if (at.open < at.files.size())
    out += std::string(depth * 2, ' ') + "… " +
           std::to_string(at.files.size() - at.open) + " more files\n";
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 10'000)
    return std::to_string(bytes) + " bytes";
  if (bytes < 10'000'000)
    return std::to_string(bytes / 1000) + " kB";
  return std::to_string(bytes / 1'000'000) + " MB";
}

std::string head(std::string_view repository, const source_tree& tree) {
  std::uint64_t bytes = 0;
  for (const auto& entry : tree.entries())
    bytes += entry.size;
  std::string out = "<repository name=\"" + safe_name(repository) + "\">\n" +
                    "Size: " + plural(tree.entries().size()) + ", " +
                    size_text(bytes) + '\n';
  if (const auto line = languages_line(tree); !line.empty())
    out += "Languages: " + line + '\n';
  if (const auto line = managers_line(tree); !line.empty())
    out += "Packages: " + line + '\n';
  return out += "Tree:\n";
}

} // namespace

std::string safe_name(std::string_view name) {
  constexpr std::string_view digits = "0123456789abcdef";
  const bool utf8 = is_valid_utf8(name);
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || c == '<' || c == '>' || c == '"' ||
        c == '\\' || (byte >= 0x80 && !utf8))
      out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    else
      out += c;
  }
  return out;
}

std::string picture(std::string_view repository, const source_tree& tree,
                    std::uint64_t budget) {
  constexpr std::string_view tail = "</repository>\n";
  auto out = head(repository, tree);
  const auto fixed = llm::estimate_tokens(out) + llm::estimate_tokens(tail);
  folder root;
  for (const auto& entry : tree.entries())
    insert(root, entry);
  join_chains(root);
  open(root, budget > fixed ? budget - fixed : 0);
  if (root.expanded)
    write(root, 0, out);
  return out += tail;
}

} // namespace pj::prompt
