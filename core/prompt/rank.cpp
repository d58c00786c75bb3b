#include "core/prompt/rank.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace pj::prompt {

namespace {

// A term counts this often when it stands there instead of in the content.
constexpr double in_name = 6;
constexpr double in_folder = 2;
constexpr double in_symbol = 3;

// BM25: how soon more of the same word stops counting, and how much the
// length of a file does.
constexpr double k1 = 1.2;
constexpr double b = 0.4;

// Symbols are found in this many of the best files, of this many bytes.
constexpr std::size_t symbol_files = 200;
constexpr std::size_t symbol_bytes = 4u << 20;

// What people rarely mean: data and prose rank behind code with the same words.
constexpr auto data_extensions = std::to_array<std::string_view>(
  {"csv", "geojson", "json", "jsonl", "log", "md", "po", "rst", "svg", "tsv",
   "txt", "xlf", "xml"});

double kind_factor(std::string_view path) {
  const auto ending = lowered(extension(path));
  const bool data = std::find(data_extensions.begin(), data_extensions.end(),
                              ending) != data_extensions.end();
  return data ? 0.6 : 1;
}

std::string_view folder_of(std::string_view path) {
  return path.substr(0, path.size() - base_name(path).size());
}

/// Adds `from`, each count times `factor`, to `to` (by term).
void gather(std::vector<double>& to, const std::vector<term_count>& from,
            double factor) {
  for (const auto& one : from)
    to[one.term] += factor * one.count;
}

std::string names_of(const std::vector<symbol>& symbols) {
  std::string out;
  for (const auto& one : symbols)
    out += one.name + '\n';
  return out;
}

void take_symbols(document& file, std::vector<symbol> found) {
  std::stable_sort(found.begin(), found.end(),
                   [](auto& x, auto& y) { return x.line < y.line; });
  file.symbols = std::move(found);
}

void sort_best_first(std::vector<document>& files) {
  std::sort(files.begin(), files.end(), [](const auto& x, const auto& y) {
    return x.score != y.score ? x.score > y.score
                              : x.entry->path < y.entry->path;
  });
}

} // namespace

void ranking::measure(std::vector<document>& files) {
  std::vector<double> files_with(words_.size());
  double bytes = 0;
  for (auto& file : files) {
    file.words = words_.count(file.text);
    std::vector<bool> seen(words_.size());
    const auto in_path = words_.count(file.entry->path);
    for (const auto& one : in_path)
      seen[one.term] = true;
    for (const auto& one : file.words)
      seen[one.term] = true;
    for (std::size_t term = 0; term < seen.size(); ++term)
      files_with[term] += seen[term] ? 1 : 0;
    bytes += static_cast<double>(file.text.size());
  }
  const auto count = static_cast<double>(files.size());
  mean_size_ = std::max(1.0, bytes / std::max(1.0, count));
  rarity_.resize(words_.size());
  for (std::size_t i = 0; i < rarity_.size(); ++i)
    rarity_[i] =
      std::log(1 + (count - files_with[i] + 0.5) / (files_with[i] + 0.5));
}

double ranking::score(const document& file) const {
  std::vector<double> counts(words_.size());
  gather(counts, file.words, 1);
  gather(counts, words_.count(base_name(file.entry->path)), in_name);
  gather(counts, words_.count(folder_of(file.entry->path)), in_folder);
  if (!file.symbols.empty())
    gather(counts, words_.count(names_of(file.symbols)), in_symbol);
  const auto size = static_cast<double>(file.text.size()) / mean_size_;
  double out = 0;
  for (std::uint32_t term = 0; term < counts.size(); ++term)
    if (counts[term] > 0)
      out += rarity_[term] * words_.weight(term) * counts[term] * (k1 + 1) /
             (counts[term] + k1 * (1 - b + b * size));
  return out * kind_factor(file.entry->path);
}

void ranking::find_symbols(std::vector<document>& files) {
  std::vector<std::pair<std::string, std::string>> asked;
  std::size_t bytes = 0;
  for (const auto& file : files) {
    bytes += file.text.size();
    if (asked.size() == symbol_files || bytes > symbol_bytes || file.score <= 0)
      break;
    asked.emplace_back(file.entry->path, file.text);
  }
  if (asked.empty())
    return;
  auto found = symbols_(asked);
  for (std::size_t i = 0; i < std::min(found.size(), asked.size()); ++i)
    take_symbols(files[i], std::move(found[i]));
}

void ranking::sort(std::vector<document>& files) {
  measure(files);
  for (auto& file : files)
    file.score = score(file);
  sort_best_first(files);
  if (!symbols_)
    return;
  find_symbols(files);
  for (auto& file : files)
    if (!file.symbols.empty())
      file.score = score(file);
  sort_best_first(files);
}

void sort_by_path(std::vector<const tree_entry*>& entries, const query& words) {
  std::vector<std::pair<std::size_t, const tree_entry*>> keyed;
  keyed.reserve(entries.size());
  for (const auto* entry : entries)
    keyed.emplace_back(words.count(entry->path).size(), entry);
  std::stable_sort(
    keyed.begin(), keyed.end(),
    [](const auto& x, const auto& y) { return x.first > y.first; });
  std::transform(keyed.begin(), keyed.end(), entries.begin(),
                 [](const auto& k) { return k.second; });
}

} // namespace pj::prompt
