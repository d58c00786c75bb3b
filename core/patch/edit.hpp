#pragma once
#include "core/patch/patch.hpp"
#include "core/tree.hpp"

#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

namespace pj::patch {

/// What the answer says about a line of a hunk.
enum class mark : char {
  keep = ' ',
  remove = '-',
  add = '+',
  unknown = '?', ///< the answer forgot to say
};

struct hunk_line {
  mark what = mark::keep;
  std::string_view text;
};

/// What the answer says about the newline at the end of the file.
enum class final_newline : std::uint8_t {
  silent,
  present,
  absent,
  on_added, ///< added lines have one, the others stay
};

/// Old lines and new lines of one change, interleaved.
struct hunk {
  std::vector<hunk_line> lines;
  std::uint32_t hint = 0; ///< first old line as the answer has it; 0: none
  std::vector<std::string_view> anchors; ///< lines that come before it
  bool at_end = false; ///< the old lines are the last of the file
  bool cut = false;    ///< the answer ends inside it
  final_newline last = final_newline::silent;
  std::uint32_t answer_line = 0; ///< where the answer has it, from 1
};

enum class action : std::uint8_t { modify, create, remove, replace };

/// What the answer does to one file.
struct file_edit {
  action what = action::modify;
  format from = format::udiff;
  std::vector<std::string> paths; ///< the likeliest first
  std::string move_to;            ///< empty: stays
  std::vector<hunk> hunks;        ///< for `modify`
  std::string content;            ///< for `create` and `replace`
  std::optional<file_mode> mode;  ///< as the answer sets it
  std::uint32_t section = 0;      ///< same number: one piece of the answer
  std::uint32_t answer_line = 0;  ///< from 1
  bool guessed = false;           ///< nothing says it is the whole file
  bool beside = false; ///< an unmarked block beside edits in other formats
  bool edited = false; ///< such a block, and an edit of the same file
  bool from_nothing = false; ///< the diff says that the file was empty
  bool cut = false;          ///< the answer ends and it looks unfinished
  std::string wrong;         ///< why it makes no sense; empty: it does
};

/// The answer, taken apart. Views point into the answer or into `room`.
struct reading {
  std::vector<file_edit> edits;
  std::deque<std::string> room;
  std::string problem; ///< why nothing of it can be used; empty: it can
};

/// Both say the same, also about the place.
bool is_same(const hunk& a, const hunk& b);

/// Hunks met so far, by file. They must outlive it.
class hunk_log {
public:
  /// False when the same hunk was added for this file before.
  bool add(const std::string& path, const hunk& h);

private:
  std::unordered_multimap<std::size_t, std::pair<std::string, const hunk*>>
    all_;
};

/// Old or new side.
std::vector<std::string_view> old_side(const hunk& h);
std::vector<std::string_view> new_side(const hunk& h);

/// A hunk from both sides as whole texts: equal lines become context.
hunk hunk_between(const std::vector<std::string_view>& before,
                  const std::vector<std::string_view>& after);

/// Lines that are removed and added again unchanged become context, so that
/// they keep the file's bytes.
void keep_unchanged(hunk& h);

} // namespace pj::patch
