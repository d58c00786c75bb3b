#pragma once
#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

namespace pj {

/// The names of a table's entries, in its order.
template <class Table>
std::vector<std::string_view> names_of(const Table& table) {
  std::vector<std::string_view> out;
  for (const auto& entry : table)
    out.push_back(entry.name);
  return out;
}

/// The entry with this name, or null.
template <class Table>
auto find_named(const Table& table, std::string_view name)
  -> decltype(&*std::begin(table)) {
  const auto found =
    std::find_if(std::begin(table), std::end(table),
                 [name](const auto& entry) { return entry.name == name; });
  return found == std::end(table) ? nullptr : &*found;
}

} // namespace pj
