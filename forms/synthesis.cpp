// The words of several score sheets together, declared in forms/scores.h.
#include <algorithm>
#include <map>

#include "forms/scores.h"
#include "forms/wording.h"

namespace aiguillage::forms {
namespace {

constexpr std::size_t kQuoteMax = 500;  // characters of one reviewer's text
constexpr double kGood = 4.0, kPoor = 2.5;

std::string Number(double number) { return FrenchNumber(number, 2); }

// The first characters of a text on one line, never half a letter.
std::string Quote(const std::string& text) {
  std::string line;
  std::size_t count = 0;
  for (const char c : text) {
    const bool starts = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (starts && count++ == kQuoteMax) return line + "…";
    line += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }
  return line;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void AddLine(std::string& text, const std::string& title, const std::string& words) {
  if (!words.empty()) text += title + " : " + words + ".\n";
}

std::string Recommendations(const Form& form, const std::vector<nlohmann::json>& sheets) {
  const Field* field = FindField(form, "recommendation");
  if (field == nullptr) return "";
  std::vector<std::string> words;
  for (const auto& option : field->options) {
    const auto count = std::count_if(sheets.begin(), sheets.end(), [&](const auto& sheet) {
      return sheet.value("recommendation", "") == option.value;
    });
    if (count > 0) words.push_back(option.label + " (" + std::to_string(count) + ")");
  }
  return Joined(words);
}

void AddQuotes(std::string& text, const Form& form, const std::vector<nlohmann::json>& sheets,
               const std::string& name) {
  const Field* field = FindField(form, name);
  if (field == nullptr) return;
  std::string lines;
  for (const auto& sheet : sheets) {
    const std::string said = sheet.value(name, "");
    if (!said.empty()) lines += "– " + Quote(said) + "\n";
  }
  if (!lines.empty()) text += "\n" + field->title + "\n" + lines;
}

std::string Mean(const Criterion& criterion) {
  return criterion.title + " (" + Number(criterion.mean) + ")";
}

}  // namespace

std::string ProposedSynthesis(const Form& score_sheet, const std::vector<nlohmann::json>& sheets) {
  if (sheets.empty()) return "";
  const Consolidation all = Consolidate(score_sheet, sheets);
  std::vector<std::string> good, poor, wide, totals;
  for (const auto& criterion : all.criteria) {
    if (criterion.mean >= kGood) good.push_back(Mean(criterion));
    if (criterion.mean < kPoor || criterion.low) poor.push_back(Mean(criterion));
    if (criterion.wide) {
      wide.push_back(criterion.title + " (de " + std::to_string(criterion.min) + " à " +
                     std::to_string(criterion.max) + ")");
    }
  }
  for (const double total : all.totals) totals.push_back(Number(total));
  std::string text = std::to_string(sheets.size()) + " avis. Note pondérée : " + Number(all.total) +
                     " sur 100, seuil indicatif de " + Number(kThreshold) +
                     (all.passes ? " atteint" : " non atteint") + ".\n";
  if (totals.size() > 1) AddLine(text, "Notes des relecteurs", Joined(totals));
  AddLine(text, "Recommandations", Recommendations(score_sheet, sheets));
  AddLine(text, "Critères les mieux notés", Joined(good));
  AddLine(text, "Critères les moins bien notés", Joined(poor));
  AddLine(text, "Écarts de deux points ou plus, à discuter", Joined(wide));
  for (const char* name : {"strengths", "weaknesses", "conditions"}) {
    AddQuotes(text, score_sheet, sheets, name);
  }
  return text;
}

std::vector<std::string> TieWords(const std::vector<Ranked>& ranked) {
  std::vector<std::string> all;
  for (const Ranked& one : ranked) {
    std::vector<std::string> others;
    bool need = false, reach = false, shared = false;  // what tells it from the others
    for (const Ranked& other : ranked) {
      if (&other == &one || other.total != one.total) continue;
      others.push_back(other.project);
      need = need || other.need != one.need;
      reach = reach || (other.need == one.need && other.reach != one.reach);
      shared = shared || other.rank == one.rank;
    }
    std::string words;
    if (!others.empty()) {
      words = "Même note que " + Joined(others) + ". ";
      if (need) words += "Départage par le besoin (" + Number(one.need) + ")";
      if (reach)
        words += (need ? ", puis par la portée (" : "Besoin égal : départage par la portée (") +
                 Number(one.reach) + ")";
      if (!need && !reach) words += "Ni le besoin ni la portée ne les séparent";
      words += shared ? " ; rang partagé." : ".";
    }
    all.push_back(std::move(words));
  }
  return all;
}

}  // namespace aiguillage::forms
