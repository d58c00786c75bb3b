#include "apps/pj/model_file.hpp"

#include "adapters/files.hpp"

namespace pj {

namespace {

constexpr std::size_t longest_table = 1u << 20;

} // namespace

result<llm::model_table> load_models(const user_folders& folders) {
  const auto path = folders.config / "models.yaml";
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return llm::model_table::built_in();
  auto text = read_whole_file(path, longest_table);
  if (!text)
    return std::move(text).error();
  auto table = llm::model_table::with_overrides(*text);
  if (!table) {
    table.error().code = failure_code::configuration;
    table.error().what = path.string() + ": " + table.error().what;
  }
  return table;
}

} // namespace pj
