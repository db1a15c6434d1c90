#include "web/difference.h"

#include <algorithm>

#include "forms/view.h"

namespace aiguillage::web {

namespace {

constexpr std::size_t kWordsMax = 1500;  // of each side: the table has their product

// Words with the blanks that follow them.
std::vector<std::string> Cut(const std::string& text) {
  std::vector<std::string> words;
  bool blank = true;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t';
    if (words.empty() || (blank && !space)) words.emplace_back();
    words.back() += c;
    blank = space;
  }
  return words;
}

bool SameWord(const std::string& a, const std::string& b) {
  const auto end = [](const std::string& word) { return word.find_last_not_of(" \n\t") + 1; };
  return end(a) == end(b) && a.compare(0, end(a), b, 0, end(b)) == 0;
}

void Add(std::vector<Piece>& pieces, const std::string& word, bool changed) {
  if (pieces.empty() || pieces.back().changed != changed) pieces.push_back({"", changed});
  pieces.back().text += word;
}

// The longest common subsequence of words, marked on both sides.
void Align(const std::vector<std::string>& a, const std::vector<std::string>& b,
           std::vector<bool>& kept_a, std::vector<bool>& kept_b) {
  const std::size_t n = a.size(), m = b.size();
  std::vector<std::uint16_t> longest((n + 1) * (m + 1), 0);
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint16_t& {
    return longest[i * (m + 1) + j];
  };
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = m; j-- > 0;) {
      at(i, j) = SameWord(a[i], b[j]) ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1)
                                      : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  for (std::size_t i = 0, j = 0; i < n && j < m;) {
    if (SameWord(a[i], b[j])) {
      kept_a[i++] = kept_b[j++] = true;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      ++i;
    } else {
      ++j;
    }
  }
}

struct Leaf {
  std::string name, label, text;
};

std::string FileNames(const std::string& hashes, const std::vector<storage::File>& files) {
  std::string names;
  for (std::size_t at = 0; at < hashes.size();) {
    const std::size_t end = std::min(hashes.find('\n', at), hashes.size());
    std::string name = hashes.substr(at, end - at);
    for (const auto& file : files) {
      if (file.hash == name) name = file.name;
    }
    names += (names.empty() ? "" : "\n") + name;
    at = end + 1;
  }
  return names;
}

// « Nom : Camille · SIRET : … », a line a row.
std::string TableText(const forms::FieldView& table) {
  std::string text;
  for (const auto& row : table.children) {
    std::string line = table.widget == "grid" ? row.label : "";
    for (const auto& cell : row.children) {
      if (cell.display.empty()) continue;
      line += (line.empty() ? "" : " · ") + cell.label + " : " + cell.display;
    }
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

void Flatten(const std::vector<forms::FieldView>& fields, const std::string& prefix,
             const std::vector<storage::File>& files, std::vector<Leaf>& leaves) {
  for (const auto& field : fields) {
    const std::string label = prefix.empty() ? field.label : prefix + " – " + field.label;
    if (field.widget == "table" || field.widget == "grid" || field.widget == "checklist") {
      leaves.push_back({field.name, label, TableText(field)});
    } else if (!field.children.empty()) {
      Flatten(field.children, label, files, leaves);
    } else if (field.widget != "heading") {
      const bool file = field.widget == "file";
      leaves.push_back({field.name, label, file ? FileNames(field.value, files) : field.display});
    }
  }
}

const forms::FieldView* Named(const std::vector<forms::FieldView>& fields,
                              const std::string& path) {
  for (const auto& field : fields) {
    if (field.name == path) return &field;
    if (!path.starts_with(field.name + ".")) continue;
    if (const auto* inner = Named(field.children, path)) return inner;
  }
  return nullptr;
}

}  // namespace

WordDifference CompareWords(const std::string& before, const std::string& after) {
  auto a = Cut(before), b = Cut(after);
  std::size_t head = 0, tail = 0;
  while (head < a.size() && head < b.size() && SameWord(a[head], b[head])) ++head;
  while (tail + head < a.size() && tail + head < b.size() &&
         SameWord(a[a.size() - 1 - tail], b[b.size() - 1 - tail])) {
    ++tail;
  }
  const auto middle = [&](const std::vector<std::string>& words) {
    return std::vector<std::string>(words.begin() + static_cast<std::ptrdiff_t>(head),
                                    words.end() - static_cast<std::ptrdiff_t>(tail));
  };
  const auto inner_a = middle(a), inner_b = middle(b);
  std::vector<bool> kept_a(inner_a.size(), false), kept_b(inner_b.size(), false);
  if (inner_a.size() <= kWordsMax && inner_b.size() <= kWordsMax) {
    Align(inner_a, inner_b, kept_a, kept_b);
  }
  const auto pieces = [&](const std::vector<std::string>& words, const std::vector<bool>& kept) {
    std::vector<Piece> made;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool inner = i >= head && i < words.size() - tail;
      Add(made, words[i], inner && !kept[i - head]);
    }
    return made;
  };
  return {pieces(a, kept_a), pieces(b, kept_b)};
}

