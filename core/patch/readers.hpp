#pragma once
#include "core/patch/source.hpp"

namespace pj::patch {

/// Each reader takes one piece of its format that starts at line `i`, adds its
/// edits to `from.edits` and returns the line after it; `i` itself when line
/// `i` does not start such a piece.

std::size_t read_udiff(source& from, std::size_t i);
std::size_t read_search_replace(source& from, std::size_t i);
std::size_t read_apply_patch(source& from, std::size_t i);

/// A diff without file headers that starts at line `i`, of the file `path`.
std::size_t read_bare_udiff(source& from, std::size_t i, std::string path);

/// `FILE: path`, the content, `---`.
std::size_t read_file_form(source& from, std::size_t i);

/// A fenced block under a line that is a path and nothing else.
std::size_t read_fenced_file(source& from, std::size_t i);

/// Takes the whole answer apart. Lines that are the path of one of the tree's
/// files are taken as such, whatever the name; null: no file is known.
reading read_answer(std::string_view answer, const options& how,
                    const source_tree* tree = nullptr);

} // namespace pj::patch
