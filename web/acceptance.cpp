#include "web/acceptance.h"

#include <algorithm>
#include <map>

#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

const forms::Field* DefectRows(const forms::Form& form) {
  const auto* rows = forms::FindField(form, "defects");
  if (rows == nullptr || rows->kind != forms::Kind::kRows) return nullptr;
  for (const char* column : {"number", "severity", "state"}) {
    const auto same = [&](const forms::Field& field) { return field.name == column; };
    if (std::none_of(rows->children.begin(), rows->children.end(), same)) return nullptr;
  }
  return rows;
}

std::string TextIn(const nlohmann::json& row, const char* name) {
  const auto found = row.find(name);
  return found != row.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string LabelIn(const forms::Field& rows, const nlohmann::json& row, const char* column) {
  const std::string value = TextIn(row, column);
  for (const auto& field : rows.children) {
    if (field.name != column) continue;
    for (const auto& option : field.options) {
      if (option.value == value) return option.label;
    }
  }
  return value;
}

int Rank(const Defect& defect) {
  if (!defect.open) return 2;
  return defect.blocking ? 0 : 1;
}

// One sheet more: what it says of each defect, and which open ones it says nothing of.
void ReadSheet(const forms::Field& rows, const storage::Document& sheet,
               std::map<std::int64_t, Defect>& known) {
  std::map<std::int64_t, bool> named;
  const auto listed = sheet.answers.find("defects");
  const bool any = listed != sheet.answers.end() && listed->is_array();
  for (const auto& row : any ? *listed : nlohmann::json::array()) {
    const auto number = row.find("number");
    if (number == row.end() || !number->is_number_integer()) continue;
    const auto id = number->get<std::int64_t>();
    const bool first = !known.contains(id);
    Defect& defect = known[id];
    const bool open = TextIn(row, "state") != "closed";
    if (first || defect.open != open) defect.since = sheet.at;
    defect.reopened = open && (defect.reopened || (!first && !defect.open));
    defect.number = id;
    defect.open = open;
    defect.blocking = TextIn(row, "severity") == "blocking";
    defect.area = LabelIn(rows, row, "area");
    defect.severity = LabelIn(rows, row, "severity");
    defect.description = TextIn(row, "description");
    named[id] = true;
  }
  for (auto& [id, defect] : known) defect.dropped = defect.open && !named.contains(id);
}

std::string StateWords(const Defect& defect) {
  if (!defect.open) return "corrigé";
  if (defect.dropped) return "ouvert, absent de la dernière fiche";
  return defect.reopened ? "rouvert" : "ouvert";
}

// « 3 défauts ouverts, dont 1 bloquant et 1 rouvert. »
std::string OpenWords(const std::vector<Defect>& defects) {
  const auto count = [&](auto&& wanted) {
    return static_cast<std::int64_t>(std::count_if(defects.begin(), defects.end(), wanted));
  };
  const auto open = count([](const Defect& one) { return one.open; });
  const auto blocking = count([](const Defect& one) { return one.open && one.blocking; });
  const auto reopened = count([](const Defect& one) { return one.open && one.reopened; });
  if (open == 0) return "Aucun défaut ouvert.";
  std::string parts;
  if (blocking != 0) parts = Plural(blocking, "bloquant", "bloquants");
  if (reopened != 0)
    parts += (parts.empty() ? "" : " et ") + Plural(reopened, "rouvert", "rouverts");
  return Plural(open, "défaut ouvert", "défauts ouverts") +
         (parts.empty() ? "" : ", dont " + parts) + ".";
}

// What keeps the training from being accepted, « » when nothing does.
std::string BlockedWords(const storage::Document& last) {
  const auto blocking = last.answers.find("blocking_defects");
  if (blocking == last.answers.end() || !blocking->is_number() || *blocking <= 0) return "";
  return "La réception, donc la publication, attend : un défaut bloquant est ouvert, ou un point "
         "est en défaut sans que rien le décrive.";
}

void AddDefect(View& view, const Defect& defect) {
  view.AddRow("defects")
      .Set("d_number", std::to_string(defect.number))
      .Set("d_area", defect.area)
      .Set("d_words", defect.description)
      .Set("d_severity", defect.severity)
      .Set("d_state", StateWords(defect))
      .Set("d_tone", !defect.open      ? "done"
                     : defect.blocking ? "late"
                                       : "soon")
      .Set("d_since", workflows::FrenchDate(defect.since));
}

}  // namespace

std::vector<Defect> DefectsOf(const forms::Form& form,
                              const std::vector<storage::Document>& sheets) {
  std::map<std::int64_t, Defect> known;
  const auto* rows = DefectRows(form);
  if (rows == nullptr) return {};
  for (const auto& sheet : sheets) ReadSheet(*rows, sheet, known);
  std::vector<Defect> defects;
  for (auto& [id, defect] : known) defects.push_back(std::move(defect));
  std::stable_sort(defects.begin(), defects.end(),
                   [](const Defect& a, const Defect& b) { return Rank(a) < Rank(b); });
  return defects;
}

void AddAcceptance(View& view, storage::Session& session, const Sight& sight,
                   const workflows::Definition& definition, const storage::Project& project) {
  view.Set("has_sheet", false)
      .Set("sheet_words", "")
      .Set("sheet_blocked", "")
      .Set("sheet_href", "");
  view.SetList("defects");
  for (const auto& [id, form] : definition.forms) {
    if (DefectRows(form) == nullptr) continue;
    if (!storage::LatestDocument(session, project.id, id)) continue;
    std::vector<storage::Document> sheets;
    for (const auto& document : storage::DocumentsOf(session, project.id)) {
      if (document.form == id && !document.taken_back && sight.MayRead(&form, document)) {
        sheets.push_back(document);
      }
    }
    if (sheets.empty()) continue;
    std::stable_sort(sheets.begin(), sheets.end(),
                     [](const auto& a, const auto& b) { return a.version < b.version; });
    const auto defects = DefectsOf(form, sheets);
    for (const auto& defect : defects) AddDefect(view, defect);
    view.Set("has_sheet", true)
        .Set("sheet_words", OpenWords(defects))
        .Set("sheet_blocked", BlockedWords(sheets.back()))
        .Set("sheet_href", "/projets/" + project.number + "/documents/" + id + "/" +
                               std::to_string(sheets.back().version));
    return;
  }
}

}  // namespace aiguillage::web
