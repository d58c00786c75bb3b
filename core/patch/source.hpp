#pragma once
#include "core/patch/edit.hpp"
#include "core/patch/line.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pj::patch {

/// A Markdown fence: three or more of one character, then a language or path.
struct fence {
  char sign = 0;
  std::size_t length = 0;
  std::string_view info;
};

/// The answer's lines, and where its parts go. Every format has a reader that
/// starts at a line and says where it stopped.
struct source {
  std::vector<line> lines;
  std::vector<file_edit> edits;
  std::deque<std::string> room;
  std::uint32_t section = 0;
  bool cut = false;
  const source_tree* tree = nullptr; ///< null: no file is known
  fence open;                ///< around what is read now; `length` 0: none
  bool in_patch_tag = false; ///< `<patch>` was opened

  std::size_t size() const noexcept { return lines.size(); }
  std::string_view at(std::size_t i) const {
    return i < lines.size() ? lines[i].text : std::string_view{};
  }

  /// A file of the tree has this path.
  bool knows(std::string_view path) const {
    return tree && !path.empty() && tree->find(path);
  }

  std::string_view keep(std::string text) {
    room.push_back(std::move(text));
    return room.back();
  }
};

/// The fence that starts on this line; `length` 0: none.
fence fence_on(std::string_view text);

/// The line ends what `open` began.
bool closes(std::string_view text, const fence& open);

/// The path of a fence's info string: ```` ```python src/a.py ````; empty when
/// there is none.
std::string_view path_in_fence(std::string_view text);

/// The path that line `i` is and nothing else: a file of the tree, whatever its
/// name, or what `bare_path` takes for one. Empty: it is none.
std::string_view path_on(const source& from, std::size_t i);

/// The path behind a label such as `FILE:`; it may hold blanks when the tree
/// has it or when it ends as files do.
std::string_view labelled_path(const source& from, std::string_view text);

/// A path as a model decorates it (quotes, stars, `#`, a colon) laid bare;
/// empty when the line is not a path alone.
std::string_view bare_path(std::string_view text);

} // namespace pj::patch