std::vector<FieldDifference> Differences(const forms::Form& form, const nlohmann::json& before,
                                         const nlohmann::json& after,
                                         const std::vector<storage::File>& files) {
  std::vector<Leaf> was, is;
  Flatten(forms::ReadView(form, before).fields, "", files, was);
  Flatten(forms::ReadView(form, after).fields, "", files, is);
  std::vector<FieldDifference> differences;
  const auto text_of = [](const std::vector<Leaf>& leaves, const std::string& name) {
    const auto found = std::find_if(leaves.begin(), leaves.end(),
                                    [&](const Leaf& leaf) { return leaf.name == name; });
    return found == leaves.end() ? std::string() : found->text;
  };
  const auto add = [&](const Leaf& leaf, const std::string& old, const std::string& fresh) {
    if (old != fresh) differences.push_back({leaf.label, CompareWords(old, fresh)});
  };
  for (const Leaf& leaf : is) add(leaf, text_of(was, leaf.name), leaf.text);
  for (const Leaf& leaf : was) {  // what the form no longer asks for with these answers
    const bool both = std::any_of(is.begin(), is.end(),
                                  [&](const Leaf& other) { return other.name == leaf.name; });
    if (!both) add(leaf, leaf.text, "");
  }
  return differences;
}

std::string TextOfPart(const forms::Form& form, const nlohmann::json& answers,
                       const std::string& path, const std::vector<storage::File>& files) {
  const auto view = forms::ReadView(form, answers);
  const auto* field = Named(view.fields, path);
  if (field == nullptr) return "";
  std::vector<Leaf> leaves;
  Flatten({*field}, "", files, leaves);
  std::string text;
  for (const Leaf& leaf : leaves) {
    if (leaf.text.empty()) continue;
    const bool alone = leaves.size() == 1;
    text += (text.empty() ? "" : "\n") + (alone ? "" : leaf.label + " : ") + leaf.text;
  }
  return text;
}

const storage::Document* BaselineOf(const std::vector<storage::Document>& documents,
                                    const storage::Document& document, const forms::Form& form,
                                    const Sight& sight) {
  const storage::Document* found = nullptr;
  for (const auto& other : documents) {
    if (other.form != document.form || other.version >= document.version) continue;
    if (other.taken_back || other.answers == document.answers) continue;
    if (!form.is_public && other.person != document.person) continue;
    if (!sight.MayRead(&form, other)) continue;
    if (found == nullptr || other.version > found->version) found = &other;
  }
  return found;
}

std::string ChangesAddress(const std::string& number, const storage::Document& document) {
  return "/projets/" + number + "/documents/" + document.form + "/" +
         std::to_string(document.version) + "/changements";
}

}  // namespace aiguillage::web
