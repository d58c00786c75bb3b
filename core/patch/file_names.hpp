#pragma once
#include <string_view>
#include <vector>

namespace pj::patch {

/// It ends as names of text files end, or is one of those without an ending
/// (`Makefile`). For words in prose; paths in marked places need not pass.
bool looks_like_file(std::string_view path);

/// Documents, whose text may hold `---` and `=====` lines and fences.
bool is_document(std::string_view path);

/// Different words of a line that look like files, without what stands around
/// them: quotes, brackets, tags, `path=`, `:12`.
std::vector<std::string_view> file_names_in(std::string_view line);

} // namespace pj::patch
