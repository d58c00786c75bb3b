#pragma once
#include "core/prompt/document.hpp"
#include "core/prompt/words.hpp"

#include <string_view>
#include <vector>

namespace pj::prompt {

/// Scores documents by the words of the task and sorts them, the best first
/// (ties by path). BM25 over names, folders, symbols and content, where a rare
/// word counts more than a common one, and a name more than a mention. Symbols
/// are asked for only for the documents that look best without them.
class ranking {
public:
  ranking(const query& words, const symbol_finder& symbols)
    : words_(words), symbols_(symbols) {}

  void sort(std::vector<document>& files);

  /// How telling a term is, from 0 up; known after `sort`.
  double rarity(std::uint32_t term) const { return rarity_[term]; }

private:
  void measure(std::vector<document>& files);
  void find_symbols(std::vector<document>& files);
  double score(const document& file) const;

  const query& words_;
  const symbol_finder& symbols_;
  std::vector<double> rarity_; ///< by term
  double mean_size_ = 1;       ///< bytes of content
};

/// Candidates to read when a repository is too big to read it whole: those
/// whose paths have the task's words come first.
void sort_by_path(std::vector<const tree_entry*>& entries, const query& words);

} // namespace pj::prompt
