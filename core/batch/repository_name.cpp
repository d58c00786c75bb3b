#include "core/batch/repository_name.hpp"

#include "core/batch/task_list.hpp"
#include "core/text.hpp"

#include <array>
#include <cstdint>

namespace pj::batch {

namespace {

constexpr std::size_t longest_id = 128;
constexpr std::size_t digest_digits = 10;

/// FNV-1a: nobody gains by a collision, which only makes a problem.
std::uint64_t digest(std::string_view text) {
  std::uint64_t out = 14695981039346656037u;
  for (const char c : text)
    out = (out ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return out;
}

std::string hex(std::uint64_t value, std::size_t digits) {
  std::string out;
  for (std::size_t i = 0; i < digits; ++i, value >>= 4)
    out += "0123456789abcdef"[value & 15];
  return out;
}

/// Letters, digits, '_' and '-'; everything else is one '-'.
std::string slug(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (is_alnum(c) || c == '_')
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  while (out.ends_with('-'))
    out.pop_back();
  return out;
}

} // namespace

std::string repository_key(const repo_url& repo) {
  auto text = repo.text;
  if (repo.scheme == repo_scheme::file)
    return text;
  const auto scheme = text.find("://");
  if (scheme == text.npos)
    text[text.find(':')] = '/'; // git@host:path
  else
    text.erase(0, scheme + 3);
  const auto at = text.find('@');
  if (at < text.find('/'))
    text.erase(0, at + 1);
  if (text.ends_with(".git"))
    text.resize(text.size() - 4);
  return lowered(text);
}

std::string repository_name(const repo_url& repo) {
  return repo.owner.empty() ? repo.name.empty() ? repo.text : repo.name
                            : repo.owner + '/' + repo.name;
}

std::string task_id_for(std::string_view batch, const repo_url& repo,
                        std::string_view base) {
  const auto end =
    '-' +
    hex(digest(repository_key(repo) + '\n' + std::string(base)), digest_digits);
  auto out = std::string(batch);
  if (const auto name = slug(repository_name(repo)); !name.empty())
    out += '-' + name;
  out.resize(std::min(out.size(), longest_id - end.size()));
  return out + end;
}

} // namespace pj::batch
